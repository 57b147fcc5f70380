//! JPEG XL (TIFF compressions 50002 and 52546), lossless and lossy.
//!
//! Lossless samples never leave integers: the crate's own way out of them loses
//! zeros and the smallest numbers of half-precision floats. Lossy ones are the crate's
//! floats, rounded; libjxl dithers, so they differ by 1 here and there.
#![forbid(unsafe_code)]

use std::io;

use half::f16;
use jxl_oxide::image::{BitDepth, ImageMetadata};
use jxl_oxide::{AllocTracker, ExtraChannelType, JxlImage, JxlThreadPool, Render, color};
use jxl_render::ImageBuffer;

use super::picture::{Decoder, Shape, broken, cut, unsupported};
use crate::error::Result;
use crate::sample::SampleType;

pub(crate) const JPEG_XL: Decoder = Decoder { shape, decode, memory };

const JPEG_XL_NAME: &str = "JPEG XL";

/// What the grids of samples may take: the crate keeps to it.
fn grids(shape: &Shape) -> u64 {
    // Several copies in 32 bits, and blocks of up to 256 x 256 pixels.
    let padded = |size: u32| u64::from(size).next_multiple_of(256);
    let all = padded(shape.width) * padded(shape.height);
    all.saturating_mul(u64::from(shape.channels).max(3)).saturating_mul(24).saturating_add(4 << 20)
}

/// Grids, copies of the bytes, and codes.
fn memory(raw: u64, shape: &Shape) -> u64 {
    grids(shape).saturating_add(raw.saturating_mul(4)).saturating_add(4 << 20)
}

/// Reads all headers, and keeps all bytes.
fn open(raw: &[u8], limit: u64) -> Result<JxlImage> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| match error.downcast_ref::<io::Error>() {
        Some(error) if error.kind() == io::ErrorKind::UnexpectedEof => cut(JPEG_XL_NAME),
        _ => broken(JPEG_XL_NAME, error),
    };
    let limit = AllocTracker::with_limit(usize::try_from(limit).unwrap_or(usize::MAX));
    // Not all at once: of a large frame given in one piece the crate finds no end.
    JxlImage::builder().pool(JxlThreadPool::none()).alloc_tracker(limit).read(raw).map_err(failed)
}

fn shape(raw: &[u8], expected: &Shape) -> Result<Shape> {
    let picture = open(raw, grids(expected))?;
    let (header, meta) = (picture.image_header(), &picture.image_header().metadata);
    let (sample, bits) = samples(meta)?;
    if bits != expected.bits && sample == expected.sample {
        // Readers scale such samples, or do not.
        return Err(unsupported(format!(
            "JPEG XL samples of {bits} bits in a TIFF of {} bits",
            expected.bits
        )));
    }
    refuse(meta)?;
    let colors = if meta.grayscale() { 1 } else { 3 };
    let channels = colors + meta.ec_info.len() as u32;
    Ok(Shape { width: header.size.width, height: header.size.height, channels, sample, bits })
}

fn samples(meta: &ImageMetadata) -> Result<(SampleType, u32)> {
    match meta.bit_depth {
        BitDepth::IntegerSample { bits_per_sample: bits @ 1..=8 } => Ok((SampleType::U8, bits)),
        BitDepth::IntegerSample { bits_per_sample: bits @ 9..=16 } => Ok((SampleType::U16, bits)),
        BitDepth::FloatSample { bits_per_sample: 16, exp_bits: 5 } => Ok((SampleType::F16, 16)),
        BitDepth::FloatSample { bits_per_sample: 32, exp_bits: 8 } => Ok((SampleType::F32, 32)),
        other => Err(unsupported(format!("JPEG XL with {other:?}"))),
    }
}

/// What would not be the samples that a TIFF means.
fn refuse(meta: &ImageMetadata) -> Result<()> {
    let unlike = meta.ec_info.iter().any(|extra| extra.bit_depth != meta.bit_depth);
    let black = meta.ec_info.iter().any(|extra| matches!(extra.ty, ExtraChannelType::Black));
    let profile = matches!(meta.colour_encoding, color::ColourEncoding::IccProfile(_));
    let why = match () {
        () if meta.animation.is_some() => "an animated JPEG XL",
        () if meta.orientation != 1 => "a JPEG XL with an orientation",
        () if unlike => "JPEG XL with channels that differ in bits",
        () if black => "JPEG XL in CMYK",
        () if profile && meta.xyb_encoded => "lossy JPEG XL in the colors of an ICC profile",
        () => return Ok(()),
    };
    Err(unsupported(why))
}

