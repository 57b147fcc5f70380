//! What a load will do and need, worked out before anything is read.
#![forbid(unsafe_code)]

use super::asked::{span, stride, threads as asked, too_large, z_range};
use super::options::{LoadOptions, Policy};
use super::order::{self, WINDOW};
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
const MOST_READS: u32 = 32;
/// Memory for each worker that a load takes by its own choice.
const MEMORY_PER_WORKER: u64 = 8 << 20;
/// A load that takes no more memory than this beyond the buffer does not ask how much
/// there is.
const MODEST: u64 = 256 << 20;

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
    /// Files are read in the order of their inodes, as far as `load::order` goes.
    pub by_inode: bool,
    /// There would be more threads if there were more memory.
    pub short_of_memory: bool,
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
            by_inode: false,
            short_of_memory: false,
            z_first,
            z_step,
            x,
            y,
        };
        plan.fit_threads(stack, options)?;
        plan.by_inode = order::differs(stack, &plan);
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
        let mut why = format!(
            "{} cores decode; {reads}; {} KiB are read at a time; storage: {}",
            self.workers,
            self.run_bytes >> 10,
            self.storage.name()
        );
        if self.by_inode {
            why += &format!("; files are read in the order in which they were made, {WINDOW} at a time");
        }
        if self.short_of_memory {
            why += "; there is no memory for more threads";
        }
        why
    }

    /// Threads that stay to the end: what a load from the cache can use, or what was
    /// asked for.
    pub(super) fn lasting_threads(&self) -> u32 {
        let waiting = if self.reads_in_flight == self.most_reads { self.reads_in_flight } else { 0 };
        self.threads.min(self.workers + waiting)
    }

    /// Threads that are started at once: more where reads are likely to wait.
    pub(super) fn first_threads(&self) -> u32 {
        match self.storage {
            Storage::Network | Storage::UserSpace => self.threads.min(self.workers + self.reads_in_flight),
            _ => self.lasting_threads(),
        }
    }

    /// Bytes that may be taken where nobody set a limit: half of what is left beside
    /// the buffer, so that the machine does not come to a standstill.
    fn room_beside_buffer(&self) -> Option<u64> {
        Some(machine::memory_available()?.saturating_sub(self.buffer_bytes) / 2)
    }

    /// Sets threads and working memory: as many threads as can be busy, fewer
    /// where memory is limited.
    fn fit_threads(&mut self, stack: &Stack, options: &LoadOptions) -> Result<()> {
        self.run_bytes = runs::run_bytes(&stack.first, self.slices, self.workers);
        let packed = self.row_stride == self.row_bytes() as u64;
        let needs = runs::needs(&stack.first, &self.region(), packed, self.run_bytes);
        let useful = needs.runs_per_slice.saturating_mul(self.slices).min(u64::from(u32::MAX)) as u32;
        self.workers = self.workers.min(useful);
        self.most_reads = self.most_reads.min(useful);
        if options.reads_in_flight == 0 && options.memory_limit == 0 {
            let memory = u64::from(self.workers) * memory_per_worker(self.storage);
            let fitting = needs.fit(memory, self.workers + self.most_reads, self.workers);
            let reads = fitting.map_or(0, |(threads, _)| threads.saturating_sub(self.workers));
            self.most_reads = self.most_reads.min(reads.max(FIRST_READS_NEAR));
        }
        let mut threads = (self.workers + self.most_reads).min(useful);

        let fixed = self.slices.saturating_mul(super::engine::BYTES_PER_SLICE);
        if options.memory_limit != 0 {
            let room = options.memory_limit.saturating_sub(fixed);
            let fitting = needs.fit(room, threads, self.workers);
            let least = fixed.saturating_add(needs.bytes(1, 1));
            (threads, self.workers) = fitting.ok_or_else(|| below_least(options.memory_limit, least))?;
        } else if options.workers == 0 && needs.bytes(threads, self.workers) > MODEST {
            let fitting = self.room_beside_buffer().map(|room| needs.fit(room, threads, self.workers));
            // One thread at the least: whether it gets its memory will be seen.
            let (fewer, workers) = fitting.map_or((threads, self.workers), |fit| fit.unwrap_or((1, 1)));
            self.short_of_memory = fewer < threads;
            (threads, self.workers) = (fewer, workers);
        }
        self.most_reads = self.most_reads.min(threads);
        self.reads_in_flight = self.reads_in_flight.min(self.most_reads);
        self.threads = threads;
        self.working_bytes = fixed.saturating_add(needs.bytes(threads, self.workers));
        Ok(())
    }
}

/// Memory that reads in flight may take by the load's own choice. Where reads are
/// likely to wait it takes many of them to keep a core busy.
fn memory_per_worker(storage: Storage) -> u64 {
    match storage {
        Storage::Network | Storage::UserSpace => 2 * MEMORY_PER_WORKER,
        _ => MEMORY_PER_WORKER,
    }
}

fn below_least(limit: u64, least: u64) -> Error {
    Error::new(
        Status::MemoryLimit,
        format!(
            "the memory limit of {limit} bytes is below the least that this load needs beyond \
             the buffer, {least} bytes; raise it, or load fewer slices at a time"
        ),
    )
}

fn first_reads(storage: Storage) -> u32 {
    match storage {
        Storage::Rotational | Storage::Memory => FIRST_READS_NEAR,
        _ => FIRST_READS,
    }
}
