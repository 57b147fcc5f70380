//! Deflate in a zlib stream (TIFF compressions 8 and 32946, PNG).
#![forbid(unsafe_code)]

use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::Decompressor;

use super::Fault;

/// What one chunk leaves for the next: the decompressor's tables.
#[derive(Default)]
pub struct Inflate {
    decompressor: Option<Decompressor>,
}

impl Inflate {
    /// Decodes `raw` into `out`, to its last byte.
    pub fn decode(&mut self, raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        let decompressor = self.decompressor.get_or_insert_with(Decompressor::new);
        match decompressor.zlib_decompress(raw, out) {
            Ok(got) if got == out.len() => Ok(()),
            _ => decode_odd(raw, out),
        }
    }
}

/// libdeflate wants a whole stream and room for all of it. This takes a stream
/// that is longer than its pixels, as some writers fill up the last strip, and
/// tells one that is cut off from one that is damaged.
fn decode_odd(raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    let mut decoder = Decompress::new(true);
    loop {
        let (from, to) = (decoder.total_in() as usize, decoder.total_out() as usize);
        if to == out.len() {
            return Ok(());
        }
        match decoder.decompress(&raw[from..], &mut out[to..], FlushDecompress::None) {
            Ok(Status::Ok) if (decoder.total_in(), decoder.total_out()) != (from as u64, to as u64) => {}
            Ok(_) if decoder.total_out() == out.len() as u64 => {}
            Ok(_) => return Err(Fault::Short { got: decoder.total_out() as usize }),
            Err(_) => return Err(Fault::Broken("its deflate stream is damaged")),
        }
    }
}
