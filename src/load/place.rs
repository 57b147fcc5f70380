//! The caller's buffer, and every write into it. The only unsafe code of the
//! load.
//!
//! Two threads never touch the same sample: a run of pieces is given to one
//! worker (`work`), the chunks of an image do not overlap (`format` lays them
//! out on a grid), and whole slices are filled, repaired or moved only after
//! all runs that wrote to them have ended. Within a thread, what `rows` and
//! `span` lend is used up before the next piece is begun.
//!
//! The buffer may be uninitialised. It comes from outside of Rust, so its bytes
//! are some bytes to the compiler; they are written before anything reads them.

use std::ops::Range;

use super::plan::Plan;
use super::runs::Region;
use crate::error::{Error, Result, Status};
use crate::format::Chunk;
use crate::machine::{self, Advice};

/// The caller's buffer, laid out as a plan says.
#[derive(Debug)]
pub(super) struct Target {
    base: *mut u8,
    row_stride: usize,
    slice_stride: usize,
    slices: usize,
    rows: usize,
    row_bytes: usize,
    sample_bytes: usize,
    pixel_bytes: usize,
    x: usize,
    y: usize,
    width: usize,
}

// SAFETY: the buffer is plain memory that its owner lends to the load until the
// load has ended; the head of this file says why threads do not meet in it.
unsafe impl Send for Target {}
// SAFETY: as above.
unsafe impl Sync for Target {}

impl Target {
    /// Checks a buffer against a plan; nothing is written.
    ///
    /// # Safety
    /// `base` must be writable for `bytes` bytes, by nobody else, until the
    /// target and everything that shares it is dropped. It may be uninitialised.
    pub(super) unsafe fn new(plan: &Plan, base: *mut u8, bytes: u64) -> Result<Target> {
        if base.is_null() {
            return Err(Error::new(Status::InvalidArgument, "the buffer is NULL"));
        }
        if bytes < plan.buffer_bytes {
            return Err(Error::new(
                Status::BufferTooSmall,
                format!("the buffer has {bytes} bytes, but the plan needs {}", plan.buffer_bytes),
            ));
        }
        let sample_bytes = plan.sample.bytes();
        if !base.addr().is_multiple_of(sample_bytes) {
            return Err(Error::new(
                Status::BufferMisaligned,
                format!(
                    "the buffer's address is no multiple of {sample_bytes}, the size of a {} sample",
                    plan.sample.name()
                ),
            ));
        }
        // The plan holds buffer_bytes <= isize::MAX, so no product below overflows.
        Ok(Target {
            base,
            row_stride: plan.row_stride as usize,
            slice_stride: plan.slice_stride as usize,
            slices: plan.slices as usize,
            rows: plan.height as usize,
            row_bytes: plan.row_bytes(),
            sample_bytes,
            pixel_bytes: plan.row_bytes() / plan.width as usize,
            x: plan.x as usize,
            y: plan.y as usize,
            width: plan.width as usize,
        })
    }

    /// Advises the system to use huge pages for the buffer.
    pub(super) fn advise_huge_pages(&self) -> Advice {
        let end = (self.slices - 1) * self.slice_stride + (self.rows - 1) * self.row_stride + self.row_bytes;
        machine::advise_huge_pages(self.base.addr(), end)
    }

    pub(super) fn height(&self) -> usize {
        self.rows
    }

    pub(super) fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// Start of `len` bytes of a row, `from` bytes into it.
    fn at(&self, slice: usize, row: usize, from: usize, len: usize) -> *mut u8 {
        assert!(slice < self.slices && row < self.rows && from + len <= self.row_bytes);
        // SAFETY: the assertion keeps the span inside the rows that the plan
        // laid out, and `new` checked that the buffer holds all of them.
        unsafe { self.base.add(slice * self.slice_stride + row * self.row_stride + from) }
    }

    /// The columns that a chunk has in common with the region, in the image.
    pub(super) fn columns(&self, chunk: &Chunk) -> Range<u32> {
        let (start, end) = (self.x as u32, (self.x + self.width) as u32);
        chunk.x.clamp(start, end)..(chunk.x + chunk.width).clamp(start, end)
    }

    /// The rows that a chunk has in common with the region, in the image.
    fn lines(&self, chunk: &Chunk) -> Range<u32> {
        let (start, end) = (self.y as u32, (self.y + self.rows) as u32);
        chunk.y.clamp(start, end)..(chunk.y + chunk.height).clamp(start, end)
    }

    /// The place of these rows and columns of the image, in the order of the file:
    /// from the top row down, as one piece where they follow each other in memory,
    /// or from the bottom row up.
    #[allow(clippy::mut_from_ref)]
    pub(super) fn rows(
        &self,
        slice: usize,
        y: Range<u32>,
        x: &Range<u32>,
        bottom_up: bool,
    ) -> Vec<&mut [u8]> {
        let from = (x.start as usize - self.x) * self.pixel_bytes;
        let len = x.len() * self.pixel_bytes;
        let top = y.start as usize - self.y;
        let joined = len == self.row_stride && !bottom_up;
        let (lines, bytes) = if joined { (1, len * y.len()) } else { (y.len(), len) };
        let mut rows: Vec<_> = (0..lines)
            .map(|line| {
                let to = self.at(slice, top + line, from, len);
                assert!(top + y.len() <= self.rows);
                // SAFETY: `at` checked the first row, the assertion the last one; where
                // rows follow each other in memory (their length is the stride), all
                // between them belong to this slice. That nobody else has these bytes
                // is the promise at the head of this file.
                unsafe { std::slice::from_raw_parts_mut(to, bytes) }
            })
            .collect();
        if bottom_up {
            rows.reverse();
        }
        rows
    }