fn decode(raw: &[u8], shape: &Shape, out: &mut [u8]) -> Result<()> {
    let picture = open(raw, grids(shape))?;
    if !picture.is_loading_done() || picture.num_loaded_keyframes() == 0 {
        return Err(cut(JPEG_XL_NAME));
    }
    let render = picture.render_frame(0).map_err(|error| broken(JPEG_XL_NAME, error))?;
    let channels = render.color_channels().iter().chain(render.extra_channels().1);
    let (width, height) = (shape.width as usize, shape.height as usize);
    let whole = |channel: &&ImageBuffer| (channel.width(), channel.height()) == (width, height);
    if channels.clone().count() != shape.channels as usize {
        return Err(broken(JPEG_XL_NAME, "it decodes to other channels than it says"));
    }
    if !channels.clone().all(|channel| whole(&channel)) {
        return part_of_grids(&render, shape, out);
    }
    for (index, channel) in channels.enumerate() {
        let at = Place { first: index, step: shape.channels as usize };
        match shape.sample {
            SampleType::U8 => at.fill(
                channel,
                |value| [whole_number(value, 255.0) as u8],
                |value| [value.clamp(0, 255) as u8],
                out,
            ),
            SampleType::U16 => at.fill(
                channel,
                |value| (whole_number(value, 65_535.0) as u16).to_ne_bytes(),
                |value| (value.clamp(0, 65_535) as u16).to_ne_bytes(),
                out,
            ),
            SampleType::F16 => at.fill(
                channel,
                |value| f16::from_f32(value).to_ne_bytes(),
                |bits| (bits as u16).to_ne_bytes(),
                out,
            ),
            _ => at.fill(channel, f32::to_ne_bytes, i32::to_ne_bytes, out),
        }
    }
    Ok(())
}

/// Lossy frames are made of blocks, and may reach over the picture's edges: the crate
/// knows where it lies in them, but gives floats only.
fn part_of_grids(render: &Render, shape: &Shape, out: &mut [u8]) -> Result<()> {
    let floats = render.image_all_channels();
    let found = (floats.width(), floats.height(), floats.channels());
    if found != (shape.width as usize, shape.height as usize, shape.channels as usize) {
        return Err(broken(JPEG_XL_NAME, "it decodes to another size than it says"));
    }
    match shape.sample {
        SampleType::U8 => {
            copy(out.chunks_exact_mut(1), floats.buf(), |value| [whole_number(value, 255.0) as u8])
        }
        SampleType::U16 => copy(out.chunks_exact_mut(2), floats.buf(), |value| {
            (whole_number(value, 65_535.0) as u16).to_ne_bytes()
        }),
        SampleType::F32 => copy(out.chunks_exact_mut(4), floats.buf(), f32::to_ne_bytes),
        _ => return Err(unsupported("JPEG XL of half-precision floats in a frame of another size")),
    }
    Ok(())
}

fn whole_number(value: f32, most: f32) -> f32 {
    (value * most + 0.5).clamp(0.0, most)
}

/// Where the samples of a channel lie among the others.
struct Place {
    first: usize,
    step: usize,
}

impl Place {
    fn fill<const N: usize>(
        &self,
        channel: &ImageBuffer,
        float: impl Fn(f32) -> [u8; N],
        whole: impl Fn(i32) -> [u8; N],
        out: &mut [u8],
    ) {
        let rows = out.chunks_exact_mut(channel.width() * self.step * N);
        for (y, row) in rows.enumerate() {
            let places = row.chunks_exact_mut(N).skip(self.first).step_by(self.step);
            match channel {
                ImageBuffer::F32(grid) => copy(places, grid.get_row(y), &float),
                ImageBuffer::I32(grid) => copy(places, grid.get_row(y), &whole),
                ImageBuffer::I16(grid) => copy(places, grid.get_row(y), |value| whole(value.into())),
            }
        }
    }
}

fn copy<'a, T: Copy, const N: usize>(
    places: impl Iterator<Item = &'a mut [u8]>,
    values: &[T],
    bytes: impl Fn(T) -> [u8; N],
) {
    for (place, &value) in places.zip(values) {
        place.copy_from_slice(&bytes(value));
    }
}
