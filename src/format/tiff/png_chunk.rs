//! A PNG inside a TIFF (compression 34933).
#![forbid(unsafe_code)]

use crate::codec::picture::{Decoder, Shape};
use crate::error::Result;
use crate::format::errors::unsupported;
use crate::format::{Description, Format, Photometric, Scratch, png};

pub(super) const PNG: Decoder = Decoder { shape, decode, memory };

fn shape(raw: &[u8], expected: &Shape) -> Result<Shape> {
    let found = png::open(&raw)?;
    if let Some(note) = found.note {
        return Err(unsupported(format!("a PNG in a TIFF of which this must be said: {note}")));
    }
    let Description { width, height, channels, sample, bits_stored: bits, .. } = found.description;
    if bits != expected.bits {
        // Readers scale such samples, or do not.
        return Err(unsupported(format!("PNG samples of {bits} bits in a TIFF of {} bits", expected.bits)));
    }
    Ok(Shape { width, height, channels, sample, bits })
}

fn decode(raw: &[u8], _: &Shape, out: &mut [u8]) -> Result<()> {
    let found = png::open(&raw)?;
    found.decoder.decode(&found.description, raw, &mut Scratch::default(), out)
}

fn memory(_: u64, shape: &Shape) -> u64 {
    png::memory(&Description {
        format: Format::Png,
        width: shape.width,
        height: shape.height,
        channels: shape.channels,
        sample: shape.sample,
        bits_stored: shape.bits,
        photometric: Photometric::MinIsBlack,
        compression: 0,
        orientation: 1,
        complex: false,
        inverted: false,
        turned: 0,
        converted_to_rgb: false,
    })
}
