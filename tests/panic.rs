//! A panic in a worker becomes a status of that load, and nothing else.
//!
//! `cargo test --release --features fault-injection --test panic`
#![cfg(all(target_os = "linux", feature = "fault-injection"))]

mod support;

use std::process::Command;

use support::build::*;
use support::stacks::*;
use support::*;

/// Each place in turn: the first slice, one between, the last.
#[test]
fn a_worker_panics_and_the_stack_goes_on() {
    let bench = Bench::new();
    bench.grey("grey", 12);
    let program = bench.program("panic", &[]);
    for place in ["0", "5", "11"] {
        // Nothing may be printed, also where a backtrace is asked for.
        let mut command = Command::new(&program);
        bench.check_with(command.arg(bench.path("")).arg(place).env("RUST_BACKTRACE", "full"));
    }
}

/// The check above is of the profile that is shipped.
#[test]
fn this_is_the_release_profile() {
    assert!(!cfg!(debug_assertions), "run this with --release");
}