    /// The place of a whole chunk, where its rows follow each other in memory as
    /// it decodes to them.
    pub(super) fn span(&self, slice: usize, chunk: &Chunk) -> Option<&mut [u8]> {
        let region = Region {
            x: self.x as u32..(self.x + self.width) as u32,
            y: self.y as u32..(self.y + self.rows) as u32,
        };
        let whole =
            region.has_all_of(chunk) && chunk.channels as usize * self.sample_bytes == self.pixel_bytes;
        let mut rows = match whole {
            true => self.rows(slice, self.lines(chunk), &self.columns(chunk), false),
            false => return None,
        };
        if rows.len() == 1 { rows.pop() } else { None }
    }

    /// Places the part of a decoded chunk that lies in the region. `pixels` are
    /// the rows that it decodes to.
    pub(super) fn place(&self, slice: usize, chunk: &Chunk, pixels: &[u8]) {
        let (x, y) = (self.columns(chunk), self.lines(chunk));
        if x.is_empty() {
            return;
        }
        let chunk_pixel = chunk.channels as usize * self.sample_bytes;
        let chunk_row = chunk.decoded_width as usize * chunk_pixel;
        let column = (x.start as usize - self.x) * self.pixel_bytes;
        for line in y {
            let from = (line - chunk.y) as usize * chunk_row + (x.start - chunk.x) as usize * chunk_pixel;
            let source = &pixels[from..from + x.len() * chunk_pixel];
            let row = line as usize - self.y;
            if chunk_pixel == self.pixel_bytes {
                self.write(slice, row, column, source);
            } else {
                self.write_plane(slice, row, column, chunk, source);
            }
        }
    }

    /// Writes a row of a plane of a planar image: its samples, or the two parts of
    /// complex ones, go between the others'.
    fn write_plane(&self, slice: usize, row: usize, column: usize, chunk: &Chunk, samples: &[u8]) {
        let within = chunk.channel as usize * self.sample_bytes;
        match chunk.channels as usize * self.sample_bytes {
            1 => self.write_apart::<1>(slice, row, column, within, samples),
            2 => self.write_apart::<2>(slice, row, column, within, samples),
            4 => self.write_apart::<4>(slice, row, column, within, samples),
            8 => self.write_apart::<8>(slice, row, column, within, samples),
            16 => self.write_apart::<16>(slice, row, column, within, samples),
            // `format` makes no planes of more.
            bytes => unreachable!("a plane of {bytes} bytes a pixel"),
        }
    }

    fn write_apart<const N: usize>(
        &self,
        slice: usize,
        row: usize,
        column: usize,
        within: usize,
        samples: &[u8],
    ) {
        let samples = samples.as_chunks::<N>().0;
        let to = self.at(slice, row, column, samples.len() * self.pixel_bytes);
        assert!(within + N <= self.pixel_bytes);
        for (index, sample) in samples.iter().enumerate() {
            // SAFETY: `at` gives room for as many pixels as there are samples, and
            // the assertion keeps the sample inside its pixel. Other channels of the
            // pixel may be written by other threads at the same time: they are other bytes.
            unsafe {
                let to = to.add(index * self.pixel_bytes + within);
                std::ptr::copy_nonoverlapping(sample.as_ptr(), to, N);
            }
        }
    }

    /// Writes bytes into a row, `from` bytes into it.
    pub(super) fn write(&self, slice: usize, row: usize, from: usize, bytes: &[u8]) {
        let to = self.at(slice, row, from, bytes.len());
        // SAFETY: `at` gives that many bytes inside the caller's buffer, which
        // no Rust reference points into.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) }
    }

    /// Reads a row of a slice that was placed or filled before.
    pub(super) fn read(&self, slice: usize, row: usize, bytes: &mut [u8]) {
        let from = self.at(slice, row, 0, bytes.len());
        // SAFETY: as in `write`; a slice that was placed is initialised.
        unsafe { std::ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), bytes.len()) }
    }

    /// Fills a slice with one sample's value.
    pub(super) fn fill(&self, slice: usize, sample: &[u8; 8]) {
        let row: Vec<u8> = sample[..self.sample_bytes].iter().copied().cycle().take(self.row_bytes).collect();
        for y in 0..self.rows {
            self.write(slice, y, 0, &row);
        }
    }

    /// Copies a placed slice over another one.
    pub(super) fn copy(&self, from: usize, to: usize) {
        for y in 0..self.rows {
            let source = self.at(from, y, 0, self.row_bytes);
            let target = self.at(to, y, 0, self.row_bytes);
            // SAFETY: both rows lie inside the buffer; `copy` allows them to
            // be the same.
            unsafe { std::ptr::copy(source, target, self.row_bytes) }
        }
    }
}
