//! A guess that spares a look: files written by one program hold their samples
//! at the same place, so the samples of a small file can be read straight into
//! theirs before its header is seen. One request fetches the whole file, what
//! stands around the samples into memory; the header then says whether the guess
//! was right, and where it was not, the samples are read again.
#![forbid(unsafe_code)]

use std::ops::Range;

use super::plan::Plan;
use crate::format::{Page, Stored};
use crate::stack::{FirstSlice, Stack};

/// Most that may stand around the samples.
const MOST_AROUND: u64 = 64 << 10;

/// Where the samples of a file probably lie.
#[derive(Debug)]
pub(super) struct Guess {
    /// Length of the file.
    pub file_bytes: u64,
    /// Where its samples lie, from the first row in the file to the last.
    pub samples: Range<u64>,
    /// How the rows follow each other.
    pub stored: Stored,
}

impl Guess {
    /// Guesses from the first slice, where whole images are asked for and their
    /// rows follow each other in the file.
    pub(super) fn new(stack: &Stack, plan: &Plan) -> Option<Guess> {
        let FirstSlice { page, file_bytes, .. } = &stack.first;
        let image = &page.description;
        let whole = (plan.width, plan.height) == (image.width, image.height);
        let guess = Guess::of(page, *file_bytes)?;
        let around = *file_bytes - (guess.samples.end - guess.samples.start);
        (whole && !stack.one_file && *file_bytes <= plan.run_bytes && around <= MOST_AROUND).then_some(guess)
    }

    /// Whether the file of a page has its samples where they were guessed.
    pub(super) fn holds(&self, page: &Page) -> bool {
        Guess::of(page, self.file_bytes)
            .is_some_and(|found| found.samples == self.samples && found.stored == self.stored)
    }

    fn of(page: &Page, file_bytes: u64) -> Option<Guess> {
        let image = &page.description;
        let row_bytes = image.row_bytes()?;
        let stored = page.stored(0)?;
        if stored.row_step.unsigned_abs() != row_bytes {
            return None;
        }
        let mut next = stored.first;
        for (index, chunk) in page.chunks.iter().enumerate() {
            let here = page.stored(index)?;
            let follows =
                (here.first, here.row_step, here.swapped) == (next, stored.row_step, stored.swapped);
            if !follows || (chunk.decoded_width, chunk.channels) != (image.width, image.channels) {
                return None;
            }
            next = next.wrapping_add_signed(here.row_step * i64::from(chunk.height));
        }
        let last = next.wrapping_add_signed(-stored.row_step);
        let samples = stored.first.min(last)..stored.first.max(last) + row_bytes;
        (samples.end <= file_bytes).then_some(Guess { file_bytes, samples, stored })
    }
}
