//! What each worker does: take a read permit, then the next piece of work in
//! stack order, read it, give the permit back, take a decode slot, decode and
//! place.
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::direct::{self, Direct};
use super::engine::Load;
use super::guess::{Guess, Spot};
use super::progress::Level;
use super::reads::ReadPermit;
use super::runs::{self, Cut, Piece};
use super::slots::Tools;
use super::source::{Fetched, File, Source};
use super::work::{OpenSlice, Task, Turn};
use crate::codec::byte_order;
use crate::error::{Error, Result, Status};
use crate::format::{Page, memory};
use crate::machine::{self, RegularFile};

const DEFAULT_ATTEMPTS: u32 = 3;
const DEFAULT_BACKOFF: Duration = Duration::from_millis(20);
/// How long a pause goes on before it looks whether the load was cancelled.
const PAUSE_STEP: Duration = Duration::from_millis(10);
/// Read of a file before anything is known about it.
const HEAD: u64 = 4 << 10;

/// One run of a slice on its way through a worker.
struct Errand {
    place: u64,
    run: usize,
    started: Instant,
    /// The slice, once its file is open.
    slice: Option<Arc<OpenSlice>>,
    attempt: u32,
}

/// A worker's own memory, which serves one run after the other.
#[derive(Default)]
struct Desk {
    fetched: Fetched,
    /// Bytes read for the present errand.
    bytes_read: Cell<u64>,
}

impl Load {
    /// Works until there is nothing left to do.
    pub(super) fn work_on(self: &Arc<Load>) {
        let mut desk = Desk::default();
        while !self.is_stopping() && !self.crew.is_too_large(self.wanted_threads()) {
            let Some(permit) = self.reads.acquire() else { return };
            self.reinforce();
            match self.work.take() {
                Turn::Task(task) => self.carry_out(task, permit, &mut desk),
                Turn::Wait => {
                    drop(permit);
                    self.work.wait();
                }
                Turn::Done => return,
            }
        }
    }

    /// Tries a task until it is done, fails for good, or the load stops.
    fn carry_out(&self, task: Task, permit: ReadPermit<'_>, desk: &mut Desk) {
        let now = Instant::now();
        let mut errand = match task {
            Task::Open(place) => Errand { place, run: 0, started: now, slice: None, attempt: 1 },
            Task::Run(slice, run) => {
                Errand { place: slice.place, run, started: slice.started, slice: Some(slice), attempt: 1 }
            }
        };
        let opens = errand.slice.is_none();
        let attempts = if self.options.attempts == 0 { DEFAULT_ATTEMPTS } else { self.options.attempts };
        let mut permit = Some(permit);
        let result = loop {
            self.record(errand.place, |record| record.attempts = record.attempts.max(errand.attempt));
            let result = self.attempt(&mut errand, permit.take(), desk);
            let Err(error) = &result else { break result };
            if errand.attempt >= attempts || !machine::is_transient(error.os_error) || self.is_stopping() {
                break result;
            }
            let path = self.slice(errand.place).path.display();
            let attempt = errand.attempt;
            self.log(Level::Warning, format!("{path}: {}; attempt {attempt} of {attempts}", error.message));
            self.pause(attempt);
            permit = self.reads.acquire();
            errand.attempt += 1;
        };
        if opens && errand.slice.is_none() {
            self.work.opened(None);
        }
        if let Err(error) = result {
            self.record(errand.place, |record| record.fail(error));
        }
        // The last run to end sees what all the others recorded.
        if errand.slice.is_none_or(|slice| slice.left.fetch_sub(1, Ordering::AcqRel) == 1) {
            self.settle(errand.place, errand.started);
        }
    }

