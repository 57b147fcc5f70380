//! A chunk of a TIFF that is a whole picture of another format.
#![forbid(unsafe_code)]

use super::page::TiffPage;
use super::png_chunk;
use super::support::compression;
use crate::codec::Fault;
use crate::codec::picture::{Decoder, Shape};
use crate::error::Result;
use crate::format::errors::{self, corrupt};
use crate::format::guard::guard;
use crate::format::{Chunk, Description, Scratch, memory};

/// What the bytes of a LERC are wrapped in (LercParameters).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    None,
    Deflate,
    Zstd,
}

/// The decoder of a compression whose chunks are whole pictures; `None` for all
/// others, and for those that were left out of this build.
pub fn decoder(number: u64) -> Option<Decoder> {
    match number {
        #[cfg(feature = "jpeg2000")]
        compression::APERIO_YCBCR
        | compression::APERIO_YCBCR_OLD
        | compression::APERIO_RGB
        | compression::JPEG_2000 => Some(crate::codec::jpeg2000::JPEG_2000),
        #[cfg(feature = "jpegxl")]
        compression::JPEG_XL | compression::JPEG_XL_DNG => Some(crate::codec::jpegxl::JPEG_XL),
        compression::PNG => Some(png_chunk::PNG),
        #[cfg(feature = "lerc")]
        compression::LERC => Some(crate::codec::lerc::LERC),
        #[cfg(feature = "webp")]
        compression::WEBP => Some(crate::codec::webp::WEBP),
        _ => None,
    }
}

/// Decodes one into `out`.
pub fn decode(
    decoder: &Decoder,
    page: &TiffPage,
    image: &Description,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    if page.wrapping == Wrapping::None {
        return decode_plain(decoder, page, image, chunk, raw, scratch, out);
    }
    let mut plain = std::mem::take(&mut scratch.unwrapped);
    let result = unwrap(page, image, chunk, raw, scratch, &mut plain)
        .and_then(|()| decode_plain(decoder, page, image, chunk, &plain, scratch, out));
    scratch.unwrapped = plain;
    result
}

/// Undoes what stands around a picture. How long that is nobody says, but libtiff
/// gives it no more room than this.
fn unwrap(
    page: &TiffPage,
    image: &Description,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    plain: &mut Vec<u8>,
) -> Result<()> {
    memory::resize(plain, unwrapped(&shape(page, image, chunk)))?;
    let result = match page.wrapping {
        Wrapping::Zstd => scratch.unzstd.decode(raw, plain),
        _ => scratch.inflate.decode(raw, plain),
    };
    match result {
        Err(Fault::Short { got }) => plain.truncate(got),
        other => other.map_err(|fault| errors::from_fault("a chunk of the image", fault))?,
    }
    Ok(())
}

fn unwrapped(shape: &Shape) -> u64 {
    shape.bytes().saturating_add(shape.bytes() / 3).saturating_add(1024)
}

fn decode_plain(
    decoder: &Decoder,
    page: &TiffPage,
    image: &Description,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    let expected = shape(page, image, chunk);
    let found = guard(|| (decoder.shape)(raw, &expected))?;
    check(page, chunk, &expected, &found)?;
    let bytes = raw.len() as u64;
    memory::probe((decoder.memory)(bytes, &found))?;
    if found.bytes() == out.len() as u64 && found.width == expected.width {
        return guard(|| (decoder.decode)(raw, &found, out));
    }
    let mut picture = std::mem::take(&mut scratch.packed);
    let result = memory::resize(&mut picture, found.bytes()).and_then(|()| {
        guard(|| (decoder.decode)(raw, &found, &mut picture))?;
        place(&picture, &found, &expected, out);
        Ok(())
    });
    scratch.packed = picture;
    result
}

/// What the tags say that a chunk is.
fn shape(page: &TiffPage, image: &Description, chunk: &Chunk) -> Shape {
    Shape {
        width: chunk.decoded_width,
        height: chunk.decoded_height,
        channels: chunk.channels,
        sample: image.sample,
        bits: page.bits,
    }
}

/// Whether it is that. The last ones may be as large as the others, or only as large
/// as the image has pixels for; samples may have fewer bits than they could.
fn check(page: &TiffPage, chunk: &Chunk, expected: &Shape, found: &Shape) -> Result<()> {
    let width = [chunk.decoded_width, chunk.width].contains(&found.width);
    let height = (u64::from(chunk.height)..=page.cell_height).contains(&found.height.into());
    let samples = found.channels == expected.channels && found.sample == expected.sample;
    if width && height && samples && found.bits <= expected.bits {
        return Ok(());
    }
    Err(corrupt(format!("a chunk holds {found} where {expected} belong")))
}

/// Copies the pixels that both have; beyond the image's edges, nobody looks.
fn place(picture: &[u8], found: &Shape, expected: &Shape, out: &mut [u8]) {
    let row = |shape: &Shape| shape.width as usize * shape.channels as usize * shape.sample.bytes();
    let common = row(found).min(row(expected));
    for (to, from) in out.chunks_exact_mut(row(expected)).zip(picture.chunks_exact(row(found))) {
        to[..common].copy_from_slice(&from[..common]);
    }
}

/// Upper bound of the memory that decoding takes besides the chunk's bytes and `out`.
pub fn decode_memory(decoder: &Decoder, page: &TiffPage, image: &Description, chunk: &Chunk) -> u64 {
    let rows = u32::try_from(page.cell_height).unwrap_or(u32::MAX).max(chunk.decoded_height);
    let largest = Shape { height: rows, ..shape(page, image, chunk) };
    let raw = chunk.bytes.end - chunk.bytes.start;
    // A frame of Zstandard that does not say its size goes through a window.
    let wrapped = if page.wrapping == Wrapping::None { 0 } else { unwrapped(&largest).saturating_mul(2) };
    (decoder.memory)(raw, &largest).saturating_add(largest.bytes()).saturating_add(wrapped)
}
