//! Files and pages that have their samples elsewhere than the ones before: what was
//! read on a guess must not stay.

mod support;

use std::path::Path;
use std::sync::Arc;

use zstack::load::LoadOptions;
use zstack::stack::{OpenOptions, Stack};

const WIDTH: u32 = 40;
const HEIGHT: u32 = 30;
const BYTES: u32 = WIDTH * HEIGHT * 2;

/// How a file is written.
#[derive(Clone, Copy, Debug)]
struct Way {
    big_endian: bool,
    /// Bytes between the directory and the samples, in front of which it stands.
    apart: u32,
    directory_last: bool,
    /// Strips of half the rows; the lower half may come first in the file.
    lower_half_first: bool,
    /// Compressed.
    packed: bool,
}

const FIRST: Way =
    Way { big_endian: false, apart: 16, directory_last: false, lower_half_first: false, packed: false };

/// The first of each four rows is 0.
fn samples(z: u16) -> Vec<u16> {
    let sample = |i: u16| i.wrapping_mul(31) ^ (z * 257) | 0x0101;
    (0..(WIDTH * HEIGHT) as u16)
        .map(|i| if (i / WIDTH as u16).is_multiple_of(4) { 0 } else { sample(i) })
        .collect()
}

/// A number of so many bytes.
fn number(way: Way, value: u32, bytes: usize) -> Vec<u8> {
    match way.big_endian {
        true => value.to_be_bytes()[4 - bytes..].to_vec(),
        false => value.to_le_bytes()[..bytes].to_vec(),
    }
}

/// Appends an image and its directory, as long as any other, whichever way they
/// are written. The link at `link` leads to the directory; where the next one has to
/// stand comes back.
fn append(file: &mut Vec<u8>, link: usize, z: u16, way: Way) -> usize {
    let number = |value: u32, bytes: usize| number(way, value, bytes);
    let start = file.len() as u32;
    let directory_bytes = 2 + 9 * 12 + 4;
    let around = directory_bytes + 16 + 32;
    let room = 32 - way.apart;
    let (directory, pixels) = match way.directory_last {
        true => (start + room + BYTES + way.apart, start + room),
        false => (start, start + directory_bytes + 16 + way.apart),
    };
    let lists = directory + directory_bytes;
    let halves = match way.lower_half_first {
        true => [pixels + BYTES / 2, pixels],
        false => [pixels, pixels + BYTES / 2],
    };
    file.resize(file.len() + (around + BYTES) as usize, 0xEE);
    let mut put = |at: u32, bytes: &[u8]| file[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
    put(link as u32, &number(directory, 4));
    put(directory, &number(9, 2));
    let coding = if way.packed { 32773 } else { 1 };
    let entries = [
        (256, 4, 1, WIDTH),
        (257, 4, 1, HEIGHT),
        (258, 3, 1, 16),
        (259, 3, 1, coding),
        (262, 3, 1, 1),
        (273, 4, 2, lists),
        (277, 3, 1, 1),
        (278, 3, 1, HEIGHT / 2),
        (279, 4, 2, lists + 8),
    ];
    for (index, (tag, kind, count, value)) in entries.into_iter().enumerate() {
        let size = if kind == 3 { 2 } else { 4 };
        let mut entry = [number(tag, 2), number(kind, 2), number(count, 4), number(value, size)].concat();
        entry.resize(12, 0);
        put(directory + 2 + 12 * index as u32, &entry);
    }
    put(directory + directory_bytes - 4, &[0; 4]);
    let data: Vec<u8> = samples(z).iter().flat_map(|&sample| number(sample.into(), 2)).collect();
    let mut lengths = [BYTES / 2; 2];
    for (half, (&at, length)) in data.chunks(BYTES as usize / 2).zip(halves.iter().zip(&mut lengths)) {
        let bytes = if way.packed { pack(half) } else { half.to_vec() };
        *length = bytes.len() as u32;
        put(at, &bytes);
    }
    put(
        lists,
        &[halves, lengths].concat().into_iter().flat_map(|value| number(value, 4)).collect::<Vec<_>>(),
    );
    (directory + directory_bytes - 4) as usize
}

/// PackBits of samples of which many rows are 0: shorter than they are.
fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    for run in bytes.chunk_by(|a, b| (*a == 0) == (*b == 0)) {
        for part in run.chunks(128) {
            match part {
                [0, 0, ..] => packed.extend([(1 - part.len() as i32) as i8 as u8, 0]),
                _ => {
                    packed.push(part.len() as u8 - 1);
                    packed.extend(part);
                }
            }
        }
    }
    packed
}

