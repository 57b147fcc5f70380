//! What happened: slice by slice, and in sum.
#![forbid(unsafe_code)]

use crate::error::Error;
use crate::machine::Storage;

/// What stands in the buffer for a slice.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Nothing dependable: the load ended before this slice was whole, or before
    /// it was repaired.
    NotReached = 0,
    /// The samples of the file, all of them.
    Measured = 1,
    /// Made from its neighbours.
    Repaired = 2,
    /// It could not be had: the fill value stands there, nothing dependable where
    /// the load fails for it, nothing at all where slices are skipped.
    Missing = 3,
}

/// What happened to one slice.
#[derive(Clone, Debug)]
pub struct SliceReport {
    /// Its index in the opened stack.
    pub slice: u64,
    /// Its place in the buffer, in slices; `None` when it was skipped.
    pub place: Option<u64>,
    /// What stands there.
    pub state: State,
    /// Why it could not be had.
    pub cause: Option<Error>,
    /// A remark on a slice that was loaded, such as pages left aside.
    pub note: Option<String>,
    /// Times it was tried; 0 = never.
    pub attempts: u32,
    /// Seconds spent in reading.
    pub read_seconds: f64,
    /// Seconds spent in decoding and placing.
    pub decode_seconds: f64,
    /// Seconds from its first byte asked for until it stood in the buffer.
    pub seconds: f64,
}

/// What happened in sum.
#[derive(Clone, Debug)]
pub struct Totals {
    /// Slices asked for.
    pub slices: u64,
    /// Slices measured.
    pub loaded: u64,
    /// Slices that could not be had, repaired or not.
    pub failed: u64,
    /// Of those, repaired ones.
    pub repaired: u64,
    /// Slices that the load ended before: neither measured nor failed.
    pub not_reached: u64,
    /// Slices that stand in the buffer; fewer than `slices` when some were skipped.
    pub placed: u64,
    /// Attempts over all slices.
    pub attempts: u64,
    /// Bytes read from files.
    pub bytes_read: u64,
    /// Bytes of samples placed in the buffer from files.
    pub bytes_decoded: u64,
    /// Seconds from start to end.
    pub seconds: f64,
    /// `bytes_decoded` per second.
    pub bytes_per_second: f64,
    /// Seconds of the whole load per slice that was loaded or failed.
    pub seconds_per_slice: f64,
    /// Mean, median and 99th percentile of `SliceReport::seconds` over measured slices.
    pub slice_mean: f64,
    /// Median.
    pub slice_median: f64,
    /// 99th percentile.
    pub slice_p99: f64,
    /// The slowest measured slice, as an index into the report; `None` when none was.
    pub slowest: Option<u64>,
    /// Its seconds.
    pub slowest_seconds: f64,
    /// Cores that decoded.
    pub workers: u32,
    /// Reads that were allowed in flight at the end.
    pub reads_in_flight: u32,
    /// Storage as the system describes it.
    pub storage: Storage,
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Report {
    /// In sum.
    pub totals: Totals,
    /// Slice by slice, in stack order.
    pub slices: Vec<SliceReport>,
    /// How many reads were allowed in flight, when and why, in words.
    pub reads_why: String,
}

/// What the sums need beyond the slices.
pub(super) struct Circumstances {
    pub seconds: f64,
    pub bytes_read: u64,
    pub bytes_decoded: u64,
    pub workers: u32,
    pub reads_in_flight: u32,
    pub reads_why: String,
    pub storage: Storage,
}

impl Report {
    pub(super) fn new(slices: Vec<SliceReport>, given: Circumstances) -> Report {
        let count = |state| slices.iter().filter(|s| s.state == state).count() as u64;
        let loaded = count(State::Measured);
        let repaired = count(State::Repaired);
        let failed = slices.iter().filter(|s| s.cause.is_some()).count() as u64;

        let mut times: Vec<(f64, usize)> = slices
            .iter()
            .enumerate()
            .filter(|(_, s)| s.state == State::Measured)
            .map(|(index, s)| (s.seconds, index))
            .collect();
        times.sort_by(|a, b| a.0.total_cmp(&b.0));
        let slowest = times.last().copied();
        let sum: f64 = times.iter().map(|t| t.0).sum();

        let totals = Totals {
            slices: slices.len() as u64,
            loaded,
            failed,
            repaired,
            not_reached: slices.iter().filter(|s| s.state == State::NotReached && s.cause.is_none()).count()
                as u64,
            placed: slices.iter().filter(|s| s.place.is_some()).count() as u64,
            attempts: slices.iter().map(|s| u64::from(s.attempts)).sum(),
            bytes_read: given.bytes_read,
            bytes_decoded: given.bytes_decoded,
            seconds: given.seconds,
            bytes_per_second: ratio(given.bytes_decoded as f64, given.seconds),
            seconds_per_slice: ratio(given.seconds, (loaded + failed) as f64),
            slice_mean: ratio(sum, times.len() as f64),
            slice_median: percentile(&times, 50),
            slice_p99: percentile(&times, 99),
            slowest: slowest.map(|(_, index)| index as u64),
            slowest_seconds: slowest.map_or(0.0, |(seconds, _)| seconds),
            workers: given.workers,
            reads_in_flight: given.reads_in_flight,
            storage: given.storage,
        };
        Report { totals, slices, reads_why: given.reads_why }
    }
}

fn ratio(a: f64, b: f64) -> f64 {
    if b > 0.0 { a / b } else { 0.0 }
}

/// Nearest-rank percentile of sorted times.
fn percentile(sorted: &[(f64, usize)], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map_or(0.0, |t| t.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        let times: Vec<_> = (1..=100).map(|n| (f64::from(n), 0)).collect();
        assert_eq!(percentile(&times, 50), 50.0);
        assert_eq!(percentile(&times, 99), 99.0);
        assert_eq!(percentile(&times[..1], 99), 1.0);
        assert_eq!(percentile(&[], 50), 0.0);
    }
}
