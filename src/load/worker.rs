//! What each worker does: take a read permit, then the next piece of work in
//! stack order, read it, give the permit back, take a decode slot, decode and
//! place.
#![forbid(unsafe_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::engine::Load;
use super::permits::Permit;
use super::progress::Level;
use super::runs;
use super::source::Source;
use super::work::{OpenSlice, Task, Turn};
use crate::error::{Error, Result, Status};
use crate::format::Page;
use crate::machine::{self, RegularFile};

const DEFAULT_ATTEMPTS: u32 = 3;
const DEFAULT_BACKOFF: Duration = Duration::from_millis(20);
/// How long a pause goes on before it looks whether the load was cancelled.
const PAUSE_STEP: Duration = Duration::from_millis(10);

/// One run of a slice on its way through a worker.
struct Piece {
    place: u64,
    run: usize,
    started: Instant,
    /// The slice, once its file is open.
    slice: Option<Arc<OpenSlice>>,
    attempt: u32,
}

/// A page opened by this worker, with the bytes it decodes from.
struct Ready {
    page: Page,
    source: Arc<Source>,
    /// The file was read whole; nothing is left to fetch.
    whole: bool,
}

impl Load {
    /// Works until there is nothing left to do.
    pub(super) fn work_on(&self) {
        let mut pixels = Vec::new();
        while !self.is_stopping() {
            let Some(permit) = self.reads.acquire() else { return };
            match self.work.take() {
                Turn::Task(task) => self.carry_out(task, permit, &mut pixels),
                Turn::Wait => {
                    drop(permit);
                    self.work.wait();
                }
                Turn::Done => return,
            }
        }
    }

    /// Tries a task until it is done, fails for good, or the load stops.
    fn carry_out(&self, task: Task, permit: Permit<'_>, pixels: &mut Vec<u8>) {
        let now = Instant::now();
        let mut piece = match task {
            Task::Open(place) => Piece { place, run: 0, started: now, slice: None, attempt: 1 },
            Task::Run(slice, run) => {
                Piece { place: slice.place, run, started: slice.started, slice: Some(slice), attempt: 1 }
            }
        };
        let opens = piece.slice.is_none();
        let attempts = if self.options.attempts == 0 { DEFAULT_ATTEMPTS } else { self.options.attempts };
        let mut permit = Some(permit);
        let result = loop {
            self.record(piece.place, |record| record.attempts = record.attempts.max(piece.attempt));
            let result = self.attempt(&mut piece, permit.take(), pixels);
            let Err(error) = &result else { break result };
            if piece.attempt >= attempts || !machine::is_transient(error.os_error) || self.is_stopping() {
                break result;
            }
            let path = self.slice(piece.place).path.display();
            let attempt = piece.attempt;
            self.log(Level::Warning, format!("{path}: {}; attempt {attempt} of {attempts}", error.message));
            self.pause(attempt);
            permit = self.reads.acquire();
            piece.attempt += 1;
        };
        if opens && piece.slice.is_none() {
            self.work.opened(None);
        }
        if let Err(error) = result {
            self.record(piece.place, |record| record.fail(error));
        }
        // The last run to end sees what all the others recorded.
        if piece.slice.is_none_or(|slice| slice.left.fetch_sub(1, Ordering::AcqRel) == 1) {
            self.settle(piece.place, piece.started);
        }
    }

    /// Reads, decodes and places one run; opens its slice first where nobody has.
    fn attempt(&self, piece: &mut Piece, permit: Option<Permit<'_>>, pixels: &mut Vec<u8>) -> Result<()> {
        let permit = permit.ok_or_else(stopped)?;
        let reading = Instant::now();
        let read = self.read(piece);
        self.record(piece.place, |record| record.read_seconds += reading.elapsed().as_secs_f64());
        drop(permit);
        let (mut ready, slice) = read?;

        let _slot = self.decodes.acquire().ok_or_else(stopped)?;
        let decoding = Instant::now();
        let result = self.decode(piece, &slice, &mut ready.page, pixels);
        self.record(piece.place, |record| record.decode_seconds += decoding.elapsed().as_secs_f64());
        result
    }

