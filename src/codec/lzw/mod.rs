//! LZW as in TIFF: codes of 9 to 12 bits -> bytes.
//!
//! A code stands for a string of bytes. The first 256 are the bytes themselves,
//! 256 clears the table, 257 ends the data, and from 258 on each code read adds
//! one: the string before it and the first byte of its own. Codes grow by a bit
//! when the table outgrows them, up to 12; a full table stays as it is.
//!
//! Streams are read as libtiff reads them, for a caller who knows how many bytes
//! must come out: what follows the last of them is not looked at, and the last
//! string may be longer than what is left. Milder than libtiff, a stream need not
//! begin with a clear, and a full table may be used for as long as it lasts.
#![forbid(unsafe_code)]

mod entry;
mod fast;
mod order;
mod stream;

#[cfg(test)]
mod encode;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod tests;

use super::Fault;
use entry::Entry;
use order::{New, Old};
use stream::Stream;

/// The code that clears the table.
const CLEAR: usize = 256;
/// The code that ends the data.
const END: usize = 257;
/// The first code of a string.
const FIRST: usize = 258;
/// Bits of a code behind a clear.
const NARROWEST: u32 = 9;
/// Bits of a code at most.
const WIDEST: u32 = 12;
/// All codes there can be.
const CODES: usize = 1 << WIDEST;

/// A table for one stream after the other: 32 KiB, which are worth keeping, as to
/// make them anew takes a twentieth of the time of a small strip.
pub struct Decoder {
    table: [Entry; CODES],
}

impl Decoder {
    /// A table of single bytes.
    pub fn new() -> Decoder {
        let mut table = [Entry::COMMAND; CODES];
        for byte in 0..=u8::MAX {
            table[usize::from(byte)] = Entry::of(byte);
        }
        Decoder { table }
    }

    /// Fills `out` from `raw`, which holds one strip or tile.
    ///
    /// After an error the bytes had so far stand in `out`, and anything behind them.
    pub fn decode(&mut self, raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        match is_old(raw) {
            true => Stream::<Old>::new(raw, out, &mut self.table).decode(),
            false => Stream::<New>::new(raw, out, &mut self.table).decode(),
        }
    }
}

impl Default for Decoder {
    fn default() -> Decoder {
        Decoder::new()
    }
}

/// Whether `raw` is of before TIFF 6.0, when the bits of a code came in the other
/// order: its clear, which is always first, tells. libtiff looks here too.
fn is_old(raw: &[u8]) -> bool {
    matches!(raw, [0, second, ..] if second & 1 == 1)
}
