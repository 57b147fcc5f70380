//! A chunk of a TIFF -> samples.
#![forbid(unsafe_code)]

use super::page::TiffPage;
use super::support::compression;
use super::{jpeg_chunk, own, picture_chunk};
#[cfg(feature = "lzma")]
use crate::codec::lzma;
use crate::codec::{Fault, bits, byte_order, fax, jpeg, next, packbits, predictor, thunder};
use crate::error::Result;
use crate::format::errors::{self, corrupt, truncated};
use crate::format::{Chunk, Description, Scratch, memory};
use crate::sample::SampleType;

/// What the decompressors hold besides input and output, a generous round
/// number: windows, tables and blocks.
const DECOMPRESSOR: u64 = 512 * 1024;

/// Decodes one chunk from its bytes into `out`.
pub fn decode(
    page: &TiffPage,
    image: &Description,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    if is_sparse(chunk) {
        out.fill(0);
        return Ok(());
    }
    check(page, chunk, raw)?;
    if page.reversed {
        let mut turned = std::mem::take(&mut scratch.turned);
        let result = memory::resize(&mut turned, raw.len() as u64).and_then(|()| {
            turned.copy_from_slice(raw);
            bits::reverse(&mut turned);
            decode_in_order(page, image, chunk, &turned, scratch, out)
        });
        scratch.turned = turned;
        return result;
    }
    decode_in_order(page, image, chunk, raw, scratch, out)
}

/// Decodes a chunk whose bytes have their bits in the usual order.
fn decode_in_order(
    page: &TiffPage,
    image: &Description,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    if matches!(page.compression, compression::JPEG | compression::OLD_JPEG) {
        return jpeg_chunk::decode(page, image, chunk, raw, scratch, out);
    }
    if let Some(units) = page.units {
        let bytes = units.bytes(chunk.decoded_width.into(), chunk.decoded_height.into());
        return apart(scratch, bytes, |packed, scratch| {
            expand(page, chunk, raw, scratch, packed)?;
            units.spread(packed, chunk.decoded_width as usize, out);
            page.reference.iter().for_each(|reference| reference.to_rgb(out));
            Ok(())
        });
    }
    if let Some(own) = page.own {
        return own::decode(own, page, image, chunk, raw, scratch, out);
    }
    if let Some(decoder) = picture_chunk::decoder(page.compression) {
        return picture_chunk::decode(&decoder, page, image, chunk, raw, scratch, out);
    }
    let row_bytes = packed_row(page, chunk).unwrap_or(usize::MAX);
    let packed_bytes = packed_bytes(page, chunk);
    let (sample_bytes, channels) = (image.sample.bytes(), chunk.channels as usize);
    if (page.bits as usize) < 8 * sample_bytes {
        return apart(scratch, packed_bytes, |packed, scratch| {
            expand(page, chunk, raw, scratch, packed)?;
            if (page.bits, image.sample) == (24, SampleType::F32) {
                return widen_f24(page, packed, row_bytes, channels, scratch, out);
            }
            let samples = chunk.decoded_width as usize * channels;
            bits::unpack(packed, row_bytes, samples, page.bits, sample_bytes, out);
            if matches!(image.sample, SampleType::I8 | SampleType::I16 | SampleType::I32 | SampleType::I64) {
                bits::extend_sign(out, page.bits, sample_bytes);
            }
            Ok(())
        });
    }
    if page.predictor == 3 {
        return apart(scratch, packed_bytes, |coded, scratch| {
            expand(page, chunk, raw, scratch, coded)?;
            predictor::undo_float(coded, out, row_bytes, sample_bytes, channels);
            Ok(())
        });
    }
    expand(page, chunk, raw, scratch, out)?;
    if page.predictor == 2 {
        let (whole, count) =
            if image.complex { (2 * sample_bytes, channels / 2) } else { (sample_bytes, channels) };
        predictor::undo_horizontal(out, row_bytes, whole, count, page.swapped);
    } else if page.swapped {
        byte_order::swap(out, sample_bytes);
    }
    Ok(())
}

/// Floating-point samples of 24 bits, as they come out of the compression.
fn widen_f24(
    page: &TiffPage,
    coded: &mut [u8],
    row_bytes: usize,
    channels: usize,
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    if page.predictor != 3 {
        bits::widen_f24(coded, page.big_endian, out);
        return Ok(());
    }
    memory::resize(&mut scratch.raw, coded.len() as u64)?;
    predictor::undo_float(coded, &mut scratch.raw, row_bytes, 3, channels);
    bits::widen_f24(&scratch.raw, cfg!(target_endian = "big"), out);
    Ok(())
}

/// Lends a buffer for the chunk as it is packed, beside the rest of the scratch.
fn apart(
    scratch: &mut Scratch,
    bytes: u64,
    work: impl FnOnce(&mut [u8], &mut Scratch) -> Result<()>,
) -> Result<()> {
    let mut packed = std::mem::take(&mut scratch.packed);
    let result = memory::resize(&mut packed, bytes).and_then(|()| work(&mut packed, scratch));
    scratch.packed = packed;
    result
}

