//! Headers made by hand; pixels are compared in tests/formats.
#![forbid(unsafe_code)]

use super::header;
use crate::error::{Result, Status};

fn marker(code: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xFF, code], &length[..], content].concat()
}

fn size(width: u32, height: u32, tile: u32, components: &[[u8; 3]]) -> Vec<u8> {
    let numbers = [width, height, 0, 0, tile, tile, 0, 0];
    let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
    let count = (components.len() as u16).to_be_bytes();
    marker(0x51, &[&[0, 0], &numbers[..], &count, components.as_flattened()].concat())
}

/// One layer, two levels; precincts of these sizes.
fn style(precincts: &[u8]) -> Vec<u8> {
    let own = u8::from(!precincts.is_empty());
    marker(0x52, &[&[own, 0, 0, 1, 0, 2, 4, 4, 0, 1], precincts].concat())
}

fn part(tile: u16, of: u8, data: &[u8]) -> Vec<u8> {
    let length = (14 + data.len() as u32).to_be_bytes();
    let head = [&tile.to_be_bytes()[..], &length, &[0, of]].concat();
    [marker(0x90, &head), vec![0xFF, 0x93], data.to_vec()].concat()
}

fn read(parts: &[Vec<u8>]) -> Result<()> {
    header::read(&[vec![0xFF, 0x4F], parts.concat(), vec![0xFF, 0xD9]].concat()).map(|_| ())
}

const GRAY: &[[u8; 3]] = &[[7, 1, 1]];

#[test]
fn a_picture_with_all_its_tile_parts_is_sound() {
    let two = [size(60, 30, 32, GRAY), style(&[]), part(0, 0, b"x"), part(1, 2, b""), part(1, 0, b"yz")];
    assert_eq!(read(&two), Ok(()));
}

#[test]
fn a_tile_or_a_part_of_one_that_is_missing_is_no_black_square() {
    let status = |parts: &[Vec<u8>]| read(parts).unwrap_err().status;
    assert_eq!(status(&[size(60, 30, 32, GRAY), style(&[]), part(0, 1, b"x")]), Status::Truncated);
    let part_missing = [size(60, 30, 32, GRAY), style(&[]), part(0, 1, b"x"), part(1, 2, b"y")];
    assert_eq!(status(&part_missing), Status::Truncated);
    let nowhere = [size(60, 30, 32, GRAY), style(&[]), part(0, 1, b"x"), part(2, 1, b"y")];
    assert_eq!(status(&nowhere), Status::Corrupt);
}

#[test]
fn a_codestream_cut_anywhere_is_an_error() {
    let whole = [vec![0xFF, 0x4F], size(20, 30, 32, GRAY), style(&[]), part(0, 1, b"xyz")].concat();
    assert!(header::read(&whole).is_ok());
    for end in 0..whole.len() {
        assert!(header::read(&whole[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn subsampled_and_unlike_components_are_named() {
    let message = |components: &[[u8; 3]]| {
        read(&[size(20, 30, 32, components), style(&[]), part(0, 1, b"")]).unwrap_err().message
    };
    assert!(message(&[[7, 1, 1], [7, 2, 1], [7, 2, 1]]).contains("subsampled"));
    assert!(message(&[[7, 1, 1], [15, 1, 1]]).contains("several kinds"));
    assert!(message(&[[0x89, 1, 1]]).contains("signed samples of 10 bits"));
}

#[test]
fn a_small_file_cannot_ask_for_much_structure() {
    let limited = |parts: &[Vec<u8>]| read(parts).unwrap_err().status == Status::LimitExceeded;
    // A precinct for each pixel, in the main header and in that of a tile-part.
    let fine = style(&[0, 0, 0]);
    assert!(limited(&[size(4000, 4000, 4000, GRAY), fine.clone(), part(0, 1, b"")]));
    let head = [0, 0, 0, 0, 0, 0, 0, 1];
    let hidden = [marker(0x90, &head), fine, vec![0xFF, 0x93]].concat();
    assert!(limited(&[size(4000, 4000, 4000, GRAY), style(&[]), hidden]));
    // Many tiles of many components.
    assert!(limited(&[size(250, 250, 1, &[[7, 1, 1]; 300]), style(&[]), part(0, 1, b"")]));
}

#[test]
fn a_jp2_is_searched_for_its_codestream() {
    let inside = [vec![0xFF, 0x4F], size(20, 30, 32, GRAY), style(&[]), part(0, 1, b"xyz")].concat();
    let jp2 = |color: u8| {
        let head = [b"\0\0\0\x17jp2h\0\0\0\x0fcolr\x01\0\0\0\0\0".as_slice(), &[color]].concat();
        let tail = [&[0, 0, 0, 0][..], b"jp2c", &inside].concat();
        [b"\0\0\0\x0cjP  \r\n\x87\n".as_slice(), &head, &tail].concat()
    };
    assert_eq!(header::read(&jp2(17)).unwrap().codestream, inside);
    assert!(header::read(&jp2(18)).err().unwrap().message.contains("sYCC"));
}
