//! The chain of directories of a TIFF (TIFF 6.0, section 2; BigTIFF: offsets and
//! counts of 8 bytes).
#![forbid(unsafe_code)]

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use super::super::errors::from_io;
use super::super::page::PageEntry;
use super::super::view::View;
use super::super::{Limits, PageId, ReadAt};
use crate::error::{Error, Result, Status};

/// NewSubfileType: bit 0 reduced, bit 2 mask.
const NEW_SUBFILE_TYPE: u64 = 254;
/// SubfileType: 2 reduced (deprecated by TIFF 6.0, still written).
const SUBFILE_TYPE: u64 = 255;

/// How numbers are stored in a file.
#[derive(Clone, Copy)]
struct Numbers {
    big_endian: bool,
    big_tiff: bool,
}

impl Numbers {
    fn of(source: &dyn ReadAt) -> Result<Numbers> {
        let mut head = [0; 4];
        source.read_at(0, &mut head).map_err(|error| from_io(&error))?;
        Ok(Numbers { big_endian: head[0] == b'M', big_tiff: head[2].max(head[3]) == 43 })
    }

    /// An unsigned number of `size` bytes.
    fn read(self, from: &mut impl Read, size: usize) -> io::Result<u64> {
        let mut bytes = [0; 8];
        from.read_exact(&mut bytes[..size])?;
        Ok(if self.big_endian {
            bytes[..size].iter().fold(0, |value, &byte| value << 8 | u64::from(byte))
        } else {
            u64::from_le_bytes(bytes)
        })
    }

    /// Size of an offset.
    fn offset(self) -> usize {
        if self.big_tiff { 8 } else { 4 }
    }

    /// Where the header names the first directory.
    fn first_at(self) -> u64 {
        if self.big_tiff { 8 } else { 4 }
    }
}

/// What to write into a file's header, and where, so that its first directory
/// is the one at `offset`.
pub(super) fn first_directory(source: &dyn ReadAt, offset: u64) -> Result<(u64, Vec<u8>)> {
    let numbers = Numbers::of(source)?;
    let size = numbers.offset();
    let bytes = match numbers.big_endian {
        true => offset.to_be_bytes()[8 - size..].to_vec(),
        false => offset.to_le_bytes()[..size].to_vec(),
    };
    Ok((numbers.first_at(), bytes))
}

/// Walks the chain from directory to directory.
pub(super) fn walk(source: Arc<dyn ReadAt>, limits: &Limits) -> Result<Vec<PageEntry>> {
    let numbers = Numbers::of(&*source)?;
    let mut view = View::new(source);
    let failed = |error: io::Error| from_io(&error);
    view.seek(SeekFrom::Start(numbers.first_at())).map_err(failed)?;
    let mut next = numbers.read(&mut view, numbers.offset()).map_err(failed)?;
    if next == 0 {
        return Err(Error::new(Status::Corrupt, "the TIFF has no directory"));
    }
    let mut seen = HashSet::new();
    let mut pages: Vec<PageEntry> = Vec::new();
    // A loop ends the chain: all of its pages are there.
    while next != 0 && seen.insert(next) {
        if pages.len() as u64 >= limits.pages {
            return Err(Error::new(
                Status::LimitExceeded,
                format!(
                    "the file has more pages than max_pages, {}; raise it to open them all",
                    limits.pages
                ),
            ));
        }
        let id = PageId { index: pages.len() as u64, directory: Some(next) };
        match directory(&mut view, numbers, next) {
            Ok((reduced, after)) => {
                pages.push(PageEntry { id, reduced });
                next = after;
            }
            Err(error) if pages.is_empty() => return Err(from_io(&error)),
            // The page is named by the failure to open it.
            Err(_) => {
                pages.push(PageEntry { id, reduced: false });
                break;
            }
        }
    }
    Ok(pages)
}

/// Whether the page of a directory is a reduced one or a mask, and the offset of
/// the next directory.
fn directory(view: &mut View, numbers: Numbers, offset: u64) -> io::Result<(bool, u64)> {
    let (count_size, entry_size) = if numbers.big_tiff { (8, 20) } else { (2, 12) };
    view.seek(SeekFrom::Start(offset))?;
    let entries = numbers.read(view, count_size)?;
    let mut reduced = false;
    let mut position = offset.saturating_add(count_size as u64);
    for _ in 0..entries {
        let tag = numbers.read(view, 2)?;
        // Tags are sorted; these two come first of all.
        if tag > SUBFILE_TYPE {
            break;
        }
        let kind = numbers.read(view, 2)?;
        numbers.read(view, numbers.offset())?;
        let value = numbers.read(view, if kind == 3 { 2 } else { 4 })?;
        reduced |= (tag == NEW_SUBFILE_TYPE && value & 0b101 != 0) || (tag == SUBFILE_TYPE && value == 2);
        position = position.saturating_add(entry_size);
        view.seek(SeekFrom::Start(position))?;
    }
    let after = entries.saturating_mul(entry_size).saturating_add(count_size as u64);
    view.seek(SeekFrom::Start(offset.saturating_add(after)))?;
    Ok((reduced, numbers.read(view, numbers.offset())?))
}
