//! Compressions that have samples of their own: SGILog and PixarLog.
#![forbid(unsafe_code)]

use super::decode::failed;
use super::page::TiffPage;
use super::support::compression::{PIXARLOG, SGILOG, SGILOG24};
use super::tags::{Grid, Tags};
use crate::codec::{byte_order, pixarlog, sgilog};
use crate::error::Result;
use crate::format::errors::unsupported;
use crate::format::{Chunk, Description, Scratch, memory, names};
use crate::sample::SampleType;

/// Photometric numbers that say what SGILog holds.
pub(super) const LOG_L: u64 = 32844;
pub(super) const LOG_LUV: u64 = 32845;

/// Which one, and how its chunks are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    SgiLog(sgilog::Coding),
    PixarLog,
}

/// Whether a page has such samples, and of which type they come out.
pub fn of(tags: &Tags) -> Result<Option<(Own, SampleType)>> {
    let first = |values: &[u64]| values.first().copied().unwrap_or(0);
    let format = (first(&tags.formats), first(&tags.bits));
    let (samples, planar) = (tags.samples, tags.planar);
    let found = match (tags.compression, tags.photometric) {
        (SGILOG, Some(LOG_L)) if samples == 1 => match format {
            (1 | 4, 16) => Some((Own::SgiLog(sgilog::Coding::Grey), SampleType::U16)),
            (2, 16) => Some((Own::SgiLog(sgilog::Coding::Grey), SampleType::I16)),
            (3, 32) => Some((Own::SgiLog(sgilog::Coding::Luminance), SampleType::F32)),
            _ => None,
        },
        // Whatever the file says of its bits, which are those of its writer's samples.
        (SGILOG, Some(LOG_LUV)) if samples == 3 && !planar => {
            Some((Own::SgiLog(sgilog::Coding::Color), SampleType::F32))
        }
        (SGILOG24, Some(LOG_LUV)) if samples == 3 && !planar => {
            Some((Own::SgiLog(sgilog::Coding::Color24), SampleType::F32))
        }
        (PIXARLOG, _) if matches!(tags.grid, Grid::Strips { .. }) => match format {
            (1 | 4, 8) => Some((Own::PixarLog, SampleType::U8)),
            (1 | 4, 16) => Some((Own::PixarLog, SampleType::U16)),
            (3, 32) => Some((Own::PixarLog, SampleType::F32)),
            _ => None,
        },
        (SGILOG | SGILOG24 | PIXARLOG, _) => None,
        _ => return Ok(None),
    };
    found.map(Some).ok_or_else(|| {
        let photometric = tags.photometric.map_or("none".to_owned(), names::photometric);
        unsupported(format!(
            "TIFF compression {} with {samples} samples of {} bits, SampleFormat {}, photometric {photometric}, \
             in this layout",
            names::compression(tags.compression),
            format.1,
            format.0
        ))
    })
}

/// Decodes a chunk from its bytes into `out`.
pub fn decode(
    own: Own,
    page: &TiffPage,
    image: &Description,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    let width = chunk.decoded_width as usize;
    match own {
        Own::SgiLog(coding) => sgilog::decode(raw, coding, width, out).map_err(failed),
        Own::PixarLog => {
            let sample_bytes = image.sample.bytes();
            memory::resize(&mut scratch.packed, (out.len() / sample_bytes * 2) as u64)?;
            scratch.inflate.decode(raw, &mut scratch.packed).map_err(failed)?;
            if page.big_endian != cfg!(target_endian = "big") {
                byte_order::swap(&mut scratch.packed, 2);
            }
            let channels = chunk.channels as usize;
            pixarlog::decode(&mut scratch.packed, width * channels, channels, sample_bytes, out);
            Ok(())
        }
    }
}

/// Upper bound of the memory that decoding takes besides the chunk's bytes, `out` and
/// the decompressor's.
pub fn memory(own: Own, image: &Description, chunk: &Chunk) -> u64 {
    match own {
        Own::SgiLog(_) => sgilog::memory(chunk.decoded_width.into()),
        Own::PixarLog => chunk.decoded_bytes(image).saturating_mul(2),
    }
}
