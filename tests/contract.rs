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

#[test]
fn errors_say_what_where_and_why() {
    let bench = Bench::new();
    bench.grey("grey", 12);
    bench.grey("whole", 12);
    bench.check("errors");
}

#[test]
fn handles_serve_several_threads_and_take_null() {
    grey("handles");
}

#[test]
fn structs_may_be_shorter_or_longer() {
    let bench = Bench::new();
    bench.grey("grey", 12);
    let gaps = bench.grey("gaps", 12);
    std::fs::remove_file(gaps.join("s_0005.tif")).unwrap();
    std::fs::write(gaps.join("notes.txt"), "no image").unwrap();
    bench.check("struct_size");
}

#[test]
fn a_load_writes_what_the_plan_says_and_nothing_else() {
    grey("layout");
}

#[test]
fn callbacks_run_on_the_calling_thread_one_at_a_time() {
    grey("callbacks");
}

/// The last calls of a load that ends in one of several ways.
fn last_calls(how: &str) {
    let bench = Bench::new();
    bench.grey("grey", 12);
    let program = bench.program("callbacks_end", &[]);
    bench.check_with(std::process::Command::new(program).arg(bench.path("")).arg(how));
}

#[test]
fn progress_ends_once_in_a_load() {
    last_calls("load");
}

#[test]
fn progress_ends_once_in_a_cancelled_load() {
    last_calls("cancelled");
}

#[test]
fn progress_ends_once_in_a_job_that_is_waited_for_twice() {
    last_calls("job");
}

#[test]
fn a_job_freed_in_wait_by_its_callback_calls_no_more() {
    last_calls("free in wait");
}

#[test]
fn a_job_freed_in_finish_by_its_callback_calls_no_more() {
    last_calls("free in finish");
}

#[test]
fn a_token_cancels_and_the_report_tells_what_is_whole() {
    grey("cancel");
}

#[test]
fn a_job_is_polled_waited_for_finished_and_freed() {
    grey("job");
}

/// tests/c/threads.c, one part of it.
fn threads(part: &str) {
    let bench = Bench::new();
    bench.grey("grey", 12);
    let program = bench.program("threads", &[]);
    bench.check_with(std::process::Command::new(program).arg(bench.path("")).arg(part));
}

#[test]
fn every_thread_of_a_load_is_joined() {
    threads("loads");
}

#[test]
fn every_thread_of_verify_is_joined() {
    threads("verify");
}

#[test]
fn refused_threads_are_done_without() {
    grey("no_thread");
}

#[test]
fn the_library_is_unloaded_200_times() {
    let bench = Bench::new();
    let folder = bench.grey("grey", 12);
    let program = bench.program("dlclose", &["-DNO_LINK"]);
    bench.check_with(std::process::Command::new(program).arg(library()).arg(folder).arg("200"));
}

#[test]
fn a_forked_child_loads() {
    grey("fork");
}

#[test]
fn paths_are_any_bytes_of_any_length() {
    use std::os::unix::ffi::OsStrExt;
    let bench = Bench::new();
    let name = |bytes: &'static [u8]| std::ffi::OsStr::from_bytes(bytes);
    for folder in [b"with space ".as_slice(), b"with\nline break", b"no\xFF utf\xC3\x28"] {
        bench.grey(name(folder), 12);
    }
    bench.grey("größe 层", 12);
    bench.grey("one", 1);
    std::fs::create_dir(bench.path("files")).unwrap();
    for file in [b"\xFF.tif".as_slice(), b"a b.tif", b"a\nb.tif"] {
        grey_slice(&bench.path("files").join(name(file)), 0, WIDTH, HEIGHT);
    }
    bench.check("paths");
}
