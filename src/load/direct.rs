//! Stored samples, read straight into their place. Nothing is copied twice.
#![forbid(unsafe_code)]

use std::io;
use std::ops::Range;

use super::place::Target;
use super::runs::{NEAR, Piece};
use super::source::{Fetched, File};
use crate::codec::byte_order;
use crate::error::{Error, Result};
use crate::format::{Page, Stored};

/// Samples of the other byte order are turned while they are in the cache: this
/// much is read at a time.
const TURNED_BYTES: usize = 1 << 20;
/// Rows apart in the file are read by themselves where so much lies between them.
const WORTH_A_REQUEST: u64 = 4 * NEAR;

/// Everything that the way from a file to its place needs.
pub(super) struct Direct<'a> {
    pub file: File<'a>,
    pub target: &'a Target,
    pub page: &'a Page,
    /// The slice's place in the buffer.
    pub slice: usize,
}

impl Direct<'_> {
    /// Reads the pieces of a run that are stored. `fetched` is room for rows with small gaps
    /// between them.
    pub(super) fn read(&self, pieces: &[Piece], fetched: &mut Fetched) -> Result<()> {
        let mut waiting: Option<(Piece, Stored)> = None;
        for piece in pieces {
            let Some(stored) = self.page.stored(piece.chunk) else { continue };
            match &mut waiting {
                Some((first, at)) if self.follows(first, at, piece, &stored) => first.y.end = piece.y.end,
                _ => {
                    if let Some((piece, stored)) = waiting.replace((piece.clone(), stored)) {
                        self.read_piece(&piece, &stored, fetched)?;
                    }
                }
            }
        }
        match waiting {
            Some((piece, stored)) => self.read_piece(&piece, &stored, fetched),
            None => Ok(()),
        }
    }

    /// Whether a strip goes on where the pieces before it end, in the image and in
    /// the file, so that one request serves both.
    fn follows(&self, before: &Piece, at: &Stored, piece: &Piece, stored: &Stored) -> bool {
        let (a, b) = (&self.page.chunks[before.chunk], &self.page.chunks[piece.chunk]);
        (a.x, a.width, a.channel) == (b.x, b.width, b.channel)
            && (a.decoded_width, at.row_step) == (b.decoded_width, stored.row_step)
            && before.y.end == piece.y.start
            && offset(at, before.y.end - a.y, 0) == offset(stored, piece.y.start - b.y, 0)
    }

    /// Reads rows of a chunk, and of strips that follow it.
    fn read_piece(&self, piece: &Piece, stored: &Stored, fetched: &mut Fetched) -> Result<()> {
        let chunk = &self.page.chunks[piece.chunk];
        let pixel = chunk.channels as usize * self.page.description.sample.bytes();
        let x = self.target.columns(chunk);
        let row_bytes = x.len() * pixel;
        let skipped = (x.start - chunk.x) as usize * pixel;
        let gap = stored.row_step.unsigned_abs() - row_bytes as u64;
        let planar = chunk.channels != self.page.description.channels;
        if planar || gap > 0 && gap < WORTH_A_REQUEST {
            return self.read_with_gaps(piece, stored, fetched);
        }
        let rows_at_once = match (gap, stored.swapped) {
            (0, false) => u32::MAX,
            (0, true) => (TURNED_BYTES / row_bytes.max(1)).max(1) as u32,
            _ => 1,
        };
        let mut y = piece.y.clone();
        while !y.is_empty() {
            // The file may begin with the bottom row.
            let count = rows_at_once.min(y.len() as u32);
            let share = if stored.row_step > 0 { y.start..y.start + count } else { y.end - count..y.end };
            let first = if stored.row_step > 0 { share.start } else { share.end - 1 };
            let at = offset(stored, first - chunk.y, skipped);
            self.read_rows(at, share.clone(), &x, stored)?;
            y = if stored.row_step > 0 { share.end..y.end } else { y.start..share.start };
        }
        Ok(())
    }

    /// Reads rows that follow each other in the file, in one request.
    fn read_rows(&self, at: u64, y: Range<u32>, x: &Range<u32>, stored: &Stored) -> Result<()> {
        let mut rows = self.target.rows(self.slice, y, x, stored.row_step < 0);
        match rows.as_mut_slice() {
            [row] => self.file.read(at, row),
            rows => self.file.read_rows(at, rows),
        }
        .map_err(|error| failed(&error))?;
        if stored.swapped {
            let sample_bytes = self.page.description.sample.bytes();
            rows.iter_mut().for_each(|row| byte_order::swap(row, sample_bytes));
        }
        Ok(())
    }

    /// Reads everything from the first row to the last one and places it from
    /// there: the planes of a planar image, and rows with little between them.
    fn read_with_gaps(&self, piece: &Piece, stored: &Stored, fetched: &mut Fetched) -> Result<()> {
        let mut chunk = self.page.chunks[piece.chunk].clone();
        let sample_bytes = self.page.description.sample.bytes();
        let decoded_row = chunk.decoded_width as usize * chunk.channels as usize * sample_bytes;
        let (first, last) = (piece.y.start - chunk.y, piece.y.end - 1 - chunk.y);
        let ends = [offset(stored, first, 0), offset(stored, last, 0)];
        let range = ends[0].min(ends[1])..ends[0].max(ends[1]) + decoded_row as u64;
        fetched.clear();
        let bytes = fetched.room(&range).map_err(|error| failed(&error))?;
        self.file.read(range.start, bytes).map_err(|error| failed(&error))?;
        if stored.swapped {
            byte_order::swap(bytes, sample_bytes);
        }
        for y in piece.y.clone() {
            let at = (offset(stored, y - self.page.chunks[piece.chunk].y, 0) - range.start) as usize;
            (chunk.y, chunk.height) = (y, 1);
            self.target.place(self.slice, &chunk, &bytes[at..at + decoded_row]);
        }
        Ok(())
    }
}

/// Where a row of a chunk begins in the file, `skipped` bytes left out.
fn offset(stored: &Stored, row: u32, skipped: usize) -> u64 {
    let step = stored.row_step.wrapping_mul(i64::from(row));
    stored.first.wrapping_add_signed(step).wrapping_add(skipped as u64)
}

/// A read that fails; where the file ends too early, its image does.
pub(super) fn failed(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return Error::new(crate::Status::Truncated, "the file ends before its image does");
    }
    Error::io("read", error)
}
