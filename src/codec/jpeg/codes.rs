//! Huffman codes, one symbol at a time: for all but the fast way.
#![forbid(unsafe_code)]

use super::huffman::{Bits, Of};
use super::tables;
use crate::codec::Fault;

/// Bits that the table is indexed with.
const LOOK: usize = 9;
/// Longest code.
const LONGEST: usize = 16;

/// A table of codes.
pub struct Codes {
    /// Length in the upper byte, symbol in the lower; 0 for codes that are longer.
    look: [u16; 1 << LOOK],
    /// By length: the first 16 bits that are beyond codes of this length.
    beyond: [u32; LONGEST + 1],
    /// By length: what a code is less than the place of its symbol.
    shift: [u32; LONGEST + 1],
    symbols: [u8; 256],
}

impl tables::Codes for Codes {
    fn new(counts: &[u8; LONGEST], symbols: &[u8], _: Of) -> Result<Codes, Fault> {
        let mut codes = Codes {
            look: [0; 1 << LOOK],
            beyond: [0; LONGEST + 1],
            shift: [0; LONGEST + 1],
            symbols: [0; 256],
        };
        let places = codes.symbols.get_mut(..symbols.len());
        places.ok_or(Fault::Broken("a JPEG table of too many codes"))?.copy_from_slice(symbols);
        let (mut code, mut place) = (0_u32, 0_u32);
        for length in 1..=LONGEST {
            codes.shift[length] = code.wrapping_sub(place);
            for &symbol in symbols.iter().skip(place as usize).take(counts[length - 1].into()) {
                if code >= 1 << length {
                    return Err(Fault::Broken("a JPEG table of codes that do not fit"));
                }
                if let Some(free) = LOOK.checked_sub(length) {
                    let first = (code as usize) << free;
                    codes.look[first..first + (1 << free)].fill((length as u16) << 8 | u16::from(symbol));
                }
                code += 1;
                place += 1;
            }
            codes.beyond[length] = code << (LONGEST - length);
            code <<= 1;
        }
        Ok(codes)
    }
}

impl Codes {
    /// The symbol of the next code.
    #[inline(always)]
    pub fn read(&self, bits: &mut Bits) -> Result<u8, Fault> {
        let next = bits.peek();
        let entry = self.look[(next >> (16 - LOOK)) as usize];
        if entry != 0 {
            bits.skip(u32::from(entry >> 8));
            return Ok(entry as u8);
        }
        for length in LOOK + 1..=LONGEST {
            if next < self.beyond[length] {
                bits.skip(length as u32);
                let place = (next >> (LONGEST - length)).wrapping_sub(self.shift[length]);
                return Ok(self.symbols[place as usize & 255]);
            }
        }
        Err(NO_CODE)
    }
}

/// What is said of bits that mean nothing.
pub(super) const NO_CODE: Fault = Fault::Broken("bits that are no code of a JPEG");
