//! Baseline and progressive JPEG of 8 bits -> its components.
//!
//! Sound baseline JPEGs go the way of `baseline`, which equals libjpeg to the last
//! bit. Progressive ones, rare ones and all that are broken go to the crate, whose
//! samples differ from libjpeg's by 1 here and there.

#[allow(unsafe_code)]
mod baseline;
mod huffman;
#[allow(unsafe_code)]
mod idct;
mod markers;
mod picture;
mod progress;
#[cfg(test)]
mod tests;

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

pub use markers::{Frame, frame};

use crate::error::{Error, Result, Status};

/// Largest width and height that the format can say.
const LARGEST: usize = 65_535;
/// Bytes that no code begins with, more than the crate reads ahead.
const NO_CODE: usize = 16;
/// Samples are worked on in blocks of up to 4 x 8 each way.
const LARGEST_UNIT: u64 = 32;

/// Upper bound of the memory that decoding takes, the result included.
pub fn memory(width: u64, height: u64, components: u32, progressive: bool) -> u64 {
    let padded = |size: u64| size.next_multiple_of(LARGEST_UNIT);
    let rows = padded(width).saturating_mul(LARGEST_UNIT * 2 * 4);
    let result = width.saturating_mul(height);
    // All coefficients in 16 bits.
    let coefficients = match progressive {
        true => padded(width).saturating_mul(padded(height)).saturating_mul(2),
        false => 0,
    };
    let each = coefficients.saturating_add(rows).saturating_add(result);
    each.saturating_mul(u64::from(components)).saturating_add(1 << 17)
}

/// Decodes `raw`, whose frame is `frame`, to packed components as stored, as many
/// as `out` must have room for; subsampled ones are sampled up. `spare` is room
/// for a copy of `raw`.
pub fn decode(raw: &[u8], frame: &Frame, spare: &mut Vec<u8>, out: &mut [u8]) -> Result<()> {
    if !frame.progressive && baseline::decode(raw, frame, out).is_ok() {
        return Ok(());
    }
    let bytes = spare;
    bytes.clear();
    bytes.try_reserve_exact(raw.len()).map_err(|_| no_memory())?;
    bytes.extend_from_slice(raw);
    let end = markers::end(bytes, frame)?;
    seal(bytes, end, frame)?;
    // The crate takes "no transform" of three components for CMYK. Which color
    // they are is the caller's question, so the crate had better not know.
    for &at in &frame.adobe_markers {
        bytes[at] = markers::COMMENT;
    }
    let options =
        DecoderOptions::default().set_max_width(LARGEST).set_max_height(LARGEST).set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&*bytes), options);
    decoder.decode_headers().map_err(failed)?;
    // The same color out as in: no conversion.
    let stored =
        decoder.input_colorspace().filter(|color| color.num_components() == usize::from(frame.components));
    let stored =
        stored.ok_or_else(|| Error::new(Status::Internal, "the JPEG decoder mistakes the components"))?;
    decoder.set_options(options.jpeg_set_out_colorspace(stored));
    decoder.decode_into(out).map_err(failed)
}

/// Makes a scan that ends too early an error, although an end marker follows.
///
/// The crate takes the missing bits for zeros and makes grey of them. Bits that
/// are 1 throughout are no code, so it stumbles over these; whoever has read a
/// whole scan does not look at them. Progressive images stay as they are: the
/// crate wants their markers where they were.
fn seal(bytes: &mut Vec<u8>, end: usize, frame: &Frame) -> Result<()> {
    let no_code = if frame.progressive { Vec::new() } else { [0xFF, 0x00].repeat(NO_CODE) };
    bytes.truncate(end);
    bytes.try_reserve_exact(no_code.len() + 2).map_err(|_| no_memory())?;
    bytes.extend(no_code);
    bytes.extend([0xFF, 0xD9]);
    Ok(())
}

fn no_memory() -> Error {
    Error::new(Status::OutOfMemory, "no memory for a copy of a JPEG")
}

fn failed(error: DecodeErrors) -> Error {
    match error {
        DecodeErrors::Unsupported(scheme) => {
            Error::new(Status::Unsupported, format!("not supported: JPEG: {scheme:?}"))
        }
        DecodeErrors::ExhaustedData => {
            Error::new(Status::Truncated, "the data of the JPEG ends before its pixels do")
        }
        other => Error::new(Status::Corrupt, format!("the JPEG cannot be decoded: {other:?}")),
    }
}
