//! A JPEG inside a TIFF. Decoded here and not by the `tiff` crate, which takes
//! a cut one for a whole one, and one of another size for one that fits.
#![forbid(unsafe_code)]

use super::layout::Coding;
use crate::codec::{jpeg, ycbcr};
use crate::error::Result;
use crate::format::errors::corrupt;
use crate::format::guard::guard;
use crate::format::view::View;
use crate::format::{Chunk, memory};

/// Decodes one into `out`; `raw` is room for its bytes.
pub fn decode(
    view: &mut View,
    coding: &Coding,
    chunk: &Chunk,
    raw: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let bytes = chunk.bytes.end - chunk.bytes.start;
    // Tables come as a JPEG of their own: without its end they go between the
    // start marker and the rest of the chunk.
    let tables = coding.jpeg_tables.as_deref().unwrap_or(&[]);
    let tables = tables.strip_suffix(&[0xFF, 0xD9]).unwrap_or(tables);
    let kept = if tables.len() > 2 { tables.len() } else { 2 };
    memory::resize(raw, bytes.saturating_add(kept as u64 - 2))?;
    view.fill("its image", chunk.bytes.start, &mut raw[kept - 2..])?;
    if raw.get(kept - 2..kept) != Some(&[0xFF, 0xD8]) {
        return Err(corrupt("a chunk of the image is no JPEG"));
    }
    if tables.len() > 2 {
        raw[..kept].copy_from_slice(tables);
    }
    let frame = jpeg::frame(raw)?;
    let height = u64::from(frame.height);
    if u64::from(frame.width) != coding.chunk_width
        || !(u64::from(chunk.height)..=coding.chunk_height).contains(&height)
    {
        return Err(corrupt(format!(
            "a chunk holds a JPEG of {} x {} pixels where {} x {} belong",
            frame.width, frame.height, coding.chunk_width, chunk.height
        )));
    }
    if u32::from(frame.components) != chunk.channels {
        return Err(corrupt(format!(
            "a chunk holds a JPEG of {} components where {} belong",
            frame.components, chunk.channels
        )));
    }
    let needed = jpeg::memory(frame.width.into(), height, chunk.channels, frame.progressive);
    memory::probe(needed)?;
    guard(|| jpeg::decode(raw, &frame, out))?;
    crop(out, &frame, chunk);
    if coding.to_rgb {
        ycbcr::to_rgb(out);
    }
    Ok(())
}

/// Cuts the padding of a tile away, in place.
fn crop(out: &mut Vec<u8>, frame: &jpeg::Frame, chunk: &Chunk) {
    let channels = chunk.channels as usize;
    let full = usize::from(frame.width) * channels;
    let row = chunk.width as usize * channels;
    if row < full {
        for y in 1..chunk.height as usize {
            out.copy_within(y * full..y * full + row, y * row);
        }
    }
    out.truncate(row * chunk.height as usize);
}
