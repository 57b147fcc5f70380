//! Frames of samples: where they lie, and how they come out of memory.
#![forbid(unsafe_code)]

use super::samples::Layout;
use crate::codec::{bits, byte_order};
use crate::error::{Error, Result, Status};
use crate::format::errors::truncated;
use crate::format::{Chunk, Description, Stored};
use crate::sample::SampleType;

/// Bytes of a frame's samples, and the bits in front of them that are another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: u64,
    pub end: u64,
    pub lead_bits: u64,
}

impl Layout {
    /// Bits of a frame. No overflow: 2^20 pixels each way, 65,535 channels.
    fn frame_bits(&self, image: &Description) -> u128 {
        let pixels = u128::from(image.width) * u128::from(image.height);
        let samples = if self.is_subsampled { 2 } else { u128::from(image.channels) };
        pixels * samples * u128::from(self.allocated)
    }

    /// Bytes of a frame that stands alone.
    pub fn frame_bytes(&self, image: &Description) -> u64 {
        u64::try_from(self.frame_bits(image).div_ceil(8)).unwrap_or(u64::MAX)
    }

    /// Where frame `index` lies in pixels of `length` bytes: nothing stands between
    /// the bits of one frame and those of the next.
    pub fn span(&self, image: &Description, index: u64, length: u64) -> Result<Span> {
        let bits = self.frame_bits(image);
        let first = bits.saturating_mul(index.into());
        let end = first.saturating_add(bits).div_ceil(8);
        if end > length.into() {
            return Err(too_short(length, end));
        }
        // All in 64 bits now.
        let unit = if self.has_paired_bytes { 16 } else { 8 };
        let start = (first / unit * unit / 8) as u64;
        let end = (end as u64).next_multiple_of(unit as u64 / 8).min(length);
        Ok(Span { start, end, lead_bits: (first % unit) as u64 })
    }

    /// Rows need no more than a read into their place.
    pub fn is_stored(&self) -> bool {
        self.allocated >= 8
            && self.counting == self.allocated
            && !self.is_subsampled
            && !self.has_paired_bytes
    }
}

/// How the rows of a chunk of a native frame lie in the file.
pub fn stored(layout: &Layout, image: &Description, chunk: &Chunk) -> Option<Stored> {
    let row = u64::from(chunk.decoded_width) * u64::from(chunk.channels) * image.sample.bytes() as u64;
    layout.is_stored().then_some(Stored {
        first: chunk.bytes.start,
        row_step: row as i64,
        swapped: layout.swapped,
    })
}

/// The chunks of a frame that begins at `at`: each channel of a planar one is one.
pub fn chunks(layout: &Layout, image: &Description, at: u64, end: u64) -> Vec<Chunk> {
    let whole = Chunk {
        bytes: at..end,
        x: 0,
        y: 0,
        width: image.width,
        height: image.height,
        decoded_width: image.width,
        decoded_height: image.height,
        channel: 0,
        channels: image.channels,
    };
    if !(layout.is_planar && layout.is_stored()) {
        return vec![whole];
    }
    let plane = (end - at) / u64::from(image.channels);
    let channel = |channel: u32| {
        let start = at + plane * u64::from(channel);
        Chunk { bytes: start..start + plane, channel, channels: 1, ..whole.clone() }
    };
    (0..image.channels).map(channel).collect()
}

/// Puts the samples of a whole frame, `lead_bits` behind the beginning of `bytes`,
/// into `out`.
pub fn unpack(
    layout: &Layout,
    image: &Description,
    bytes: &[u8],
    lead_bits: u64,
    out: &mut [u8],
) -> Result<()> {
    let needed = (u128::from(lead_bits) + layout.frame_bits(image)).div_ceil(8);
    if (bytes.len() as u128) < needed {
        return Err(truncated("its image"));
    }
    let lead = lead_bits as usize;
    let sample = image.sample.bytes();
    let channels = image.channels as usize;
    if layout.allocated == 1 {
        // The first sample is in the lowest bit.
        for (index, out) in out.iter_mut().enumerate() {
            let bit = lead + index;
            *out = bytes[bit / 8] >> (bit % 8) & 1;
        }
    } else if layout.has_paired_bytes {
        // The other byte of a pair may be padding that is not there.
        let byte = |index: usize| bytes.get((lead / 8 + index) ^ 1).copied();
        let pixels = out.len() / channels;
        for index in 0..out.len() {
            let to = if layout.is_planar { index % pixels * channels + index / pixels } else { index };
            out[to] = byte(index).ok_or_else(|| truncated("its image"))?;
        }
    } else if layout.is_subsampled {
        let (pairs, pixels) = (bytes.as_chunks::<4>().0, out.as_chunks_mut::<6>().0);
        for (pixels, &[one, two, blue, red]) in pixels.iter_mut().zip(pairs) {
            *pixels = [one, blue, red, two, blue, red];
        }
    } else if layout.is_planar {
        for (channel, plane) in bytes.chunks_exact((out.len() / channels).max(1)).take(channels).enumerate() {
            for (pixel, value) in out.chunks_exact_mut(channels * sample).zip(plane.chunks_exact(sample)) {
                pixel[channel * sample..][..sample].copy_from_slice(value);
            }
        }
    } else {
        let size = out.len();
        out.copy_from_slice(&bytes[..size]);
    }
    if layout.swapped {
        byte_order::swap(out, sample);
    }
    Ok(())
}

/// Clears the bits of samples that do not count.
pub fn clear_unused(layout: &Layout, image: &Description, out: &mut [u8]) {
    let signed = matches!(image.sample, SampleType::I8 | SampleType::I16 | SampleType::I32 | SampleType::I64);
    if layout.counting < layout.allocated {
        bits::keep_lowest(out, image.sample.bytes(), layout.counting, signed);
    }
}

/// The pixels' own element ends before a frame does.
fn too_short(has: u64, needs: u128) -> Error {
    Error::new(
        Status::Truncated,
        format!("the DICOM's pixels have {has} bytes, but this frame ends at byte {needs}"),
    )
}
