//! The Huffman-coded numbers of a baseline JPEG.
//!
//! A number comes as a code, which tells how many zeros are before it and how
//! many bits it has, and then these bits. Most are short, code and number
//! together no longer than a table can be indexed with: one look gives all.
#![forbid(unsafe_code)]

use crate::codec::Fault;

/// Bits that a table is indexed with.
const LOOK: u32 = 10;
/// Longest code.
const LONGEST: usize = 16;

/// More zeros than a block has: the rest of the block is zeros.
pub(super) const END: usize = 127;
/// In place of a number of zeros: bits that are no code, or not in a baseline JPEG.
const NO_CODE: u32 = 126;

/// What the next bits say.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry(u32);

impl Entry {
    /// Only in tables: the code is longer.
    const LONGER: Entry = Entry(0);

    /// `bits` to pass, `zeros` before the number, `more` bits that make the number
    /// or none, and then it is `number`.
    fn new(bits: u32, zeros: u32, more: u32, number: i32) -> Entry {
        Entry(bits | zeros << 5 | more << 12 | (number as u32) << 16)
    }

    fn bits(self) -> u32 {
        self.0 & 31
    }

    fn zeros(self) -> usize {
        (self.0 >> 5 & 127) as usize
    }

    fn more(self) -> u32 {
        self.0 >> 12 & 15
    }

    fn number(self) -> i32 {
        self.0 as i32 >> 16
    }
}

/// What a table is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// First numbers of blocks, as differences.
    Dc,
    /// All others.
    Ac,
}

/// A table of codes.
pub struct Table {
    look: [Entry; 1 << LOOK],
    /// By length: the first 16 bits that are beyond codes of this length.
    beyond: [u32; LONGEST + 1],
    /// By length: what a code is less than the place of its symbol.
    shift: [u32; LONGEST + 1],
    symbols: [u8; 256],
    of: Of,
}

impl Table {
    /// From a DHT segment: `counts` of codes by length, and their symbols.
    pub fn new(counts: &[u8; LONGEST], symbols: &[u8], of: Of) -> Result<Table, Fault> {
        let mut table = Table {
            look: [Entry::LONGER; 1 << LOOK],
            beyond: [0; LONGEST + 1],
            shift: [0; LONGEST + 1],
            symbols: [0; 256],
            of,
        };
        let places = table.symbols.get_mut(..symbols.len());
        places.ok_or(Fault::Broken("a JPEG table of too many codes"))?.copy_from_slice(symbols);
        let (mut code, mut place) = (0_u32, 0_u32);
        for length in 1..=LONGEST {
            table.shift[length] = code.wrapping_sub(place);
            for &symbol in symbols.iter().skip(place as usize).take(counts[length - 1].into()) {
                if code >= 1 << length {
                    return Err(Fault::Broken("a JPEG table of codes that do not fit"));
                }
                table.enter(code, length as u32, symbol);
                code += 1;
                place += 1;
            }
            table.beyond[length] = code << (LONGEST - length);
            code <<= 1;
        }
        Ok(table)
    }

    fn enter(&mut self, code: u32, length: u32, symbol: u8) {
        let Some(free) = LOOK.checked_sub(length) else {
            return;
        };
        let entry = self.entry_of(symbol, length);
        let first = (code << free) as usize;
        for (rest, slot) in self.look[first..first + (1 << free)].iter_mut().enumerate() {
            let more = entry.more();
            *slot = match free.checked_sub(more) {
                Some(left) if more > 0 => {
                    let number = extended(rest as u32 >> left, more);
                    Entry::new(length + more, entry.zeros() as u32, 0, number)
                }
                _ => entry,
            };
        }
    }

    /// What a symbol means, its number not yet read.
    fn entry_of(&self, symbol: u8, length: u32) -> Entry {
        let (zeros, more) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        match (self.of, zeros, more) {
            (Of::Dc, 0, 0..=11) => Entry::new(length, 0, more, 0),
            (Of::Ac, 0, 0) => Entry::new(length, END as u32, 0, 0),
            (Of::Ac, 15, 0) | (Of::Ac, _, 1..=10) => Entry::new(length, zeros, more, 0),
            _ => Entry::new(length, NO_CODE, 0, 0),
        }
    }

    #[cold]
    fn long(&self, next: u32) -> Entry {
        for length in LOOK as usize + 1..=LONGEST {
            if next < self.beyond[length] {
                let place = (next >> (LONGEST - length)).wrapping_sub(self.shift[length]);
                return self.entry_of(self.symbols[place as usize & 255], length as u32);
            }
        }
        Entry::new(LONGEST as u32, NO_CODE, 0, 0)
    }
}

/// The number that `bits` bits stand for: those that begin with 0 are negative.
#[inline(always)]
fn extended(value: u32, bits: u32) -> i32 {
    let least = 1 << (bits - 1);
    value as i32 - if value < least { (2 * least - 1) as i32 } else { 0 }
}

/// The bits of a scan.
pub struct Bits<'a> {
    bytes: &'a [u8],
    /// Up to where `next` has them.
    at: usize,
    /// The next bits, highest first.
    next: u64,
    /// How many of them.
    have: u32,
    /// How many at the end of these were made up.
    beyond: u32,
}

