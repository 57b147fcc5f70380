//! What the first reads give away before rates can be compared.
#![forbid(unsafe_code)]

use std::time::Duration;

/// An open that takes this long crosses a far network: a head moves faster.
const FAR_OPEN: Duration = Duration::from_millis(15);
/// Reads that begin together wait for each other, rather than for something far
/// away, when opening takes less of their time than this...
const OPEN_SHARE: f64 = 0.2;
/// ... and the first of them ends before this part of the time of all.
const TOGETHER: f64 = 0.95;

/// Times that were seen.
#[derive(Debug)]
pub(super) struct Signs {
    /// Reads that begin together; 0 = none did.
    burst: u64,
    ends: u64,
    /// When the first of them ended, and the last.
    first_end: Duration,
    last_end: Duration,
    /// Time that files took to open, and their number.
    opening: Duration,
    opened: u32,
    /// The longest read of all.
    pub longest: Duration,
}

impl Signs {
    pub(super) fn new(burst: usize) -> Signs {
        Signs {
            burst: burst as u64,
            ends: 0,
            first_end: Duration::ZERO,
            last_end: Duration::ZERO,
            opening: Duration::ZERO,
            opened: 0,
            longest: Duration::ZERO,
        }
    }

    pub(super) fn opened(&mut self, time: Duration) {
        self.opening += time;
        self.opened += 1;
    }

    pub(super) fn ended(&mut self, now: Duration, time: Duration) {
        self.ends += 1;
        self.longest = self.longest.max(time);
        if self.ends == 1 {
            self.first_end = now;
        }
        if self.ends == self.burst {
            self.last_end = now;
        }
    }

    /// The storage is another one, and no reads of it began together.
    pub(super) fn forget(&mut self) {
        self.burst = 0;
        self.opening = Duration::ZERO;
        self.opened = 0;
    }

    /// Whether reads of this length seem to wait for each other.
    pub(super) fn of_a_queue(&self, read: Duration) -> bool {
        self.opened > 0
            && self.opening / self.opened < read.mul_f64(OPEN_SHARE)
            && (self.burst == 0 || self.first_end < self.last_end.mul_f64(TOGETHER))
    }
}

/// Whether only a far network opens a file so slowly.
pub(super) fn is_far(open: Duration) -> bool {
    open >= FAR_OPEN
}