    /// Reads, decodes and places one run; opens its slice first where nobody has.
    fn attempt(&self, errand: &mut Errand, permit: Option<ReadPermit<'_>>, desk: &mut Desk) -> Result<()> {
        let permit = permit.ok_or_else(stopped)?;
        let (reading, waits) = (Instant::now(), self.crew.watch());
        let read = self.read(errand, &permit, desk);
        let (time, bytes) = (reading.elapsed(), desk.bytes_read.take());
        self.record(errand.place, |record| record.read_seconds += time.as_secs_f64());
        self.bytes_read.fetch_add(bytes, Ordering::Relaxed);
        self.crew.hear(waits, time, bytes);
        let slice = read?;
        permit.finished(bytes);
        super::fault::panic_if_asked(errand.place);

        let coded: Vec<&Piece> = coded(&slice, errand.run).collect();
        if coded.is_empty() {
            // As where a decode slot is refused: what was in flight when the load
            // was stopped does not count, so that a cancelled load says so.
            return if self.is_stopping() { Err(stopped()) } else { Ok(()) };
        }
        let mut slot = self.slots.acquire().ok_or_else(stopped)?;
        let decoding = Instant::now();
        let result = self.decode(&slice, &coded, &desk.fetched, &mut slot.tools);
        self.record(errand.place, |record| record.decode_seconds += decoding.elapsed().as_secs_f64());
        result
    }

    fn decode(
        &self,
        slice: &OpenSlice,
        pieces: &[&Piece],
        fetched: &Fetched,
        tools: &mut Tools,
    ) -> Result<()> {
        let Tools { pixels, scratch } = tools;
        let (page, place) = (&slice.page, slice.place as usize);
        for piece in pieces {
            if self.is_stopping() {
                return Err(stopped());
            }
            let chunk = &page.chunks[piece.chunk];
            // Cut off by the end of the file: the decoder names what is missing.
            let raw = fetched.get(&chunk.bytes).unwrap_or(&[]);
            match self.target.span(place, chunk) {
                Some(span) => page.decode(piece.chunk, raw, scratch, span)?,
                None => {
                    memory::resize(pixels, chunk.decoded_bytes(&page.description))?;
                    page.decode(piece.chunk, raw, scratch, pixels)?;
                    self.target.place(place, chunk, pixels);
                }
            }
        }
        Ok(())
    }

    /// Everything that needs a read permit.
    fn read(&self, errand: &mut Errand, permit: &ReadPermit<'_>, desk: &mut Desk) -> Result<Arc<OpenSlice>> {
        desk.fetched.clear();
        let file = match &errand.slice {
            Some(slice) if errand.attempt == 1 => slice.file.clone(),
            _ => {
                let file = self.open_file(errand)?;
                permit.opened();
                file
            }
        };
        let mut is_placed = false;
        let slice = match &errand.slice {
            Some(slice) => slice.clone(),
            None => {
                let (page, placed) = self.open_page(errand.place, &file, desk)?;
                is_placed = placed;
                let slice = Arc::new(self.cut(errand, file.clone(), page)?);
                self.work.opened(Some(&slice));
                errand.slice = Some(slice.clone());
                slice
            }
        };
        if !is_placed {
            self.fetch(&slice, errand.run, &file, desk)?;
        }
        Ok(slice)
    }

    /// Reads a run: stored samples into their place, the bytes of the others.
    fn fetch(&self, slice: &OpenSlice, run: usize, file: &RegularFile, desk: &mut Desk) -> Result<()> {
        let file = File { file, bytes_read: &desk.bytes_read };
        let page = &slice.page;
        let direct = Direct { file, target: &self.target, page, slice: slice.place as usize };
        direct.read(slice.cut.run(run), &mut desk.fetched)?;
        let ranges = coded(slice, run).map(|piece| page.chunks[piece.chunk].bytes.clone());
        let requests = runs::requests(ranges.collect());
        desk.fetched.fetch(file, &requests).map_err(|error| Error::io("read", &error))
    }

    /// Makes a page that fits the stack an open slice.
    fn cut(&self, errand: &Errand, file: Arc<RegularFile>, page: Page) -> Result<OpenSlice> {
        self.stack.check(&page.description)?;
        if page.note.is_some() {
            self.record(errand.place, |record| record.note.clone_from(&page.note));
        }
        let cut = Cut::new(&page, &self.region, self.plan.run_bytes);
        if cut.len() == 0 {
            return Err(Error::new(Status::Corrupt, "the image has no pixels where the region lies"));
        }
        let left = AtomicUsize::new(cut.len());
        Ok(OpenSlice { place: errand.place, file, page, cut, left, started: errand.started })
    }

