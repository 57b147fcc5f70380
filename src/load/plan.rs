//! What a load will do and need, worked out before anything is read.
#![forbid(unsafe_code)]

use super::options::{LoadOptions, Policy};
use super::runs::{self, Region};
use crate::error::{Error, Result, Status};
use crate::machine::{self, Storage};
use crate::sample::SampleType;
use crate::stack::Stack;

/// Reads in flight that a load begins with: enough to see what more of them
/// bring, few enough to lose little on a disk with a head.
const FIRST_READS: u32 = 4;
/// The same where one read is likely to be as good as several: on a disk that
/// says it has a head, and in memory.
const FIRST_READS_NEAR: u32 = 2;
/// As many as are ever in flight by the load's own choice.
const MOST_READS: u32 = 16;
/// Memory for each worker that reads in flight may take by the load's own choice.
const MEMORY_PER_WORKER: u64 = 8 << 20;
/// Most threads of either kind that can be asked for.
const MOST_THREADS: u32 = 1024;

/// Shape, layout and needs of a load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Slices, rows, columns and channels in the buffer, slowest first.
    pub slices: u64,
    /// Rows.
    pub height: u32,
    /// Columns.
    pub width: u32,
    /// Samples per pixel, interleaved.
    pub channels: u32,
    /// Type of a sample.
    pub sample: SampleType,
    /// Bytes from row to row.
    pub row_stride: u64,
    /// Bytes from slice to slice.
    pub slice_stride: u64,
    /// Bytes of buffer, from the first sample to the last.
    pub buffer_bytes: u64,
    /// Most bytes taken beyond the buffer, as far as the first slice tells.
    pub working_bytes: u64,
    /// Cores that decode.
    pub workers: u32,
    /// Reads in flight at the beginning.
    pub reads_in_flight: u32,
    /// Reads in flight at most; the number follows what the storage gives,
    /// unless one was asked for.
    pub most_reads: u32,
    /// Threads started at most: a thread that waits for its read holds no core.
    pub threads: u32,
    /// Bytes read at a time.
    pub run_bytes: u64,
    /// Storage as the system describes it.
    pub storage: Storage,
    /// First slice, in the opened stack.
    pub z_first: u64,
    /// Step between slices.
    pub z_step: u64,
    /// Left column of the region.
    pub x: u32,
    /// Top row of the region.
    pub y: u32,
}

impl Plan {
    /// Works out a load of `stack`.
    pub fn new(stack: &Stack, options: &LoadOptions) -> Result<Plan> {
        let (z_first, z_step, slices) = z_range(stack, options)?;
        let image = &stack.description;
        let (x, width) = span("x", options.x, "width", options.width, image.width)?;
        let (y, height) = span("y", options.y, "height", options.height, image.height)?;

        let sample_bytes = image.sample.bytes() as u64;
        let row_bytes = u64::from(width) * u64::from(image.channels) * sample_bytes;
        let row_stride = stride("row_stride", options.row_stride, row_bytes, sample_bytes)?;
        let slice_bytes = row_stride
            .checked_mul(u64::from(height) - 1)
            .and_then(|bytes| bytes.checked_add(row_bytes))
            .ok_or_else(|| too_large("one slice"))?;
        // Packed slices follow each other at a whole number of rows.
        let packed = match options.slice_stride {
            0 => row_stride.checked_mul(height.into()).ok_or_else(|| too_large("one slice"))?,
            _ => slice_bytes,
        };
        let slice_stride = stride("slice_stride", options.slice_stride, packed, sample_bytes)?;
        let buffer_bytes = slice_stride
            .checked_mul(slices - 1)
            .and_then(|bytes| bytes.checked_add(slice_bytes))
            .filter(|&bytes| bytes <= isize::MAX as u64)
            .ok_or_else(|| too_large("the volume"))?;

        // Where no neighbour is good, nothing can be blended either.
        if matches!(options.policy, Policy::Fill | Policy::Interpolate) {
            super::fill::check(options.fill_value, image.sample)?;
        }
        let storage = stack.storage;
        let mut plan = Plan {
            slices,
            height,
            width,
            channels: image.channels,
            sample: image.sample,
            row_stride,
            slice_stride,
            buffer_bytes,
            working_bytes: 0,
            workers: asked("workers", options.workers, machine::cores() as u32)?,
            reads_in_flight: asked("reads_in_flight", options.reads_in_flight, first_reads(storage))?,
            most_reads: if options.reads_in_flight == 0 { MOST_READS } else { options.reads_in_flight },
            threads: 0,
            run_bytes: 0,
            storage,
            z_first,
            z_step,
            x,
            y,
        };
        plan.fit_threads(stack, options)?;
        Ok(plan)
    }

    /// The stack's index of the slice at a place in the buffer.
    pub fn slice_at(&self, place: u64) -> u64 {
        self.z_first + place * self.z_step
    }

    /// Bytes of one row's samples.
    pub fn row_bytes(&self) -> usize {
        self.width as usize * self.channels as usize * self.sample.bytes()
    }

    /// The part of each image that is asked for.
    pub(super) fn region(&self) -> Region {
        Region { x: self.x..self.x + self.width, y: self.y..self.y + self.height }
    }

