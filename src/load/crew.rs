//! The threads of a load. As many begin as cores decode, which is all that a load
//! from the cache can use. While reads really wait, there are more: so many that
//! the cores have work while as many reads are in flight as may be. Over a network
//! they begin at once, since it takes a whole read to see that one waits.
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

/// The threads at work.
#[derive(Debug)]
pub(super) struct Crew {
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// As many stay to the end.
    stay: u32,
    /// Threads at work, or as many as ever will be once one was refused.
    started: AtomicU32,
    /// How much reads wait for something else than a core: more with each that
    /// did, less with each that did not.
    waiting: AtomicU32,
    /// The next reads are asked whether they waited: at first, and after one that
    /// took long.
    suspects: AtomicBool,
}

/// A read that takes longer than this and its bytes at `CACHE_RATE` took long: it
/// may have waited, or its thread had to leave its core, or memory was slow to come.
const OPENING: Duration = Duration::from_micros(50);
/// Bytes that a core copies from the cache in a microsecond, at the least.
const CACHE_RATE: u64 = 4000;

/// What one read that waited adds to `Crew::waiting`; one that did not takes 1 away.
const WAITED: u32 = 8;
/// From here on more threads are of use: two reads waited, and not by chance among
/// many from the cache.
const WAITING: u32 = 2 * WAITED - 1;
/// No more is remembered: so many reads from the cache, and the threads go home.
const MOST_WAITING: u32 = 8 * WAITED;

/// `Crew::started` once the system has refused a thread.
const REFUSED: u32 = u32::MAX;

impl Crew {
    /// With `first` threads that are to be started at once. Those beyond `stay` are
    /// there because reads will wait, as it seems.
    pub(super) fn new(first: u32, stay: u32) -> Crew {
        Crew {
            threads: Mutex::default(),
            stay,
            started: AtomicU32::new(first),
            waiting: AtomicU32::new(if first > stay { WAITING } else { 0 }),
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
        let asks = self.suspects.load(Ordering::Relaxed) || self.waiting.load(Ordering::Relaxed) > 0;
        asks.then(machine::waits).flatten()
    }

    /// A read took this long. Threads beyond the cores get into each other's way,
    /// so long is not enough: it has to have waited, where the system can tell.
    pub(super) fn hear(&self, waits: Option<u64>, time: Duration, bytes: u64) {
        let is_long = time > OPENING + Duration::from_micros(bytes / CACHE_RATE);
        let waited = match (waits, is_long.then(machine::waits)) {
            (_, None) => {
                if waits.is_some() {
                    self.suspects.store(false, Ordering::Relaxed);
                }
                false
            }
            (Some(before), Some(Some(now))) => now > before,
            (None, Some(Some(_))) => return self.suspects.store(true, Ordering::Relaxed),
            (_, Some(None)) => true,
        };
        let change = |waiting: u32| match waited {
            true => Some((waiting + WAITED).min(MOST_WAITING)),
            false => waiting.checked_sub(1),
        };
        // Nothing to take away from 0.
        let _ = self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
    }

    /// Whether the thread that asks goes home: there are more than are `wanted`, or
    /// more than cores and reads wait no more. Those that only wait for a permit are
    /// woken for each that is given back, which takes as long as reading a small file.
    pub(super) fn is_too_large(&self, wanted: u32) -> bool {
        let wanted = if self.waiting.load(Ordering::Relaxed) == 0 { 0 } else { wanted };
        let enough = wanted.max(self.stay);
        let one_less = |started: u32| (started > enough && started != REFUSED).then(|| started - 1);
        self.started.load(Ordering::Relaxed) > enough
            && self.started.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
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

    /// Threads that keep the cores busy while as many reads are in flight as may be.
    pub(super) fn wanted_threads(&self) -> u32 {
        self.plan.threads.min(self.plan.workers + self.reads.limit() as u32)
    }

    /// Starts one thread more where the reads in flight could use it. It will
    /// start the next one.
    pub(super) fn reinforce(self: &Arc<Load>) {
        if self.crew.waiting.load(Ordering::Relaxed) < WAITING {
            return;
        }
        let wanted = self.wanted_threads();
        let one_more = |started: u32| (started < wanted).then_some(started + 1);
        let Ok(number) = self.crew.started.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
        else {
            return;
        };
        self.join_work();
        if let Err(error) = self.start_thread(number) {
            self.leave();
            self.crew.started.store(REFUSED, Ordering::Relaxed);
            self.log(Level::Warning, format!("fewer threads than planned: {error}"));
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_millis(1);

    fn read_that_waits(crew: &Crew) {
        let waits = crew.watch();
        std::thread::sleep(LONG);
        crew.hear(waits, LONG, 0);
    }

    fn waits(crew: &Crew) -> bool {
        crew.waiting.load(Ordering::Relaxed) >= WAITING
    }

    #[test]
    fn reads_that_wait_call_for_threads_and_long_ones_do_not() {
        let crew = Crew::new(2, 2);
        for _ in 0..100 {
            // As a thread that had to leave its core sees it.
            crew.hear(crew.watch(), LONG, 0);
        }
        assert!(!waits(&crew));
        read_that_waits(&crew);
        assert!(!waits(&crew));
        read_that_waits(&crew);
        assert!(waits(&crew));
    }

    #[test]
    fn the_first_long_read_after_short_ones_is_only_suspected() {
        let crew = Crew::new(2, 2);
        crew.hear(crew.watch(), Duration::ZERO, 0);
        assert_eq!(crew.watch(), None);
        crew.hear(None, LONG, 0);
        assert!(crew.watch().is_some());
    }

    #[test]
    fn threads_that_were_there_too_soon_go_home() {
        let crew = Crew::new(4, 2);
        for _ in 0..WAITING {
            assert!(!crew.is_too_large(4));
            crew.hear(crew.watch(), Duration::ZERO, 0);
        }
        assert!(crew.is_too_large(4) && crew.is_too_large(4));
        assert!(!crew.is_too_large(4));
    }

    #[test]
    fn threads_for_reads_that_are_no_longer_tried_go_home() {
        let crew = Crew::new(2, 2);
        crew.started.store(9, Ordering::Relaxed);
        read_that_waits(&crew);
        for _ in 4..9 {
            assert!(crew.is_too_large(4));
        }
        assert!(!crew.is_too_large(4));
    }

    #[test]
    fn once_reads_wait_no_more_only_the_first_threads_stay() {
        let crew = Crew::new(2, 2);
        crew.started.store(4, Ordering::Relaxed);
        for _ in 0..20 {
            read_that_waits(&crew);
        }
        for _ in 0..MOST_WAITING {
            assert!(!crew.is_too_large(4));
            crew.hear(crew.watch(), Duration::ZERO, 0);
        }
        assert!(crew.is_too_large(4) && crew.is_too_large(4));
        assert!(!crew.is_too_large(4));
    }
}
