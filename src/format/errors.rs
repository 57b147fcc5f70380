//! Errors of the decoder crates -> ours.
#![forbid(unsafe_code)]

use std::io;

use crate::codec::Fault;
use crate::error::{Error, Status};

/// A valid image that this version cannot give as stored.
pub fn unsupported(what: impl Into<String>) -> Error {
    let what = what.into();
    Error::new(Status::Unsupported, format!("not supported: {what}"))
}

/// Raw samples do not say what they are, so that no look at them finds any.
pub fn raw_alone() -> Error {
    unsupported("raw samples without a layout")
}

/// Bytes that contradict their format.
pub fn corrupt(message: impl Into<String>) -> Error {
    Error::new(Status::Corrupt, message)
}

/// The file ends too early; `what` it lacks.
pub fn truncated(what: &str) -> Error {
    Error::new(Status::Truncated, format!("the file ends before {what} does"))
}

/// A file of `len` bytes that ends before its plane number `plane`, of `bytes` bytes, does.
pub fn truncated_at(len: u64, plane: u64, bytes: u64) -> Error {
    let message = format!(
        "the file ends before its image does: {len} bytes have no room for plane {plane} of {bytes} bytes"
    );
    Error::new(Status::Truncated, message)
}

/// A size beyond a limit.
pub fn limit(message: impl Into<String>) -> Error {
    Error::new(Status::LimitExceeded, message)
}

/// A failed read. The end of the file while reading `what` is `Truncated`.
pub fn io_error(what: &str, error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return truncated(what);
    }
    Error::io(&format!("read {what}"), error)
}

/// Bytes of `what` (a chunk of the image) that do not decode.
pub fn from_fault(what: &str, fault: Fault) -> Error {
    match fault {
        Fault::Short { .. } => {
            Error::new(Status::Truncated, format!("the data of {what} ends before its pixels do"))
        }
        Fault::Broken(why) => corrupt(format!("{what} cannot be decoded: {why}")),
        Fault::NoMemory => Error::new(Status::OutOfMemory, format!("no memory to decode {what}")),
    }
}
