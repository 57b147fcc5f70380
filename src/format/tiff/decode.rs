//! Decoding one strip or tile.
#![forbid(unsafe_code)]

use super::super::errors::{from_io, from_tiff, make_room};
use super::super::{Chunk, Description};
use super::Tiff;
use super::layout::{JPEG, LZW, ZSTD};
use crate::codec::{bits, jpeg_frame, lzw, order, predictor, ycbcr};
use crate::error::{Error, Result, Status};

/// What zstd keeps of the past, at the usual levels.
const ZSTD_WINDOW: u64 = 8 << 20;

impl Tiff {
    pub(in crate::format) fn decode(
        &mut self,
        image: &Description,
        index: usize,
        chunk: &Chunk,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        if chunk.bytes.end > self.source.len() {
            return Err(Error::new(Status::Truncated, "the file ends before the image does"));
        }
        match self.layout.compression {
            LZW => return self.decode_lzw(image, chunk, out),
            JPEG => self.check_jpeg(chunk)?,
            _ => {}
        }
        // Whatever the chunk's data lead the decoder to ask for, it gets no
        // byte of another chunk.
        self.decoder.inner().set_window(chunk.bytes.clone());
        let samples = u64::from(chunk.width) * u64::from(chunk.channels);
        let rows = u64::from(chunk.height);
        let packed = self.layout.bits < 8;
        let target = if packed { &mut self.packed } else { &mut *out };
        make_room(target, bits::packed_row(samples, self.layout.bits) * rows)?;
        let index = u32::try_from(index).map_err(|_| Error::new(Status::LimitExceeded, "too many chunks"))?;
        self.decoder.read_chunk_bytes(index, target).map_err(from_tiff)?;
        if self.layout.min_is_white {
            target.iter_mut().for_each(|byte| *byte = !*byte);
        }
        if packed {
            make_room(out, samples * rows)?;
            bits::unpack(&self.packed, samples as usize, self.layout.bits, out);
        }
        if self.layout.ycbcr {
            ycbcr::to_rgb(out);
        }
        Ok(())
    }

    /// Reads the chunk's own bytes.
    fn read_raw(&mut self, chunk: &Chunk) -> Result<()> {
        make_room(&mut self.raw, chunk.bytes.end - chunk.bytes.start)?;
        self.source.read_at(chunk.bytes.start, &mut self.raw).map_err(|error| from_io(&error))
    }

    /// LZW, the one codec that the crate does not always bring to its end.
    fn decode_lzw(&mut self, image: &Description, chunk: &Chunk, out: &mut Vec<u8>) -> Result<()> {
        self.read_raw(chunk)?;
        let channels = chunk.channels as usize;
        let stored_samples = self.layout.chunk_width() as usize * channels;
        let stored_row = bits::packed_row(stored_samples as u64, self.layout.bits) as usize;
        // The padding below the last row of a tile is not needed.
        make_room(&mut self.packed, stored_row as u64 * u64::from(chunk.height))?;
        let written = lzw::decode(&self.raw, &mut self.packed)
            .map_err(|what| Error::new(Status::Corrupt, format!("the LZW codes are damaged: {what}")))?;
        if written < self.packed.len() {
            return Err(Error::new(Status::Truncated, "the LZW codes end before the image does"));
        }
        let bytes = image.sample.bytes();
        let big_endian = self.decoder.byte_order() == tiff::tags::ByteOrder::BigEndian;
        let row = chunk.width as usize * channels * bytes;
        make_room(out, row as u64 * u64::from(chunk.height))?;
        if self.layout.bits < 8 {
            make_room(&mut self.raw, stored_samples as u64)?;
        }
        for (stored, out) in self.packed.chunks_exact_mut(stored_row).zip(out.chunks_exact_mut(row)) {
            match self.layout.predictor {
                3 => predictor::undo_floating(stored, bytes, channels, &mut self.raw),
                2 => {
                    order::to_native(stored, bytes, big_endian);
                    predictor::undo_horizontal(stored, bytes, channels);
                }
                _ => order::to_native(stored, bytes, big_endian),
            }
            if self.layout.bits < 8 {
                bits::unpack(stored, stored_samples, self.layout.bits, &mut self.raw);
                out.copy_from_slice(&self.raw[..row]);
            } else {
                out.copy_from_slice(&stored[..row]);
            }
        }
        Ok(())
    }

    /// A JPEG inside must have the size of its chunk, or its pixels would land
    /// elsewhere, and an end, or what is missing would be made up.
    fn check_jpeg(&mut self, chunk: &Chunk) -> Result<()> {
        self.read_raw(chunk)?;
        let corrupt = |what: &str| Error::new(Status::Corrupt, format!("the JPEG in this TIFF {what}"));
        let frame = jpeg_frame::frame(&self.raw).ok_or_else(|| corrupt("has no frame header"))?;
        crate::format::jpeg::supported(&frame)?;
        if frame.components != chunk.channels {
            return Err(corrupt("has another number of components than the image"));
        }
        let tall_enough = (chunk.height..=self.layout.chunk_height()).contains(&frame.height);
        if frame.width != self.layout.chunk_width() || !tall_enough {
            return Err(corrupt("has another size than its strip or tile"));
        }
        if !jpeg_frame::has_end(&self.raw) {
            return Err(Error::new(Status::Truncated, "a JPEG in this TIFF ends before its end marker"));
        }
        Ok(())
    }

    /// Most memory that decoding a chunk takes beside its raw bytes.
    pub(in crate::format) fn decode_memory(&self, chunk: &Chunk, decoded: u64) -> u64 {
        let raw = chunk.bytes.end - chunk.bytes.start;
        let unpacking = if self.layout.bits < 8 { decoded } else { 0 };
        let codec = match self.layout.compression {
            // The crate's copies of the raw bytes and of the pixels, and ours.
            JPEG => raw.saturating_mul(2).saturating_add(decoded),
            ZSTD => ZSTD_WINDOW,
            // The raw bytes, and the pixels with a tile's padding.
            LZW => {
                let padding = u64::from(self.layout.chunk_width()).div_ceil(chunk.width.into());
                raw.saturating_add(decoded.saturating_mul(padding))
            }
            _ => 0,
        };
        decoded.saturating_add(unpacking).saturating_add(codec)
    }
}
