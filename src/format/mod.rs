//! A file's bytes -> what the image is (`Description`) and its pieces (`Chunk`).
//!
//! This module knows nothing of threads and opens no file: it asks a `ReadAt`
//! for bytes, and the caller decides where they come from and when.
#![forbid(unsafe_code)]

mod bmp;
mod errors;
mod jpeg;
mod page;
mod png;
mod pnm;
mod sniff;
mod tiff;
mod view;

use std::io;
use std::ops::Range;

use crate::error::{Error, Result, Status};
use crate::machine::RegularFile;
use crate::sample::SampleType;

pub use page::{Page, PageEntry, pages};

/// Bytes of a file, by position. A slice of bytes is one.
#[allow(clippy::len_without_is_empty)]
pub trait ReadAt: Send + Sync {
    /// Length in bytes.
    fn len(&self) -> u64;
    /// Fills `buf` from `offset`; `UnexpectedEof` when the file ends before.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;
}

impl ReadAt for RegularFile {
    fn len(&self) -> u64 {
        RegularFile::len(self)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(buf, offset)
    }
}

/// File format of an image.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// TIFF 6.0 and BigTIFF.
    Tiff = 1,
    /// Portable Network Graphics.
    Png = 2,
    /// JPEG (JFIF, Exif).
    Jpeg = 3,
    /// Windows bitmap.
    Bmp = 4,
    /// PBM, PGM, PPM, PAM.
    Pnm = 5,
}

/// What a sample means (TIFF 6.0, PhotometricInterpretation).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Photometric {
    /// Grey, 0 is white. Samples are as stored, not inverted.
    MinIsWhite = 0,
    /// Grey, 0 is black.
    MinIsBlack = 1,
    /// Red, green, blue; then alpha or extra samples, if any.
    Rgb = 2,
    /// Indices into a palette, as stored.
    Palette = 3,
    /// Cyan, magenta, yellow, black.
    Cmyk = 5,
    /// Luma and chroma, as stored.
    Ycbcr = 6,
}

/// What an image is, and what was done to its samples on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// File format.
    pub format: Format,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples per pixel, interleaved in the buffer.
    pub channels: u32,
    /// Type of a sample in the buffer.
    pub sample: SampleType,
    /// Bits of a sample in the file; fewer than the type's when bits were unpacked.
    pub bits_stored: u32,
    /// What a sample means in the buffer.
    pub photometric: Photometric,
    /// TIFF compression number (1 none, 5 LZW, 8 deflate, ...); 0 where the format has but one.
    pub compression: u32,
    /// Orientation 1 to 8 as declared in the file (TIFF 6.0); never applied.
    pub orientation: u32,
    /// YCbCr samples of a JPEG were turned into RGB.
    pub converted_to_rgb: bool,
}

impl Description {
    /// Bytes of one packed row, `None` when that overflows.
    pub fn row_bytes(&self) -> Option<u64> {
        u64::from(self.width).checked_mul(u64::from(self.channels))?.checked_mul(self.sample.bytes() as u64)
    }

    /// Bytes of one packed slice, `None` when that overflows.
    pub fn slice_bytes(&self) -> Option<u64> {
        self.row_bytes()?.checked_mul(u64::from(self.height))
    }
}

/// A piece of an image that decodes on its own: a strip, a tile, a whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Where its bytes lie in the file.
    pub bytes: Range<u64>,
    /// Left column of the pixels it holds.
    pub x: u32,
    /// Top row.
    pub y: u32,
    /// Columns it holds, padding left out.
    pub width: u32,
    /// Rows it holds, padding left out.
    pub height: u32,
    /// First channel it holds; other than 0 only in planar images.
    pub channel: u32,
    /// Channels it holds: all of them, or 1 in planar images.
    pub channels: u32,
}

/// Which image of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageId {
    /// Index of the page in the file, from 0.
    pub index: u64,
    /// Offset of its TIFF directory; `None` for the first page of any file.
    pub directory: Option<u64>,
}

impl PageId {
    /// The first image of a file.
    pub const FIRST: PageId = PageId { index: 0, directory: None };
}

/// Sizes that are refused before memory is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most files in a stack.
    pub files: u64,
    /// Most pages in one file.
    pub pages: u64,
    /// Largest width or height.
    pub dimension: u64,
    /// Most decoded bytes of one slice.
    pub slice_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { files: 1_000_000, pages: 1_000_000, dimension: 1 << 20, slice_bytes: 16 << 30 }
    }
}

impl Limits {
    /// Refuses an image that is larger than allowed, before memory is taken.
    fn check(&self, image: &Description) -> Result<()> {
        let (width, height) = (image.width, image.height);
        if width == 0 || height == 0 {
            return Err(Error::new(Status::Corrupt, format!("the image is {width} x {height} pixels large")));
        }
        if u64::from(width.max(height)) > self.dimension {
            return Err(Error::new(
                Status::LimitExceeded,
                format!("the image is {width} x {height}, more than max_dimension, {}", self.dimension),
            ));
        }
        match image.slice_bytes() {
            Some(bytes) if bytes <= self.slice_bytes => Ok(()),
            _ => Err(Error::new(
                Status::LimitExceeded,
                format!(
                    "the image is {width} x {height} x {} {}, more than max_slice_bytes, {}",
                    image.channels,
                    image.sample.name(),
                    self.slice_bytes
                ),
            )),
        }
    }
}
