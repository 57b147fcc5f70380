//! Predictors and byte order against memcpy of as many bytes: `cargo bench --bench predictors`.
//!
//! All run in turn, the best of many turns counts. GB/s are of the samples that come
//! out; the ratio is to memcpy.
#![forbid(unsafe_code)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use zstack::bench_support::{swap, undo_float, undo_horizontal};

/// Pixels of a row.
const WIDTH: usize = 1024;
/// Samples in cache, and far beyond it.
const SIZES: [usize; 2] = [512 << 10, 64 << 20];
const TURNS: usize = 15;
/// Bytes that one turn of a case goes through at least.
const TURN_BYTES: usize = 16 << 20;

/// Works on the first buffer, may write the second.
type Work = Box<dyn Fn(&mut [u8], &mut [u8])>;

struct Case {
    name: String,
    row_bytes: usize,
    work: Work,
}

impl Case {
    fn new(name: String, row_bytes: usize, work: impl Fn(&mut [u8], &mut [u8]) + 'static) -> Case {
        Case { name, row_bytes, work: Box::new(work) }
    }
}

fn cases() -> Vec<Case> {
    let mut cases = vec![Case::new("memcpy".to_owned(), WIDTH, |from, to| to.copy_from_slice(from))];
    for bytes in [2, 4, 8] {
        cases.push(Case::new(format!("swap u{}", 8 * bytes), WIDTH, move |samples, _| swap(samples, bytes)));
    }
    for (bytes, swapped) in [(1, false), (2, false), (2, true), (4, false), (4, true), (8, false), (8, true)]
    {
        for channels in [1, 3, 4, 5] {
            let order = if swapped { ", swapped" } else { "" };
            let name = format!("predictor 2, u{} x {channels}{order}", 8 * bytes);
            let row_bytes = WIDTH * channels * bytes;
            cases.push(Case::new(name, row_bytes, move |rows, _| {
                undo_horizontal(rows, row_bytes, bytes, channels, swapped);
            }));
        }
    }
    for bytes in [2, 4, 8] {
        for channels in [1, 3] {
            let name = format!("predictor 3, f{} x {channels}", 8 * bytes);
            let row_bytes = WIDTH * channels * bytes;
            cases.push(Case::new(name, row_bytes, move |coded, out| {
                undo_float(coded, out, row_bytes, bytes, channels);
            }));
        }
    }
    cases
}

/// The best turn of each case, per byte.
fn measure(cases: &[Case], size: usize) -> Vec<f64> {
    let mut from: Vec<u8> = (0..size).map(|at| (at.wrapping_mul(7919) >> 3) as u8).collect();
    let mut to = vec![1; size];
    let mut best = vec![f64::INFINITY; cases.len()];
    for _ in 0..TURNS {
        for (case, best) in cases.iter().zip(&mut best) {
            let bytes = size / case.row_bytes * case.row_bytes;
            let (from, to) = (&mut from[..bytes], &mut to[..bytes]);
            let times = TURN_BYTES.div_ceil(bytes);
            let start = Instant::now();
            for _ in 0..times {
                (case.work)(black_box(from), black_box(to));
            }
            let spent = start.elapsed().max(Duration::from_nanos(1));
            *best = best.min(spent.as_secs_f64() / (times * bytes) as f64);
        }
    }
    best
}

fn main() {
    let cases = cases();
    for size in SIZES {
        println!("{} KiB, rows of {WIDTH} pixels", size >> 10);
        let best = measure(&cases, size);
        for (case, &time) in cases.iter().zip(&best) {
            println!("  {:32} {:6.1} GB/s  {:5.2}", case.name, 1e-9 / time, best[0] / time);
        }
    }
}
