//! Samples that are stored as they are, taken from bytes in memory.
#![forbid(unsafe_code)]

use super::{Chunk, Description, Stored, errors};
use crate::codec::byte_order;
use crate::error::Result;

/// Puts the rows of a chunk, whose bytes are `raw`, into `out`.
pub fn decode(stored: &Stored, image: &Description, chunk: &Chunk, raw: &[u8], out: &mut [u8]) -> Result<()> {
    let row_bytes = out.len() / chunk.decoded_height as usize;
    let mut at = (stored.first - chunk.bytes.start) as i64;
    for row in out.chunks_exact_mut(row_bytes) {
        let bytes = usize::try_from(at).ok().and_then(|at| raw.get(at..at.checked_add(row_bytes)?));
        row.copy_from_slice(bytes.ok_or_else(|| errors::truncated("its image"))?);
        at += stored.row_step;
    }
    if stored.swapped {
        byte_order::swap(out, image.sample.bytes());
    }
    Ok(())
}
