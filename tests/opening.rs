//! Opening a folder: one listing, no look at each file, one header.
#![cfg(target_os = "linux")]

mod support;

use std::collections::HashMap;
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
    // asked what storage it lies on.
    assert!(!counts.is_empty() && counts.values().sum::<usize>() <= 4, "{counts:?}");
    assert_eq!(trace.matches("O_DIRECTORY").count(), 1, "the folder was not listed once");
}
