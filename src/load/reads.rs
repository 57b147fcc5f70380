//! The permits to read, as many as the controller allows.
#![forbid(unsafe_code)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::pace::Pace;
use super::permits::{Permit, Permits};
use super::sync::{Mutex, lock};

/// The reads of one load.
#[derive(Debug)]
pub(super) struct Reads {
    permits: Permits,
    pace: Mutex<Pace>,
    /// The controller's limit, for those who only want to know.
    limit: AtomicUsize,
    started: Instant,
}

/// The permit for one read. Dropped without `finished`, the read came to nothing.
#[derive(Debug)]
pub(super) struct ReadPermit<'a> {
    reads: &'a Reads,
    began: Duration,
    finished: bool,
    _permit: Permit<'a>,
}

impl Reads {
    pub(super) fn new(pace: Pace) -> Reads {
        let limit = pace.limit();
        Reads {
            permits: Permits::new(limit),
            pace: Mutex::new(pace),
            limit: AtomicUsize::new(limit),
            started: Instant::now(),
        }
    }

    /// Waits for a permit; `None` once the load is to end.
    pub(super) fn acquire(&self) -> Option<ReadPermit<'_>> {
        let permit = self.permits.acquire()?;
        let began = self.tell(|pace, now| {
            pace.began(now);
            now
        });
        Some(ReadPermit { reads: self, began, finished: false, _permit: permit })
    }

    /// No more reads: whoever waits goes home.
    pub(super) fn close(&self) {
        self.permits.close();
    }

    /// Reads that may be in flight now.
    pub(super) fn limit(&self) -> usize {
        self.limit.load(Ordering::Relaxed)
    }

    /// What was chosen, when and why.
    pub(super) fn words(&self) -> String {
        lock(&self.pace).words()
    }

    /// Tells the controller what happens now, and does what it says. Both under
    /// its lock, so that limits are set in the order in which they were chosen.
    fn tell<T>(&self, what: impl FnOnce(&mut Pace, Duration) -> T) -> T {
        let mut pace = lock(&self.pace);
        let answer = what(&mut pace, self.started.elapsed());
        let limit = pace.limit();
        if limit != self.limit() {
            self.limit.store(limit, Ordering::Relaxed);
            self.permits.set_limit(limit);
        }
        answer
    }
}

impl ReadPermit<'_> {
    /// The file of this read is open.
    pub(super) fn opened(&self) {
        self.reads.tell(|pace, now| pace.opened(now, self.began));
    }

    /// The read has brought this many bytes; the permit goes back.
    pub(super) fn finished(mut self, bytes: u64) {
        self.finished = true;
        self.reads.tell(|pace, now| pace.ended(now, self.began, bytes));
    }
}

impl Drop for ReadPermit<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.reads.tell(|pace, now| pace.given_up(now));
        }
    }
}
