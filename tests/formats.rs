//! Every format against independent readers, sample by sample.
//!
//! `tests/formats/make.py` writes some hundred files with tifffile, Pillow,
//! imagecodecs, ImageMagick and libtiff's tools, and beside each what it must
//! come out as, or which words must say that it is refused.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use support::pages::{assemble, open};
use support::python;
use zstack::Status;
use zstack::format::{Description, Limits, Page, Scratch, pages};
use zstack::load::{Job, LoadOptions};
use zstack::stack::{OpenOptions, Stack};

#[test]
fn samples_are_as_independent_readers_see_them() {
    let folder = tempfile::tempdir().unwrap();
    let output = python().arg("tests/formats/make.py").arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest = std::fs::read_to_string(folder.path().join("manifest.tsv")).unwrap();
    let mut failures = Vec::new();
    let mut counts = BTreeMap::new();
    for line in manifest.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        *counts.entry(fields[2]).or_insert(0) += 1;
        if let Err(message) = check(folder.path(), &fields) {
            failures.push(format!("{} page {}: {message}", fields[0], fields[1]));
        }
    }
    println!("{counts:?}");
    assert!(failures.is_empty(), "{} of {counts:?}:\n{}", failures.len(), failures.join("\n"));
    assert!(counts["ok"] > 400 && counts["fail"] > 100, "{counts:?}");
}

fn check(folder: &Path, fields: &[&str]) -> Result<(), String> {
    let path = folder.join(fields[0]);
    let bytes = std::fs::read(&path).unwrap();
    let index: usize = fields[1].parse().unwrap();
    let loaded = load(bytes, index);
    if fields[2] == "fail" {
        return check_refusal(loaded.map(|_| ()), fields[3], fields[4]);
    }
    let (page, samples) = loaded.map_err(|error| format!("{:?}: {error}", error.status))?;
    let image = &page.description;
    if index == 0 {
        if engine(&path, LoadOptions::default())? != samples {
            return Err("the engine loads it otherwise than chunk by chunk".to_owned());
        }
        check_region(&path, image, &samples)?;
    }
    let found = [
        format!("{}{}", if image.complex { "complex " } else { "" }, image.sample.name()),
        image.height.to_string(),
        image.width.to_string(),
        image.channels.to_string(),
        image.bits_stored.to_string(),
        format!("{:?}", image.photometric),
    ];
    if found != fields[3..9] {
        return Err(format!("is {found:?}, should be {:?}", &fields[3..9]));
    }
    if page.note.as_deref().unwrap_or("") != fields[10] {
        return Err(format!("note {:?}, should be {:?}", page.note, fields[10]));
    }
    let expected = std::fs::read(folder.join(format!("{}.{index}.raw", fields[0]))).unwrap();
    compare(&samples, &expected, fields[9].parse().unwrap())
}

fn load(bytes: Vec<u8>, index: usize) -> zstack::Result<(Page, Vec<u8>)> {
    let entries = pages(&bytes, &Limits::default())?;
    let page = open(&bytes, entries[index].id)?;
    assert_eq!(entries[index].image.as_ref(), Ok(&page.description));
    let samples = assemble(&page, &bytes)?;
    Ok((page, samples))
}

/// A region of it, with room between the rows, which must be left alone.
fn check_region(path: &Path, image: &Description, samples: &[u8]) -> Result<(), String> {
    let (x, y) = (image.width / 3, image.height / 4);
    let (width, height) = (image.width.div_ceil(2).min(image.width - x), image.height - y);
    let sample = image.sample.bytes();
    let pixel = image.channels as usize * sample;
    let row = width as usize * pixel;
    let stride = row + 3 * sample;
    let options = LoadOptions { x, y, width, height, row_stride: stride as u64, ..LoadOptions::default() };
    let region = engine(path, options)?;
    for line in 0..height as usize {
        let from = ((y as usize + line) * image.width as usize + x as usize) * pixel;
        if region[line * stride..][..row] != samples[from..from + row] {
            return Err(format!("row {line} of the region from {x}, {y} is another"));
        }
        let between =
            &region[(line * stride + row).min(region.len())..((line + 1) * stride).min(region.len())];
        if between.iter().any(|&byte| byte != UNTOUCHED) {
            return Err(format!("something was written behind row {line} of the region"));
        }
    }
    Ok(())
}

/// What stands in a buffer before a load.
const UNTOUCHED: u8 = 0x77;

/// The first slice of a file, as the engine loads it.
fn engine(path: &Path, options: LoadOptions) -> Result<Vec<u8>, String> {
    let failed = |error: zstack::Error| format!("{:?}: {error}", error.status);
    let stack = Arc::new(Stack::open(path, &OpenOptions::default()).map_err(failed)?);
    let options = LoadOptions { z_count: 1, ..options };
    let mut pixels = vec![UNTOUCHED; stack.plan(&options).map_err(failed)?.buffer_bytes as usize + 8];
    let aligned = pixels.as_ptr().align_offset(8);
    let pixels = &mut pixels[aligned..];
    // SAFETY: `pixels` outlives the job, which ends below.
    let job = unsafe { Job::start(&stack, &options, pixels.as_mut_ptr(), pixels.len() as u64) };
    match job.map_err(failed)?.finish().error {
        None => Ok(pixels[..stack.plan(&options).map_err(failed)?.buffer_bytes as usize].to_vec()),
        Some(error) => Err(failed(error)),
    }
}

fn check_refusal(loaded: zstack::Result<()>, status: &str, text: &str) -> Result<(), String> {
    match loaded {
        Ok(()) => Err(format!("was loaded, should be {status}")),
        Err(error) if !status.split('|').any(|status| format!("{:?}", error.status) == status) => {
            Err(format!("{:?} ({error}), should be {status}", error.status))
        }
        Err(error) if !error.message.contains(text) => Err(format!("{:?} lacks {text:?}", error.message)),
        Err(_) => Ok(()),
    }
}

fn compare(found: &[u8], expected: &[u8], tolerance: u8) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("{} bytes, should be {}", found.len(), expected.len()));
    }
    let largest = found.iter().zip(expected).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
    if largest <= tolerance {
        return Ok(());
    }
    let first = found.iter().zip(expected).position(|(a, b)| a.abs_diff(*b) > tolerance);
    let wrong = found.iter().zip(expected).filter(|(a, b)| a.abs_diff(**b) > tolerance).count();
    Err(format!("{wrong} of {} bytes differ, by up to {largest}, the first at {first:?}", found.len()))
}

#[test]
fn stored_samples_take_no_memory() {
    let head = b"P5 7 5 255\n".to_vec();
    let page = open(&[head, vec![0; 35]].concat(), zstack::format::PageId::FIRST).unwrap();
    assert_eq!(page.decode_memory(0), 0);
    assert_eq!(page.decode_memory(1), 0);
}

#[test]
fn no_such_chunk_is_an_error() {
    let file = b"P5 1 1 255\n\x07".to_vec();
    let page = open(&file, zstack::format::PageId::FIRST).unwrap();
    let decode = |index, out: &mut [u8]| page.decode(index, &file, &mut Scratch::default(), out);
    assert_eq!(decode(1, &mut []).unwrap_err().status, Status::OutOfRange);
    assert_eq!(decode(0, &mut [0; 2]).unwrap_err().status, Status::BufferTooSmall);
    assert_eq!(decode(0, &mut [0]), Ok(()));
}
