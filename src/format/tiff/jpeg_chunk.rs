//! A JPEG inside a TIFF (TIFF technote 2).
#![forbid(unsafe_code)]

use super::page::TiffPage;
use crate::codec::{jpeg, ycbcr};
use crate::error::Result;
use crate::format::errors::corrupt;
use crate::format::guard::guard;
use crate::format::{Chunk, Scratch, memory};

/// Decodes one into `out`.
pub fn decode(
    page: &TiffPage,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    // Tables come as a JPEG of their own: without its end they go between the
    // start marker and the rest of the chunk.
    let tables = page.jpeg_tables.as_deref().unwrap_or(&[]);
    let tables = tables.strip_suffix(&[0xFF, 0xD9]).unwrap_or(tables);
    let Some(rest) = raw.strip_prefix(&[0xFF, 0xD8]) else {
        return Err(corrupt("a chunk of the image is no JPEG"));
    };
    let head: &[u8] = if tables.len() > 2 { tables } else { &[0xFF, 0xD8] };
    memory::join(&mut scratch.raw, head, rest, 0)?;
    let bytes = &scratch.raw;

    let frame = jpeg::frame(bytes)?;
    let (width, height) = (u64::from(chunk.decoded_width), u64::from(frame.height));
    if u64::from(frame.width) != width || !(u64::from(chunk.height)..=page.cell_height).contains(&height) {
        return Err(corrupt(format!(
            "a chunk holds a JPEG of {} x {} pixels where {width} x {} belong",
            frame.width, frame.height, chunk.height
        )));
    }
    if u32::from(frame.components) != chunk.channels {
        return Err(corrupt(format!(
            "a chunk holds a JPEG of {} components where {} belong",
            frame.components, chunk.channels
        )));
    }
    memory::probe(jpeg::memory(width, height, chunk.channels, frame.progressive))?;
    // The last JPEG may have fewer rows than a tile, or more than a strip.
    let pixels = width as usize * height as usize * chunk.channels as usize;
    if pixels == out.len() {
        guard(|| jpeg::decode(bytes, &frame, &mut scratch.spare, out))?;
    } else {
        memory::resize(&mut scratch.packed, pixels as u64)?;
        guard(|| jpeg::decode(bytes, &frame, &mut scratch.spare, &mut scratch.packed))?;
        let common = pixels.min(out.len());
        out[..common].copy_from_slice(&scratch.packed[..common]);
    }
    if page.to_rgb {
        ycbcr::to_rgb(out);
    }
    Ok(())
}
