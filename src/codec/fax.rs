//! CCITT group 4 (TIFF 6.0, section 11; compression 4), through the `fax` crate.
#![forbid(unsafe_code)]

use std::convert::Infallible;

use fax::Color;
use fax::decoder::{DecodeStatus, Group4Decoder, pels};

use super::Fault;

/// Decodes rows of `width` pixels into `out`, eight to a byte, black as 1.
pub fn decode(raw: &[u8], width: u16, out: &mut [u8]) -> Result<(), Fault> {
    let broken = Fault::Broken("its fax code is damaged or cut off");
    let bytes = raw.iter().map(|&byte| Ok::<u8, Infallible>(byte));
    let mut decoder = Group4Decoder::new(bytes, width).map_err(|_| broken)?;
    let row_bytes = usize::from(width).div_ceil(8);
    for (index, row) in out.chunks_exact_mut(row_bytes).enumerate() {
        match decoder.advance() {
            Ok(DecodeStatus::Incomplete) => {}
            Ok(DecodeStatus::End) => return Err(Fault::Short { got: index * row_bytes }),
            Err(_) => return Err(broken),
        }
        row.fill(0);
        for (x, color) in pels(decoder.transition(), width).enumerate() {
            if color == Color::Black {
                row[x / 8] |= 0x80 >> (x % 8);
            }
        }
    }
    Ok(())
}
