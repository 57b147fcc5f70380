//! Files of a folder that are as long as the first one, and have their samples
//! elsewhere: what was read on a guess must not stay.

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
}

const FIRST: Way = Way { big_endian: false, apart: 16, directory_last: false, lower_half_first: false };

fn samples(z: u16) -> Vec<u16> {
    (0..(WIDTH * HEIGHT) as u16).map(|i| i.wrapping_mul(31) ^ (z * 257)).collect()
}

/// A file that is as long as any other, whichever way it is written.
fn write(path: &Path, z: u16, way: Way) {
    let number = |value: u32, bytes: usize| match way.big_endian {
        true => value.to_be_bytes()[4 - bytes..].to_vec(),
        false => value.to_le_bytes()[..bytes].to_vec(),
    };
    let directory_bytes = 2 + 9 * 12 + 4;
    let around = 8 + directory_bytes + 16 + 32;
    let room = 32 - way.apart;
    let (directory, pixels) = match way.directory_last {
        true => (8 + room + BYTES + way.apart, 8 + room),
        false => (8, 8 + directory_bytes + 16 + way.apart),
    };
    let lists = directory + directory_bytes;
    let halves = match way.lower_half_first {
        true => [pixels + BYTES / 2, pixels],
        false => [pixels, pixels + BYTES / 2],
    };
    let mut file = vec![0xEE; (around + BYTES) as usize];
    let mut put = |at: u32, bytes: &[u8]| file[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
    put(0, if way.big_endian { b"MM" } else { b"II" });
    put(2, &number(42, 2));
    put(4, &number(directory, 4));
    put(directory, &number(9, 2));
    let entries = [
        (256, 4, 1, WIDTH),
        (257, 4, 1, HEIGHT),
        (258, 3, 1, 16),
        (259, 3, 1, 1),
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
    put(
        lists,
        &[number(halves[0], 4), number(halves[1], 4), number(BYTES / 2, 4), number(BYTES / 2, 4)].concat(),
    );
    let data: Vec<u8> = samples(z).iter().flat_map(|&sample| number(sample.into(), 2)).collect();
    put(halves[0], &data[..BYTES as usize / 2]);
    put(halves[1], &data[BYTES as usize / 2..]);
    std::fs::write(path, file).unwrap();
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
        Way { lower_half_first: true, directory_last: true, big_endian: true, apart: 8 },
        FIRST,
    ];
    // Each of them is the first one once, by which the others are guessed.
    for turn in 0..ways.len() {
        for (z, _) in ways.iter().enumerate() {
            let way = ways[(turn + z) % ways.len()];
            write(&folder.path().join(format!("s_{z:03}.tif")), z as u16, way);
        }
        let stack = Arc::new(Stack::open(folder.path(), &OpenOptions::default()).unwrap());
        let (volume, outcome) = stack.load::<u16>(&LoadOptions::default(), &mut ()).unwrap();
        assert!(outcome.error.is_none(), "{:?}", outcome.error);
        for (z, slice) in volume.outer_iter().enumerate() {
            let found: Vec<u16> = slice.iter().copied().collect();
            assert!(found == samples(z as u16), "slice {z} of {ways:?}, turned by {turn}");
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
