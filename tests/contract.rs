//! The promises of the C ABI, each kept by a C program in `tests/c`.
#![cfg(target_os = "linux")]

mod contract_support;

use contract_support::*;

/// Twelve grey slices, and the programs that need nothing more.
fn grey(program: &str) {
    let bench = Bench::new();
    bench.grey("grey", 12);
    std::fs::create_dir(bench.path("empty")).unwrap();
    bench.check(program);
}

#[test]
fn statuses_have_stable_numbers_and_names() {
    grey("statuses");
}

#[test]
fn what_is_refused_leaves_outputs_alone() {
    grey("outputs");
}
