use std::cell::Cell;
use std::io;

use super::*;
use crate::error::{Result, Status};
use crate::format::{Limits, Page, PageId, ReadAt};

/// An element of explicit little endian whose length has four bytes.
fn long(group: u16, element: u16, vr: &[u8; 2], length: u32) -> Vec<u8> {
    [&group.to_le_bytes()[..], &element.to_le_bytes(), vr, &[0, 0], &length.to_le_bytes()].concat()
}

/// An element of explicit little endian with its value.
fn short(group: u16, element: u16, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let length = (value.len() as u16).to_le_bytes();
    [&group.to_le_bytes()[..], &element.to_le_bytes(), vr, &length, value].concat()
}

fn number(element: u16, value: u16) -> Vec<u8> {
    short(0x28, element, b"US", &value.to_le_bytes())
}

fn item(tag: u16, length: u32) -> Vec<u8> {
    [&[0xFE, 0xFF][..], &tag.to_le_bytes(), &length.to_le_bytes()].concat()
}

/// A file of this transfer syntax, with `before` in front of its group 28.
fn file(syntax: &str, before: &[u8], frames: &str, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    bytes.extend(short(2, 0x10, b"UI", format!("1.2.840.10008.1.2{syntax}").as_bytes()));
    bytes.extend(short(8, 5, b"CS", b"ISO_IR 100"));
    bytes.extend(before);
    bytes.extend(number(2, 1));
    bytes.extend(short(0x28, 4, b"CS", b"MONOCHROME2 "));
    bytes.extend(short(0x28, 8, b"IS", frames.as_bytes()));
    for (element, value) in [(0x10, 2), (0x11, 3), (0x100, 8), (0x101, 8), (0x102, 7), (0x103, 0)] {
        bytes.extend(number(element, value));
    }
    bytes.extend(pixels);
    bytes
}

fn native(length: u32) -> Vec<u8> {
    [long(0x7FE0, 0x10, b"OW", length), vec![1; length as usize]].concat()
}

fn open(bytes: &Vec<u8>) -> Result<Page> {
    Page::open(bytes, PageId::FIRST, &Limits::default())
}

fn status(bytes: &Vec<u8>) -> Status {
    open(bytes).err().map_or(Status::Ok, |error| error.status)
}

#[test]
fn lengths_that_lie_take_no_memory_and_are_errors() {
    let good = |before: &[u8]| file(".1", before, "1 ", &native(6));
    assert_eq!(status(&good(&[])), Status::Ok);
    assert_eq!(status(&good(&long(8, 0x9, b"OB", 0xFFFF_FFF0))), Status::Truncated);
    assert_eq!(status(&good(&long(8, 0x9, b"SQ", 0xFFFF_FFFF))), Status::Corrupt);
    // The numbers of a table of offsets.
    let offsets = [long(0x7FE0, 1, b"OV", 0xFFFF_FFF8), long(0x7FE0, 2, b"OV", 0xFFFF_FFF8)].concat();
    assert_eq!(status(&file(".5", &[], "1 ", &offsets)), Status::Truncated);
    for table in [0xFFFF_FFFC, 8_000_000, 400_000] {
        let pixels = [long(0x7FE0, 0x10, b"OB", u32::MAX), item(0xE000, table), item(0xE0DD, 0)].concat();
        let found = status(&file(".5", &[], "1 ", &pixels));
        assert!(matches!(found, Status::LimitExceeded | Status::Truncated), "{table}: {found:?}");
    }
    // Offsets and lengths far beyond the file.
    let table =
        |element, value: u64| [long(0x7FE0, element, b"OV", 8), value.to_le_bytes().to_vec()].concat();
    for (offset, length) in [(u64::MAX, u64::MAX), (0, u64::MAX), (u64::MAX - 9, 1), (1 << 40, 1 << 40)] {
        let fragment = [item(0xE000, 0), item(0xE000, 2), vec![1, 2], item(0xE0DD, 0)].concat();
        let pixels =
            [table(1, offset), table(2, length), long(0x7FE0, 0x10, b"OB", u32::MAX), fragment].concat();
        for syntax in [".5", ".4.50"] {
            let bytes = file(syntax, &[], "1 ", &pixels);
            let decoded = open(&bytes).and_then(|page| {
                let range = page.chunks[0].bytes.clone();
                let raw = bytes.get(range.start as usize..).unwrap_or(&[]);
                page.decode(0, raw, &mut Default::default(), &mut [0; 6])
            });
            assert!(decoded.is_err(), "{offset} {length} {syntax}");
        }
    }
}

#[test]
fn sequences_without_end_are_errors() {
    let deep = [long(8, 0x1140, b"SQ", u32::MAX), item(0xE000, u32::MAX)].concat();
    assert_eq!(status(&file(".1", &deep.repeat(10_000), "1 ", &native(6))), Status::Corrupt);
    let closed = [item(0xE00D, 0), item(0xE0DD, 0)].concat();
    let nested = [deep.repeat(30), closed.repeat(30)].concat();
    assert_eq!(status(&file(".1", &nested, "1 ", &native(6))), Status::Ok);
    assert_eq!(status(&file(".1", &item(0xE000, 0), "1 ", &native(6))), Status::Corrupt);
    // An end without a beginning harms nobody.
    assert_eq!(status(&file(".1", &closed, "1 ", &native(6))), Status::Ok);
}

#[test]
fn the_icon_in_front_is_not_the_image() {
    let icon =
        [long(0x88, 0x200, b"SQ", u32::MAX), item(0xE000, u32::MAX), number(0x10, 77), native(4)].concat();
    let icon = [icon, item(0xE00D, 0), item(0xE0DD, 0)].concat();
    let page = open(&file(".1", &icon, "1 ", &native(6))).unwrap();
    assert_eq!((page.description.height, page.description.width), (2, 3));
}

#[test]
fn frames_that_are_promised_in_vain_are_cut_off_or_too_many() {
    let bytes = file(".1", &[], "3 ", &native(12));
    let found = pages(&bytes, &Limits::default()).unwrap();
    assert_eq!(found.iter().map(|page| page.image.is_ok()).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(found[2].image.as_ref().unwrap_err().status, Status::Truncated);
    let third = Page::open(&bytes, found[2].id, &Limits::default());
    assert_eq!(third.unwrap_err().status, Status::Truncated);
    let many = file(".1", &[], "99999999", &native(12));
    assert_eq!(pages(&many, &Limits::default()).unwrap_err().status, Status::LimitExceeded);
    assert_eq!(status(&many), Status::Ok);
    let beyond = PageId { index: 3, ..PageId::FIRST };
    assert_eq!(Page::open(&bytes, beyond, &Limits::default()).unwrap_err().status, Status::OutOfRange);
}

/// Counts the bytes that are asked for.
struct Counting {
    bytes: Vec<u8>,
    read: Cell<u64>,
}

impl ReadAt for Counting {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.read.set(self.read.get() + buf.len() as u64);
        self.bytes.read_at(offset, buf)
    }
}

#[test]
fn a_header_costs_little_whatever_stands_in_it_and_behind() {
    let private = [long(9, 0x1001, b"OB", 10_000_000), vec![7; 10_000_000]].concat();
    let bytes = file(".1", &private, "1000000 ", &native(6_000_000));
    let source = Counting { bytes, read: Cell::new(0) };
    Page::open(&source, PageId::FIRST, &Limits::default()).unwrap();
    assert!(source.read.get() < 100_000, "{} bytes", source.read.get());
}
