//! PNG: samples as stored, palette indices and all.
//!
//! Most are decoded by our own fast path. What it refuses, interlaced ones and
//! broken ones among it, is decoded or refused by the `png` crate.
#![forbid(unsafe_code)]

use std::io::{BufReader, Cursor, ErrorKind};

use png::{BitDepth, ColorType, DecodeOptions, Decoder, DecodingError, Limits as CrateLimits};

use super::guard::guard;
use super::memory as room;
use super::view::View;
use super::whole::{Decode, Opened};
use super::{Description, Format, Photometric, ReadAt, Scratch, errors};
use crate::codec::png::{self as fast, Layout};
use crate::codec::{bits, byte_order};
use crate::error::{Error, Result};
use crate::sample::SampleType;

/// What the crate may take besides rows: chunks of metadata.
const METADATA: u64 = 64 << 20;
/// The fast path holds all rows once more; larger ones are decoded row by row.
const FAST_UP_TO: u64 = 256 << 20;
/// What it takes in any case: the inflate window and its buffers.
const INFLATE: u64 = 1 << 20;

/// Reads everything in front of the first pixel.
pub fn open(source: &dyn ReadAt) -> Result<Opened> {
    let mut reader = BufReader::new(View::new(source));
    let found = guard(|| {
        let reader = decoder(&mut reader, METADATA).read_info().map_err(failed)?;
        let info = reader.info();
        let mut notes = Vec::new();
        if info.animation_control.is_some() {
            notes.push("the PNG is animated; only its first image is loaded");
        }
        if info.trns.is_some() {
            notes.push("transparency by color (tRNS) is left out");
        }
        Ok((describe(info.width, info.height, info.color_type, info.bit_depth), notes.join("; ")))
    });
    if let Some(failure) = reader.get_mut().take_failure() {
        return Err(failure);
    }
    let (description, note) = found?;
    let note = (!note.is_empty()).then_some(note);
    Ok(Opened { description, note, decoder: Box::new(Png) })
}

/// The colors of its palette.
pub fn palette(source: &dyn ReadAt) -> Result<Vec<[u8; 3]>> {
    let mut reader = BufReader::new(View::new(source));
    guard(|| {
        let reader = decoder(&mut reader, METADATA).read_info().map_err(failed)?;
        let colors = reader.info().palette.as_deref().unwrap_or_default();
        Ok(colors.chunks_exact(3).map(|color| [color[0], color[1], color[2]]).collect())
    })
}

fn decoder<R: std::io::BufRead + std::io::Seek>(reader: R, bytes: u64) -> Decoder<R> {
    let mut options = DecodeOptions::default();
    options.set_ignore_adler32(false);
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(reader, options);
    decoder.set_limits(CrateLimits { bytes: usize::try_from(bytes).unwrap_or(usize::MAX) });
    decoder
}

fn describe(width: u32, height: u32, color: ColorType, depth: BitDepth) -> Description {
    let (channels, photometric) = match color {
        ColorType::Grayscale => (1, Photometric::MinIsBlack),
        ColorType::GrayscaleAlpha => (2, Photometric::MinIsBlack),
        ColorType::Indexed => (1, Photometric::Palette),
        ColorType::Rgb => (3, Photometric::Rgb),
        ColorType::Rgba => (4, Photometric::Rgb),
    };
    Description {
        format: Format::Png,
        width,
        height,
        channels,
        complex: false,
        sample: if depth == BitDepth::Sixteen { SampleType::U16 } else { SampleType::U8 },
        bits_stored: depth as u32,
        photometric,
        compression: 0,
        orientation: 1,
        converted_to_rgb: false,
        inverted: false,
        turned: 0,
    }
}

struct Png;

impl Decode for Png {
    fn decode(&self, image: &Description, raw: &[u8], scratch: &mut Scratch, out: &mut [u8]) -> Result<()> {
        let samples = image.width as usize * image.channels as usize;
        let packed = image.bits_stored < 8;
        let Scratch { packed: packed_rows, raw: rows, .. } = scratch;
        let target = if packed {
            let row = bits::row_bytes(samples as u64, image.bits_stored).unwrap_or(u64::MAX);
            room::resize(packed_rows, row.saturating_mul(image.height.into()))?;
            &mut *packed_rows
        } else {
            &mut *out
        };
        let is_fast = layout(image).scratch_bytes() <= FAST_UP_TO;
        let quick = guard(|| Ok(is_fast && fast::decode(raw, &layout(image), rows, target).is_ok()));
        if quick != Ok(true) {
            *rows = Vec::new();
            by_the_crate(image, raw, target)?;
        }
        if packed {
            let row = packed_rows.len() / image.height as usize;
            bits::unpack(packed_rows, row, samples, image.bits_stored, 1, out);
        }
        Ok(())
    }

    fn memory(&self, image: &Description) -> u64 {
        memory(image)
    }
}

/// Upper bound of the memory that decoding takes besides the file and the samples.
pub fn memory(image: &Description) -> u64 {
    let out = image.slice_bytes().unwrap_or(u64::MAX);
    let rows = image.row_bytes().unwrap_or(u64::MAX).saturating_mul(4);
    let packed = if image.bits_stored < 8 { out } else { 0 };
    let fast = Some(layout(image).scratch_bytes()).filter(|&bytes| bytes <= FAST_UP_TO).unwrap_or(0);
    fast.max(rows).saturating_add(packed).saturating_add(INFLATE)
}

fn layout(image: &Description) -> Layout {
    Layout {
        width: image.width,
        height: image.height,
        channels: image.channels as u8,
        bits: image.bits_stored as u8,
        palette: image.photometric == Photometric::Palette,
    }
}

/// Decodes to packed samples in native byte order.
fn by_the_crate(image: &Description, raw: &[u8], out: &mut [u8]) -> Result<()> {
    guard(|| {
        let limit = METADATA.saturating_add(image.row_bytes().unwrap_or(u64::MAX).saturating_mul(4));
        let mut reader = decoder(Cursor::new(raw), limit).read_info().map_err(failed)?;
        let frame = reader.next_frame(out).map_err(failed)?;
        let found = describe(frame.width, frame.height, frame.color_type, frame.bit_depth);
        // A frame of an animation may be smaller than the image; the first must not.
        if found != *image {
            Err(errors::corrupt("the PNG's first frame has another size than the PNG"))
        } else {
            Ok(())
        }
    })?;
    if image.sample == SampleType::U16 && cfg!(target_endian = "little") {
        byte_order::swap(out, 2);
    }
    Ok(())
}

fn failed(error: DecodingError) -> Error {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            errors::truncated("its image")
        }
        DecodingError::IoError(error) => Error::io("read the PNG", &error),
        DecodingError::Format(error) => broken(&error.to_string()),
        DecodingError::Parameter(error) => broken(&error.to_string()),
        DecodingError::LimitsExceeded => errors::limit("the PNG is larger than the limits allow"),
    }
}

fn broken(why: &str) -> Error {
    // The crate shows its own structs behind some of its sentences.
    let why =
        why.split_once('{').map_or(why, |(before, _)| before.rsplit_once(':').map_or(before, |(why, _)| why));
    errors::corrupt(format!("the PNG cannot be decoded: {why}"))
}
