//! The threads of a load. As many begin as cores decode, which is all that a load
//! from the cache can use. Once a read has really waited, there are more: so many
//! that the cores have work while as many reads are in flight as may be.
#![forbid(unsafe_code)]

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::engine::Load;
use super::progress::Level;
use super::sync::{Mutex, lock};
use crate::machine;

/// What the names of all threads of a load begin with.
pub(crate) const THREAD_NAME: &str = "zstack-";

/// The threads started so far.
#[derive(Debug)]
pub(super) struct Crew {
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Threads started, or as many as ever will be once one was refused.
    started: AtomicU32,
    /// Reads wait for something else than a core.
    reads_wait: AtomicBool,
    /// The next reads are asked whether they waited: at first, and after one that
    /// took long.
    suspects: AtomicBool,
}

/// A read that takes longer than this and its bytes at `CACHE_RATE` took long: it
/// may have waited, or its thread had to leave its core, or memory was slow to come.
const OPENING: Duration = Duration::from_micros(50);
/// Bytes that a core copies from the cache in a microsecond, at the least.
const CACHE_RATE: u64 = 4000;

impl Crew {
    /// With `first` threads that are to be started at once.
    pub(super) fn new(first: u32) -> Crew {
        Crew {
            threads: Mutex::default(),
            started: AtomicU32::new(first),
            reads_wait: AtomicBool::new(false),
            suspects: AtomicBool::new(true),
        }
    }

    /// No thread was started.
    pub(super) fn is_empty(&self) -> bool {
        lock(&self.threads).is_empty()
    }

    /// A read begins on this thread. What comes back is for `hear`.
    pub(super) fn watch(&self) -> Option<u64> {
        // Asking costs as much as a few per cent of reading a tiny file.
        self.suspects.load(Ordering::Relaxed).then(machine::waits).flatten()
    }

    /// A read took this long. Threads beyond the cores get into each other's way,
    /// so one slow read is not enough: it has to have waited, where the system
    /// can tell.
    pub(super) fn hear(&self, waits: Option<u64>, time: Duration, bytes: u64) {
        if time <= OPENING + Duration::from_micros(bytes / CACHE_RATE) {
            if waits.is_some() {
                self.suspects.store(false, Ordering::Relaxed);
            }
            return;
        }
        match (waits, machine::waits()) {
            (None, Some(_)) => self.suspects.store(true, Ordering::Relaxed),
            (Some(before), Some(now)) if now == before => {}
            _ => self.reads_wait.store(true, Ordering::Relaxed),
        }
    }

    /// Waits for all threads, those among them that others start meanwhile.
    pub(super) fn join(&self) {
        loop {
            let thread = lock(&self.threads).pop();
            let Some(thread) = thread else { return };
            // A worker catches its own panics; nothing is left to learn here.
            let _ = thread.join();
        }
    }
}

impl Load {
    /// Starts a thread that was counted as at work before.
    pub(super) fn start_thread(self: &Arc<Load>, number: u32) -> io::Result<()> {
        let load = self.clone();
        let name = format!("{THREAD_NAME}{number}");
        let thread = std::thread::Builder::new().name(name).spawn(move || load.run_worker())?;
        lock(&self.crew.threads).push(thread);
        Ok(())
    }

    /// Starts one thread more where the reads in flight could use it. It will
    /// start the next one.
    pub(super) fn reinforce(self: &Arc<Load>) {
        if !self.crew.reads_wait.load(Ordering::Relaxed) {
            return;
        }
        let wanted = self.plan.threads.min(self.plan.workers + self.reads.limit() as u32);
        let one_more = |started: u32| (started < wanted).then_some(started + 1);
        let Ok(number) = self.crew.started.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
        else {
            return;
        };
        self.join_work();
        if let Err(error) = self.start_thread(number) {
            self.leave();
            self.crew.started.store(u32::MAX, Ordering::Relaxed);
            self.log(Level::Warning, format!("fewer threads than planned: {error}"));
        }
    }
}
