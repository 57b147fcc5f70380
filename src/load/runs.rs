//! Runs: neighbouring chunks of a slice that one worker reads and decodes in
//! one go. Large enough to make large requests, small enough to share one
//! huge page among all cores.
#![forbid(unsafe_code)]

use std::ops::Range;

use crate::format::Chunk;
use crate::stack::FirstSlice;

/// A run ends once it has this many bytes, raw or decoded.
const RUN_BYTES: u64 = 4 << 20;
/// A file up to this long is read whole, by one request.
pub(super) const WHOLE_FILE: u64 = 4 << 20;
/// Chunks nearer than this in the file are fetched by one request.
const NEAR: u64 = 16 << 10;
/// Taken by a thread beside chunks: its stack, as far as it is used, and the
/// buffers of the directory reader.
const PER_THREAD: u64 = 512 << 10;

/// Part of an image: columns and rows.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub x: Range<u32>,
    pub y: Range<u32>,
}

/// Work that a slice makes, and memory that it takes.
pub(super) struct Needs {
    pub runs_per_slice: u64,
    pub bytes_per_thread: u64,
}

impl Region {
    /// Whether a chunk holds any pixel of the region.
    fn touches(&self, chunk: &Chunk) -> bool {
        chunk.x < self.x.end
            && chunk.y < self.y.end
            && self.x.start < chunk.x.saturating_add(chunk.width)
            && self.y.start < chunk.y.saturating_add(chunk.height)
    }
}

/// Indices of the chunks that touch the region, and the runs that they make.
pub(super) fn group(chunks: &[Chunk], region: &Region, pixel_bytes: u64) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut size = RUN_BYTES;
    for (index, chunk) in chunks.iter().enumerate().filter(|(_, c)| region.touches(c)) {
        if size >= RUN_BYTES {
            runs.push(Vec::new());
            size = 0;
        }
        let decoded = u64::from(chunk.width) * u64::from(chunk.height) * pixel_bytes;
        size = size.saturating_add(decoded.max(chunk.bytes.end - chunk.bytes.start));
        if let Some(run) = runs.last_mut() {
            run.push(index);
        }
    }
    runs
}

/// The requests that fetch these chunks: in order of the file, near ones joined.
pub(super) fn requests(chunks: &[Chunk], run: &[usize]) -> Vec<Range<u64>> {
    let mut ranges: Vec<Range<u64>> =
        run.iter().map(|&i| chunks[i].bytes.clone()).filter(|r| !r.is_empty()).collect();
    ranges.sort_unstable_by_key(|r| r.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(NEAR) => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// What a slice like the first one makes and takes.
pub(super) fn needs(first: &FirstSlice) -> Needs {
    let everything = Region { x: 0..u32::MAX, y: 0..u32::MAX };
    let runs = group(&first.chunks, &everything, 1);
    let largest = first.chunks.iter().map(|c| c.bytes.end - c.bytes.start).max().unwrap_or(0);
    // A run holds less than RUN_BYTES before its last chunk, and gaps between
    // its chunks; never more than the file.
    let raw = (2 * RUN_BYTES).saturating_add(largest).min(first.file_bytes);
    Needs {
        runs_per_slice: runs.len().max(1) as u64,
        bytes_per_thread: raw.saturating_add(first.decode_bytes).saturating_add(PER_THREAD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(index: u32, bytes: Range<u64>) -> Chunk {
        Chunk { bytes, x: 0, y: index * 8, width: 1024, height: 8, channel: 0, channels: 1 }
    }

    #[test]
    fn a_run_has_about_four_megabytes_and_only_what_the_region_touches() {
        let chunks: Vec<_> =
            (0..1024).map(|i| strip(i, u64::from(i) * 16384..u64::from(i + 1) * 16384)).collect();
        let all = Region { x: 0..1024, y: 0..8192 };
        let runs = group(&chunks, &all, 2);
        assert_eq!(runs.len(), 4);
        assert_eq!(runs.concat(), (0..1024).collect::<Vec<_>>());
        let some = Region { x: 0..1024, y: 8..17 };
        assert_eq!(group(&chunks, &some, 2), [[1, 2]]);
        let first = requests(&chunks, &runs[0]);
        assert!(first.len() == 1 && first[0] == (0..256 * 16384));
    }

    #[test]
    fn far_chunks_are_fetched_by_themselves() {
        let chunks = [strip(0, 1 << 20..(1 << 20) + 10), strip(1, 0..10), strip(2, 100..120), strip(3, 5..5)];
        assert_eq!(requests(&chunks, &[0, 1, 2, 3]), [0..120, 1 << 20..(1 << 20) + 10]);
    }
}
