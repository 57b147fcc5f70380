//! Every kind of caller, compiled with the system's compilers and really run:
//! the examples in C, C++ and Python, a plug-in host, and the bare headers.

#![cfg(unix)]

mod support;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use support::build::{C, CPP, Language, check_syntax, compile, compile_alone, run_program};
use support::stacks::{SCAN, long_scan, phantom, scan};
use support::{library, python, root, run, succeed};
use tiff::decoder::{Decoder, DecodingResult};

/// Checks that each line is there, whole or as a part of one.
#[track_caller]
fn assert_lines(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|given| given.contains(line)), "no line with {line:?} in:\n{text}");
    }
}

/// The samples of a slice, as the tiff crate gives them.
fn slice(dir: &Path, number: u32) -> Vec<u16> {
    let file = BufReader::new(File::open(phantom::slice_path(dir, number)).unwrap());
    let DecodingResult::U16(samples) = Decoder::new(file).unwrap().read_image().unwrap() else {
        panic!("a phantom is of 16 bits");
    };
    samples
}

/// The pixels of a grey PNG, and its size.
fn grey_png(path: &Path) -> (Vec<u8>, u32, u32) {
    let mut reader = png::Decoder::new(BufReader::new(File::open(path).unwrap())).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Grayscale, png::BitDepth::Eight));
    (pixels, info.width, info.height)
}

/// Numbers as the picture shows them: the lowest black, the highest white.
fn windowed(samples: &[u16]) -> Vec<u8> {
    let (low, high) = (*samples.iter().min().unwrap(), *samples.iter().max().unwrap());
    let scale = 255.0 / f64::from(high - low);
    samples.iter().map(|&sample| (f64::from(sample - low) * scale + 0.5) as u8).collect()
}

/// A slice made from the two beside it.
fn blend(below: &[u16], above: &[u16]) -> Vec<u16> {
    let middle = |(&a, &b): (&u16, &u16)| ((f64::from(a) + f64::from(b)) / 2.0).round() as u16;
    below.iter().zip(above).map(middle).collect()
}

#[test]
fn the_headers_are_clean_in_every_dialect_and_without_padding() {
    let c = "#include \"zstack.h\"\n#include \"zstack.h\"\nint zstack_is_a_translation_unit;\n";
    let cpp = "#include \"zstack.hpp\"\n#include \"zstack.hpp\"\n";
    for standard in ["-std=c99", "-std=c11", "-std=c17"] {
        check_syntax(Language::C(standard), c, &["-Wpadded"]);
    }
    for standard in ["-std=c++11", "-std=c++17", "-std=c++20"] {
        check_syntax(Language::Cpp(standard), c, &["-Wpadded"]);
    }
    for standard in ["-std=c++17", "-std=c++20"] {
        check_syntax(Language::Cpp(standard), cpp, &[]);
    }
}

#[test]
fn the_smallest_c_program_loads() {
    let (scan, made) = (scan(), tempfile::tempdir().unwrap());
    let program = compile(C, &["examples/c/minimal.c"], made.path());

    let ran = run_program(&program, &[scan.path().as_ref()]);
    assert_eq!((ran.status.code(), ran.err.as_str()), (Some(0), ""));
    assert_eq!(ran.out, "96 x 96 x 23 u16, 1 slices could not be had\n");

    let ran = run_program(&program, &["/no/such/scan".as_ref()]);
    assert_eq!((ran.status.code(), ran.out.as_str()), (Some(1), ""));
    assert_lines(&ran.err, &["not found: "]);
}

#[test]
fn zstack_load_tells_everything_and_leaves_two_pictures() {
    let (scan, made) = (scan(), tempfile::tempdir().unwrap());
    let program = compile(C, &["examples/c/zstack-load.c", "examples/c/png.c"], made.path());
    let prefix = made.path().join("picture");

    let ran = run_program(&program, &[scan.path().as_ref(), prefix.as_ref()]);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    assert_lines(
        &ran.out,
        &[
            "  shape     96 x 96 x 24",
            "  samples   u16, grey",
            "  files     TIFF",
            "  gap       no file has number 9",
            "phantom_spr.bmp (preview): ",
            "phantom.log (other type): ",
            "Thumbs.db (junk): ",
            "  slices    22 measured, 2 failed, of those 2 repaired",
            "  repaired  slice 8, ",
            "phantom_0009.tif (missing): ",
            "  repaired  slice 14, ",
            "phantom_0015.tif (truncated): ",
        ],
    );
    assert_eq!(ran.out.matches("  left out  ").count(), 3);
    assert_eq!(ran.err, "", "without a terminal nothing is drawn");

    // The pictures, against what the tiff crate reads from the files.
    let (gap, truncated) = (SCAN.gap(), SCAN.truncated());
    let volume: Vec<Vec<u16>> = (1..=SCAN.slices)
        .map(|number| {
            let broken = number == gap || number == truncated;
            let read = |number| slice(scan.path(), number);
            if broken { blend(&read(number - 1), &read(number + 1)) } else { read(number) }
        })
        .collect();
    let xy = grey_png(&made.path().join("picture-xy.png"));
    assert_eq!((xy.1, xy.2), (SCAN.size, SCAN.size));
    assert!(xy.0 == windowed(&volume[SCAN.slices as usize / 2]), "the middle slice differs");

    let row = (SCAN.size / 2 * SCAN.size) as usize;
    let section: Vec<u16> =
        volume.iter().flat_map(|slice| slice[row..row + SCAN.size as usize].to_vec()).collect();
    let xz = grey_png(&made.path().join("picture-xz.png"));
    assert_eq!((xz.1, xz.2), (SCAN.size, SCAN.slices));
    assert!(xz.0 == windowed(&section), "the section differs");
}

