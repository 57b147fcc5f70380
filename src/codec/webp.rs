//! WebP (TIFF compression 50001), lossless and lossy.
#![forbid(unsafe_code)]

use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};

use super::picture::{Decoder, Shape, broken, cut, unsupported};
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

pub(crate) const WEBP: Decoder = Decoder { shape, decode, memory };

/// The crate works in pixels of four bytes, those of the alpha beside those of the
/// colors, and keeps macroblocks, tables and color caches.
fn memory(raw: u64, shape: &Shape) -> u64 {
    let pixels = u64::from(shape.width.next_multiple_of(16)) * u64::from(shape.height.next_multiple_of(16));
    pixels.saturating_mul(12).saturating_add(raw.saturating_mul(2)).saturating_add(1 << 20)
}

fn open(raw: &[u8]) -> Result<WebPDecoder<Cursor<&[u8]>>> {
    WebPDecoder::new(Cursor::new(raw)).map_err(failed)
}

fn shape(raw: &[u8], expected: &Shape) -> Result<Shape> {
    let decoder = open(raw)?;
    if decoder.is_animated() {
        return Err(unsupported("an animated WebP"));
    }
    let (width, height) = decoder.dimensions();
    // An alpha that is opaque throughout was left out.
    let channels = if decoder.has_alpha() || expected.channels == 4 { 4 } else { 3 };
    Ok(Shape { width, height, channels, sample: SampleType::U8, bits: 8 })
}

fn decode(raw: &[u8], shape: &Shape, out: &mut [u8]) -> Result<()> {
    let mut decoder = open(raw)?;
    if decoder.has_alpha() || shape.channels == 3 {
        return decoder.read_image(out).map_err(failed);
    }
    let mut colors = Vec::new();
    let len = out.len() / 4 * 3;
    colors.try_reserve_exact(len).map_err(|_| Error::new(Status::OutOfMemory, "no memory for a WebP"))?;
    colors.resize(len, 0);
    decoder.read_image(&mut colors).map_err(failed)?;
    for (pixel, color) in out.chunks_exact_mut(4).zip(colors.chunks_exact(3)) {
        pixel[..3].copy_from_slice(color);
        pixel[3] = u8::MAX;
    }
    Ok(())
}

fn failed(error: DecodingError) -> Error {
    match error {
        DecodingError::IoError(_) | DecodingError::NotEnoughInitData => cut("WebP"),
        other => broken("WebP", other),
    }
}
