//! What a plan makes of the machine: its disk, its memory.

mod support;

use std::ops::ControlFlow;
use std::sync::Arc;

use support::pages::tiny::{size, tiff};
use support::stacks::{Bench, HEIGHT, WIDTH, sample};
use zstack::format::Limits;
use zstack::load::{LoadOptions, Observer, SliceEvent};
use zstack::machine::Storage;
use zstack::stack::{OpenOptions, Stack};

/// Notes in which order slices come.
#[derive(Default)]
struct Order(Vec<u64>);

impl Observer for Order {
    fn slice(&mut self, event: &SliceEvent) -> ControlFlow<()> {
        self.0.push(event.place);
        ControlFlow::Continue(())
    }
}

#[test]
fn files_on_a_disk_with_a_head_are_read_as_they_were_made() {
    const SLICES: u64 = 100;
    let bench = Bench::new();
    let mut stack = Stack::open(&bench.grey("grey", SLICES as u32), &OpenOptions::default()).unwrap();
    assert!(stack.slices.iter().all(|slice| slice.inode.is_some() == cfg!(unix)));
    // With memory for one thread, slices are done in the order in which they are read.
    let two_threads = LoadOptions { workers: 1, reads_in_flight: 1, ..LoadOptions::default() };
    let memory_limit = stack.plan(&two_threads).unwrap().working_bytes - 1;
    let one_by_one = LoadOptions { memory_limit, ..two_threads };
    assert_eq!(stack.plan(&one_by_one).unwrap().threads, 1);
    let mut load = |storage, made_backwards: bool| {
        stack.storage = storage;
        for (number, slice) in (0..).zip(&mut stack.slices) {
            slice.inode = Some(if made_backwards { 1000 - number } else { number });
        }
        let stack = Arc::new(stack.clone());
        let mut order = Order::default();
        let (volume, outcome) = stack.load::<u16>(&one_by_one, &mut order).unwrap();
        assert!(outcome.error.is_none());
        for ((z, y, x, _), &found) in volume.indexed_iter() {
            assert_eq!(found, sample(z as u32, y as u32, x as u32), "z {z} y {y} x {x}");
        }
        let why = stack.plan(&one_by_one).unwrap().why();
        assert_eq!(
            why.contains("in the order in which they were made"),
            order.0 != Vec::from_iter(0..SLICES)
        );
        order.0
    };
    let in_order: Vec<u64> = (0..SLICES).collect();
    assert_eq!(load(Storage::SolidState, true), in_order);
    assert_eq!(load(Storage::Rotational, false), in_order);
    let backwards: Vec<u64> = (0..64).rev().chain((64..SLICES).rev()).collect();
    assert_eq!(load(Storage::Rotational, true), backwards);
}

#[test]
fn a_load_that_needs_more_memory_than_there_is_has_fewer_threads() {
    let folder = tempfile::tempdir().unwrap();
    let packed = |width, height| {
        let tags = [size(width, height), vec![(259, 32773), (278, height)]].concat();
        tiff(&[(tags, vec![0; 16])])
    };
    let plan = |width, height| {
        for number in 0..4 {
            std::fs::write(folder.path().join(format!("s_{number}.tif")), packed(width, height)).unwrap();
        }
        let limits = Limits { slice_bytes: u64::MAX, ..Limits::default() };
        let stack = Stack::open(folder.path(), &OpenOptions { limits, ..OpenOptions::default() }).unwrap();
        // Part of each strip, which is decoded beside its place.
        let decide = LoadOptions { x: 1, ..LoadOptions::default() };
        let asked = LoadOptions { workers: 2, ..decide.clone() };
        (stack.plan(&decide).unwrap(), stack.plan(&asked).unwrap())
    };
    let (small, _) = plan(WIDTH, HEIGHT);
    assert!(small.threads > 1 && !small.why().contains("memory"), "{}", small.why());
    // Slices of half a terabyte, in one strip each.
    let (large, asked) = plan(1 << 20, 1 << 19);
    assert_eq!((large.threads, large.workers, large.most_reads), (1, 1, 1), "{}", large.why());
    assert!(large.why().contains("no memory for more threads"), "{}", large.why());
    // Who asks for threads gets them.
    assert_eq!(asked.workers, 2);
}
