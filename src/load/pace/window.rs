//! What the storage gave since some moment.
#![forbid(unsafe_code)]

use std::time::Duration;

/// What a read counts for beside its bytes: opening a small file is most of the
/// work, and files of different sizes are to be comparable.
const PER_READ: u64 = 64 << 10;
/// A shorter window measures the threads' waking, not the storage.
const SHORTEST: Duration = Duration::from_millis(1);
/// Where one read takes this many times as long as most do, a window holds
/// several of that kind: a head that goes back to the directories now and then.
const UNEVEN: u32 = 16;
const SEVERAL: u32 = 5;
/// Faster than either of these is memory only.
const MEMORY_READ: Duration = Duration::from_micros(80);
const MEMORY_RATE: f64 = 8e9;

/// Reads that ended since a moment at which as many were begun as allowed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    since: Duration,
    ends: u32,
    /// A read that began inside the window has ended inside it.
    fresh: bool,
    bytes: u64,
    /// Reads in flight, summed over time.
    in_flight: Duration,
}

/// How fast, and from how many reads that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate {
    pub per_second: f64,
    pub ends: u32,
    /// Time that one read took, and all of them.
    pub read: Duration,
    pub time: Duration,
}

impl Window {
    pub(super) fn new(since: Duration) -> Window {
        Window { since, ends: 0, fresh: false, bytes: 0, in_flight: Duration::ZERO }
    }

    /// Time went by with this many reads in flight.
    pub(super) fn pass(&mut self, time: Duration, in_flight: usize) {
        self.in_flight += time * in_flight as u32;
    }

    pub(super) fn end(&mut self, began: Duration, bytes: u64) {
        self.ends += 1;
        self.bytes += bytes;
        self.fresh |= began >= self.since;
    }

    /// The rate, once it can be told: as many ends as reads in flight, one of
    /// them of a read that began under the present limit. From that point on it
    /// is right for a storage that answers in turn, for one that divides its
    /// width, and for one that takes its time over each read.
    pub(super) fn rate(&self, now: Duration, limit: usize, longest: Duration) -> Option<Rate> {
        let time = now.saturating_sub(self.since);
        if !self.fresh || (self.ends as usize) < limit || time < SHORTEST {
            return None;
        }
        let done = self.bytes + u64::from(self.ends) * PER_READ;
        let rate = Rate {
            per_second: done as f64 / time.as_secs_f64(),
            ends: self.ends,
            read: self.in_flight / self.ends,
            time,
        };
        rate.is_fair(longest).then_some(rate)
    }

    /// Whether the permits were nearly always out: otherwise something else
    /// than reading holds the load up.
    pub(super) fn is_busy(&self, now: Duration, limit: usize) -> bool {
        let time = now.saturating_sub(self.since).as_secs_f64();
        self.in_flight.as_secs_f64() >= 0.8 * time * limit as f64
    }
}

impl Rate {
    /// Whether it was taken for long enough, where the longest read of all took
    /// so long.
    pub(super) fn is_fair(&self, longest: Duration) -> bool {
        longest <= self.read * UNEVEN || self.time >= longest * SEVERAL
    }

    /// How many times as fast as another one.
    pub(super) fn times(&self, other: &Rate) -> f64 {
        self.per_second / other.per_second
    }

    /// Whether it is memory that is read, and cores that do it.
    pub(super) fn is_memory(&self) -> bool {
        self.read < MEMORY_READ || self.per_second > MEMORY_RATE
    }

    /// How far the quotient of two rates may be from the truth.
    pub(super) fn doubt(&self, other: &Rate) -> f64 {
        0.5 * ((1.0 / f64::from(self.ends) + 1.0 / f64::from(other.ends)) / 2.0).sqrt()
    }
}
