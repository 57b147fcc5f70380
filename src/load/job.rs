//! A load that runs: its threads, its events, its end.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::engine::Load;
use super::events::Next;
use super::options::LoadOptions;
use super::place::Target;
use super::plan::Plan;
use super::progress::{Event, Level, Observer, Progress};
use super::report::{Circumstances, Report, State};
use super::sync::lock;
use crate::error::{Error, Result, Status};
use crate::stack::Stack;

/// How a load ended: `Ok`, `Partial`, `Cancelled`, or the status of what
/// stopped it, with the sentence that goes with it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// `None` = every slice was measured.
    pub error: Option<Error>,
    /// What happened, slice by slice.
    pub report: Report,
}

/// A load on its way. Dropping it cancels it and joins its threads.
#[derive(Debug)]
pub struct Job {
    load: Arc<Load>,
    /// The observer is not called again: it asked to stop, or was told the end.
    hung_up: AtomicBool,
}

impl Job {
    /// Starts to load a stack into a buffer.
    ///
    /// # Safety
    /// `buffer` must be writable for `bytes` bytes, and used by nobody else,
    /// until `finish` has returned or the job is dropped. It may be
    /// uninitialised.
    pub unsafe fn start(
        stack: &Arc<Stack>,
        options: &LoadOptions,
        buffer: *mut u8,
        bytes: u64,
    ) -> Result<Job> {
        let plan = Plan::new(stack, options)?;
        // SAFETY: the caller's promise is the one that `Target` asks for; the
        // target lives in `load`, which `finish` and `drop` outlive by joining
        // every thread that shares it.
        let target = unsafe { Target::new(&plan, buffer, bytes)? };
        let load = Arc::new(Load::new(stack.clone(), plan, options.clone(), target)?);
        if !options.no_huge_pages {
            load.log(Level::Info, load.target.advise_huge_pages().to_string());
        }
        let job = Job { load, hung_up: AtomicBool::new(false) };
        job.start_threads()?;
        Ok(job)
    }

    /// Fewer threads than planned will do; none will not.
    fn start_threads(&self) -> Result<()> {
        let plan = &self.load.plan;
        self.load.log(Level::Info, format!("loading {} slices: {}", plan.slices, plan.why()));
        let mut refused = None;
        for number in 0..plan.first_threads() {
            if let Err(error) = self.load.start_thread(number) {
                self.load.leave();
                refused = Some(error);
            }
        }
        match refused {
            Some(error) if self.load.crew.is_empty() => {
                Err(Error { status: Status::NoThread, ..Error::io("start a thread", &error) })
            }
            Some(error) => {
                self.load.log(Level::Warning, format!("fewer threads than planned: {error}"));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Where it stands, without waiting.
    pub fn progress(&self) -> Progress {
        self.load.progress()
    }

    /// Whether an observer would still be called.
    pub fn is_heard(&self) -> bool {
        !self.hung_up.load(Ordering::Relaxed)
    }

    /// Whether it has ended and `finish` would not wait.
    pub fn is_done(&self) -> bool {
        self.load.events.is_closed()
    }

    /// Asks it to stop; returns at once.
    pub fn cancel(&self) {
        self.load.stop();
    }

    /// The next event; `Pending` when none came until the deadline (`None`
    /// waits for ever), `NoMoreEvents` at the end.
    pub fn next_event(&self, deadline: Option<Instant>) -> std::result::Result<Event, Status> {
        match self.load.events.next(deadline) {
            Next::Item(event) => Ok(event),
            Next::Nothing => Err(Status::Pending),
            Next::Closed => Err(Status::NoMoreEvents),
        }
    }

    /// Hands events to the observer until the load has ended (true) or the
    /// deadline has passed (false).
    pub fn attend(&self, observer: &mut dyn Observer, interval: Duration, deadline: Option<Instant>) -> bool {
        let mut next_progress = Instant::now() + interval;
        loop {
            let wake = deadline.map_or(next_progress, |d| d.min(next_progress));
            let next = self.load.events.next(Some(wake));
            let mut answer = ControlFlow::Continue(());
            // Asked before each call: a callback may free the job.
            match &next {
                Next::Item(Event::Slice(event)) if self.is_heard() => answer = observer.slice(event),
                Next::Item(Event::Log(line)) if self.is_heard() => observer.log(line),
                _ => {}
            }
            let now = Instant::now();
            let ended = matches!(next, Next::Closed);
            if self.is_heard() && answer.is_continue() && (ended || now >= next_progress) {
                // Only the last call says that the load is done.
                let progress = Progress { done: ended, ..self.load.progress() };
                answer = observer.progress(&progress);
                next_progress = now + interval;
            }
            if ended {
                self.hung_up.store(true, Ordering::Relaxed);
                return true;
            }
            if answer.is_break() {
                self.hung_up.store(true, Ordering::Relaxed);
                self.cancel();
            }
            if deadline.is_some_and(|d| now >= d) && !matches!(next, Next::Item(_)) {
                return false;
            }
        }
    }

    /// Waits for the end, joins all threads and tells what happened.
    pub fn finish(&self) -> Outcome {
        self.load.crew.join();
        let load = &self.load;
        let slices = load
            .records
            .iter()
            .enumerate()
            .map(|(place, record)| lock(record).report(load.plan.slice_at(place as u64)))
            .collect();
        let report = Report::new(
            slices,
            Circumstances {
                seconds: load.ended.get().copied().unwrap_or(0.0),
                bytes_read: load.bytes_read(),
                bytes_decoded: load.bytes_decoded(),
                workers: load.plan.workers,
                reads_in_flight: load.reads.limit() as u32,
                reads_why: load.reads.words(),
                storage: load.plan.storage,
            },
        );
        Outcome { error: self.verdict(&report), report }
    }

    /// Stops it and joins its threads: nothing writes into the buffer any more,
    /// and no observer is called.
    pub fn cancel_and_join(&self) {
        self.hung_up.store(true, Ordering::Relaxed);
        self.cancel();
        self.load.crew.join();
    }

    /// The error of the whole load, if any.
    fn verdict(&self, report: &Report) -> Option<Error> {
        if let Some(fault) = lock(&self.load.fault).clone() {
            return Some(fault);
        }
        let failed = report.slices.iter().find_map(|s| Some((s, s.cause.as_ref()?)));
        let named = |slice: &super::report::SliceReport, cause: &Error| {
            cause.clone().in_slice(slice.slice).at(&self.load.stack.slices[slice.slice as usize].path)
        };
        let totals = &report.totals;
        match failed {
            Some((slice, cause)) if self.load.options.policy == super::Policy::Fail => {
                Some(named(slice, cause))
            }
            _ if report.slices.iter().any(|s| s.state == State::NotReached) => Some(Error::new(
                Status::Cancelled,
                format!("{} of {} slices are whole", totals.loaded, totals.slices),
            )),
            Some((slice, cause)) => {
                let first = named(slice, cause);
                let message = format!(
                    "{} of {} slices could not be had; the first, slice {}: {}. The report names each; \
                     fetch these files anew, or choose with a policy what stands in their place",
                    totals.failed, totals.slices, slice.slice, first.message
                );
                Some(Error { status: Status::Partial, message, ..first })
            }
            None => None,
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.cancel_and_join();
    }
}