    /// The open file of a slice. The one file of a multi-page stack is opened
    /// once; after a fault it is opened anew.
    fn open_file(&self, errand: &Errand) -> Result<Arc<RegularFile>> {
        let slice = self.slice(errand.place);
        // A gap, or a file without the page, level or channel asked for: its first page is
        // another image. What else is known may be gone by now.
        let lasts =
            |e: &&Error| matches!(e.status, Status::Missing | Status::OutOfRange | Status::Unsupported);
        if let Some(gap) = slice.known.as_ref().filter(lasts) {
            return Err(gap.clone());
        }
        let open = || match self.files.open(&slice.path) {
            Ok(Some(file)) => Ok(Arc::new(file)),
            Ok(None) => Err(Error::not_a_file(&slice.path)),
            Err(error) => Err(Error::io("open", &error)),
        };
        if self.stack.one_file && errand.attempt == 1 {
            return self.only_file.get_or_try_init(open).cloned();
        }
        open()
    }

    /// Opens the page of a slice, and says whether its samples were read into
    /// their place on the way. A small slice is read by one request.
    fn open_page(&self, place: u64, file: &RegularFile, desk: &mut Desk) -> Result<(Page, bool)> {
        let spot = Spot::new(&self.stack.slices, self.plan.slice_at(place) as usize, file.len());
        let file = File { file, bytes_read: &desk.bytes_read };
        let slice = self.slice(place);
        if self.stack.raw.is_some() {
            // There is no header to be looked at.
            return Ok((self.stack.page(file.file, slice)?, false));
        }
        let failed = |error: &std::io::Error| Error::io("read", error);
        let guess = self.guesses.guess(&spot);
        match &guess {
            Some(Guess { span, samples: Some((samples, stored)), .. }) => {
                let around = [span.start..samples.start, samples.end..span.end];
                let [head, tail] =
                    desk.fetched.rooms(&around[0], &around[1]).map_err(|error| failed(&error))?;
                let mut rows = self.whole_slice(place, stored.row_step < 0);
                rows.insert(0, head);
                rows.push(tail);
                file.read_rows(span.start, &mut rows).map_err(|error| direct::failed(&error))?;
            }
            Some(Guess { span, .. }) => {
                desk.fetched.fetch(file, std::slice::from_ref(span)).map_err(|error| failed(&error))?;
            }
            None if self.stack.one_file => {}
            None => {
                desk.fetched.fetch(file, std::slice::from_ref(&(0..HEAD))).map_err(|error| failed(&error))?;
            }
        }
        let head = match self.stack.one_file {
            true => self.only_head.get_or_try_init(|| file.head()).map_err(|error| failed(&error))?,
            false => &[][..],
        };
        let source = Source { file, fetched: &desk.fetched, head };
        let page = self.stack.page(&source, slice)?;
        let is_placed = self.guesses.learn(&spot, &page, guess.as_ref());
        if is_placed && page.stored(0).is_some_and(|stored| stored.swapped) {
            let sample_bytes = self.plan.sample.bytes();
            self.whole_slice(place, false).iter_mut().for_each(|row| byte_order::swap(row, sample_bytes));
        }
        Ok((page, is_placed))
    }

    /// The place of a slice, in the order of the file.
    fn whole_slice(&self, place: u64, bottom_up: bool) -> Vec<&mut [u8]> {
        self.target.rows(place as usize, self.region.y.clone(), &self.region.x, bottom_up)
    }

    /// Waits before the next attempt, twice as long each time.
    fn pause(&self, attempt: u32) {
        let first = match self.options.backoff_ms {
            0 => DEFAULT_BACKOFF,
            ms => Duration::from_millis(ms.into()),
        };
        let end = Instant::now() + first.saturating_mul(1 << (attempt - 1).min(16));
        while !self.is_stopping() {
            let left = end.saturating_duration_since(Instant::now());
            if left == Duration::ZERO {
                return;
            }
            std::thread::sleep(left.min(PAUSE_STEP));
        }
    }
}

/// The pieces of a run that have to be decoded.
fn coded(slice: &OpenSlice, run: usize) -> impl Iterator<Item = &Piece> {
    slice.cut.run(run).iter().filter(|piece| slice.page.stored(piece.chunk).is_none())
}

fn stopped() -> Error {
    Error::new(Status::Cancelled, "the load was stopped")
}
