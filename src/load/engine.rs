//! The load itself: what all its threads share, its beginning and its end.
#![forbid(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use once_cell::sync::OnceCell;

use super::crew::Crew;
use super::events::Queue;
use super::files::Files;
use super::guess::Guesses;
use super::options::LoadOptions;
use super::order;
use super::pace::Pace;
use super::place::Target;
use super::plan::Plan;
use super::progress::{Event, Level, LogLine, Progress};
use super::reads::Reads;
use super::record::Record;
use super::runs::Region;
use super::slots::Slots;
use super::sync::{Mutex, lock};
use super::work::Work;
use crate::error::{Error, Result, Status};
use crate::machine::RegularFile;
use crate::stack::{Slice, Stack};

/// What a load keeps for each slice: its record, its event, its line in the report.
pub(super) const BYTES_PER_SLICE: u64 = 512;

/// All that the threads of one load share.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) stack: Arc<Stack>,
    pub(super) plan: Plan,
    pub(super) options: LoadOptions,
    pub(super) target: Target,
    pub(super) events: Queue<Event>,
    pub(super) records: Vec<Mutex<Record>>,
    /// The first fault of the library itself.
    pub(super) fault: Mutex<Option<Error>>,
    /// Seconds from start to end, once ended.
    pub(super) ended: OnceCell<f64>,
    pub(super) started: Instant,
    pub(super) reads: Reads,
    pub(super) slots: Slots,
    pub(super) work: Work,
    pub(super) region: Region,
    /// Where slices probably have their samples.
    pub(super) guesses: Guesses,
    pub(super) files: Files,
    /// The one file of a multi-page stack, opened by the first worker that
    /// needs it.
    pub(super) only_file: OnceCell<Arc<RegularFile>>,
    /// Its first bytes, which every page asks for.
    pub(super) only_head: OnceCell<Vec<u8>>,
    pub(super) crew: Crew,
    stopped: AtomicBool,
    at_work: AtomicUsize,
    pub(super) bytes_read: AtomicU64,
    pub(super) bytes_decoded: AtomicU64,
    pub(super) done: AtomicU64,
    pub(super) failed: AtomicU64,
}

impl Load {
    pub(super) fn new(stack: Arc<Stack>, plan: Plan, options: LoadOptions, target: Target) -> Result<Load> {
        let mut records = Vec::new();
        if records.try_reserve_exact(plan.slices as usize).is_err() {
            return Err(Error::new(Status::OutOfMemory, "no memory for the report"));
        }
        records.resize_with(plan.slices as usize, Mutex::default);
        let (first, most) = (plan.reads_in_flight as usize, plan.most_reads as usize);
        let pace =
            if options.reads_in_flight == 0 { Pace::adaptive(first, most) } else { Pace::forced(first) };
        Ok(Load {
            target,
            events: Queue::new(),
            records,
            fault: Mutex::default(),
            ended: OnceCell::new(),
            started: Instant::now(),
            reads: Reads::new(pace),
            slots: Slots::new(plan.workers as usize),
            work: Work::new(plan.slices, order::of(&stack, &plan)),
            region: plan.region(),
            guesses: Guesses::new(&stack, &plan),
            files: Files::new(&stack),
            only_file: OnceCell::new(),
            only_head: OnceCell::new(),
            crew: Crew::new(plan.first_threads(), plan.lasting_threads()),
            stopped: AtomicBool::new(false),
            at_work: AtomicUsize::new(plan.first_threads() as usize),
            bytes_read: AtomicU64::new(0),
            bytes_decoded: AtomicU64::new(0),
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            stack,
            plan,
            options,
        })
    }

    /// The life of one worker. Nothing unwinds out of it.
    pub(super) fn run_worker(self: &Arc<Load>) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.work_on())) {
            self.break_down(&*panic);
        }
        self.leave();
    }

    /// One worker more, said by one who is at work.
    pub(super) fn join_work(&self) {
        self.at_work.fetch_add(1, Ordering::AcqRel);
    }

    /// One worker less, one that was never started among them. The last one out
    /// repairs what is left to repair, and ends the load.
    pub(super) fn leave(&self) {
        if self.at_work.fetch_sub(1, Ordering::AcqRel) > 1 {
            return;
        }
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.conclude())) {
            self.break_down(&*panic);
        }
        self.ended.get_or_init(|| self.started.elapsed().as_secs_f64());
        self.events.close();
    }

    /// Ends the load early: no new work, no new permits.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.work.stop();
        self.reads.close();
        self.slots.close();
    }

    /// Whether the load is to end early.
    pub(super) fn is_stopping(&self) -> bool {
        if self.options.cancel.as_ref().is_some_and(|c| c.is_cancelled()) {
            self.stop();
        }
        self.stopped.load(Ordering::Acquire)
    }

    /// The stack's slice at a place in the buffer.
    pub(super) fn slice(&self, place: u64) -> &Slice {
        &self.stack.slices[self.plan.slice_at(place) as usize]
    }

    pub(super) fn log(&self, level: Level, message: String) {
        self.events.push(Event::Log(LogLine { level, message }));
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    pub(super) fn bytes_decoded(&self) -> u64 {
        self.bytes_decoded.load(Ordering::Relaxed)
    }

    /// Where the load stands now.
    pub(super) fn progress(&self) -> Progress {
        // Asked first, so that `done` never comes with an older count.
        let done = self.events.is_closed();
        let seconds = self.ended.get().copied().unwrap_or_else(|| self.started.elapsed().as_secs_f64());
        let slices_done = self.done.load(Ordering::Relaxed);
        let decoded = self.bytes_decoded();
        let left = self.plan.slices - slices_done;
        Progress {
            slices_done,
            slices_failed: self.failed.load(Ordering::Relaxed),
            slices_total: self.plan.slices,
            bytes_read: self.bytes_read(),
            bytes_decoded: decoded,
            bytes_total: self.plan.slices * self.slice_bytes(),
            seconds,
            seconds_left: if slices_done > 0 { seconds * left as f64 / slices_done as f64 } else { -1.0 },
            bytes_per_second: if seconds > 0.0 { decoded as f64 / seconds } else { 0.0 },
            done,
        }
    }

    /// Bytes of samples of one slice in the buffer.
    pub(super) fn slice_bytes(&self) -> u64 {
        self.plan.row_bytes() as u64 * u64::from(self.plan.height)
    }

    /// A fault of the library itself ends the load and becomes its status.
    fn break_down(&self, panic: &(dyn std::any::Any + Send)) {
        let message = format!("a worker failed: {}; please report this", crate::panic_message(panic));
        lock(&self.fault).get_or_insert_with(|| Error::new(Status::Internal, message));
        self.stop();
    }

    pub(super) fn record(&self, place: u64, change: impl FnOnce(&mut Record)) {
        change(&mut lock(&self.records[place as usize]));
    }
}
