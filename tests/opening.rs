//! What a stack costs: to open a folder, one listing, no look at each file, one header;
//! to load, one request for each file or page.
#![cfg(target_os = "linux")]

mod support;

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use support::stacks::Bench;

/// Counts, among the system calls of a program, those that name a slice.
fn calls_on_slices(trace: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for line in trace.lines().filter(|line| line.contains("s_") && line.contains(".tif")) {
        let call = line.split('(').next().unwrap_or_default();
        *counts.entry(call.rsplit(' ').next().unwrap_or_default()).or_default() += 1;
    }
    counts
}

#[test]
fn a_folder_is_opened_without_a_look_at_each_file() {
    let bench = Bench::new();
    let dir = bench.grey("grey", 1);
    for number in 1..3000 {
        std::fs::hard_link(dir.join("s_0000.tif"), dir.join(format!("s_{number:04}.tif"))).unwrap();
    }
    let log = bench.path("trace");
    let output = Command::new("strace")
        .args(["-f", "-e", "trace=%file,getdents64", "-o"])
        .args([&log, &bench.program("open", &[]), &dir])
        .output()
        .expect("strace is missing: apt-get install strace");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "3000 slices\n");

    let trace = std::fs::read_to_string(log).unwrap();
    let counts = calls_on_slices(&trace);
    // The first file is opened for its pages and again for its description, and
    // asked where it really is and what storage that lies on.
    assert!(!counts.is_empty() && counts.values().sum::<usize>() <= 5, "{counts:?}");
    // The system's own folders say what disk it is.
    let listed = trace.lines().filter(|line| line.contains("O_DIRECTORY") && !line.contains("\"/sys/"));
    assert_eq!(listed.count(), 1, "the folder was not listed once");
}

/// How often each system call stands in a trace.
fn calls(trace: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for line in trace.lines() {
        // "1234  openat(AT_FDCWD, ..." or "1234  <... openat resumed>"
        let name = line.split_whitespace().nth(1).and_then(|call| call.split_once('('));
        if let Some((name, _)) = name {
            *counts.entry(name).or_default() += 1;
        }
    }
    counts
}

/// The calls of a program that loads a stack, once it has said how many slices
/// there are.
fn calls_of_load(bench: &Bench, path: &Path, slices: usize) -> HashMap<String, usize> {
    let log = bench.path("trace");
    let output = Command::new("strace")
        .args([
            "-f",
            "-e",
            "trace=openat,open,stat,statx,fstat,newfstatat,pread64,preadv,read,lseek,mmap,close",
            "-o",
        ])
        .args([&log, &bench.program("open", &[]), path])
        .arg("load")
        .output()
        .expect("strace is missing: apt-get install strace");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{slices} slices\n"));
    let trace = std::fs::read_to_string(log).unwrap();
    // In front of the first call that names the stack, the system starts the program and
    // looks for its libraries, in as many folders as cargo names.
    let stack = path.to_string_lossy();
    let ours: Vec<&str> = trace.lines().skip_while(|line| !line.contains(&*stack)).collect();
    assert!(!ours.is_empty(), "the stack was never opened");
    calls(&ours.join("\n")).into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

fn count(counts: &HashMap<String, usize>, names: &[&str]) -> usize {
    names.iter().filter_map(|&name| counts.get(name)).sum()
}

#[test]
fn a_small_file_costs_one_open_one_read_and_one_close() {
    const FILES: usize = 500;
    let bench = Bench::new();
    // Stored samples are read to their place, compressed ones into memory.
    for kind in ["stored", "compressed"] {
        let dir = bench.path(kind);
        std::fs::create_dir(&dir).unwrap();
        match kind {
            "stored" => support::stacks::grey_slice(&dir.join("s_0000.tif"), 0, 128, 128),
            _ => support::stacks::stripped_slice(&dir.join("s_0000.tif"), 0, 128, 128, 16),
        }
        for number in 1..FILES {
            std::fs::hard_link(dir.join("s_0000.tif"), dir.join(format!("s_{number:04}.tif"))).unwrap();
        }
        let counts = calls_of_load(&bench, &dir, FILES);
        // Opening the stack and looking at the machine cost some.
        let some = FILES / 5;
        for calls in
            [&["openat", "open"][..], &["pread64", "preadv"], &["close"], &["statx", "fstat", "newfstatat"]]
        {
            let seen = count(&counts, calls);
            assert!((FILES..FILES + some).contains(&seen), "{kind}: {seen} of {calls:?}: {counts:?}");
        }
        assert!(count(&counts, &["read", "lseek", "mmap", "stat"]) < some, "{kind}: {counts:?}");
    }
}

#[test]
fn a_page_costs_one_request() {
    const PAGES: u32 = 400;
    let bench = Bench::new();
    let path = bench.path("pages.tif");
    support::stacks::grey_pages(&path, PAGES);
    let counts = calls_of_load(&bench, &path, PAGES as usize);
    let (pages, seen) = (PAGES as usize, count(&counts, &["pread64", "preadv"]));
    assert!((pages..pages + pages / 5).contains(&seen), "{seen} reads: {counts:?}");
    assert!(count(&counts, &["openat", "open"]) < pages / 3, "{counts:?}");
}
