//! A chunk of a TIFF -> samples.
#![forbid(unsafe_code)]

use tiff::TiffError;
use tiff::decoder::{Decoder, DecodingResult};

use super::jpeg_chunk;
use super::layout::{Coding, is_packed};
use super::support::compression;
use crate::codec::{bits, jpeg};
use crate::error::{Error, Result};
use crate::format::errors::{corrupt, from_tiff, truncated, unsupported};
use crate::format::guard::guard;
use crate::format::view::View;
use crate::format::{Chunk, Description, memory};

/// What the decompressors of the crate hold besides input and output, a
/// generous round number: windows, tables and blocks.
const DECOMPRESSOR: u64 = 512 * 1024;

/// Buffers that serve one chunk after the other.
#[derive(Default)]
pub struct Scratch {
    packed: Vec<u8>,
    raw: Vec<u8>,
}

/// Decodes one chunk into `out`.
pub fn decode(
    decoder: &mut Decoder<View>,
    (image, coding): (&Description, &Coding),
    (index, chunk): (usize, &Chunk),
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Result<()> {
    check_bytes(decoder, coding, chunk)?;
    decoder.inner().take_failure();
    decoder.inner().set_window(chunk.bytes.clone());
    if coding.compression == compression::JPEG {
        return jpeg_chunk::decode(decoder.inner(), coding, chunk, &mut scratch.raw, out);
    }
    if coding.compression == compression::LZW {
        refuse_old_lzw(decoder.inner(), chunk)?;
    }
    memory::resize(out, out_bytes(image, chunk))?;
    let rows = Rows::of(image, coding, chunk);
    let result = guard(|| {
        if rows.cropped {
            return decode_cropped(decoder, index, &rows, out);
        }
        let index = index as u32;
        if !rows.packed {
            return decoder.read_chunk_bytes(index, out).map_err(failed);
        }
        let bytes = rows.stored as u64 * u64::from(chunk.height);
        memory::resize(&mut scratch.packed, bytes)?;
        decoder.read_chunk_bytes(index, &mut scratch.packed).map_err(failed)?;
        rows.unpack(&scratch.packed, out);
        Ok(())
    });
    if let Some(failure) = decoder.inner().take_failure()
        && result.is_err()
    {
        return Err(failure);
    }
    result?;
    if coding.inverted {
        // The crate flips every bit to make white the maximum; this is as stored.
        let all = ((1_u32 << coding.bits.min(8)) - 1) as u8;
        out.iter_mut().for_each(|byte| *byte ^= all);
    }
    Ok(())
}

/// Decodes a tile that reaches over the right edge: whole rows, then cropped.
///
/// Row by row, as the crate would do it in one go, its LZW decoder mistakes
/// codes that are left from the row before for the end of the data.
fn decode_cropped(decoder: &mut Decoder<View>, index: usize, rows: &Rows, out: &mut [u8]) -> Result<()> {
    memory::probe((rows.stored * rows.count) as u64)?;
    let mut tile = DecodingResult::U8(Vec::new());
    decoder.read_chunk_to_buffer(&mut tile, index as u32, rows.stored).map_err(failed)?;
    rows.unpack(tile.as_buffer(0).as_bytes(), out);
    Ok(())
}

fn failed(error: TiffError) -> Error {
    from_tiff("a chunk of the image", error)
}

/// How the rows of a decoded chunk lie in the crate's buffer.
struct Rows {
    /// Bytes from one to the next.
    stored: usize,
    /// Samples that belong to the image.
    samples: usize,
    /// Bytes that these take in `out`.
    bytes: usize,
    count: usize,
    bits: u32,
    packed: bool,
    cropped: bool,
}

impl Rows {
    fn of(image: &Description, coding: &Coding, chunk: &Chunk) -> Rows {
        let samples = chunk.width as usize * chunk.channels as usize;
        // The layout made sure that a whole chunk fits the limits.
        let stored = bits::row_bytes(coding.chunk_width * u64::from(chunk.channels), coding.bits);
        Rows {
            stored: stored.unwrap_or(u64::MAX) as usize,
            samples,
            bytes: samples * image.sample.bytes(),
            count: chunk.height as usize,
            bits: coding.bits,
            packed: is_packed(coding, image.sample),
            cropped: u64::from(chunk.width) < coding.chunk_width,
        }
    }

    /// Samples of whole bytes, without padding.
    fn unpack(&self, stored: &[u8], out: &mut [u8]) {
        if self.packed {
            return bits::unpack(stored, self.stored, self.samples, self.bits, out);
        }
        for (row, out) in stored.chunks_exact(self.stored).zip(out.chunks_exact_mut(self.bytes)) {
            out.copy_from_slice(&row[..self.bytes]);
        }
    }
}

/// Bytes of the decoded chunk.
pub fn out_bytes(image: &Description, chunk: &Chunk) -> u64 {
    let samples = u64::from(chunk.width) * u64::from(chunk.height) * u64::from(chunk.channels);
    samples.saturating_mul(image.sample.bytes() as u64)
}

/// Upper bound of the memory that decoding takes, `out` included.
pub fn memory(image: &Description, coding: &Coding, chunk: &Chunk) -> u64 {
    let out = out_bytes(image, chunk);
    let rows = Rows::of(image, coding, chunk);
    let whole = (rows.stored as u64).saturating_mul(chunk.height.into());
    let row = rows.stored as u64;
    match coding.compression {
        compression::JPEG => {
            // The bytes with the tables before them, once. Whether a chunk is
            // progressive is not known before it is read.
            let raw = chunk.bytes.end - chunk.bytes.start;
            let (width, height) = (coding.chunk_width, coding.chunk_height);
            raw.saturating_add(jpeg::memory(width, height, chunk.channels, true))
        }
        // The window is touched only as far as pixels were written.
        compression::ZSTD => out.saturating_add(whole.saturating_mul(2)),
        _ if rows.packed || rows.cropped => out.saturating_add(whole),
        _ => out,
    }
    .saturating_add(row)
    .saturating_add(DECOMPRESSOR)
}

/// Checks the place and number of the chunk's bytes before any is read.
fn check_bytes(decoder: &mut Decoder<View>, coding: &Coding, chunk: &Chunk) -> Result<()> {
    let length = decoder.inner().source().len();
    let bytes = chunk.bytes.end - chunk.bytes.start;
    if bytes == 0 {
        return Err(match chunk.bytes.start {
            0 => unsupported("sparse TIFF: a chunk that is not in the file"),
            _ => corrupt("a chunk of the image has no bytes"),
        });
    }
    if chunk.bytes.end > length {
        return Err(truncated("its image"));
    }
    if coding.compression == compression::NONE {
        let row = bits::row_bytes(coding.chunk_width * u64::from(chunk.channels), coding.bits);
        let row = row.unwrap_or(u64::MAX);
        // Strips end with the image, tiles are padded.
        let rows = if coding.tiled { coding.chunk_height } else { chunk.height.into() };
        if bytes < row.saturating_mul(rows) {
            return Err(corrupt(format!("a chunk should hold {row} x {rows} bytes but has {bytes}")));
        }
    }
    Ok(())
}

/// LZW of before TIFF 6.0 has its bits the other way round; the crate would
/// decode them to noise. Its first code, 256, tells (libtiff looks here too).
fn refuse_old_lzw(view: &mut View, chunk: &Chunk) -> Result<()> {
    let mut start = [0; 2];
    if chunk.bytes.end - chunk.bytes.start < 2 {
        return Ok(());
    }
    view.fill("its image", chunk.bytes.start, &mut start)?;
    match start {
        [0, second] if second & 1 == 1 => Err(unsupported("old-style LZW (TIFF 5.0)")),
        _ => Ok(()),
    }
}
