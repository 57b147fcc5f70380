//! LERC (TIFF compression 34887), as libtiff reads it: what is invalid in a picture of
//! floats is NaN, in one whose alpha was made a mask it is transparent, and else 0.
#![forbid(unsafe_code)]

use lerc::bitmask::BitMask;
use lerc::{DataType, LercError, LercInfo, Sample};

use super::picture::{Decoder, Shape, broken, cut, unsupported};
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

pub(crate) const LERC: Decoder = Decoder { shape, decode, memory };

/// Samples of their own type before they become bytes, masks, and tables of codes;
/// lossless floats are taken apart into planes of bytes.
fn memory(_: u64, shape: &Shape) -> u64 {
    let pixels = u64::from(shape.width) * u64::from(shape.height);
    shape.bytes().saturating_mul(4).saturating_add(pixels).saturating_add(1 << 20)
}

/// How the samples of a pixel lie in a blob.
#[derive(Clone, Copy, PartialEq)]
enum Lay {
    /// Beside each other.
    Pixels,
    /// The same, with the alpha as the mask.
    Masked,
    /// Each channel is a picture of its own, with a mask of its own.
    Bands,
}

fn lay(info: &LercInfo, channels: u32) -> Result<Lay> {
    match (info.depth, info.bands) {
        (depth, 1) if depth + 1 == channels && info.data_type == DataType::Byte => Ok(Lay::Masked),
        (_, 1) => Ok(Lay::Pixels),
        (1, _) => Ok(Lay::Bands),
        (depth, bands) => Err(unsupported(format!("LERC of {bands} bands of {depth} samples per pixel"))),
    }
}

fn shape(raw: &[u8], expected: &Shape) -> Result<Shape> {
    let info = lerc::decode_info(raw).map_err(failed)?;
    let channels = match lay(&info, expected.channels)? {
        Lay::Pixels => info.depth,
        Lay::Masked => info.depth + 1,
        Lay::Bands => info.bands,
    };
    let sample = match info.data_type {
        DataType::Char => SampleType::I8,
        DataType::Byte => SampleType::U8,
        DataType::Short => SampleType::I16,
        DataType::UShort => SampleType::U16,
        DataType::Int => SampleType::I32,
        DataType::UInt => SampleType::U32,
        DataType::Float => SampleType::F32,
        DataType::Double => SampleType::F64,
    };
    Ok(Shape { width: info.width, height: info.height, channels, sample, bits: 8 * sample.bytes() as u32 })
}

fn decode(raw: &[u8], shape: &Shape, out: &mut [u8]) -> Result<()> {
    match shape.sample {
        SampleType::I8 => typed(raw, shape, 0, i8::to_ne_bytes, out),
        SampleType::U8 => typed(raw, shape, 0, u8::to_ne_bytes, out),
        SampleType::I16 => typed(raw, shape, 0, i16::to_ne_bytes, out),
        SampleType::U16 => typed(raw, shape, 0, u16::to_ne_bytes, out),
        SampleType::I32 => typed(raw, shape, 0, i32::to_ne_bytes, out),
        SampleType::U32 => typed(raw, shape, 0, u32::to_ne_bytes, out),
        SampleType::F32 => typed(raw, shape, f32::NAN, f32::to_ne_bytes, out),
        SampleType::F64 => typed(raw, shape, f64::NAN, f64::to_ne_bytes, out),
        other => Err(unsupported(format!("LERC of {} samples", other.name()))),
    }
}

fn typed<T: Sample, const N: usize>(
    raw: &[u8],
    shape: &Shape,
    invalid: T,
    bytes: fn(T) -> [u8; N],
    out: &mut [u8],
) -> Result<()> {
    let lay = lay(&lerc::decode_info(raw).map_err(failed)?, shape.channels)?;
    let channels = shape.channels as usize;
    let inside = if lay == Lay::Masked { channels - 1 } else { channels };
    let pixels = out.len() / (channels * N);
    let mut samples = Vec::new();
    samples
        .try_reserve_exact(pixels * inside)
        .map_err(|_| Error::new(Status::OutOfMemory, "no memory for a LERC"))?;
    samples.resize(pixels * inside, T::default());
    let masks = lerc::decode_into(raw, &mut samples).map_err(failed)?.valid_masks;
    let valid = |band: usize, pixel| masks.get(band).is_none_or(|mask: &BitMask| mask.is_valid(pixel));
    for (pixel, out) in out.chunks_exact_mut(channels * N).enumerate() {
        for (channel, out) in out.chunks_exact_mut(N).enumerate() {
            let (at, band) = match lay {
                Lay::Bands => (channel * pixels + pixel, channel),
                _ => (pixel * inside + channel, 0),
            };
            match valid(band, pixel) {
                opaque if channel == inside => out.fill(if opaque { u8::MAX } else { 0 }),
                true => out.copy_from_slice(&bytes(samples[at])),
                false => out.copy_from_slice(&bytes(invalid)),
            }
        }
    }
    Ok(())
}

fn failed(error: LercError) -> Error {
    match error {
        LercError::BufferTooSmall { .. } => cut("LERC"),
        other => broken("LERC", other),
    }
}
