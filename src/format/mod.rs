//! A file's bytes -> what the image is (`Description`) and its pieces (`Chunk`).
//!
//! This module knows nothing of threads and opens no file: it asks a `ReadAt`
//! for bytes, and the caller decides where they come from and when.
#![forbid(unsafe_code)]

mod bmp;
mod bmp_header;
mod bmp_masks;
mod bmp_runs;
mod convert;
#[cfg(feature = "dicom")]
mod dicom;
#[cfg(not(feature = "dicom"))]
#[path = "dicom_absent.rs"]
mod dicom;
mod errors;
mod exif;
mod guard;
mod jpeg;
pub(crate) mod memory;
mod names;
mod page;
mod pages;
mod png;
mod pnm;
mod pnm_header;
mod pnm_text;
mod raw;
mod remarks;
mod shape;
mod slice_place;
mod sniff;
mod source;
mod stored;
mod tiff;
mod view;
mod whole;

use std::ops::Range;

pub use convert::Conversions;
pub use page::Page;
pub use pages::{Level, PageEntry, PageId, pages};
pub use raw::{RawLayout, RawStart};
pub(crate) use remarks::{Remarks, remarks};
pub use slice_place::{SlicePlace, slice_distance, slice_place};
pub use source::ReadAt;

use crate::codec::deflate::Inflate;
use crate::codec::lzw;
use crate::codec::zstd::Unzstd;

use crate::error::Result;
use crate::sample::SampleType;

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
    /// PBM, PGM, PPM, PAM, PFM.
    Pnm = 5,
    /// DICOM, native, deflated, or coded as RLE or JPEG. Samples are as stored: neither
    /// the rescale slope and intercept nor a window is applied.
    Dicom = 6,
    /// Samples without a format of their own: what they are is told by a header
    /// (MetaImage, NRRD, VGI) or by the open options.
    Raw = 7,
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
    /// A mask for another image: 1 is inside.
    Mask = 4,
    /// Cyan, magenta, yellow, black.
    Cmyk = 5,
    /// Luma and chroma, as stored.
    Ycbcr = 6,
    /// CIE L*a*b*, as stored: a* and b* have signs.
    CieLab = 8,
    /// CIE L*a*b* as in ICC profiles: a* and b* have no signs but an offset.
    IccLab = 9,
    /// CIE L*a*b* as in ITU-T T.42.
    ItuLab = 10,
    /// One color in each pixel, in the pattern of a sensor's filters (TIFF/EP).
    Cfa = 32803,
    /// A sensor's values in linear order (DNG).
    LinearRaw = 34892,
    /// Luminance: on SGI's logarithmic scale where samples are whole numbers, else real.
    LogL = 32844,
    /// X, Y and Z of CIE 1931, decoded from SGI's LogLuv.
    LogLuv = 32845,
    /// Distances from the camera (DNG).
    Depth = 51177,
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
    /// Samples per pixel, interleaved in the buffer; the two parts of a complex one
    /// count as two.
    pub channels: u32,
    /// Each sample of the file is complex, and two channels: its real part, then its
    /// imaginary one.
    pub complex: bool,
    /// Type of a sample in the buffer.
    pub sample: SampleType,
    /// Bits of a sample in the file; fewer than the type's when bits were unpacked.
    /// Of a complex sample, those of each part.
    pub bits_stored: u32,
    /// What a sample means in the buffer.
    pub photometric: Photometric,
    /// TIFF compression number (1 none, 5 LZW, 8 deflate, ...); 0 where the format has but one.
    pub compression: u32,
    /// Orientation 1 to 8 as declared in the file (TIFF 6.0); never applied.
    pub orientation: u32,
    /// YCbCr samples of a JPEG, or subsampled ones, or palette indices, were turned into RGB.
    pub converted_to_rgb: bool,
    /// Grey whose 0 is white was inverted.
    pub inverted: bool,
    /// The orientation that the image was turned from; 0 = it stands as in the file.
    pub turned: u32,
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
    /// Columns of the image that it holds.
    pub width: u32,
    /// Rows of the image that it holds.
    pub height: u32,
    /// Columns that it decodes to: those beyond the image's right edge, too.
    pub decoded_width: u32,
    /// Rows that it decodes to: those beyond the image's lower edge, too.
    pub decoded_height: u32,
    /// First channel it holds; other than 0 only in planar images.
    pub channel: u32,
    /// Channels it holds: all of them, or in planar images 1, and 2 where samples are
    /// complex.
    pub channels: u32,
}

impl Chunk {
    /// Bytes of the samples that it decodes to, saturating.
    pub fn decoded_bytes(&self, image: &Description) -> u64 {
        let pixels = u64::from(self.decoded_width) * u64::from(self.decoded_height);
        pixels.saturating_mul(u64::from(self.channels) * image.sample.bytes() as u64)
    }
}

/// How the rows of a chunk lie in the file, where they are stored as samples: a
/// positioned read puts them into their place, and nothing is left to decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Offset of the top row.
    pub first: u64,
    /// Bytes from a row to the one below it; negative where the file begins
    /// with the bottom row.
    pub row_step: i64,
    /// Samples have the other byte order than this machine.
    pub swapped: bool,
}

/// Buffers and tables that serve one chunk after the other. One for each thread
/// that decodes.
#[derive(Default)]
pub struct Scratch {
    packed: Vec<u8>,
    raw: Vec<u8>,
    turned: Vec<u8>,
    converted: Vec<u8>,
    unwrapped: Vec<u8>,
    inflate: Inflate,
    unzstd: Unzstd,
    unlzw: Option<Box<lzw::Decoder>>,
}

/// The colors of a palette, of 8 bits.
fn palette(source: &dyn ReadAt, id: PageId) -> Result<Vec<[u8; 3]>> {
    match sniff::format(source)? {
        Format::Tiff => tiff::palette(source, id),
        Format::Png => png::palette(source),
        _ => Err(errors::unsupported("colors for the palette of this format")),
    }
}

/// Whether a file begins as one of these formats does.
pub(crate) fn is_known(source: &dyn ReadAt) -> bool {
    sniff::format(source).is_ok()
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
