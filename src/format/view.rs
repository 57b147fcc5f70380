//! Small reads of a file, through one block: headers, directories, tags.
#![forbid(unsafe_code)]

use std::io::{self, Read, Seek, SeekFrom};

use crate::error::Error;
use crate::format::ReadAt;
use crate::format::errors;

/// Reads this long go straight to the file; shorter ones through a block.
const BLOCK: u64 = 64 * 1024;
/// A block far from the last one: directories of large pages lie far apart, and
/// each needs a few hundred bytes only.
const FAR_BLOCK: u64 = 4 * 1024;

/// Position and one cached block over a file.
pub struct View<'a> {
    source: &'a dyn ReadAt,
    position: u64,
    block: Vec<u8>,
    block_at: u64,
    failure: Option<Error>,
}

impl<'a> View<'a> {
    /// The whole file.
    pub fn new(source: &'a dyn ReadAt) -> View<'a> {
        View { source, position: 0, block: Vec::new(), block_at: 0, failure: None }
    }

    /// Length of the file.
    pub fn len(&self) -> u64 {
        self.source.len()
    }

    /// The last failure of the file itself, which decoders like to rephrase.
    pub fn take_failure(&mut self) -> Option<Error> {
        self.failure.take()
    }

    /// Fills `buf` from `offset`; `what` names it in the error.
    pub fn fill(&mut self, what: &str, offset: u64, buf: &mut [u8]) -> Result<(), Error> {
        self.position = offset;
        let result = self.read_exact(buf);
        let failure = self.take_failure();
        result.map_err(|error| failure.unwrap_or_else(|| errors::io_error(what, &error)))
    }

    /// Reads at the position, which lies before `end`, the end of the file.
    fn read_some(&mut self, buf: &mut [u8], end: u64) -> io::Result<usize> {
        let wanted = (end - self.position).min(buf.len() as u64) as usize;
        let buf = &mut buf[..wanted];
        let held = self.source.held(self.position);
        if !held.is_empty() {
            let count = held.len().min(wanted);
            buf[..count].copy_from_slice(&held[..count]);
            return Ok(count);
        }
        if buf.len() as u64 >= BLOCK {
            self.source.read_at(self.position, buf)?;
            return Ok(buf.len());
        }
        let block_end = self.block_at + self.block.len() as u64;
        if !(self.block_at..block_end).contains(&self.position) {
            let near = block_end > 0 && (block_end..block_end + FAR_BLOCK).contains(&self.position);
            let size = if near { BLOCK } else { FAR_BLOCK.max(buf.len() as u64) };
            let size = size.min(end - self.position);
            self.block.resize(size as usize, 0);
            self.block_at = self.position;
            if let Err(error) = self.source.read_at(self.position, &mut self.block) {
                self.block.clear();
                return Err(error);
            }
        }
        let from = (self.position - self.block_at) as usize;
        let count = buf.len().min(self.block.len() - from);
        buf[..count].copy_from_slice(&self.block[from..from + count]);
        Ok(count)
    }
}

impl Read for View<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let end = self.source.len();
        if self.position >= end || buf.is_empty() {
            return Ok(0);
        }
        let result = self.read_some(buf, end);
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.failure = Some(errors::io_error("its image", error));
        }
        let count = result?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for View<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.source.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
