//! The caller's buffer, and every write into it. The only unsafe code of the
//! load.
//!
//! Two threads never touch the same sample: a run of chunks is given to one
//! worker (`work`), the chunks of an image do not overlap (`format` lays them
//! out on a grid), and whole slices are filled, repaired or moved only after
//! all runs that wrote to them have ended.

use super::plan::Plan;
use crate::error::{Error, Result, Status};
use crate::format::Chunk;

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

    pub(super) fn rows(&self) -> usize {
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

    /// Places the part of a decoded chunk that lies in the region. `pixels` are
    /// its packed rows.
    pub(super) fn place(&self, slice: usize, chunk: &Chunk, pixels: &[u8]) {
        let (left, top) = (chunk.x as usize, chunk.y as usize);
        let first_x = left.max(self.x);
        let end_x = (left + chunk.width as usize).min(self.x + self.width);
        let first_y = top.max(self.y);
        let end_y = (top + chunk.height as usize).min(self.y + self.rows);
        if first_x >= end_x {
            return;
        }
        let chunk_pixel = chunk.channels as usize * self.sample_bytes;
        let chunk_row = chunk.width as usize * chunk_pixel;
        for y in first_y..end_y {
            let from = (y - top) * chunk_row + (first_x - left) * chunk_pixel;
            let source = &pixels[from..from + (end_x - first_x) * chunk_pixel];
            let column = (first_x - self.x) * self.pixel_bytes;
            if chunk_pixel == self.pixel_bytes {
                self.write(slice, y - self.y, column, source);
            } else {
                // A plane of a planar image: its samples go between the others'.
                let channel = chunk.channel as usize * self.sample_bytes;
                for (n, sample) in source.chunks_exact(chunk_pixel).enumerate() {
                    self.write(slice, y - self.y, column + n * self.pixel_bytes + channel, sample);
                }
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
