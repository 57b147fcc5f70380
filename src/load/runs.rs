//! Runs: neighbouring pieces of a slice that one worker reads and decodes in one
//! go. Large enough to make large requests, small enough to share one huge page
//! among all cores.
#![forbid(unsafe_code)]

use std::ops::Range;

use super::budget::Needs;
use crate::format::{Chunk, Page, Stored};
use crate::stack::FirstSlice;

/// A run ends once it has this many bytes to be read. A file up to this long is
/// read whole, by one request.
const RUN_BYTES: u64 = 4 << 20;
/// Where there is little work, runs are shorter, so that all workers have some.
const LEAST_RUN_BYTES: u64 = 128 << 10;
/// Runs for each worker, so that the last ones end at about the same time.
const RUNS_PER_WORKER: u64 = 4;
/// Chunks nearer than this in the file are fetched by one request.
pub(super) const NEAR: u64 = 16 << 10;
/// Taken by a thread beside chunks: its stack, as far as it is used, and the
/// buffers of the directory reader.
const PER_THREAD: u64 = 256 << 10;

/// Part of an image: columns and rows.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub x: Range<u32>,
    pub y: Range<u32>,
}

/// Rows of a chunk that the region asks for: all of them where the chunk has to
/// be decoded, a share of a chunk whose samples are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Index of the chunk.
    pub chunk: usize,
    /// Rows, in the image.
    pub y: Range<u32>,
}

/// The work that a page makes.
#[derive(Debug)]
pub(super) struct Cut {
    pieces: Vec<Piece>,
    runs: Vec<Range<usize>>,
}

/// How long a run is where so many slices like the first one are shared by so
/// many workers.
pub(super) fn run_bytes(first: &FirstSlice, slices: u64, workers: u32) -> u64 {
    let bytes = first.page.chunks.iter().map(|chunk| chunk.bytes.end - chunk.bytes.start);
    let all = bytes.fold(0, u64::saturating_add).saturating_mul(slices);
    (all / (RUNS_PER_WORKER * u64::from(workers))).clamp(LEAST_RUN_BYTES, RUN_BYTES)
}

impl Region {
    /// The rows that a chunk has in common with the region, if any.
    fn rows(&self, chunk: &Chunk) -> Option<Range<u32>> {
        let columns = chunk.x < self.x.end && self.x.start < chunk.x.saturating_add(chunk.width);
        let rows = chunk.y.max(self.y.start)..chunk.y.saturating_add(chunk.height).min(self.y.end);
        (columns && !rows.is_empty()).then_some(rows)
    }

    /// Whether all that a chunk decodes to is asked for.
    pub(super) fn has_all_of(&self, chunk: &Chunk) -> bool {
        let inside = |part: Range<u32>, all: &Range<u32>| all.start <= part.start && part.end <= all.end;
        inside(chunk.x..chunk.x.saturating_add(chunk.decoded_width), &self.x)
            && inside(chunk.y..chunk.y.saturating_add(chunk.decoded_height), &self.y)
    }
}

impl Cut {
    /// Cuts what the region asks of a page into runs, in order of its chunks.
    pub(super) fn new(page: &Page, region: &Region, run_bytes: u64) -> Cut {
        let mut cut = Cut { pieces: Vec::new(), runs: Vec::new() };
        let (mut start, mut size) = (0, 0_u64);
        for (index, chunk) in page.chunks.iter().enumerate() {
            let Some(rows) = region.rows(chunk) else { continue };
            let bytes = chunk.bytes.end - chunk.bytes.start;
            let row_bytes = bytes / u64::from(chunk.decoded_height.max(1));
            let share = match page.stored(index) {
                Some(_) => (run_bytes / row_bytes.max(1)).clamp(1, u32::MAX.into()) as u32,
                None => u32::MAX,
            };
            let mut top = rows.start;
            while top < rows.end {
                if size >= run_bytes {
                    cut.runs.push(start..cut.pieces.len());
                    (start, size) = (cut.pieces.len(), 0);
                }
                let y = top..top.saturating_add(share).min(rows.end);
                let read = if share == u32::MAX { bytes } else { row_bytes * y.len() as u64 };
                size = size.saturating_add(read);
                top = y.end;
                cut.pieces.push(Piece { chunk: index, y });
            }
        }
        if start < cut.pieces.len() {
            cut.runs.push(start..cut.pieces.len());
        }
        cut
    }

