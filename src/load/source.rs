//! Bytes of one file for one worker: fetched ahead under a read permit, then
//! served from memory while decoding.
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::io;
use std::ops::Range;

use crate::format::ReadAt;
use crate::machine::RegularFile;

/// Kept of a file of many pages: its header, and the directories and tags of writers
/// that put them first.
const HEAD: u64 = 64 << 10;

/// Buffers are some of these long: compressed slices differ a little in length.
const GRANULE: usize = 64 << 10;

/// Bytes of a file in memory. The buffers serve one file after the other.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    extents: Vec<Extent>,
    spare: Vec<Vec<u8>>,
}

#[derive(Debug)]
struct Extent {
    offset: u64,
    bytes: Vec<u8>,
}

impl Fetched {
    /// Forgets everything, for another file or another run.
    pub(super) fn clear(&mut self) {
        self.spare.extend(self.extents.drain(..).map(|extent| extent.bytes));
    }

    /// Room for a range of the file, to be filled by the caller.
    pub(super) fn room(&mut self, range: &Range<u64>) -> io::Result<&mut [u8]> {
        let len = usize::try_from(range.end - range.start).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut bytes = self.take_spare(len);
        if bytes.capacity() < len {
            // What stands in it is of no use: a longer one beside it would be copied to.
            bytes = Vec::new();
            bytes.try_reserve_exact(len.next_multiple_of(GRANULE))?;
        }
        bytes.resize(len, 0);
        self.extents.push(Extent { offset: range.start, bytes });
        let last = self.extents.len() - 1;
        Ok(&mut self.extents[last].bytes)
    }

    /// The smallest buffer that is long enough, or the longest one.
    fn take_spare(&mut self, len: usize) -> Vec<u8> {
        let fits = |bytes: &&Vec<u8>| bytes.capacity() >= len;
        let best = self.spare.iter().filter(fits).map(Vec::capacity).min();
        let best = best.or_else(|| self.spare.iter().map(Vec::capacity).max());
        let found = self.spare.iter().position(|bytes| Some(bytes.capacity()) == best);
        found.map(|index| self.spare.swap_remove(index)).unwrap_or_default()
    }

    /// Room for two ranges at once.
    pub(super) fn rooms(&mut self, first: &Range<u64>, second: &Range<u64>) -> io::Result<[&mut [u8]; 2]> {
        self.room(first)?;
        self.room(second)?;
        match self.extents.as_mut_slice() {
            [.., first, second] => Ok([&mut first.bytes, &mut second.bytes]),
            _ => Err(io::ErrorKind::OutOfMemory.into()),
        }
    }

    /// Reads these ranges, each by one request, but for what is there already.
    /// Parts beyond the end of the file are left to the decoder, which names the
    /// chunk that is cut off.
    pub(super) fn fetch(&mut self, source: File<'_>, ranges: &[Range<u64>]) -> io::Result<()> {
        for range in ranges {
            let start = range.start.min(source.file.len());
            let range = start..range.end.min(source.file.len());
            if range.is_empty() || self.get(&range).is_some() {
                continue;
            }
            let room = self.room(&range)?;
            source.read(range.start, room)?;
        }
        Ok(())
    }

    /// A range that was fetched.
    pub(super) fn get(&self, range: &Range<u64>) -> Option<&[u8]> {
        let held = self.from(range.start);
        held.get(..usize::try_from(range.end - range.start).ok()?)
    }

    /// The fetched bytes from an offset on, as far as they go: a chunk may begin in
    /// what was read of the file's head, and be read by itself later.
    fn from(&self, offset: u64) -> &[u8] {
        let from = |extent: &'_ Extent| -> Option<Range<usize>> {
            let start = usize::try_from(offset.checked_sub(extent.offset)?).ok()?;
            (start < extent.bytes.len()).then_some(start..extent.bytes.len())
        };
        let held = self.extents.iter().filter_map(|extent| from(extent).map(|range| &extent.bytes[range]));
        held.max_by_key(|bytes| bytes.len()).unwrap_or(&[])
    }
}

/// An open file, and the count of the bytes that were read from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'a> {
    pub file: &'a RegularFile,
    pub bytes_read: &'a Cell<u64>,
}

impl File<'_> {
    /// Fills `bytes` from `offset`, in one request.
    pub(super) fn read(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(bytes, offset)?;
        self.count(bytes.len());
        Ok(())
    }

    /// Fills the rows one after the other from `offset`, in one request.
    pub(super) fn read_rows(&self, offset: u64, rows: &mut [&mut [u8]]) -> io::Result<()> {
        self.file.read_rows_at(rows, offset)?;
        self.count(rows.iter().map(|row| row.len()).sum());
        Ok(())
    }

    /// The first bytes of a file of many pages.
    pub(super) fn head(&self) -> io::Result<Vec<u8>> {
        let mut head = vec![0; self.file.len().min(HEAD) as usize];
        self.read(0, &mut head)?;
        Ok(head)
    }

    fn count(&self, bytes: usize) {
        self.bytes_read.set(self.bytes_read.get() + bytes as u64);
    }
}

/// A file as `format` wants it: what was fetched from memory, the rest read.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub file: File<'a>,
    pub fetched: &'a Fetched,
    /// The first bytes of the file, or none.
    pub head: &'a [u8],
}

impl ReadAt for Source<'_> {
    fn len(&self) -> u64 {
        self.file.file.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        match self.held(offset).get(..buf.len()) {
            Some(bytes) => {
                buf.copy_from_slice(bytes);
                Ok(())
            }
            None => self.file.read(offset, buf),
        }
    }

    fn held(&self, offset: u64) -> &[u8] {
        match self.fetched.from(offset) {
            [] => usize::try_from(offset).ok().and_then(|offset| self.head.get(offset..)).unwrap_or(&[]),
            bytes => bytes,
        }
    }
}
