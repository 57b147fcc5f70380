//! Decoding one strip or tile.
#![forbid(unsafe_code)]

use super::super::Chunk;
use super::super::errors::{from_io, from_tiff, make_room};
use super::Tiff;
use super::layout::{JPEG, ZSTD};
use crate::codec::{bits, jpeg_frame, ycbcr};
use crate::error::{Error, Result, Status};

/// What zstd keeps of the past, at the usual levels.
const ZSTD_WINDOW: u64 = 8 << 20;

impl Tiff {
    pub(in crate::format) fn decode(&mut self, index: usize, chunk: &Chunk, out: &mut Vec<u8>) -> Result<()> {
        if self.layout.compression == JPEG {
            self.check_jpeg(chunk)?;
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

    /// A JPEG inside must have the size of its chunk, or its pixels would land
    /// elsewhere, and an end, or what is missing would be made up.
    fn check_jpeg(&mut self, chunk: &Chunk) -> Result<()> {
        let end = chunk.bytes.end.min(self.source.len());
        make_room(&mut self.raw, end.saturating_sub(chunk.bytes.start))?;
        self.source.read_at(chunk.bytes.start, &mut self.raw).map_err(|error| from_io(&error))?;
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

    /// Most memory that decoding a chunk of this size takes beside its raw bytes.
    pub(in crate::format) fn decode_memory(&self, decoded: u64, raw: u64) -> u64 {
        let unpacking = if self.layout.bits < 8 { decoded } else { 0 };
        let codec = match self.layout.compression {
            // The crate's copies of the raw bytes and of the pixels, and ours.
            JPEG => raw.saturating_mul(2).saturating_add(decoded),
            ZSTD => ZSTD_WINDOW,
            _ => 0,
        };
        decoded.saturating_add(unpacking).saturating_add(codec)
    }
}
