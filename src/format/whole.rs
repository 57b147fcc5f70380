//! Formats that decode in one piece: the whole file is the chunk.
#![forbid(unsafe_code)]

use std::sync::Arc;

use super::{Chunk, Description, Limits, PageId, ReadAt, errors, memory, shape};
use crate::error::{Error, Result, Status};

/// What stands between a file's bytes and its samples.
pub trait Decode: Send {
    /// Decodes `raw`, the bytes from `start` to the file's end, which it may
    /// change. Afterwards `out` holds all samples, packed, in native byte order.
    fn decode(&mut self, image: &Description, raw: &mut Vec<u8>, out: &mut Vec<u8>) -> Result<()>;

    /// Upper bound of the memory that `decode` takes besides `raw`, `out` included.
    fn memory(&self, image: &Description) -> u64;

    /// What `raw` begins with instead of the file's first bytes, and where in
    /// the file it goes on.
    fn head(&self) -> (&[u8], u64) {
        (&[], 0)
    }
}

/// What a format's `open` found.
pub struct Opened {
    pub description: Description,
    pub note: Option<String>,
    pub decoder: Box<dyn Decode>,
}

/// An image in one piece.
pub struct WholePage {
    source: Arc<dyn ReadAt>,
    decoder: Box<dyn Decode>,
    raw: Vec<u8>,
}

impl WholePage {
    /// Checks what `open` found and makes its one chunk.
    pub fn new(source: Arc<dyn ReadAt>, decoder: Box<dyn Decode>) -> WholePage {
        WholePage { source, decoder, raw: Vec::new() }
    }

    /// Reads and decodes the file.
    pub fn decode(&mut self, image: &Description, out: &mut Vec<u8>) -> Result<()> {
        let (head, start) = self.decoder.head();
        let rest = self.source.len().checked_sub(start).ok_or_else(|| errors::truncated("its image"))?;
        memory::resize(&mut self.raw, rest.saturating_add(head.len() as u64))?;
        self.raw[..head.len()].copy_from_slice(head);
        let rest = &mut self.raw[head.len()..];
        self.source.read_at(start, rest).map_err(|error| errors::io_error("its image", &error))?;
        self.decoder.decode(image, &mut self.raw, out)
    }

    /// Upper bound of the memory that decoding takes.
    pub fn decode_memory(&self, image: &Description) -> u64 {
        self.decoder.memory(image).saturating_add(self.decoder.head().0.len() as u64)
    }
}

/// The one chunk of such an image.
pub fn chunk(source: &dyn ReadAt, image: &Description) -> Chunk {
    Chunk {
        bytes: 0..source.len(),
        x: 0,
        y: 0,
        width: image.width,
        height: image.height,
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