    /// What was chosen, and why, in words.
    pub fn why(&self) -> String {
        let reads = match (self.reads_in_flight, self.most_reads) {
            (first, most) if first == most => format!("{first} reads in flight"),
            (first, most) => {
                format!("{first} reads in flight to begin with, up to {most} while more give more")
            }
        };
        format!(
            "{} cores decode; {reads}; {} KiB are read at a time; storage: {}",
            self.workers,
            self.run_bytes >> 10,
            self.storage.name()
        )
    }

    /// Threads that are started at once: what a load from the cache can use, or
    /// what was asked for.
    pub(super) fn first_threads(&self) -> u32 {
        let waiting = if self.reads_in_flight == self.most_reads { self.reads_in_flight } else { 0 };
        self.threads.min(self.workers + waiting)
    }

    /// Sets threads and working memory: as many threads as can be busy, fewer
    /// where memory is limited.
    fn fit_threads(&mut self, stack: &Stack, options: &LoadOptions) -> Result<()> {
        let memory_limit = options.memory_limit;
        self.run_bytes = runs::run_bytes(&stack.first, self.slices, self.workers);
        let needs = runs::needs(&stack.first, &self.region(), self.run_bytes);
        let per_thread = needs.bytes_per_thread;
        let useful = needs.runs_per_slice.saturating_mul(self.slices).min(u64::from(u32::MAX)) as u32;
        self.workers = self.workers.min(useful);
        self.reads_in_flight = self.reads_in_flight.min(useful);
        self.most_reads = self.most_reads.min(useful);
        if options.reads_in_flight == 0 && memory_limit == 0 {
            let memory = u64::from(self.workers) * MEMORY_PER_WORKER;
            let room = (memory / per_thread.max(1)).min(1 << 20) as u32;
            let room = room.saturating_sub(self.workers).max(FIRST_READS_NEAR);
            self.most_reads = self.most_reads.min(room);
        }
        let mut threads = (self.workers + self.most_reads).min(useful);

        let fixed = self.slices.saturating_mul(super::engine::BYTES_PER_SLICE);
        if memory_limit != 0 {
            let room = memory_limit.saturating_sub(fixed) / per_thread.max(1);
            if room == 0 {
                return Err(Error::new(
                    Status::MemoryLimit,
                    format!(
                        "the memory limit of {memory_limit} bytes is below the least that this load \
                         needs beyond the buffer, {} bytes; raise it, or load fewer slices at a time",
                        fixed.saturating_add(per_thread)
                    ),
                ));
            }
            threads = threads.min(room.min(u64::from(u32::MAX)) as u32);
            self.workers = self.workers.min(threads);
            self.most_reads = self.most_reads.min(threads);
        }
        self.reads_in_flight = self.reads_in_flight.min(self.most_reads);
        self.threads = threads;
        self.working_bytes = fixed.saturating_add(per_thread.saturating_mul(threads.into()));
        Ok(())
    }
}

fn first_reads(storage: Storage) -> u32 {
    match storage {
        Storage::Rotational | Storage::Memory => FIRST_READS_NEAR,
        _ => FIRST_READS,
    }
}

fn z_range(stack: &Stack, options: &LoadOptions) -> Result<(u64, u64, u64)> {
    let total = stack.slices.len() as u64;
    let first = options.z_first;
    let step = options.z_step.max(1);
    if first >= total {
        return Err(Error::new(
            Status::OutOfRange,
            format!("z_first is {first}, but the stack has {total} slices (0 to {})", total - 1),
        ));
    }
    let count = match options.z_count {
        0 => total - first,
        count if count <= total - first => count,
        count => {
            return Err(Error::new(
                Status::OutOfRange,
                format!(
                    "z_first {first} and z_count {count} reach past the end: the stack has {total} slices"
                ),
            ));
        }
    };
    Ok((first, step, count.div_ceil(step)))
}

/// Start and length of the region along one axis.
fn span(start_name: &str, start: u32, length_name: &str, length: u32, full: u32) -> Result<(u32, u32)> {
    if start >= full || length > full - start {
        return Err(Error::new(
            Status::OutOfRange,
            format!(
                "{start_name} {start} and {length_name} {length} reach past the image, which is {full} wide there"
            ),
        ));
    }
    Ok((start, if length == 0 { full - start } else { length }))
}

fn stride(name: &str, asked: u64, packed: u64, sample_bytes: u64) -> Result<u64> {
    if asked == 0 {
        return Ok(packed);
    }
    if asked < packed {
        return Err(Error::new(
            Status::InvalidArgument,
            format!("{name} is {asked} bytes, but what it spans needs {packed}"),
        ));
    }
    if !asked.is_multiple_of(sample_bytes) {
        return Err(Error::new(
            Status::BufferMisaligned,
            format!("{name} is {asked} bytes, which is no multiple of the sample's {sample_bytes}"),
        ));
    }
    Ok(asked)
}

fn asked(name: &str, value: u32, default: u32) -> Result<u32> {
    Ok(match within_reason(name, value)? {
        0 => default.max(1),
        value => value,
    })
}

/// A number of threads as it was asked for, 0 among them, but for senseless ones.
pub(crate) fn within_reason(name: &str, value: u32) -> Result<u32> {
    if value > MOST_THREADS {
        return Err(Error::new(
            Status::InvalidArgument,
            format!("{name} is {value}; at most {MOST_THREADS} can be asked for"),
        ));
    }
    Ok(value)
}

fn too_large(what: &str) -> Error {
    Error::new(
        Status::LimitExceeded,
        format!("{what} is larger than this machine can address; load a region or a z range"),
    )
}