/// Undoes the compression, and nothing else.
fn expand(page: &TiffPage, chunk: &Chunk, raw: &[u8], scratch: &mut Scratch, out: &mut [u8]) -> Result<()> {
    if let Some(coding) = page.fax {
        return fax::decode(raw, coding, chunk.decoded_width as usize, out).map_err(failed);
    }
    let result = match page.compression {
        compression::LZW => scratch.unlzw.get_or_insert_default().decode(raw, out),
        compression::DEFLATE | compression::OLD_DEFLATE | compression::PIXTIFF_DEFLATE => {
            scratch.inflate.decode(raw, out)
        }
        compression::ZSTD => scratch.unzstd.decode(raw, out),
        #[cfg(feature = "lzma")]
        compression::LZMA => lzma::decode(raw, out),
        compression::PACKBITS => packbits::decode(raw, out),
        compression::THUNDERSCAN => thunder::decode(raw, chunk.decoded_width as usize, out),
        compression::NEXT => next::decode(raw, chunk.decoded_width as usize, out),
        _ => match raw.get(..out.len()) {
            Some(samples) => {
                out.copy_from_slice(samples);
                Ok(())
            }
            None => Err(Fault::Short { got: raw.len() }),
        },
    };
    result.map_err(failed)
}

pub(super) fn failed(fault: Fault) -> crate::Error {
    errors::from_fault("a chunk of the image", fault)
}

/// Bytes of a row of a chunk as it is packed in the file.
pub fn packed_row(page: &TiffPage, chunk: &Chunk) -> Option<usize> {
    let samples = u64::from(chunk.decoded_width) * u64::from(chunk.channels);
    usize::try_from(bits::row_bytes(samples, page.bits)?).ok()
}

/// Bytes of a chunk as it is packed in the file.
fn packed_bytes(page: &TiffPage, chunk: &Chunk) -> u64 {
    let (width, height) = (chunk.decoded_width.into(), chunk.decoded_height.into());
    match page.units {
        Some(units) => units.bytes(width, height),
        None => (packed_row(page, chunk).unwrap_or(usize::MAX) as u64).saturating_mul(height),
    }
}

/// Whether a chunk was left out of the file, as GDAL does with those that hold
/// nothing but 0.
pub fn is_sparse(chunk: &Chunk) -> bool {
    chunk.bytes == (0..0)
}

/// Checks the chunk's place in the file, and its bytes.
fn check(page: &TiffPage, chunk: &Chunk, raw: &[u8]) -> Result<()> {
    let bytes = chunk.bytes.end - chunk.bytes.start;
    if bytes == 0 {
        return Err(corrupt("a chunk of the image has no bytes"));
    }
    if (raw.len() as u64) < bytes {
        return Err(truncated("its image"));
    }
    if page.compression == compression::NONE {
        let needed = packed_bytes(page, chunk);
        if bytes < needed {
            return Err(corrupt(format!("a chunk should hold {needed} bytes but has {bytes}")));
        }
    }
    Ok(())
}

/// Upper bound of the memory that decoding takes besides the chunk's bytes and `out`.
pub fn memory(page: &TiffPage, image: &Description, chunk: &Chunk) -> u64 {
    if let Some(decoder) = picture_chunk::decoder(page.compression) {
        return picture_chunk::decode_memory(&decoder, page, image, chunk);
    }
    let packed = packed_bytes(page, chunk);
    let apart =
        page.units.is_some() || (page.bits as usize) < 8 * image.sample.bytes() || page.predictor == 3;
    match page.compression {
        compression::JPEG | compression::OLD_JPEG => {
            // The bytes with the tables before them. How a chunk is coded is not known
            // before it is read.
            let head = page.old_jpeg.as_ref().map_or(0, |headers| 2 * headers.len());
            let raw = head + chunk.bytes.end - chunk.bytes.start;
            let (width, height) = (chunk.decoded_width.into(), chunk.decoded_height.into());
            raw.saturating_add(jpeg::memory(width, height, chunk.channels, true))
        }
        // A frame that does not say its size goes through a window.
        compression::ZSTD => packed.saturating_mul(if apart { 4 } else { 2 }),
        // Pages of the dictionary that no sample reaches are never touched.
        #[cfg(feature = "lzma")]
        compression::LZMA => packed
            .min(lzma::DICTIONARY)
            .saturating_add(lzma::BESIDES)
            .saturating_add(if apart { packed.saturating_mul(2) } else { 0 }),
        _ if page.own.is_some() => page.own.map_or(0, |own| own::memory(own, image, chunk)),
        _ if page.fax.is_some() => packed.saturating_add(fax::memory(chunk.decoded_width.into())),
        // Floats of 24 bits are put together in a buffer of their own.
        _ if apart => packed.saturating_mul(if page.predictor == 3 && page.bits == 24 { 2 } else { 1 }),
        _ => 0,
    }
    .saturating_add(if page.reversed { chunk.bytes.end - chunk.bytes.start } else { 0 })
    .saturating_add(DECOMPRESSOR)
}