    fn decode(&self, piece: &Piece, slice: &OpenSlice, page: &mut Page, pixels: &mut Vec<u8>) -> Result<()> {
        super::fault::panic_if_asked(piece.place);
        for &index in &slice.runs[piece.run] {
            if self.is_stopping() {
                return Err(stopped());
            }
            page.decode(index, pixels)?;
            self.target.place(piece.place as usize, &slice.chunks[index], pixels);
        }
        Ok(())
    }

    /// Everything that needs a read permit.
    fn read(&self, piece: &mut Piece) -> Result<(Ready, Arc<OpenSlice>)> {
        let file = match &piece.slice {
            Some(slice) if piece.attempt == 1 => slice.file.clone(),
            _ => self.open_file(piece)?,
        };
        let ready = self.open_page(piece.place, file.clone())?;
        let slice = match &piece.slice {
            Some(slice) => slice.clone(),
            None => {
                let slice = Arc::new(self.cut(piece, file, &ready.page)?);
                self.work.opened(Some(&slice));
                piece.slice = Some(slice.clone());
                slice
            }
        };
        if !ready.whole {
            let requests = runs::requests(&slice.chunks, &slice.runs[piece.run]);
            ready.source.fetch(&requests).map_err(|e| Error::io("read", &e))?;
        }
        Ok((ready, slice))
    }

    /// Cuts a page that fits the stack into runs.
    fn cut(&self, piece: &Piece, file: Arc<RegularFile>, page: &Page) -> Result<OpenSlice> {
        self.stack.check(&page.description)?;
        if page.note.is_some() {
            self.record(piece.place, |record| record.note.clone_from(&page.note));
        }
        let pixel_bytes = (self.plan.row_bytes() / self.plan.width as usize) as u64;
        let runs = runs::group(&page.chunks, &self.region, pixel_bytes);
        if runs.is_empty() {
            return Err(Error::new(Status::Corrupt, "the image has no pixels where the region lies"));
        }
        Ok(OpenSlice {
            place: piece.place,
            file,
            chunks: page.chunks.clone(),
            left: AtomicUsize::new(runs.len()),
            runs,
            started: piece.started,
        })
    }

    /// The open file of a slice. The one file of a multi-page stack is opened
    /// once; after a fault it is opened anew.
    fn open_file(&self, piece: &Piece) -> Result<Arc<RegularFile>> {
        let slice = self.slice(piece.place);
        if let Some(gap) = slice.known.as_ref().filter(|e| e.status == Status::Missing) {
            return Err(gap.clone());
        }
        let open = || match machine::open_regular(&slice.path) {
            Ok(Some(file)) => Ok(Arc::new(file)),
            Ok(None) => {
                Err(Error::new(Status::NotAFile, "this is a folder, FIFO, socket or device, not a file"))
            }
            Err(error) => Err(Error::io("open", &error)),
        };
        if self.stack.one_file && piece.attempt == 1 {
            return self.only_file.get_or_try_init(open).cloned();
        }
        open()
    }

    fn open_page(&self, place: u64, file: Arc<RegularFile>) -> Result<Ready> {
        let len = file.len();
        let source = Arc::new(Source::new(file, self.bytes_read.clone()));
        let whole = len <= runs::WHOLE_FILE && !self.stack.one_file;
        if whole {
            source.fetch(std::slice::from_ref(&(0..len))).map_err(|e| Error::io("read", &e))?;
        }
        let page = Page::open(source.clone(), self.slice(place).page, &self.stack.limits)?;
        Ok(Ready { page, source, whole })
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

fn stopped() -> Error {
    Error::new(Status::Cancelled, "the load was stopped")
}
