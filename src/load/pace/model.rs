//! Loads in virtual time: storage, decoding and threads as plain arithmetic, so
//! that the controller can be held against every fixed number of reads.

mod storage;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use super::Pace;
use storage::{Happening, Storage};

/// From a permit given back to the thread that waited for it.
const WAKE: u64 = 20_000;
const WORKERS: usize = 2;
/// The load is held against each of these.
const FIXED: [usize; 5] = [1, 2, 4, 8, 16];
const MOST: usize = 16;

/// What is loaded: reads of equal size, one a file or all from one file.
#[derive(Clone, Copy)]
struct Work {
    name: &'static str,
    reads: u64,
    bytes: u64,
    one_file: bool,
    /// Nanoseconds of one core per kilobyte.
    decode: u64,
}

/// One read of it.
#[derive(Clone, Copy)]
struct Read {
    id: u64,
    /// Where it lies, all files one after the other.
    position: u64,
    bytes: u64,
    opens: bool,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A thread has woken up.
    Awake,
    Storage(u64),
    Decoded,
}

struct Outcome {
    seconds: f64,
    changes: usize,
    largest: usize,
    last: usize,
    words: String,
}

/// Runs a load to its end.
fn run(work: Work, mut storage: Storage, mut pace: Pace) -> Outcome {
    let mut events: BinaryHeap<Reverse<(u64, u64, Event)>> = BinaryHeap::new();
    let mut order = 0;
    let (mut now, mut next, mut left) = (0, 0, work.reads);
    let mut limit = pace.limit();
    let (mut changes, mut largest) = (0, limit);
    let (mut reading, mut decoding, mut waking) = (0, 0, 0);
    let mut undecoded = VecDeque::new();
    let mut began = vec![0; work.reads as usize];
    let at = Duration::from_nanos;
    while left > 0 {
        if pace.limit() != limit {
            limit = pace.limit();
            changes += 1;
            largest = largest.max(limit);
        }
        // Threads are started as the limit climbs, and stay. One that sleeps is
        // woken for a free permit; another may have taken it before.
        let idle = WORKERS + largest - reading - decoding - waking - undecoded.len();
        let wanted = limit.saturating_sub(reading + waking).min((work.reads - next) as usize);
        for _ in 0..idle.min(wanted) {
            waking += 1;
            order += 1;
            events.push(Reverse((now + WAKE, order, Event::Awake)));
        }
        while decoding < WORKERS && undecoded.pop_front().is_some() {
            decoding += 1;
            order += 1;
            events.push(Reverse((now + work.bytes * work.decode / 1000, order, Event::Decoded)));
        }
        for (time, token) in storage.wakes() {
            order += 1;
            events.push(Reverse((time.max(now), order, Event::Storage(token))));
        }
        let Some(Reverse((time, _, event))) = events.pop() else { panic!("the load stands still") };
        now = time;
        let awake = matches!(event, Event::Awake | Event::Decoded);
        match event {
            Event::Awake => waking -= 1,
            Event::Decoded => {
                decoding -= 1;
                left -= 1;
            }
            Event::Storage(token) => match storage.wake(now, token) {
                Some(Happening::Opened(id)) => pace.opened(at(now), at(began[id as usize])),
                Some(Happening::Ended(id)) => {
                    reading -= 1;
                    pace.ended(at(now), at(began[id as usize]), work.bytes);
                    undecoded.push_back(id);
                }
                None => {}
            },
        }
        if awake && reading < limit && next < work.reads {
            reading += 1;
            began[next as usize] = now;
            pace.began(at(now));
            let opens = !work.one_file || next == 0;
            let read = Read { id: next, position: next * work.bytes, bytes: work.bytes, opens };
            if storage.submit(now, read) {
                pace.opened(at(now), at(now));
            }
            next += 1;
        }
    }
    Outcome { seconds: now as f64 / 1e9, changes, largest, last: limit, words: pace.words() }
}

const TINY: Work = Work { name: "3000 x 32 KB", reads: 3000, bytes: 33_000, one_file: false, decode: 100 };
const FOLDER: Work = Work { name: "200 x 2 MB", reads: 200, bytes: 2_100_000, one_file: false, decode: 100 };
const HUGE: Work =
    Work { name: "8 GB, one file", reads: 2000, bytes: 4_000_000, one_file: true, decode: 100 };

/// The fixed numbers' times and the adaptive run.
fn contest(work: Work, storage: &dyn Fn() -> Storage) -> (Vec<f64>, Outcome) {
    let fixed = FIXED.iter().map(|&n| run(work, storage(), Pace::forced(n)).seconds).collect();
    (fixed, run(work, storage(), Pace::adaptive(4, MOST)))
}

/// Best fixed time divided by the adaptive one.
fn share_of_best(name: &str, work: Work, storage: &dyn Fn() -> Storage) -> (f64, Outcome) {
    let (fixed, adaptive) = contest(work, storage);
    let best = fixed.iter().copied().fold(f64::MAX, f64::min);
    let share = best / adaptive.seconds;
    let fixed: Vec<_> = fixed.iter().map(|seconds| format!("{seconds:.3}")).collect();
    println!(
        "| {name} | {} | {} | {:.3} | {:.0} % | {} |\n    {} changes, at most {}: {}",
        work.name,
        fixed.join(" | "),
        adaptive.seconds,
        share * 100.0,
        adaptive.last,
        adaptive.changes,
        adaptive.largest,
        adaptive.words
    );
    (share, adaptive)
}

#[test]
fn explore() {
    for (name, storage) in storage::all() {
        for work in [TINY, FOLDER, HUGE] {
            share_of_best(name, work, &storage);
        }
    }
}

#[test]
fn noise() {
    for (name, link) in storage::links() {
        for work in [TINY, FOLDER, HUGE] {
            let mut all = Vec::new();
            let mut ch = 0;
            for seed in 0..8 {
                let (fixed, adaptive) = contest(work, &|| link.clone().noisy(seed));
                let best = fixed.iter().copied().fold(f64::MAX, f64::min);
                all.push(best / adaptive.seconds);
                ch = ch.max(adaptive.changes);
                if best / adaptive.seconds < 0.93 {
                    println!("{fixed:.3?} {:.3} {}", adaptive.seconds, adaptive.words);
                }
            }
            println!("{name} {} mean {:.3} {all:.2?} {ch}", work.name, all.iter().sum::<f64>() / 8.0);
        }
    }
}

#[test]
fn decoding() {
    for (name, storage) in storage::all() {
        for work in [TINY, FOLDER, HUGE] {
            share_of_best(name, Work { decode: 10_000, ..work }, &storage);
        }
    }
}

#[test]
fn changing() {
    for (name, storage) in storage::all() {
        for work in [TINY, FOLDER, HUGE] {
            let half = work.reads / 2;
            share_of_best(name, work, &|| {
                Storage::Changing(half, Box::new(Storage::Link(storage::warm())), Box::new(storage()))
            });
            share_of_best(name, work, &|| {
                Storage::Changing(half, Box::new(storage()), Box::new(Storage::Link(storage::warm())))
            });
        }
    }
}
