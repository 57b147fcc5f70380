//! Formats that decode in one piece: the whole file is the chunk.
#![forbid(unsafe_code)]

use super::{Chunk, Description, Limits, PageId, ReadAt, Scratch, Stored, errors, shape};
use crate::error::{Error, Result, Status};

/// An image larger than `LARGE` that is more than `BOMB` times its file is no image
/// that anything took, but made to take memory.
const LARGE: u64 = 1 << 30;
const BOMB: u64 = 500;

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
    let bytes = image.slice_bytes().unwrap_or(u64::MAX);
    if bytes > LARGE && bytes / BOMB > source.len() {
        let length = source.len();
        return Err(errors::limit(format!("a file of {length} bytes that would unpack to {bytes} bytes")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::bmp;

    fn runs(width: u32, height: u32, data: usize) -> Vec<u8> {
        let mut file = b"BM".to_vec();
        file.extend([0; 8]);
        file.extend([54 + 1024_u32, 40, width, height].map(u32::to_le_bytes).concat());
        file.extend([1, 0, 8, 0, 1, 0, 0, 0]);
        file.resize(54 + 1024 + data, 0);
        file
    }

    #[test]
    fn a_small_file_of_a_huge_image_is_refused_before_memory_is_taken() {
        let checked = |file: &Vec<u8>| {
            let image = bmp::open(file).unwrap().description;
            check(file, PageId::FIRST, &image, &Limits::default()).map_err(|error| error.status)
        };
        assert_eq!(checked(&runs(65_535, 65_535, 1000)), Err(Status::LimitExceeded));
        assert_eq!(checked(&runs(16_384, 65_535, 1000)), Ok(()));
        assert_eq!(checked(&runs(20_000, 60_000, 5_000_000)), Ok(()));
    }
}
