//! Errors of the decoder crates -> ours.
#![forbid(unsafe_code)]

use std::io;

use tiff::{TiffError, TiffFormatError};

use crate::error::{Error, Status};

/// A valid image that this version cannot give as stored.
pub fn unsupported(what: impl Into<String>) -> Error {
    let what = what.into();
    Error::new(Status::Unsupported, format!("not supported: {what}"))
}

/// Bytes that contradict their format.
pub fn corrupt(message: impl Into<String>) -> Error {
    Error::new(Status::Corrupt, message)
}

/// The file ends too early; `what` it lacks.
pub fn truncated(what: &str) -> Error {
    Error::new(Status::Truncated, format!("the file ends before {what} does"))
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

/// An error of the `tiff` crate while working on `what` (a directory, a strip).
///
/// Failures of the file itself never come this way: `View` remembers them.
pub fn from_tiff(what: &str, error: TiffError) -> Error {
    match error {
        TiffError::IoError(error) => match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Error::new(Status::Truncated, format!("the data of {what} ends before its pixels do"))
            }
            io::ErrorKind::OutOfMemory => Error::io(&format!("decode {what}"), &error),
            // What is left are the decompressors' own complaints in an io::Error.
            _ => corrupt(format!("{what} cannot be decoded: {error}")),
        },
        TiffError::FormatError(TiffFormatError::CompressedDataCorrupt(message)) => {
            corrupt(format!("{what} cannot be decoded: {message}"))
        }
        TiffError::FormatError(error) => corrupt(format!("{what}: {error}")),
        TiffError::UnsupportedError(error) => unsupported(format!("{error} ({what})")),
        TiffError::LimitsExceeded => limit(format!("{what} is larger than the limits allow")),
        TiffError::IntSizeError => unsupported(format!("a number too large for the decoder ({what})")),
        TiffError::UsageError(error) => Error::new(Status::Internal, format!("{what}: {error}")),
    }
}
