//! A guess that spares a look: files and pages written by one program look alike,
//! so the bytes of a small slice can be asked for before its header is seen. One
//! request fetches all that is the slice's own: stored samples straight into their
//! place and what stands around them into memory, or compressed ones into memory.
//! The header then says whether the guess was right; where it was not, the slice is
//! read again.
#![forbid(unsafe_code)]

use std::ops::Range;

use super::plan::Plan;
use super::sync::{Mutex, lock};
use crate::format::{Page, Stored};
use crate::stack::{FirstSlice, Slice, Stack};

/// Most that may stand around stored samples.
const MOST_AROUND: u64 = 64 << 10;
/// Read of a directory that stands behind its image.
const DIRECTORY: u64 = 4 << 10;
/// After so many slices that were read in vain, there are no more guesses.
const MOST_MISSES: u32 = 4;

/// Where a slice stands in its file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// The directory of the page before it, or the beginning of the file.
    before: u64,
    /// Its own directory, or the beginning of the file.
    at: u64,
    /// The directory of the page after it, or the end of the file.
    after: u64,
}

/// On which side of its directory an image lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    Behind,
}

/// What slices written by one program have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// Samples row behind row, all of them asked for.
    Stored { side: Side, from_directory: i64, bytes: u64, row_step: i64, swapped: bool },
    /// Compressed.
    Coded(Side),
    /// Anything else: nothing is guessed.
    Other,
}

/// What is to be read of a slice before its header is seen.
#[derive(Debug)]
pub(super) struct Guess {
    /// All that is the slice's own.
    pub span: Range<u64>,
    /// Where its samples lie, and how, where they are stored.
    pub samples: Option<(Range<u64>, Stored)>,
    layout: Layout,
}

/// What the slices opened so far have taught.
#[derive(Debug)]
pub(super) struct Guesses {
    whole: bool,
    /// Longer spans are not read on a guess.
    most: u64,
    taught: Mutex<Taught>,
}

#[derive(Debug)]
struct Taught {
    last: Layout,
    /// Two slices in turn were like this; of files, the first is enough.
    agreed: bool,
    misses: u32,
}

impl Spot {
    /// Where a slice stands in its file of `file_bytes`.
    pub(super) fn new(slices: &[Slice], index: usize, file_bytes: u64) -> Spot {
        let own = &slices[index];
        let Some(at) = own.page.directory else {
            return Spot { before: 0, at: 0, after: file_bytes };
        };
        let neighbour =
            |index: Option<usize>| slices.get(index?).filter(|slice| slice.path == own.path)?.page.directory;
        let before = neighbour(index.checked_sub(1)).filter(|&directory| directory < at);
        let after = neighbour(index.checked_add(1)).filter(|&directory| directory > at);
        Spot { before: before.unwrap_or(0), at, after: after.unwrap_or(file_bytes) }
    }

    fn side(&self, bytes: &Range<u64>) -> Option<Side> {
        if bytes.start >= self.at && bytes.end <= self.after {
            Some(Side::Behind)
        } else if bytes.start >= self.before && bytes.end <= self.at {
            Some(Side::Before)
        } else {
            None
        }
    }

    /// All that is the slice's own.
    fn span(&self, side: Side) -> Range<u64> {
        match side {
            Side::Before => self.before..self.at.saturating_add(DIRECTORY).min(self.after),
            Side::Behind => self.at..self.after,
        }
    }
}

impl Layout {
    fn of(page: &Page, spot: &Spot, whole: bool) -> Layout {
        if whole && let Some((samples, stored)) = samples(page) {
            let Some(side) = spot.side(&samples) else { return Layout::Other };
            let from_directory = samples.start.wrapping_sub(spot.at) as i64;
            let Stored { row_step, swapped, .. } = stored;
            return Layout::Stored {
                side,
                from_directory,
                bytes: samples.end - samples.start,
                row_step,
                swapped,
            };
        }
        let coded = (0..page.chunks.len()).all(|index| page.stored(index).is_none());
        match hull(page).and_then(|bytes| spot.side(&bytes)) {
            Some(side) if coded => Layout::Coded(side),
            _ => Layout::Other,
        }
    }

