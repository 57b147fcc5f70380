//! What is noted about a slice while it is loaded.
#![forbid(unsafe_code)]

use super::report::{SliceReport, State};
use crate::error::{Error, Status};

#[derive(Debug)]
pub(super) struct Record {
    pub state: State,
    /// Why it could not be had.
    pub cause: Option<Error>,
    /// A run of it was stopped half-way, which is not the slice's fault.
    pub interrupted: bool,
    pub note: Option<String>,
    pub attempts: u32,
    pub read_seconds: f64,
    pub decode_seconds: f64,
    pub seconds: f64,
    /// Its place in the buffer after slices were skipped; `None` = left out.
    pub place: Option<u64>,
}

impl Default for Record {
    fn default() -> Record {
        Record {
            state: State::NotReached,
            cause: None,
            interrupted: false,
            note: None,
            attempts: 0,
            read_seconds: 0.0,
            decode_seconds: 0.0,
            seconds: 0.0,
            place: None,
        }
    }
}

impl Record {
    /// Keeps the first failure.
    pub(super) fn fail(&mut self, error: Error) {
        if error.status == Status::Cancelled {
            self.interrupted = true;
        } else {
            self.cause.get_or_insert(error);
        }
    }

    pub(super) fn report(&self, slice: u64) -> SliceReport {
        SliceReport {
            slice,
            place: self.place,
            state: self.state,
            cause: self.cause.clone(),
            note: self.note.clone(),
            attempts: self.attempts,
            read_seconds: self.read_seconds,
            decode_seconds: self.decode_seconds,
            seconds: self.seconds,
        }
    }
}