    /// Number of runs; 0 where the page has nothing of the region.
    pub(super) fn len(&self) -> usize {
        self.runs.len()
    }

    /// The pieces of one run.
    pub(super) fn run(&self, index: usize) -> &[Piece] {
        &self.pieces[self.runs[index].clone()]
    }
}

/// The requests that fetch these ranges: in order of the file, near ones joined.
pub(super) fn requests(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(NEAR) => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// What a slice like the first one makes and takes; `packed` where rows follow each
/// other in the buffer.
pub(super) fn needs(first: &FirstSlice, region: &Region, packed: bool, run_bytes: u64) -> Needs {
    let page = &*first.page;
    let cut = Cut::new(page, region, run_bytes);
    let (mut raw, mut decoded) = (0, 0);
    for (index, chunk) in page.chunks.iter().enumerate() {
        if page.stored(index).is_none() {
            let in_place = region.has_all_of(chunk)
                && chunk.channels == page.description.channels
                && (packed && chunk.width == region.x.len() as u32 || chunk.height == 1);
            let out = if in_place { 0 } else { chunk.decoded_bytes(&page.description) };
            decoded = decoded.max(page.decode_memory(index).saturating_add(out));
        }
        if !goes_straight(page, index, region) {
            raw = raw.max(chunk.bytes.end - chunk.bytes.start);
        }
    }
    // A run holds less than `run_bytes` before its last chunk, and gaps between
    // its chunks; never more than the file.
    if raw > 0 {
        raw = raw.saturating_add(2 * run_bytes).min(first.file_bytes);
    }
    Needs {
        runs_per_slice: cut.len().max(1) as u64,
        per_thread: raw.saturating_add(PER_THREAD),
        per_worker: decoded,
    }
}

/// Whether a chunk is read into its place with nothing between: its samples are
/// stored, its rows follow each other in the file, and the region has all of each.
fn goes_straight(page: &Page, index: usize, region: &Region) -> bool {
    let (chunk, image) = (&page.chunks[index], &page.description);
    let columns = chunk.x.max(region.x.start)..(chunk.x + chunk.width).min(region.x.end);
    let row_bytes = columns.len() as u64 * u64::from(chunk.channels) * image.sample.bytes() as u64;
    let follow = |stored: Stored| stored.row_step.unsigned_abs() == row_bytes;
    chunk.channels == image.channels && page.stored(index).is_some_and(follow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Limits, PageId};

    /// A grey image of one row per strip, its strips in the given places.
    fn page(compression: u16, width: u32, places: &[u32]) -> Page {
        let count = places.len() as u32;
        let mut file = b"II*\0\x08\0\0\0".to_vec();
        let list = 8 + 2 + 9 * 12 + 4;
        let entries: [(u16, u16, u32, u32); 9] = [
            (256, 4, 1, width),
            (257, 4, 1, count),
            (258, 3, 1, 8),
            (259, 3, 1, compression.into()),
            (262, 3, 1, 1),
            (273, 4, count, list),
            (277, 3, 1, 1),
            (278, 3, 1, 1),
            (279, 4, count, list + 4 * count),
        ];
        file.extend(9_u16.to_le_bytes());
        for (tag, kind, values, value) in entries {
            file.extend(tag.to_le_bytes());
            file.extend(kind.to_le_bytes());
            file.extend(values.to_le_bytes());
            file.extend(value.to_le_bytes());
        }
        file.extend(0_u32.to_le_bytes());
        places.iter().for_each(|place| file.extend(place.to_le_bytes()));
        places.iter().for_each(|_| file.extend(width.to_le_bytes()));
        Page::open(&file, PageId::FIRST, &Limits::default()).unwrap()
    }

    fn rows(cut: &Cut, run: usize) -> Vec<Range<u32>> {
        cut.run(run).iter().map(|piece| piece.y.clone()).collect()
    }

    #[test]
    fn little_work_is_shared_by_all_workers() {
        let page = page(5, 65536, &(0..64).map(|i| 100_000 + i * 65536).collect::<Vec<_>>());
        let first = FirstSlice { index: 0, file_bytes: 5 << 20, page: std::sync::Arc::new(page) };
        assert_eq!(run_bytes(&first, 1, 2), 512 << 10);
        assert_eq!(run_bytes(&first, 1, 64), LEAST_RUN_BYTES);
        assert_eq!(run_bytes(&first, 1000, 2), RUN_BYTES);
        let all = Region { x: 0..65536, y: 0..64 };
        assert_eq!(Cut::new(&first.page, &all, 512 << 10).len(), 8);
    }

    #[test]
    fn a_run_has_about_four_megabytes_and_only_what_the_region_touches() {
        let places: Vec<u32> = (0..1024).map(|i| 100_000 + i * 16384).collect();
        let page = page(5, 16384, &places);
        let all = Region { x: 0..16384, y: 0..1024 };
        let cut = Cut::new(&page, &all, RUN_BYTES);
        assert_eq!(cut.len(), 4);
        assert_eq!(cut.run(1).len(), 256);
        assert_eq!(cut.run(3)[255], Piece { chunk: 1023, y: 1023..1024 });
        let some = Cut::new(&page, &Region { x: 5..6, y: 8..10 }, RUN_BYTES);
        assert_eq!(some.len(), 1);
        assert_eq!(rows(&some, 0), [8..9, 9..10]);
        assert_eq!(Cut::new(&page, &Region { x: 0..1, y: 2000..2001 }, RUN_BYTES).len(), 0);
    }

    #[test]
    fn rows_with_something_between_take_memory_and_others_do_not() {
        let takes = |file: &Vec<u8>, x: Range<u32>| {
            let page = Page::open(file, PageId::FIRST, &Limits::default()).unwrap();
            let first = FirstSlice { index: 0, file_bytes: 1 << 30, page: std::sync::Arc::new(page) };
            needs(&first, &Region { x, y: 0..100 }, true, RUN_BYTES).per_thread > PER_THREAD
        };
        let grey = [b"P5 1024 100 255\n".to_vec(), vec![0; 1024 * 100]].concat();
        assert!(!takes(&grey, 0..1024));
        assert!(takes(&grey, 0..1023));
        // The rows of a BMP are filled up to four bytes.
        let bmp = |width: u32| {
            let mut file = b"BM".to_vec();
            file.extend([0; 8]);
            file.extend([54 + 1024_u32, 40, width, 100].map(u32::to_le_bytes).concat());
            file.extend([1, 0, 8, 0]);
            file.resize(54 + 1024 + (width.next_multiple_of(4) * 100) as usize, 0);
            file
        };
        assert!(!takes(&bmp(1024), 0..1024));
        assert!(takes(&bmp(1023), 0..1023));
    }

    #[test]
    fn stored_samples_are_shared_by_rows() {
        let file = [b"P5 1024 10000 255\n".to_vec(), vec![0; 1024 * 10000]].concat();
        let page = Page::open(&file, PageId::FIRST, &Limits::default()).unwrap();
        let cut = Cut::new(&page, &Region { x: 0..1024, y: 1..9000 }, RUN_BYTES);
        let runs: Vec<_> = (0..cut.len()).flat_map(|run| rows(&cut, run)).collect();
        assert_eq!(cut.len(), 3);
        assert_eq!(runs, [1..4097, 4097..8193, 8193..9000]);
    }

    #[test]
    fn far_chunks_are_fetched_by_themselves() {
        let ranges = vec![1 << 20..(1 << 20) + 10, 0..10, 100..120, 5..5];
        assert_eq!(requests(ranges), [0..120, 1 << 20..(1 << 20) + 10]);
    }
}
