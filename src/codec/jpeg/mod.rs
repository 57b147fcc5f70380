//! Baseline and progressive JPEG of 8 bits -> its components, or RGB.
#![forbid(unsafe_code)]

mod markers;

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

pub use markers::{Frame, frame};

use crate::error::{Error, Result, Status};

/// Largest width and height that the format can say.
const LARGEST: usize = 65_535;
/// Samples are worked on in blocks of up to 4 x 8 each way.
const LARGEST_UNIT: u64 = 32;

/// Upper bound of the memory that decoding takes, the result included.
pub fn memory(width: u64, height: u64, components: u32) -> u64 {
    let padded = |size: u64| size.next_multiple_of(LARGEST_UNIT);
    // All coefficients of a progressive image in 16 bits, the result, and rows
    // of one unit being sampled up.
    let coefficients = padded(width).saturating_mul(padded(height)).saturating_mul(2);
    let rows = padded(width).saturating_mul(LARGEST_UNIT * 2 * 4);
    let result = width.saturating_mul(height);
    coefficients
        .saturating_add(rows)
        .saturating_add(result)
        .saturating_mul(u64::from(components))
        .saturating_add(1 << 17)
}

/// Decodes `bytes`, whose frame is `frame`, to packed components as stored;
/// subsampled ones are sampled up. Changes a byte of each Adobe segment.
pub fn decode(bytes: &mut [u8], frame: &Frame, out: &mut Vec<u8>) -> Result<()> {
    markers::check_end(bytes, frame.scan)?;
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
    out.resize(usize::from(frame.width) * usize::from(frame.height) * usize::from(frame.components), 0);
    decoder.decode_into(out).map_err(failed)
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
