//! Coefficients in arithmetic codes, of sequential and of progressive scans
//! (ITU-T T.81, F.2.4 and G.2).
#![forbid(unsafe_code)]

use super::codes::{Codes, NO_CODE};
use super::qm::{Bin, Decoder, EVEN};
use super::scan::{Brings, Coder, Scan};
use super::tables::{self, Tables, ZIGZAG};
use crate::codec::Fault;

/// Decisions about first coefficients, by table.
type DcBins = [Bin; 64];
/// Decisions about all others.
type AcBins = [Bin; 256];

/// Bins of sizes beyond the first bit, of first coefficients.
const DC_SIZES: usize = 20;
/// The same, of others: at low places and at high ones.
const AC_SIZES: (usize, usize) = (189, 217);
/// From the bins of a size to those of the bits below.
const TO_BITS: usize = 14;

/// The coder of one scan.
pub struct Arithmetic<'a> {
    bytes: &'a [u8],
    decoder: Decoder<'a>,
    parts: Vec<Part>,
    dc: [DcBins; 4],
    ac: Box<[AcBins; 4]>,
    even: Bin,
    bounds: [(u8, u8); 4],
    ac_bound: [u8; 4],
    brings: Brings,
    first: usize,
    last: usize,
    low: u8,
}

struct Part {
    dc: usize,
    ac: usize,
    before: i32,
    /// What kind the last difference was: the place of the bins for the next.
    context: usize,
}

impl<'a> Arithmetic<'a> {
    /// Of the scan that begins at `at`.
    pub fn new(
        bytes: &'a [u8],
        at: usize,
        scan: &Scan,
        brings: Brings,
        tables: &Tables<Codes>,
    ) -> Arithmetic<'a> {
        let part =
            |part: &super::scan::ScanPart| Part { dc: part.dc & 3, ac: part.ac & 3, before: 0, context: 0 };
        let range = if brings == Brings::All { 1..=63 } else { scan.first..=scan.last };
        Arithmetic {
            bytes,
            decoder: Decoder::new(bytes, at),
            parts: scan.parts.iter().map(part).collect(),
            dc: [[0; 64]; 4],
            ac: Box::new([[0; 256]; 4]),
            even: EVEN,
            bounds: tables.bounds,
            ac_bound: tables.ac_bound,
            brings,
            first: *range.start(),
            last: *range.end(),
            low: scan.low,
        }
    }

    fn dc(&mut self, part: usize) -> Result<i32, Fault> {
        let part = &mut self.parts[part];
        let bins = &mut self.dc[part.dc];
        let decoder = &mut self.decoder;
        if !decoder.decide(&mut bins[part.context]) {
            part.context = 0;
            return Ok(part.before);
        }
        let negative = decoder.decide(&mut bins[part.context + 1]);
        let start = part.context + 2 + usize::from(negative);
        let (size, at) = match decoder.decide(&mut bins[start]) {
            true => size(decoder, &mut bins[..], DC_SIZES, 1)?,
            false => (0, start),
        };
        let (lower, upper) = self.bounds[part.dc];
        part.context = if size < (1 << lower) >> 1 {
            0
        } else {
            let kind = if size > (1 << upper) >> 1 { 12 } else { 4 };
            kind + 4 * usize::from(negative)
        };
        let number = bits(decoder, &mut bins[at + TO_BITS], size) + 1;
        part.before = part.before.wrapping_add(if negative { -number } else { number });
        Ok(part.before)
    }

    fn ac(&mut self, part: usize, block: &mut [i16; 64]) -> Result<(), Fault> {
        let table = self.parts[part].ac;
        let bins = &mut self.ac[table];
        let decoder = &mut self.decoder;
        let mut at = self.first;
        while at <= self.last && !decoder.decide(&mut bins[3 * (at - 1)]) {
            while !decoder.decide(&mut bins[3 * (at - 1) + 1]) {
                at += 1;
                if at > self.last {
                    return Err(NO_CODE);
                }
            }
            let negative = decoder.decide(&mut self.even);
            let start = 3 * (at - 1) + 2;
            let (size, bin) = match decoder.decide(&mut bins[start]) {
                true if decoder.decide(&mut bins[start]) => {
                    let low = at <= usize::from(self.ac_bound[table]);
                    size(decoder, &mut bins[..], if low { AC_SIZES.0 } else { AC_SIZES.1 }, 2)?
                }
                more => (i32::from(more), start),
            };
            let number = bits(decoder, &mut bins[bin + TO_BITS], size) + 1;
            let number = if negative { -number } else { number };
            block[usize::from(ZIGZAG[at])] = (number << self.low) as i16;
            at += 1;
        }
        Ok(())
    }

    /// One more bit of coefficients that are not 0 yet, and new ones.
    fn ac_finer(&mut self, part: usize, block: &mut [i16; 64]) -> Result<(), Fault> {
        let bins = &mut self.ac[self.parts[part].ac];
        let decoder = &mut self.decoder;
        let one = 1_i16 << self.low;
        let place = |at: usize| usize::from(ZIGZAG[at]);
        let known = (1..=self.last).rev().find(|&at| block[place(at)] != 0).unwrap_or(0);
        let mut at = self.first;
        while at <= self.last {
            if at > known && decoder.decide(&mut bins[3 * (at - 1)]) {
                break;
            }
            loop {
                let number = &mut block[place(at)];
                if *number != 0 {
                    if decoder.decide(&mut bins[3 * (at - 1) + 2]) {
                        *number = number.wrapping_add(if *number < 0 { -one } else { one });
                    }
                    break;
                }
                if decoder.decide(&mut bins[3 * (at - 1) + 1]) {
                    *number = if decoder.decide(&mut self.even) { -one } else { one };
                    break;
                }
                at += 1;
                if at > self.last {
                    return Err(NO_CODE);
                }
            }
            at += 1;
        }
        Ok(())
    }
}

