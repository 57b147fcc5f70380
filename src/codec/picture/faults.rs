//! What may be wrong with a picture.
#![forbid(unsafe_code)]

use std::fmt;

use crate::error::{Error, Status};

/// Bytes that contradict their format.
pub fn broken(what: &str, why: impl fmt::Display) -> Error {
    Error::new(Status::Corrupt, format!("the {what} cannot be decoded: {why}"))
}

/// Bytes that end before the picture does.
pub fn cut(what: &str) -> Error {
    Error::new(Status::Truncated, format!("the data of the {what} ends before its pixels do"))
}

/// A sound picture of a kind that is not read.
pub fn unsupported(what: impl fmt::Display) -> Error {
    Error::new(Status::Unsupported, format!("not supported: {what}"))
}
