//! The chain of directories of a TIFF: its header, and a look at each directory
//! (TIFF 6.0, section 2; BigTIFF has the same with wider numbers).
//!
//! The `tiff` crate reads the first directory before anything can be asked of
//! it, so a bad first page would spoil the file; and it parses each page whole,
//! where a count of 50,000 pages needs two numbers of each.
#![forbid(unsafe_code)]

use std::collections::HashSet;
use std::sync::Arc;

use crate::error::{Error, Result, Status};
use crate::format::view::View;
use crate::format::{Limits, PageEntry, PageId, ReadAt, errors};

/// Stands for a link back to an earlier directory. As an offset 0 is never a
/// page: in the file it marks the end of the chain.
const LOOP: u64 = 0;

/// More entries than any writer makes; libtiff refuses more as well.
const MOST_ENTRIES: u64 = 65_535;

/// The tags that pixels depend on; one of them twice leaves no right answer.
/// For all others the crate takes the last.
const PIXEL_TAGS: [u16; 24] = [
    256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 338, 339,
    347, 529, 530,
];

/// What the first bytes of a TIFF say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Numbers begin with their highest byte.
    pub big_endian: bool,
    /// BigTIFF: offsets and counts have 8 bytes.
    pub big_tiff: bool,
    /// Offset of the first directory.
    pub first: u64,
}

/// A look at one directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory {
    /// A thumbnail or mask.
    pub reduced: bool,
    /// Offset of the next directory, 0 = none.
    pub next: u64,
}

impl Header {
    /// Reads the header.
    pub fn read(view: &mut View) -> Result<Header> {
        let what = "its TIFF header";
        let mut start = [0; 8];
        view.fill(what, 0, &mut start)?;
        let mut header = Header { big_endian: start[0] == b'M', big_tiff: false, first: 0 };
        header.big_tiff = header.u16(&start[2..4]) == 43;
        header.first = header.u32(&start[4..8]).into();
        if header.big_tiff {
            if (header.u16(&start[4..6]), header.u16(&start[6..8])) != (8, 0) {
                return Err(errors::corrupt(
                    "the header is neither TIFF nor BigTIFF with offsets of 8 bytes",
                ));
            }
            let mut first = [0; 8];
            view.fill(what, 8, &mut first)?;
            header.first = header.u64(&first);
        }
        if header.first == 0 {
            return Err(errors::corrupt("the TIFF has no directory: its writer did not finish it"));
        }
        Ok(header)
    }

    /// Bytes of the header.
    pub fn len(&self) -> u64 {
        if self.big_tiff { 16 } else { 8 }
    }

    /// The same header in bytes, but with another first directory.
    pub fn pointing_at(&self, directory: u64) -> Vec<u8> {
        let mut bytes = if self.big_endian { b"MM".to_vec() } else { b"II".to_vec() };
        if self.big_tiff {
            bytes.extend(self.pack(43, 2));
            bytes.extend(self.pack(8, 2));
            bytes.extend(self.pack(0, 2));
            bytes.extend(self.pack(directory, 8));
        } else {
            bytes.extend(self.pack(42, 2));
            bytes.extend(self.pack(directory, 4));
        }
        bytes
    }

    /// The lowest `width` bytes of `value`, in the file's order.
    pub fn pack(&self, value: u64, width: usize) -> Vec<u8> {
        if self.big_endian {
            value.to_be_bytes()[8 - width..].to_vec()
        } else {
            value.to_le_bytes()[..width].to_vec()
        }
    }

    fn u16(&self, bytes: &[u8]) -> u16 {
        self.u64(&bytes[..2]) as u16
    }

    fn u32(&self, bytes: &[u8]) -> u32 {
        self.u64(&bytes[..4]) as u32
    }

    fn u64(&self, bytes: &[u8]) -> u64 {
        let append = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
        if self.big_endian { bytes.iter().fold(0, append) } else { bytes.iter().rev().fold(0, append) }
    }
}

