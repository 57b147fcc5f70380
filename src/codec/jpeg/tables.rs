//! The tables that a JPEG's segments define, as they stand when a scan begins.
#![forbid(unsafe_code)]

use super::huffman::{Of, Table};
use super::standard;
use crate::codec::Fault;

/// From the order of coefficients in the file to rows.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The bytes end too early.
pub(super) const CUT: Fault = Fault::Short { got: 0 };

/// What becomes of the codes that a segment lists.
pub trait Codes: Sized {
    /// `counts` of codes by length, and their symbols.
    fn new(counts: &[u8; 16], symbols: &[u8], of: Of) -> Result<Self, Fault>;
}

impl Codes for Table {
    fn new(counts: &[u8; 16], symbols: &[u8], of: Of) -> Result<Table, Fault> {
        Table::new(counts, symbols, of)
    }
}

/// Tables as the headers have left them when a scan begins.
pub struct Tables<T> {
    steps: [Option<[u16; 64]>; 4],
    pub dc: [Option<Box<T>>; 4],
    pub ac: [Option<Box<T>>; 4],
    /// Units between restart markers, 0 for none.
    pub restart: u16,
    /// What an arithmetic coder takes for small and large, by table: of first
    /// numbers two bounds, of others one.
    pub bounds: [(u8, u8); 4],
    pub ac_bound: [u8; 4],
}

impl<T> Default for Tables<T> {
    fn default() -> Tables<T> {
        Tables {
            steps: [None; 4],
            dc: [const { None }; 4],
            ac: [const { None }; 4],
            restart: 0,
            bounds: [(0, 1); 4],
            ac_bound: [5; 4],
        }
    }
}

impl<T: Codes> Tables<T> {
    /// Takes what the segment behind a marker defines, if it defines any.
    pub fn take(&mut self, marker: u8, segment: &[u8]) -> Result<(), Fault> {
        match marker {
            0xC4 => self.huffman(segment),
            0xCC => self.conditions(segment),
            0xDB => self.steps(segment),
            0xDD => {
                self.restart = u16::from_be_bytes(*segment.first_chunk().ok_or(CUT)?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Fills in the standard's codes where no segment brought any.
    pub fn complete(&mut self) -> Result<(), Fault> {
        for i in 0..2 {
            let fill = |place: &mut Option<Box<T>>, (counts, symbols): standard::Listed, of| {
                if place.is_none() {
                    *place = Some(Box::new(T::new(counts, symbols, of)?));
                }
                Ok(())
            };
            fill(&mut self.dc[i], standard::DC[i], Of::Dc)?;
            fill(&mut self.ac[i], standard::AC[i], Of::Ac)?;
        }
        Ok(())
    }

    /// The steps of table `which`, in rows.
    pub fn steps_of(&self, which: u8) -> Option<[u16; 64]> {
        self.steps.get(usize::from(which)).copied().flatten()
    }

    /// DHT: several tables one after the other.
    fn huffman(&mut self, mut segment: &[u8]) -> Result<(), Fault> {
        while let Some((&which, rest)) = segment.split_first() {
            let (counts, rest) = rest.split_first_chunk().ok_or(CUT)?;
            let length = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(length).ok_or(CUT)?;
            let (tables, of) = if which < 16 { (&mut self.dc, Of::Dc) } else { (&mut self.ac, Of::Ac) };
            let place = if which < 32 { tables.get_mut(usize::from(which & 15)) } else { None };
            *place.ok_or(NO_KIND)? = Some(Box::new(T::new(counts, symbols, of)?));
            segment = rest;
        }
        Ok(())
    }

    /// DQT: the same.
    fn steps(&mut self, mut segment: &[u8]) -> Result<(), Fault> {
        while let Some((&which, rest)) = segment.split_first() {
            let place = self.steps.get_mut(usize::from(which & 15)).ok_or(NO_KIND)?;
            let (steps, rest) = rest.split_at_checked(if which < 16 { 64 } else { 128 }).ok_or(CUT)?;
            let mut table = [0; 64];
            for (i, &place) in ZIGZAG.iter().enumerate() {
                table[usize::from(place)] = match which {
                    0..16 => u16::from(steps[i]),
                    _ => u16::from_be_bytes([steps[2 * i], steps[2 * i + 1]]),
                };
            }
            *place = Some(table);
            segment = rest;
        }
        Ok(())
    }

    /// DAC: the same.
    fn conditions(&mut self, segment: &[u8]) -> Result<(), Fault> {
        for &[which, value] in segment.as_chunks::<2>().0 {
            let place = usize::from(which & 15);
            match (which >> 4, self.bounds.get_mut(place), self.ac_bound.get_mut(place)) {
                (0, Some(bounds), _) if value & 15 <= value >> 4 => *bounds = (value & 15, value >> 4),
                (1, _, Some(bound)) if (1..64).contains(&value) => *bound = value,
                _ => return Err(NO_KIND),
            }
        }
        Ok(())
    }
}

const NO_KIND: Fault = Fault::Broken("a JPEG table of no known kind");

/// A marker and what belongs to it.
pub struct Segment<'a> {
    /// The marker's second byte.
    pub marker: u8,
    /// Nothing, of markers that stand alone.
    pub content: &'a [u8],
    /// Where it ends.
    pub end: usize,
}

/// The next marker from `at` on, and where it ends. As libjpeg does, what stands in
/// front of it is skipped, whatever it is.
pub fn marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        at += bytes[at..].iter().position(|&byte| byte != 0xFF)?;
        if bytes[at] != 0 {
            return Some((bytes[at], at + 1));
        }
    }
}

/// The next segment from `at` on.
pub fn segment(bytes: &[u8], at: usize) -> Result<Segment<'_>, Fault> {
    let (marker, start) = marker(bytes, at).ok_or(CUT)?;
    if matches!(marker, 0x01 | 0xD0..=0xD9) {
        return Ok(Segment { marker, content: &[], end: start });
    }
    let length = bytes.get(start..).and_then(|rest| rest.first_chunk()).ok_or(CUT)?;
    let end = start + usize::from(u16::from_be_bytes(*length));
    let content = bytes.get(start + 2..end).ok_or(CUT)?;
    Ok(Segment { marker, content, end })
}