/// The highest bit of a number, from `from` on, and the bin that ended it.
fn size(decoder: &mut Decoder, bins: &mut [Bin], start: usize, from: i32) -> Result<(i32, usize), Fault> {
    let (mut size, mut at) = (from, start);
    while decoder.decide(&mut bins[at]) {
        size <<= 1;
        if size == 0x8000 {
            return Err(NO_CODE);
        }
        at += 1;
    }
    Ok((size, at))
}

/// A number whose highest bit is `size`.
fn bits(decoder: &mut Decoder, bin: &mut Bin, size: i32) -> i32 {
    let (mut number, mut bit) = (size, size >> 1);
    while bit > 0 {
        if decoder.decide(bin) {
            number |= bit;
        }
        bit >>= 1;
    }
    number
}

impl Coder for Arithmetic<'_> {
    fn block(&mut self, part: usize, block: &mut [i16; 64]) -> Result<(), Fault> {
        match self.brings {
            Brings::All => {
                block[0] = self.dc(part)? as i16;
                self.ac(part, block)
            }
            Brings::First => {
                block[0] = (self.dc(part)? << self.low) as i16;
                Ok(())
            }
            Brings::FirstFiner => {
                block[0] |= i16::from(self.decoder.decide(&mut self.even)) << self.low;
                Ok(())
            }
            Brings::Others => self.ac(part, block),
            Brings::OthersFiner => self.ac_finer(part, block),
        }
    }

    fn restart(&mut self, marker: u8) -> Result<(), Fault> {
        let found = tables::segment(self.bytes, self.decoder.marker()?)?;
        if found.marker != marker {
            return Err(Fault::Broken("a JPEG whose restart markers are not in order"));
        }
        self.decoder = Decoder::new(self.bytes, found.end);
        self.dc = [[0; 64]; 4];
        *self.ac = [[0; 256]; 4];
        self.even = EVEN;
        for part in &mut self.parts {
            (part.before, part.context) = (0, 0);
        }
        Ok(())
    }

    fn ran_out(&self) -> bool {
        self.decoder.ran_out()
    }

    fn end(&self) -> Result<usize, Fault> {
        self.decoder.marker()
    }
}
