//! The promises of the C ABI, each kept by a C program in `tests/c`.
#![cfg(target_os = "linux")]

mod support;

use support::build::*;
use support::stacks::*;
use support::*;

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

#[test]
fn limits_are_checked_before_memory_is_taken() {
    let bench = Bench::new();
    bench.grey("grey", 12);
    let one = bench.grey("one_claims", 12);
    claim(&one.join("s_0004.tif"), 1_000_000, 1_000_000);
    for folder in ["claims", "wide", "tall"] {
        std::fs::create_dir(bench.path(folder)).unwrap();
    }
    claim(&bench.path("claims/s_0000.tif"), 1_000_000, 1_000_000);
    claim(&bench.path("claims/s_0001.tif"), 100_000, 100_000);
    claim(&bench.path("wide/s_0000.tif"), 2_000_000, 1);
    grey_slice(&bench.path("tall/s_0000.tif"), 0, 1, WIDTH + 1);
    grey_pages(&bench.path("pages.tif"), 5);
    bench.check("limits");
}

#[test]
fn each_policy_puts_what_it_says() {
    grey("policies");
}

#[test]
fn passing_faults_are_tried_again() {
    let bench = Bench::new();
    let dir = bench.grey("grey", 6);
    std::fs::rename(dir.join("s_0001.tif"), dir.join("flaky2_0001.tif")).unwrap();
    std::fs::rename(dir.join("s_0005.tif"), dir.join("flaky9_0005.tif")).unwrap();
    garbled_slice(&dir.join("corrupt.tif"));
    let shim = bench.path("flaky_pread.so");
    compile_contract(&root().join("tests/c/flaky_pread.c"), &shim, &["-shared", "-fPIC"]);
    let program = bench.program("attempts", &[]);
    bench.check_with(std::process::Command::new(program).arg(bench.path("")).env("LD_PRELOAD", shim));
}

#[test]
fn a_bad_slice_is_its_own_failure() {
    let bench = Bench::new();
    let dir = bench.grey("grey", 9);
    grey_slice(&dir.join("shape.tif"), 1, WIDTH + 1, HEIGHT);
    byte_slice(&dir.join("type.tif"));
    short_slice(&dir.join("short.tif"), 4);
    let fifo = std::process::Command::new("mkfifo").arg(dir.join("fifo.tif")).status();
    assert!(fifo.expect("no mkfifo: apt-get install coreutils").success());
    std::fs::create_dir(dir.join("folder.tif")).unwrap();
    std::fs::write(dir.join("text.tif"), "this is no image, whatever its name says").unwrap();
    bench.check("bad_slices");
}

#[test]
fn gaps_are_told_and_kept_where_asked() {
    let bench = Bench::new();
    let dir = bench.grey("grey", 12);
    for gone in [4, 5, 9] {
        std::fs::remove_file(dir.join(format!("s_{gone:04}.tif"))).unwrap();
    }
    bench.check("gaps");
}

#[test]
fn a_memory_limit_makes_for_fewer_threads() {
    grey("memory");
}

/// tests/c/runs.c, one part of it.
fn runs(part: &str) {
    let bench = Bench::new();
    std::fs::create_dir(bench.path("large")).unwrap();
    for z in 0..3 {
        stripped_slice(&bench.path(&format!("large/s_{z:04}.tif")), z, 3000, 3000, 50);
    }
    let program = bench.program("runs", &[]);
    bench.check_with(std::process::Command::new(program).arg(bench.path("")).arg(part));
}

#[test]
fn large_slices_are_shared_among_threads() {
    runs("whole");
}

#[test]
fn a_slice_stopped_half_way_is_not_reached() {
    runs("cancelled");
}

#[test]
fn the_slice_that_fails_gives_the_status_not_one_it_stopped() {
    runs("fails");
}

#[test]
fn raw_samples_are_what_the_options_say() {
    let bench = Bench::new();
    let plane = |z| {
        let rows = (0..HEIGHT).flat_map(move |y| (0..WIDTH).map(move |x| sample(z, y, x)));
        rows.flat_map(u16::to_be_bytes).collect::<Vec<u8>>()
    };
    let head = b"12345".to_vec();
    let planes: Vec<u8> = (0..12).flat_map(plane).collect();
    std::fs::write(bench.path("volume.vol"), [&head[..], &planes, b"!"].concat()).unwrap();
    std::fs::create_dir(bench.path("slices")).unwrap();
    for z in 0..12 {
        std::fs::write(bench.path(&format!("slices/s{z}.vol")), [head.clone(), plane(z)].concat()).unwrap();
    }
    bench.check("raw");
}

#[test]
fn an_uninitialised_buffer_will_do() {
    grey("fresh");
}
