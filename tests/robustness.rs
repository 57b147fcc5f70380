//! Broken files: an error or the very same pixels when cut, never a panic.

mod support;

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use support::pages::assemble;
use support::python;
use zstack::Result;
use zstack::format::{Limits, Page, pages};

/// Small enough that no bit flipped in a width takes gigabytes.
fn limits() -> Limits {
    Limits { slice_bytes: 32 << 20, ..Limits::default() }
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let output = python().arg("tests/formats/small.py").arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() > 40, "{}", files.len());
    files
}

/// What each page comes out as.
fn load(bytes: &[u8]) -> Result<Vec<Result<Vec<u8>>>> {
    let source = bytes.to_vec();
    let entries = pages(&source, &limits())?;
    let open = |id| Page::open(&source, id, &limits()).and_then(|page| assemble(&page, &source));
    Ok(entries.iter().map(|entry| open(entry.id)).collect())
}

fn check(name: &str, bytes: &[u8], panics: &mut BTreeSet<String>) -> Vec<Result<Vec<u8>>> {
    let loaded = catch_unwind(|| load(bytes)).unwrap_or_else(|_| panic!("{name} panicked"));
    let results = loaded.unwrap_or_else(|error| vec![Err(error)]);
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(!error.message.is_empty(), "{name}");
        if error.message.starts_with("the decoder failed") {
            panics.insert(format!("{}: {}", name.split(' ').next().unwrap(), error.message));
        }
    }
    results
}

#[test]
fn a_cut_file_is_an_error_or_the_same() {
    let mut panics = BTreeSet::new();
    for (name, bytes) in samples() {
        let whole = check(&name, &bytes, &mut panics);
        assert!(whole.iter().all(Result::is_ok), "{name}: {whole:?}");
        let step = (bytes.len() / 100).max(1);
        for keep in (0..bytes.len()).step_by(step) {
            let cut = check(&format!("{name} cut at {keep}"), &bytes[..keep], &mut panics);
            for (cut, whole) in cut.iter().zip(&whole) {
                assert!(
                    cut.is_err() || cut == whole,
                    "{name} cut at {keep} of {} is another image",
                    bytes.len()
                );
            }
        }
    }
    println!("panics of crates, caught: {panics:#?}");
}

#[test]
fn a_flipped_bit_is_no_panic() {
    let mut panics = BTreeSet::new();
    for (name, bytes) in samples() {
        let step = (bytes.len() * 8 / 150).max(1) | 1;
        for bit in (0..bytes.len() * 8).step_by(step) {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            check(&format!("{name} bit {bit}"), &broken, &mut panics);
        }
    }
    println!("panics of crates, caught: {panics:#?}");
}

#[test]
fn flipped_headers_are_no_panic() {
    let mut panics = BTreeSet::new();
    for (name, bytes) in samples() {
        for bit in (0..bytes.len().min(160) * 8).step_by(5) {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            check(&format!("{name} bit {bit}"), &broken, &mut panics);
        }
    }
    println!("panics of crates, caught: {panics:#?}");
}

#[test]
fn a_jpeg_whose_scan_is_cut_short_is_an_error() {
    let mut accepted = Vec::new();
    for (name, bytes) in samples().iter().filter(|(name, _)| name.ends_with(".jpg")) {
        let mut scans = bytes.windows(2).enumerate().filter(|(_, pair)| *pair == [0xFF, 0xDA]);
        let first = scans.next().unwrap().0 + 14;
        // Inside its last scan, a progressive image is not known to be cut.
        let end = scans.next_back().map_or(bytes.len() - 2, |(at, _)| at);
        for keep in first..end {
            // The end marker right behind the cut, as some repair tools leave it.
            let cut = [&bytes[..keep], &[0xFF, 0xD9]].concat();
            if load(&cut).unwrap()[0].is_ok() {
                accepted.push(format!("{name} {keep} of {}", bytes.len()));
            }
        }
    }
    assert!(accepted.is_empty(), "{} {accepted:#?}", accepted.len());
}

#[test]
fn a_baseline_jpeg_with_a_marker_inside_its_scan_is_an_error_or_the_same() {
    let markers: [&[u8]; 5] = [b"\xFF\xFE\0\x02", b"\xFF\xDB\0\x02", b"\xFF\xD0", b"\xFF\xD3", b"\xFF\xD7"];
    let mut accepted = Vec::new();
    let baseline = |name: &str| name.ends_with(".jpg") && !name.starts_with("progressive");
    for (name, bytes) in samples().iter().filter(|(name, _)| baseline(name)) {
        let whole = load(bytes).unwrap();
        let header = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        let end = bytes.len() - 2;
        // Not into the midst of a marker, which only makes it a longer one.
        let places = (header + 14..end).filter(|&at| bytes[at - 1] != 0xFF);
        for (at, marker) in places.flat_map(|at| markers.map(|marker| (at, marker))) {
            // Pushed in between, and in place of all that follows.
            for rest in [at, end] {
                let broken = [&bytes[..at], marker, &bytes[rest..]].concat();
                let loaded = load(&broken).unwrap();
                if loaded[0].is_ok() && loaded != whole {
                    accepted.push(format!("{name} {marker:02X?} at {at} of {end}, then from {rest}"));
                }
            }
        }
    }
    assert!(accepted.is_empty(), "{} {accepted:#?}", accepted.len());
}