    fn guess(self, spot: &Spot, most: u64) -> Option<Guess> {
        let (span, samples) = match self {
            Layout::Stored { side, from_directory, bytes, row_step, swapped } => {
                let start = spot.at.checked_add_signed(from_directory)?;
                let samples = start..start.checked_add(bytes)?;
                let top = if row_step > 0 { start } else { samples.end.checked_add_signed(row_step)? };
                (spot.span(side), Some((samples, Stored { first: top, row_step, swapped })))
            }
            Layout::Coded(side) => (spot.span(side), None),
            Layout::Other => return None,
        };
        let length = span.end - span.start;
        let fits = samples.as_ref().is_none_or(|(samples, _)| {
            let inside = span.start <= samples.start && samples.end <= span.end;
            inside && length - (samples.end - samples.start) <= MOST_AROUND
        });
        (fits && length <= most).then_some(Guess { span, samples, layout: self })
    }
}

impl Guesses {
    pub(super) fn new(stack: &Stack, plan: &Plan) -> Guesses {
        let FirstSlice { index, page, file_bytes } = &stack.first;
        let image = &page.description;
        let whole = (plan.width, plan.height) == (image.width, image.height);
        // The first page of a file has tags that the others lack.
        let is_file = stack.slices[*index].page.directory.is_none();
        let last = match is_file {
            true => Layout::of(page, &Spot::new(&stack.slices, *index, *file_bytes), whole),
            false => Layout::Other,
        };
        let taught = Mutex::new(Taught { last, agreed: is_file, misses: 0 });
        Guesses { whole, most: plan.run_bytes, taught }
    }

    /// What to read of the slice that stands there, if it is worth a guess.
    pub(super) fn guess(&self, spot: &Spot) -> Option<Guess> {
        let layout = {
            let taught = lock(&self.taught);
            (taught.agreed && taught.misses < MOST_MISSES).then_some(taught.last)
        };
        layout?.guess(spot, self.most)
    }

    /// Learns from the page that stands there. Whether stored samples were where
    /// they had been guessed.
    pub(super) fn learn(&self, spot: &Spot, page: &Page, guess: Option<&Guess>) -> bool {
        let layout = Layout::of(page, spot, self.whole);
        let in_vain = |guess: &Guess| match guess.samples {
            Some(_) => guess.layout != layout,
            None => hull(page).is_none_or(|b| b.start < guess.span.start || b.end > guess.span.end),
        };
        let mut taught = lock(&self.taught);
        taught.agreed = taught.last == layout;
        taught.last = layout;
        taught.misses += u32::from(guess.is_some_and(in_vain));
        guess.is_some_and(|guess| guess.samples.is_some() && guess.layout == layout)
    }
}

/// Where the samples of a page lie, first row to last, and how, where they are
/// stored and their rows follow each other.
fn samples(page: &Page) -> Option<(Range<u64>, Stored)> {
    let image = &page.description;
    let row_bytes = image.row_bytes()?;
    let stored = page.stored(0)?;
    if stored.row_step.unsigned_abs() != row_bytes {
        return None;
    }
    let mut next = stored.first;
    for (index, chunk) in page.chunks.iter().enumerate() {
        let here = page.stored(index)?;
        let follows = (here.first, here.row_step, here.swapped) == (next, stored.row_step, stored.swapped);
        if !follows || (chunk.decoded_width, chunk.channels) != (image.width, image.channels) {
            return None;
        }
        next = next.wrapping_add_signed(here.row_step * i64::from(chunk.height));
    }
    let last = next.wrapping_add_signed(-stored.row_step);
    let start = stored.first.min(last);
    Some((start..stored.first.max(last).checked_add(row_bytes)?, stored))
}

/// From the first byte of the image to the last.
fn hull(page: &Page) -> Option<Range<u64>> {
    let start = page.chunks.iter().map(|chunk| chunk.bytes.start).min()?;
    let end = page.chunks.iter().map(|chunk| chunk.bytes.end).max()?;
    Some(start..end)
}
