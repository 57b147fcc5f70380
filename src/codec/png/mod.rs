//! A PNG file that is not interlaced -> its samples.
//!
//! Such a file is little more than one zlib stream and a filter. The stream is
//! inflated in one go, which is why it is so fast, and why all rows stand in memory
//! twice.
//!
//! This is a fast path, not a judge: it refuses whatever it does not know or
//! finds broken, and the `png` crate has the last word on it.
#![deny(unsafe_code)]

mod file;
mod inflate;
#[cfg(test)]
mod tests;
mod unfilter;
#[allow(unsafe_code)]
mod wave;

use super::{Fault, bits};
use file::Stream;
use inflate::inflate;

/// What is in such a PNG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples of a pixel, 1 to 4.
    pub channels: u8,
    /// Bits of a sample: 1, 2, 4, 8 or 16.
    pub bits: u8,
    /// The one sample of a pixel is an index into a palette.
    pub palette: bool,
}

/// A stream in pieces that is longer than the output is joined only up to here.
const SMALL: usize = 64 << 10;

impl Layout {
    /// Bytes of a row, `None` when that overflows.
    fn row(&self) -> Option<usize> {
        let samples = u64::from(self.width) * u64::from(self.channels);
        usize::try_from(bits::row_bytes(samples, self.bits.into())?).ok()
    }

    /// Bytes of all rows, each with its filter.
    fn filtered(&self) -> Option<usize> {
        self.row()?.checked_add(1)?.checked_mul(self.height as usize)
    }

    /// Bytes from one pixel to the next; less than one counts as one.
    fn pixel(&self) -> usize {
        (usize::from(self.channels) * usize::from(self.bits)).div_ceil(8)
    }

    /// The content of the header chunk.
    fn header(&self) -> [u8; 13] {
        let mut header = [0; 13];
        header[..4].copy_from_slice(&self.width.to_be_bytes());
        header[4..8].copy_from_slice(&self.height.to_be_bytes());
        header[8] = self.bits;
        header[9] = match self.channels {
            1 if self.palette => 3,
            1 => 0,
            2 => 4,
            3 => 2,
            _ => 6,
        };
        header
    }

    /// What `decode` needs as scratch at most.
    pub fn scratch_bytes(&self) -> u64 {
        let rows = self.filtered().map_or(u64::MAX, |bytes| bytes as u64);
        rows.saturating_add(SMALL as u64)
    }
}

/// Decodes `raw`, a whole PNG file, into `out`: packed rows, samples of 16 bits
/// in native order, those of less than 8 still packed into bytes.
///
/// `scratch` is room to work in, best used again for the next one. On failure,
/// anything may stand in `out`.
pub fn decode(raw: &[u8], layout: &Layout, scratch: &mut Vec<u8>, out: &mut [u8]) -> Result<(), Fault> {
    let too_large = || Fault::Broken("a PNG too large for memory");
    let row = layout.row().ok_or_else(too_large)?;
    let filtered = layout.filtered().ok_or_else(too_large)?;
    if row == 0 || out.len() != filtered - layout.height as usize {
        return Err(Fault::Broken("a PNG of another size than the output"));
    }
    let stream = Stream::find(raw, layout)?;
    let whole = stream.whole()?;
    // Until the rows come, the output is free to hold what must be joined.
    let beside = whole.is_none() && stream.bytes > out.len();
    if beside && stream.bytes > SMALL {
        return Err(Fault::Broken("a PNG that is longer than its samples"));
    }
    let needed = filtered + if beside { stream.bytes } else { 0 };
    scratch.try_reserve_exact(needed.saturating_sub(scratch.len())).map_err(|_| too_large())?;
    scratch.resize(needed.max(scratch.len()), 0);
    let (rows, rest) = scratch[..needed].split_at_mut(filtered);
    let zlib = match whole {
        Some(whole) => whole,
        None => stream.join(if beside { rest } else { out })?,
    };
    inflate(zlib, rows)?;
    let swap = layout.bits == 16 && cfg!(target_endian = "little");
    unfilter::rows(rows, row, layout.pixel(), swap, out)
}
