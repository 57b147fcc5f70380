//! What the calling thread hears while a load runs.
#![forbid(unsafe_code)]

use std::ops::ControlFlow;

use super::report::State;
use crate::error::Status;

/// Where a load stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Slices dealt with: measured, repaired or missing.
    pub slices_done: u64,
    /// Of those, the ones that could not be had.
    pub slices_failed: u64,
    /// Slices asked for.
    pub slices_total: u64,
    /// Bytes read from files so far.
    pub bytes_read: u64,
    /// Bytes of samples placed so far.
    pub bytes_decoded: u64,
    /// Bytes of samples of all slices asked for.
    pub bytes_total: u64,
    /// Seconds since the start.
    pub seconds: f64,
    /// Seconds left at the mean rate so far; negative while that is not known.
    pub seconds_left: f64,
    /// Bytes of samples per second so far.
    pub bytes_per_second: f64,
    /// The load has ended, and this is the last that is told of it.
    pub done: bool,
}

/// A slice that was dealt with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SliceEvent {
    /// Its index in the opened stack.
    pub slice: u64,
    /// Its place in the buffer, in slices. Where slices are skipped, the place
    /// before the rest moves up.
    pub place: u64,
    /// What stands there.
    pub state: State,
    /// `Ok`, or why the slice could not be had.
    pub status: Status,
    /// Seconds from its first byte asked for until it was dealt with.
    pub seconds: f64,
}

/// How much a log line matters.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// A choice that was made.
    Info = 1,
    /// Something went wrong and was dealt with.
    Warning = 2,
}

/// A line for a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// How much it matters.
    pub level: Level,
    /// One line of text.
    pub message: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A slice was dealt with.
    Slice(SliceEvent),
    /// Something for a log.
    Log(LogLine),
}

/// The caller's side of a load. All methods run on the thread that is inside
/// the call, one at a time; `Break` cancels.
pub trait Observer {
    /// Now and then, at most once in the interval asked for, and once at the end.
    fn progress(&mut self, _progress: &Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
    /// Once for each slice, in order of completion.
    fn slice(&mut self, _event: &SliceEvent) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
    /// Lines for a log.
    fn log(&mut self, _line: &LogLine) {}
}

/// Nobody is listening.
impl Observer for () {}