#[test]
fn zstack_load_says_what_is_wrong() {
    let made = tempfile::tempdir().unwrap();
    let program = compile(C, &["examples/c/zstack-load.c", "examples/c/png.c"], made.path());

    let ran = run_program(&program, &[]);
    assert_eq!(ran.status.code(), Some(2));
    assert_lines(&ran.err, &["usage: "]);

    let ran = run_program(&program, &["/no/such/scan".as_ref()]);
    assert_eq!(ran.status.code(), Some(1));
    assert_lines(&ran.err, &["zstack-load: not found: "]);
}

#[test]
fn ctrl_c_stops_zstack_load_and_it_still_reports() {
    let (scan, made) = (long_scan(), tempfile::tempdir().unwrap());
    let program = compile(C, &["examples/c/zstack-load.c", "examples/c/png.c"], made.path());

    let mut child = Command::new(program).arg(scan.path()).stdout(Stdio::piped()).spawn().unwrap();
    // The last line before the load begins.
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("  threads ")));
    succeed(Command::new("kill").args(["-INT", &child.id().to_string()]));
    let report: Vec<String> = lines.collect();

    assert_eq!(child.wait().unwrap().code(), Some(130), "{report:?}");
    assert!(report.iter().any(|line| line.contains("not reached")), "{report:?}");
}

#[test]
fn cpp_loads_beside_a_frame_loop() {
    let (scan, made) = (scan(), tempfile::tempdir().unwrap());
    let program = compile(CPP, &["examples/cpp/volume.cpp"], made.path());

    let ran = run_program(&program, &[scan.path().as_ref()]);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    assert_lines(
        &ran.out,
        &["96 x 96 x 24, 1 channel(s), u16", "repaired ", "partial: 22 of 24 slices measured, 2 repaired"],
    );

    let ran = run_program(&program, &["/no/such/scan".as_ref()]);
    assert_eq!(ran.status.code(), Some(1));
    assert_lines(&ran.err, &["not found: "]);
}

#[test]
fn exceptions_from_cpp_callbacks_come_out_unchanged() {
    let (scan, made) = (scan(), tempfile::tempdir().unwrap());
    let program = compile(CPP, &["tests/callers/throw.cpp"], made.path());

    let ran = run_program(&program, &[scan.path().as_ref()]);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    assert_lines(
        &ran.out,
        &[
            "progress: 1",
            "slice: 2",
            "log: 3",
            "job progress: 1",
            "job slice: 2",
            // Each of the five was called once: after that the load is cancelled.
            "calls: 5",
            "calls after false: 1",
            "token: cancelled, nothing loaded",
            "events: all",
            "twice: already finished",
            "small: 12, report none",
            "fail: slice named, phantom_0015.tif, report there",
            "the buffer is not of the stack's type, u16",
        ],
    );
}

#[test]
fn python_loads_into_an_array() {
    let scan = scan();
    let script = root().join("examples/python/load.py");

    let ran = run(python().arg(&script).arg(scan.path()));
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    assert_lines(
        &ran.out,
        &[
            "96 x 96 x 24, uint16",
            "no file has number 9 to 9",
            "phantom_spr.bmp: ",
            "repaired volume[8], ",
            "repaired volume[14], ",
            "volume (24, 96, 96) uint16, mean ",
            "partial: 22 of 24 slices measured, 2 repaired",
        ],
    );
    assert_lines(&ran.err, &["24/24 slices"]);

    let ran = run(python().arg(&script).arg("/no/such/scan"));
    assert_eq!(ran.status.code(), Some(1));
    assert_lines(&ran.err, &["not found: "]);
}

#[test]
fn exceptions_from_python_callbacks_come_out_unchanged() {
    let (scan, long) = (scan(), long_scan());
    let script = root().join("tests/callers/raise.py");
    let out = succeed(python().arg(script).args([scan.path(), long.path()]));
    let expected = [
        "the same",
        "stopped",
        "interrupted",
        "cancelled True",
        "equal",
        "missing 8 True",
        "no such option: no_such_option",
    ];
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_host_that_loads_the_library_at_run_time() {
    let (scan, made) = (scan(), tempfile::tempdir().unwrap());
    let program = compile_alone(C, &["examples/host/host.c"], made.path());

    let ran = run_program(&program, &[library().as_ref(), scan.path().as_ref()]);
    assert_eq!((ran.status.code(), ran.err.as_str()), (Some(0), ""));
    let version = env!("CARGO_PKG_VERSION");
    let expected =
        format!("zstack {version}, ABI 1\npartial: 96 x 96 x 23 u16, 22 slices measured\nunloaded\n");
    assert_eq!(ran.out, expected);

    // A library that has no such symbol.
    let ran = run_program(&program, &["libm.so.6".as_ref(), scan.path().as_ref()]);
    assert_eq!(ran.status.code(), Some(1), "{ran:?}");
    assert_lines(&ran.err, &["libm.so.6 has no zstack ABI 1"]);
}