fn header(way: Way) -> Vec<u8> {
    let order = if way.big_endian { b"MM" } else { b"II" };
    [order.to_vec(), number(way, 42, 2), number(way, 0, 4)].concat()
}

/// A file of one image.
fn write(path: &Path, z: u16, way: Way) {
    let mut file = header(way);
    append(&mut file, 4, z, way);
    std::fs::write(path, file).unwrap();
}

/// Loads a stack whose slices are those of `samples`.
fn check(path: &Path, slices: usize, what: &dyn std::fmt::Debug) {
    let stack = Arc::new(Stack::open(path, &OpenOptions::default()).unwrap());
    let (volume, outcome) = stack.load::<u16>(&LoadOptions::default(), &mut ()).unwrap();
    assert!(outcome.error.is_none(), "{:?}", outcome.error);
    assert_eq!(volume.shape()[0], slices);
    for (z, slice) in volume.outer_iter().enumerate() {
        let found: Vec<u16> = slice.iter().copied().collect();
        assert!(found == samples(z as u16), "slice {z} of {what:?}");
    }
}

#[test]
fn samples_that_lie_elsewhere_are_read_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let ways = [
        FIRST,
        FIRST,
        Way { big_endian: true, ..FIRST },
        Way { apart: 0, ..FIRST },
        Way { apart: 32, big_endian: true, ..FIRST },
        Way { directory_last: true, ..FIRST },
        Way { lower_half_first: true, ..FIRST },
        Way { lower_half_first: true, directory_last: true, big_endian: true, apart: 8, packed: false },
        Way { packed: true, ..FIRST },
        FIRST,
    ];
    // Each of them is the first one once, by which the others are guessed.
    for turn in 0..ways.len() {
        for (z, _) in ways.iter().enumerate() {
            let way = ways[(turn + z) % ways.len()];
            write(&folder.path().join(format!("s_{z:03}.tif")), z as u16, way);
        }
        check(folder.path(), ways.len(), &(ways, turn));
    }
}

#[test]
fn pages_whose_samples_lie_elsewhere_are_read_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pages.tif");
    // A guess needs two pages alike; from the fifth in vain on there is none.
    let last = Way { directory_last: true, ..FIRST };
    let packed = Way { packed: true, ..FIRST };
    let books: [&[Way]; 6] = [
        &[Way { apart: 0, ..FIRST }, FIRST, FIRST, FIRST, FIRST, FIRST],
        &[FIRST, FIRST, FIRST, Way { apart: 0, ..FIRST }, FIRST, FIRST, FIRST, last, last, FIRST, FIRST],
        &[last, last, last, Way { apart: 0, ..last }, last, last, FIRST, FIRST, FIRST, last],
        &[packed, packed, packed, FIRST, FIRST, FIRST, packed, packed, packed],
        &[FIRST, FIRST, Way { lower_half_first: true, ..FIRST }, FIRST, FIRST, packed, FIRST],
        &[FIRST, FIRST, last, last, FIRST, FIRST, last, last, FIRST, FIRST, last, last, FIRST, FIRST, last],
    ];
    for book in books {
        for big_endian in [false, true] {
            let mut file = header(Way { big_endian, ..FIRST });
            let mut link = 4;
            for (z, way) in book.iter().enumerate() {
                link = append(&mut file, link, z as u16, Way { big_endian, ..*way });
            }
            std::fs::write(&path, file).unwrap();
            check(&path, book.len(), &book);
        }
    }
}

#[test]
fn a_file_cut_short_behind_the_guess_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for z in 0..4 {
        write(&folder.path().join(format!("s_{z:03}.tif")), z, FIRST);
    }
    let cut = folder.path().join("s_002.tif");
    let bytes = std::fs::read(&cut).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() - BYTES as usize / 2]).unwrap();
    let stack = Arc::new(Stack::open(folder.path(), &OpenOptions::default()).unwrap());
    let (volume, outcome) = stack.load::<u16>(&LoadOptions::default(), &mut ()).unwrap();
    let error = outcome.error.unwrap();
    assert_eq!((error.status, error.slice), (zstack::Status::Partial, Some(2)));
    let cause = outcome.report.slices[2].cause.as_ref().unwrap();
    assert_eq!(cause.status, zstack::Status::Truncated);
    assert!(volume.index_axis(ndarray::Axis(0), 2).iter().all(|&sample| sample == 0));
    assert!(volume.index_axis(ndarray::Axis(0), 3).iter().copied().eq(samples(3)));
}
