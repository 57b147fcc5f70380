//! Formats that decode in one piece: the whole file is the chunk.
#![forbid(unsafe_code)]

use super::{Chunk, Description, Limits, PageId, ReadAt, Scratch, Stored, errors, shape};
use crate::error::{Error, Result, Status};

/// What stands between a file's bytes and its samples.
pub trait Decode: Send + Sync {
    /// Decodes the bytes of the file. Afterwards `out` holds all samples, packed,
    /// in native byte order.
    fn decode(&self, image: &Description, raw: &[u8], scratch: &mut Scratch, out: &mut [u8]) -> Result<()>;

    /// Upper bound of the memory that `decode` takes besides `raw` and `out`.
    fn memory(&self, image: &Description) -> u64;

    /// How the rows lie in the file, where they are stored as samples.
    fn stored(&self) -> Option<Stored> {
        None
    }
}

/// What a format's `open` found.
pub struct Opened {
    pub description: Description,
    pub note: Option<String>,
    pub decoder: Box<dyn Decode>,
}

/// The one chunk of such an image.
pub fn chunk(source: &dyn ReadAt, image: &Description) -> Chunk {
    Chunk {
        bytes: 0..source.len(),
        x: 0,
        y: 0,
        width: image.width,
        height: image.height,
        decoded_width: image.width,
        decoded_height: image.height,
        channel: 0,
        channels: image.channels,
    }
}

/// Checks sizes against the limits, and that the first page is meant.
pub fn check(source: &dyn ReadAt, id: PageId, image: &Description, limits: &Limits) -> Result<()> {
    if id != PageId::FIRST {
        let message = format!("page {} of a file that holds one image", id.index);
        return Err(Error::new(Status::OutOfRange, message));
    }
    shape::dimensions(image.width.into(), image.height.into(), limits)?;
    shape::check_bytes(image, limits)?;
    if source.len() > limits.slice_bytes {
        return Err(errors::limit(format!(
            "the file's {} bytes, to be read at once, are more than {} bytes, the limit",
            source.len(),
            limits.slice_bytes
        )));
    }
    Ok(())
}