impl Directory {
    /// Reads the directory at `offset`.
    pub fn read(view: &mut View, header: &Header, offset: u64) -> Result<Directory> {
        let what = "a directory of the TIFF";
        if offset == LOOP {
            return Err(errors::corrupt("the chain of TIFF directories runs in a circle here"));
        }
        let length = view.source().len();
        // Classic TIFF has offsets of 32 bits.
        let reach = if header.big_tiff { u64::MAX } else { u32::MAX.into() };
        if offset >= length {
            return Err(Error::new(
                Status::Truncated,
                format!(
                    "the file ends at byte {length}, before its TIFF directory, which should lie at byte {offset}"
                ),
            ));
        }
        if offset < header.len() || offset > reach {
            return Err(errors::corrupt(format!("a TIFF directory cannot lie at byte {offset}")));
        }
        let (count_bytes, entry_bytes, next_bytes) = if header.big_tiff { (8, 20, 8) } else { (2, 12, 4) };
        let mut number = [0; 8];
        view.fill(what, offset, &mut number[..count_bytes])?;
        let count = header.u64(&number[..count_bytes]);
        if count == 0 || count > MOST_ENTRIES {
            return Err(errors::corrupt(format!(
                "the TIFF directory at byte {offset} claims {count} entries"
            )));
        }
        let mut entries = vec![0; count as usize * entry_bytes + next_bytes];
        view.fill(what, offset + count_bytes as u64, &mut entries)?;
        let next = header.u64(entries.split_off(count as usize * entry_bytes).as_slice());

        let mut reduced = false;
        let mut seen = [false; PIXEL_TAGS.len()];
        for entry in entries.chunks_exact(entry_bytes) {
            let (tag, kind) = (header.u16(entry), header.u16(&entry[2..]));
            check_kind(header, tag, kind)?;
            if let Some(at) = PIXEL_TAGS.iter().position(|&known| known == tag)
                && std::mem::replace(&mut seen[at], true)
            {
                return Err(errors::corrupt(format!("a TIFF directory holds tag {tag} twice")));
            }
            let value = &entry[4 + next_bytes..];
            reduced |= match (tag, if kind == 3 { header.u16(value).into() } else { header.u32(value) }) {
                // NewSubfileType: bit 0 is a thumbnail, bit 2 a mask.
                (254, bits) => bits & 0b101 != 0,
                // SubfileType of before 1992: 2 is a thumbnail.
                (255, number) => number == 2,
                _ => false,
            };
        }
        Ok(Directory { reduced, next })
    }
}

/// The crate skips an entry of an unknown type as if it had 12 bytes, which in
/// BigTIFF (20 bytes) shifts all that follow.
fn check_kind(header: &Header, tag: u16, kind: u16) -> Result<()> {
    match kind {
        1..=13 | 16..=18 => Ok(()),
        _ if header.big_tiff => {
            Err(errors::unsupported(format!("BigTIFF tag {tag} of the unknown type {kind}")))
        }
        _ => Ok(()),
    }
}

/// All pages of a TIFF. A bad link behind a good page ends the chain with an
/// entry that cannot be opened, so that nothing is lost in silence.
pub fn pages(source: &Arc<dyn ReadAt>, limits: &Limits) -> Result<Vec<PageEntry>> {
    let mut view = View::new(Arc::clone(source));
    let header = Header::read(&mut view)?;
    let mut pages = Vec::new();
    let mut seen = HashSet::new();
    let mut offset = header.first;
    while offset != 0 {
        let index = pages.len() as u64;
        if index >= limits.pages {
            return Err(too_many(limits));
        }
        let mut id = if index == 0 { PageId::FIRST } else { PageId { index, directory: Some(offset) } };
        if !seen.insert(offset) {
            id.directory = Some(LOOP);
            pages.push(PageEntry { id, reduced: false });
            break;
        }
        match Directory::read(&mut view, &header, offset) {
            Ok(directory) => {
                pages.push(PageEntry { id, reduced: directory.reduced });
                offset = directory.next;
            }
            // The system's failures may be gone at the next try: no verdict on the file.
            Err(error) if index == 0 || error.os_error != 0 => return Err(error),
            Err(_) => {
                pages.push(PageEntry { id, reduced: false });
                break;
            }
        }
    }
    Ok(pages)
}

fn too_many(limits: &Limits) -> Error {
    errors::limit(format!("the file holds more than {} pages, the limit", limits.pages))
}
