//! Failures of the decoder crates, in this crate's words.
#![forbid(unsafe_code)]

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result, Status};

/// What the system says stays what it says; a decoder that runs out of bytes,
/// or makes no sense of them, speaks of the file.
pub(super) fn from_io(error: &io::Error) -> Error {
    if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::OutOfMemory {
        return Error::io("read", error);
    }
    if let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>()) {
        return from_io(inner);
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::new(Status::Truncated, "the data ends before the image does"),
        _ => Error::new(Status::Corrupt, format!("the data is damaged: {error}")),
    }
}

pub(super) fn from_tiff(error: tiff::TiffError) -> Error {
    use tiff::TiffError;
    match error {
        TiffError::IoError(error) => from_io(&error),
        TiffError::UnsupportedError(what) => {
            Error::new(Status::Unsupported, format!("not supported: {what}"))
        }
        TiffError::LimitsExceeded => {
            Error::new(Status::LimitExceeded, "a tag of the directory is larger than this reader accepts")
        }
        other => Error::new(Status::Corrupt, format!("the TIFF contradicts itself: {other}")),
    }
}

pub(super) fn from_png(error: png::DecodingError) -> Error {
    match error {
        png::DecodingError::IoError(error) => from_io(&error),
        png::DecodingError::LimitsExceeded => {
            Error::new(Status::LimitExceeded, "the PNG needs more memory than its pixels justify")
        }
        other => Error::new(Status::Corrupt, format!("the PNG is damaged: {other}")),
    }
}

pub(super) fn from_image(error: image::ImageError) -> Error {
    use image::ImageError;
    match error {
        ImageError::IoError(error) => from_io(&error),
        ImageError::Unsupported(what) => Error::new(Status::Unsupported, format!("not supported: {what}")),
        ImageError::Limits(what) => Error::new(Status::LimitExceeded, what.to_string()),
        other => Error::new(Status::Corrupt, format!("the image is damaged: {other}")),
    }
}

pub(super) fn from_jpeg(error: zune_jpeg::errors::DecodeErrors) -> Error {
    use zune_jpeg::errors::DecodeErrors;
    match error {
        DecodeErrors::ExhaustedData => Error::new(Status::Truncated, "the JPEG ends before the image does"),
        DecodeErrors::Unsupported(what) => {
            Error::new(Status::Unsupported, format!("not supported: {what:?}"))
        }
        other => Error::new(Status::Corrupt, format!("the JPEG is damaged: {other:?}")),
    }
}

/// One bad slice never kills a load: a decoder crate that panics over hostile
/// bytes has found them corrupt.
pub(super) fn guarded<T>(decode: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|panic| {
        let message = crate::panic_message(&*panic);
        Err(Error::new(Status::Corrupt, format!("the decoder gave up on this file: {message}")))
    })
}

/// Makes room for `len` bytes, or says that there is none.
pub(super) fn make_room(buffer: &mut Vec<u8>, len: u64) -> Result<()> {
    let room = usize::try_from(len).ok();
    let got = room.is_some_and(|room| buffer.try_reserve_exact(room.saturating_sub(buffer.len())).is_ok());
    let (true, Some(room)) = (got, room) else {
        return Err(Error::new(Status::OutOfMemory, format!("no memory for {len} bytes of pixels")));
    };
    buffer.resize(room, 0);
    Ok(())
}
