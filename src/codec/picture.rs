//! Whole pictures, which say themselves what they are: WebP and its like.
#![forbid(unsafe_code)]

use std::fmt;

use crate::error::Result;
use crate::sample::SampleType;

#[cfg(any(feature = "jpeg2000", feature = "jpegxl", feature = "lerc", feature = "webp"))]
mod faults;
#[cfg(any(feature = "jpeg2000", feature = "jpegxl", feature = "lerc", feature = "webp"))]
pub use faults::{broken, cut, unsupported};

/// What a picture is: as its container says, or as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples per pixel, interleaved.
    pub channels: u32,
    /// Type of a sample.
    pub sample: SampleType,
    /// Bits of it that are used.
    pub bits: u32,
}

impl Shape {
    /// Samples of the whole picture, saturating.
    pub fn samples(&self) -> u64 {
        (u64::from(self.width) * u64::from(self.height)).saturating_mul(self.channels.into())
    }

    /// Bytes of them in memory, saturating.
    pub fn bytes(&self) -> u64 {
        self.samples().saturating_mul(self.sample.bytes() as u64)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shape { width, height, channels, sample, bits } = self;
        write!(f, "{width} x {height} pixels of {channels} {} samples of {bits} bits", sample.name())
    }
}

/// A decoder of whole pictures. What it is told to expect lets it give a picture that
/// its format may have made smaller, as one without its opaque alpha.
#[derive(Clone, Copy)]
pub struct Decoder {
    /// What the bytes hold, given what should be in them.
    pub shape: fn(&[u8], &Shape) -> Result<Shape>,
    /// Decodes the bytes, whose shape that is, into samples in native byte order.
    pub decode: fn(&[u8], &Shape, &mut [u8]) -> Result<()>,
    /// Upper bound of the memory that decoding so many bytes to that shape takes
    /// besides the bytes and the samples.
    pub memory: fn(u64, &Shape) -> u64,
}
