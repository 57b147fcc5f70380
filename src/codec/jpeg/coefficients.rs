//! Coefficients in Huffman codes, of sequential and of progressive scans.
#![forbid(unsafe_code)]

use super::codes::{Codes, NO_CODE};
use super::huffman::Bits;
use super::scan::{Brings, Coder, Scan};
use super::tables::{Tables, ZIGZAG};
use crate::codec::Fault;

/// The coder of one scan.
pub struct Huffman<'a> {
    bits: Bits<'a>,
    parts: Vec<Part<'a>>,
    brings: Brings,
    first: usize,
    last: usize,
    low: u8,
    /// Blocks to come that bring nothing new but finer bits.
    run: u32,
}

struct Part<'a> {
    dc: Option<&'a Codes>,
    ac: Option<&'a Codes>,
    before: i32,
}

impl<'a> Huffman<'a> {
    /// Of the scan that begins at `at`.
    pub fn new(
        bytes: &'a [u8],
        at: usize,
        scan: &Scan,
        brings: Brings,
        tables: &'a Tables<Codes>,
    ) -> Huffman<'a> {
        let part = |part: &super::scan::ScanPart| Part {
            dc: tables.dc[part.dc & 3].as_deref(),
            ac: tables.ac[part.ac & 3].as_deref(),
            before: 0,
        };
        Huffman {
            bits: Bits::new(bytes, at),
            parts: scan.parts.iter().map(part).collect(),
            brings,
            first: scan.first,
            last: scan.last,
            low: scan.low,
            run: 0,
        }
    }

    fn dc(&mut self, part: usize) -> Result<i32, Fault> {
        let part = &mut self.parts[part];
        let size = part.dc.ok_or(NO_TABLE)?.read(&mut self.bits)?;
        if size > 15 {
            return Err(NO_CODE);
        }
        part.before = part.before.wrapping_add(self.bits.signed(size.into()));
        Ok(part.before)
    }

    /// Coefficients from `first` to `last`.
    fn ac(&mut self, part: usize, first: usize, last: usize, block: &mut [i16; 64]) -> Result<(), Fault> {
        if self.run > 0 {
            self.run -= 1;
            return Ok(());
        }
        let codes = self.parts[part].ac.ok_or(NO_TABLE)?;
        let mut at = first;
        while at <= last {
            let symbol = codes.read(&mut self.bits)?;
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            match (zeros, size) {
                (15, 0) => at += 16,
                (_, 0) => {
                    self.run = self.run_of(zeros)? - 1;
                    return Ok(());
                }
                _ => {
                    at += zeros;
                    let number = self.bits.signed(size);
                    let place = ZIGZAG.get(at).filter(|_| at <= last).ok_or(NO_CODE)?;
                    block[usize::from(*place)] = (number << self.low) as i16;
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// How many blocks end here, this one included.
    fn run_of(&mut self, bits: usize) -> Result<u32, Fault> {
        if bits > 0 && self.brings == Brings::All {
            return Err(NO_CODE);
        }
        Ok((1 << bits) + self.bits.take(bits as u32))
    }

    /// One more bit of coefficients that are not 0 yet, and new ones.
    fn ac_finer(&mut self, part: usize, block: &mut [i16; 64]) -> Result<(), Fault> {
        let codes = self.parts[part].ac.ok_or(NO_TABLE)?;
        let one = 1_i16 << self.low;
        let mut at = self.first;
        while self.run == 0 && at <= self.last {
            let symbol = codes.read(&mut self.bits)?;
            let (zeros, size) = (usize::from(symbol >> 4), symbol & 15);
            let fresh = match (zeros, size) {
                (_, 1) if self.bits.take(1) == 1 => one,
                (_, 1) => -one,
                (15, 0) => 0,
                (_, 0) => {
                    self.run = self.run_of(zeros)?;
                    break;
                }
                _ => return Err(NO_CODE),
            };
            let mut left = zeros;
            loop {
                let Some(&place) = ZIGZAG.get(at).filter(|_| at <= self.last) else {
                    if fresh != 0 {
                        return Err(NO_CODE);
                    }
                    break;
                };
                at += 1;
                let number = &mut block[usize::from(place)];
                if *number != 0 {
                    finer(number, one, &mut self.bits);
                } else if left > 0 {
                    left -= 1;
                } else {
                    *number = fresh;
                    break;
                }
            }
        }
        if self.run > 0 {
            for &place in ZIGZAG.get(at..=self.last).unwrap_or(&[]) {
                let number = &mut block[usize::from(place)];
                if *number != 0 {
                    finer(number, one, &mut self.bits);
                }
            }
            self.run -= 1;
        }
        Ok(())
    }
}

/// Takes one more bit of a coefficient that has some.
fn finer(number: &mut i16, one: i16, bits: &mut Bits) {
    if bits.take(1) == 1 && *number & one == 0 {
        *number = number.wrapping_add(if *number < 0 { -one } else { one });
    }
}

impl Coder for Huffman<'_> {
    fn block(&mut self, part: usize, block: &mut [i16; 64]) -> Result<(), Fault> {
        match self.brings {
            Brings::All => {
                block[0] = self.dc(part)? as i16;
                self.ac(part, 1, 63, block)
            }
            Brings::First => {
                block[0] = (self.dc(part)? << self.low) as i16;
                Ok(())
            }
            Brings::FirstFiner => {
                block[0] |= (self.bits.take(1) << self.low) as i16;
                Ok(())
            }
            Brings::Others => self.ac(part, self.first, self.last, block),
            Brings::OthersFiner => self.ac_finer(part, block),
        }
    }

    fn restart(&mut self, marker: u8) -> Result<(), Fault> {
        if self.bits.marker()? != marker {
            return Err(Fault::Broken("a JPEG whose restart markers are not in order"));
        }
        self.parts.iter_mut().for_each(|part| part.before = 0);
        self.run = 0;
        Ok(())
    }

    fn ran_out(&self) -> bool {
        self.bits.ran_out()
    }

    fn end(&self) -> Result<usize, Fault> {
        self.bits.end()
    }
}

const NO_TABLE: Fault = Fault::Broken("a JPEG scan whose table of codes is not there");
