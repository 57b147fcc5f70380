//! JPEG 2000 (TIFF compressions 33003 to 33005 and 34712), by OpenJPEG.
//!
//! Samples are as the codestream has them: what its own transform made of RGB is
//! undone, and that is all.
#![forbid(unsafe_code)]

mod header;
#[cfg(test)]
mod tests;

use jpeg2k::{DecodeParameters, Image, ImageComponent};

use super::picture::{Decoder, Shape, broken};
use crate::error::Result;
use crate::sample::SampleType;

pub(crate) const JPEG_2000: Decoder = Decoder { shape, decode, memory };

/// Samples in 32 bits, once for tiles and once for the picture, and code blocks, of
/// which the smallest have 16 samples; tables and buffers.
fn memory(raw: u64, shape: &Shape) -> u64 {
    shape.samples().saturating_mul(32).saturating_add(raw.saturating_mul(2)).saturating_add(2 << 20)
}

fn shape(raw: &[u8], _: &Shape) -> Result<Shape> {
    Ok(header::read(raw)?.shape)
}

fn decode(raw: &[u8], shape: &Shape, out: &mut [u8]) -> Result<()> {
    let codestream = header::read(raw)?.codestream;
    let picture = Image::from_bytes_with(codestream, DecodeParameters::new().strict(true))
        .map_err(|error| broken("JPEG 2000", error))?;
    let components = picture.components();
    let fits =
        |component: &ImageComponent| (component.width(), component.height()) == (shape.width, shape.height);
    if components.len() != shape.channels as usize || !components.iter().all(fits) {
        return Err(broken("JPEG 2000", "it decodes to another size than it says"));
    }
    match shape.sample {
        SampleType::U8 | SampleType::I8 => place(components, |value| [value as u8], out),
        _ => place(components, |value| (value as u16).to_ne_bytes(), out),
    }
    Ok(())
}

fn place<const N: usize>(components: &[ImageComponent], bytes: fn(i32) -> [u8; N], out: &mut [u8]) {
    for (channel, component) in components.iter().enumerate() {
        let places = out.chunks_exact_mut(N).skip(channel).step_by(components.len());
        for (place, &value) in places.zip(component.data()) {
            place.copy_from_slice(&bytes(value));
        }
    }
}
