//! What a load can be asked for.
#![forbid(unsafe_code)]

use super::cancel::Cancel;

/// What stands in the buffer where a slice can't be had.
#[repr(i32)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Policy {
    /// The fill value; the load goes on.
    #[default]
    Fill = 0,
    /// Nothing: the load stops and returns the slice's own status.
    Fail = 1,
    /// The slice is left out and those after it move up. The report tells each
    /// slice's final place; nothing dependable stands in the last places, which
    /// as many slices as were left out have lost.
    Skip = 2,
    /// A blend of the nearest good slices on either side, weighted by distance,
    /// whole numbers rounded to the nearest, halves away from 0; a copy of the
    /// only good neighbour at the ends. Only slices of this load count, those
    /// within its z range and step. The fill value where none of them is good.
    Interpolate = 3,
}

/// What to load, where to put it, and with what. `Default` loads everything,
/// packed, with the machine's own measure.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// First slice.
    pub z_first: u64,
    /// Number of slices to step over, from `z_first`; 0 = to the end.
    pub z_count: u64,
    /// Every n-th of those; 0 = 1.
    pub z_step: u64,
    /// Left column of the region.
    pub x: u32,
    /// Top row of the region.
    pub y: u32,
    /// Columns of the region; 0 = to the right edge.
    pub width: u32,
    /// Rows of the region; 0 = to the bottom edge.
    pub height: u32,
    /// Bytes from row to row in the buffer; 0 = packed.
    pub row_stride: u64,
    /// Bytes from slice to slice in the buffer; 0 = packed.
    pub slice_stride: u64,
    /// What to do where a slice can't be had.
    pub policy: Policy,
    /// The value of `Policy::Fill`, and of `Policy::Interpolate` where there is
    /// nothing to blend, rounded to the sample type, within its range.
    pub fill_value: f64,
    /// How often a slice is tried when the system reports a passing fault; 0 = 3.
    pub attempts: u32,
    /// Pause before the second attempt, doubled for each further one; 0 = 20 ms.
    pub backoff_ms: u32,
    /// Cores that decode; 0 = all that this process may use.
    pub workers: u32,
    /// Reads in flight; 0 = decide by the storage.
    pub reads_in_flight: u32,
    /// Bytes beyond the buffer; 0 = no limit.
    pub memory_limit: u64,
    /// Leaves the buffer's pages as they are. Otherwise the system is advised to
    /// use huge pages for a large buffer in plain private memory, which halves the
    /// time of a load from the cache.
    pub no_huge_pages: bool,
    /// No `Event::Slice` is kept: nobody will ask.
    pub no_slice_events: bool,
    /// Stops the load.
    pub cancel: Option<Cancel>,
}
