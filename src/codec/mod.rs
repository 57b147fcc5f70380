//! A chunk's bytes -> samples. Knows nothing of files.
//!
//! Decoders fill the whole of their output, ignore what follows behind the last
//! byte that they need, and say why when they cannot.
#![deny(unsafe_code)]

pub mod bits;
pub mod byte_order;
pub mod deflate;
pub mod fax;
pub mod jpeg;
#[cfg(feature = "jpeg2000")]
pub mod jpeg2000;
#[cfg(feature = "jpegxl")]
pub mod jpegxl;
#[cfg(feature = "lerc")]
pub mod lerc;
#[cfg(feature = "lzma")]
pub mod lzma;
pub mod lzw;
pub mod next;
pub mod packbits;
pub mod picture;
pub mod pixarlog;
pub mod png;
pub mod predictor;
#[cfg(feature = "dicom")]
pub mod rle;
pub mod sgilog;
pub mod thunder;
#[cfg(feature = "webp")]
pub mod webp;
#[allow(unsafe_code)]
mod wide;
pub mod ycbcr;
pub mod ycbcr_reference;
pub mod ycbcr_units;
pub mod zstd;

/// Why bytes do not decode to what should be in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// They end before the output is full.
    Short {
        /// Bytes of output that were had.
        got: usize,
    },
    /// They contradict their format; what is wrong.
    Broken(&'static str),
    /// The system has no memory for what decoding takes.
    NoMemory,
}