impl<'a> Bits<'a> {
    /// From `at` on.
    pub fn new(bytes: &'a [u8], at: usize) -> Bits<'a> {
        Bits { bytes, at, next: 0, have: 0, beyond: 0 }
    }

    /// Makes it 56 bits at least: enough for two numbers, however long.
    #[inline(always)]
    pub fn refill(&mut self) {
        if let Some(bytes) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()) {
            let bytes = u64::from_be_bytes(*bytes);
            // Whether none of them is 0xFF.
            let carries = (bytes & 0x7F7F_7F7F_7F7F_7F7F).wrapping_add(0x0101_0101_0101_0101);
            if carries & bytes & 0x8080_8080_8080_8080 == 0 {
                // Bits that are more than whole bytes are laid over the same again.
                self.next |= bytes >> self.have;
                let count = (63 - self.have) / 8;
                self.at += count as usize;
                self.have += 8 * count;
                return;
            }
        }
        self.refill_bytewise();
    }

    #[cold]
    #[inline(never)]
    fn refill_bytewise(&mut self) {
        while self.have < 56 {
            let byte = match self.bytes.get(self.at..) {
                Some([0xFF, 0x00, ..]) => {
                    self.at += 2;
                    0xFF
                }
                Some([byte, ..]) if *byte != 0xFF => {
                    self.at += 1;
                    *byte
                }
                // A marker or the end. Whether zeros are used up is asked later.
                _ => {
                    self.beyond += 8;
                    0
                }
            };
            self.next |= u64::from(byte) << (56 - self.have);
            self.have += 8;
        }
    }

    #[inline(always)]
    fn pass(&mut self, count: u32) {
        self.next <<= count;
        self.have -= count;
    }

    /// The next number and how many zeros are before it.
    #[inline(always)]
    pub fn number(&mut self, table: &Table) -> (usize, i32) {
        let mut entry = table.look[(self.next >> (64 - LOOK)) as usize];
        if entry == Entry::LONGER {
            entry = table.long((self.next >> 48) as u32);
        }
        self.pass(entry.bits());
        let more = entry.more();
        if more == 0 {
            return (entry.zeros(), entry.number());
        }
        let value = (self.next >> (64 - more)) as u32;
        self.pass(more);
        (entry.zeros(), extended(value, more))
    }

    /// The next 16 bits.
    #[inline(always)]
    pub fn peek(&mut self) -> u32 {
        if self.have < 16 {
            self.refill();
        }
        (self.next >> 48) as u32
    }

    /// Passes bits that `peek` has shown.
    #[inline(always)]
    pub fn skip(&mut self, count: u32) {
        self.pass(count);
    }

    /// The next bits as a number, 16 at the most.
    #[inline(always)]
    pub fn take(&mut self, count: u32) -> u32 {
        let value = self.peek() >> (16 - count);
        self.pass(count);
        value
    }

    /// The number that the next bits stand for, 15 at the most.
    #[inline(always)]
    pub fn signed(&mut self, count: u32) -> i32 {
        if count == 0 { 0 } else { extended(self.take(count), count) }
    }

    /// Bits were used that are not there.
    pub fn ran_out(&self) -> bool {
        self.have < self.beyond
    }

    /// Goes behind the next marker and returns its second byte. All bits in front
    /// of it must have been used, but for those that fill up a byte.
    pub fn marker(&mut self) -> Result<u8, Fault> {
        if self.ran_out() {
            return Err(Fault::Short { got: 0 });
        }
        if self.have - self.beyond >= 8 {
            return Err(Fault::Broken(MORE));
        }
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let fill = rest.iter().take_while(|&&byte| byte == 0xFF).count();
        match rest.get(fill) {
            Some(&marker) if fill > 0 => {
                *self = Bits::new(self.bytes, self.at + fill + 1);
                Ok(marker)
            }
            Some(_) => Err(Fault::Broken(MORE)),
            None => Err(Fault::Short { got: 0 }),
        }
    }

    /// Where the marker behind the scan begins, or the end of the bytes. In front of
    /// it nothing but padding may be left, or the marker of a restart that does not
    /// come.
    pub fn end(&self) -> Result<usize, Fault> {
        if self.ran_out() {
            return Err(Fault::Short { got: 0 });
        }
        // Whole bytes that were taken in advance, with the zeros behind each 0xFF.
        let mut unread = (self.have - self.beyond) / 8;
        let mut at = self.at;
        while unread > 0 {
            let stuffed = at >= 2 && self.bytes[at - 2..at] == [0xFF, 0x00];
            at -= if stuffed { 2 } else { 1 };
            unread -= 1;
        }
        loop {
            match self.bytes.get(at..).unwrap_or(&[]) {
                [] | [0xFF] => return Ok(self.bytes.len()),
                [0xFF, 0x00 | 0xD0..=0xD7, ..] => at += 2,
                [0x00, ..] | [0xFF, 0xFF, ..] => at += 1,
                [0xFF, ..] => return Ok(at),
                _ => return Err(Fault::Broken(MORE)),
            }
        }
    }
}

const MORE: &str = "a JPEG scan with more than its image";
