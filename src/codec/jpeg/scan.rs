//! One scan of a JPEG: which coefficients of which components it brings.
#![forbid(unsafe_code)]

use super::markers::{Frame, Process};
use super::tables::CUT;
use crate::codec::Fault;

/// A component in a scan.
#[derive(Clone, Copy)]
pub struct ScanPart {
    /// Its index in the frame.
    pub component: usize,
    /// Its tables.
    pub dc: usize,
    pub ac: usize,
}

/// The header of a scan.
pub struct Scan {
    pub parts: Vec<ScanPart>,
    /// The first and the last coefficient; of a lossless one, `first` is the
    /// predictor.
    pub first: usize,
    pub last: usize,
    /// The lowest bit that came before, 0 for none, and that which comes now.
    pub high: u8,
    pub low: u8,
}

/// What a scan does to a block.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Brings {
    /// All of it.
    All,
    /// The upper bits of the first coefficient.
    First,
    /// One more bit of it.
    FirstFiner,
    /// The upper bits of others.
    Others,
    /// One more bit of them.
    OthersFiner,
}

impl Scan {
    /// From the content of its header.
    pub fn read(header: &[u8], frame: &Frame) -> Result<Scan, Fault> {
        let (&count, rest) = header.split_first().ok_or(CUT)?;
        let (selectors, numbers) = rest.split_at_checked(2 * usize::from(count)).ok_or(CUT)?;
        let &[first, last, bits] = numbers.first_chunk().ok_or(CUT)?;
        let mut parts: Vec<ScanPart> = Vec::new();
        for &[id, tables] in selectors.as_chunks::<2>().0 {
            // Of components with one number, each is meant in its turn.
            let taken = |component| parts.iter().any(|part| part.component == component);
            let known = frame.parts.iter().enumerate().find(|&(at, part)| part.id == id && !taken(at));
            let (component, _) = known.filter(|_| tables & 0xCC == 0).ok_or(NONSENSE)?;
            parts.push(ScanPart { component, dc: (tables >> 4).into(), ac: (tables & 15).into() });
        }
        let scan = Scan { parts, first: first.into(), last: last.into(), high: bits >> 4, low: bits & 15 };
        if scan.parts.is_empty() || !scan.is_sound(frame.process) {
            return Err(NONSENSE);
        }
        Ok(scan)
    }

    fn is_sound(&self, process: Process) -> bool {
        match process {
            Process::Lossless => (1..8).contains(&self.first) && self.high == 0,
            // Some writers leave the numbers out that can be no others.
            Process::Sequential => true,
            Process::Progressive => {
                let range = match self.first {
                    0 => self.last == 0,
                    first => first <= self.last && self.last < 64 && self.parts.len() == 1,
                };
                range && self.low <= 13 && (self.high == 0 || self.high == self.low + 1)
            }
        }
    }

    /// What it does to a block.
    pub fn brings(&self, process: Process) -> Brings {
        match (process, self.first, self.high) {
            (Process::Progressive, 0, 0) => Brings::First,
            (Process::Progressive, 0, _) => Brings::FirstFiner,
            (Process::Progressive, _, 0) => Brings::Others,
            (Process::Progressive, ..) => Brings::OthersFiner,
            _ => Brings::All,
        }
    }
}

const NONSENSE: Fault = Fault::Broken("a JPEG scan whose header makes no sense");

/// Reads the coded numbers of one scan, block by block.
pub trait Coder {
    /// Adds what comes next to a block of part `part` of the scan.
    fn block(&mut self, part: usize, block: &mut [i16; 64]) -> Result<(), Fault>;
    /// Passes the restart marker `marker` and begins anew.
    fn restart(&mut self, marker: u8) -> Result<(), Fault>;
    /// More was used than there is.
    fn ran_out(&self) -> bool;
    /// Where the segment behind the scan begins.
    fn end(&self) -> Result<usize, Fault>;
}
