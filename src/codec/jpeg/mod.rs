//! JPEG -> its components: baseline, extended and progressive of 8 and 12 bits,
//! with Huffman's or arithmetic codes, and lossless.
//!
//! What nearly all JPEGs are goes the way of `baseline`, the rest of what is made
//! of cosines that of `whole`; both equal libjpeg to the last bit. A stream that
//! is not whole is an error, never grey pixels.

mod arithmetic;
#[allow(unsafe_code)]
mod baseline;
mod codes;
mod coefficients;
mod huffman;
#[allow(unsafe_code)]
mod idct;
mod idct12;
mod lossless;
#[cfg(test)]
mod lossless_tests;
mod markers;
mod picture;
mod progress;
mod qm;
mod scan;
mod standard;
mod tables;
#[cfg(test)]
mod tests;
mod whole;

pub use markers::{Frame, Process, frame};

use super::{Fault, ycbcr};

/// Samples are worked on in blocks of up to 4 x 8 each way.
const LARGEST_UNIT: u64 = 32;

/// Upper bound of the memory that decoding takes, the result included. `whole`
/// is what `Frame::is_whole` says, or true where that is not known.
pub fn memory(width: u64, height: u64, components: u32, whole: bool) -> u64 {
    let padded = |size: u64| size.next_multiple_of(LARGEST_UNIT);
    let rows = padded(width).saturating_mul(LARGEST_UNIT * 2 * 4);
    let result = width.saturating_mul(height).saturating_mul(if whole { 2 } else { 1 });
    // All coefficients in 16 bits, and samples of 12 bits once more.
    let coefficients = match whole {
        true => padded(width).saturating_mul(padded(height)).saturating_mul(2).saturating_add(result),
        false => 0,
    };
    let each = coefficients.saturating_add(rows).saturating_add(result);
    each.saturating_mul(u64::from(components)).saturating_add(1 << 17)
}

/// Decodes `raw`, whose frame is `frame`, to packed components as stored, in
/// native byte order, as many as `out` must have room for; subsampled ones are
/// sampled up.
pub fn decode(raw: &[u8], frame: &Frame, out: &mut [u8]) -> Result<(), Fault> {
    let pixels = usize::from(frame.width) * usize::from(frame.height);
    if out.len() != pixels * usize::from(frame.components) * frame.sample_bytes() {
        return Err(Fault::Broken("a JPEG of another size than the output"));
    }
    match frame.process {
        Process::Lossless => lossless::decode(raw, frame, out),
        _ if frame.is_whole() => whole::decode(raw, frame, out),
        _ => baseline::decode(raw, frame, out),
    }
}

/// Turns decoded YCbCr into RGB and YCCK into CMYK, as libjpeg does.
pub fn convert(frame: &Frame, out: &mut [u8]) {
    match (frame.ycbcr, frame.ycck, frame.bits) {
        (true, _, 8) => ycbcr::to_rgb(out),
        (true, ..) => ycbcr::to_rgb_12(out),
        (_, true, 8) => ycbcr::to_cmyk(out),
        _ => {}
    }
}
