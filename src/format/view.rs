//! A file as the decoder crates want it: `Read` and `Seek`, with some bytes
//! replaced and reads kept inside one chunk.
#![forbid(unsafe_code)]

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use crate::error::Error;
use crate::format::ReadAt;
use crate::format::errors;

/// Reads this long go straight to the file; shorter ones through a block.
const BLOCK: u64 = 64 * 1024;
/// A block far from the last one: directories of large pages lie far apart, and
/// each needs a few hundred bytes only.
const FAR_BLOCK: u64 = 4 * 1024;

/// Bytes that stand in for the file's own.
pub struct Patch {
    /// Where they stand.
    pub at: u64,
    /// What stands there.
    pub bytes: Vec<u8>,
}

impl Patch {
    fn end(&self) -> u64 {
        self.at.saturating_add(self.bytes.len() as u64)
    }
}

/// Position, patches and one cached block over a file.
pub struct View {
    source: Arc<dyn ReadAt>,
    position: u64,
    window: Range<u64>,
    patches: Vec<Patch>,
    block: Vec<u8>,
    block_at: u64,
    failure: Option<Error>,
}

impl View {
    /// The whole file.
    pub fn new(source: Arc<dyn ReadAt>) -> View {
        let window = 0..u64::MAX;
        View {
            source,
            position: 0,
            window,
            patches: Vec::new(),
            block: Vec::new(),
            block_at: 0,
            failure: None,
        }
    }

    /// The file behind it.
    pub fn source(&self) -> &Arc<dyn ReadAt> {
        &self.source
    }

    /// Replaces the patches.
    pub fn set_patches(&mut self, patches: Vec<Patch>) {
        self.patches = patches;
    }

    /// Outside `window` the file seems to end: a decoder that runs past its
    /// chunk must fail instead of eating the next one.
    pub fn set_window(&mut self, window: Range<u64>) {
        self.window = window;
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

    /// Reads what the file (not a patch) holds at the position, `end` at most.
    fn read_file(&mut self, buf: &mut [u8], end: u64) -> io::Result<usize> {
        let wanted = (end - self.position).min(buf.len() as u64) as usize;
        let buf = &mut buf[..wanted];
        if buf.len() as u64 >= BLOCK {
            self.source.read_at(self.position, buf)?;
            return Ok(buf.len());
        }
        let block_end = self.block_at + self.block.len() as u64;
        if !(self.block_at..block_end).contains(&self.position) {
            let near = self.position >= block_end && self.position - block_end < FAR_BLOCK
                || self.position == self.window.start;
            let size = if near { BLOCK } else { FAR_BLOCK.max(buf.len() as u64) };
            // Never past a chunk: its reader may have fetched just these bytes.
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

impl Read for View {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if !self.window.contains(&self.position) {
            return Ok(0);
        }
        let position = self.position;
        let patch = self.patches.iter().find(|patch| (patch.at..patch.end()).contains(&position));
        let count = if let Some(patch) = patch {
            let rest = &patch.bytes[(position - patch.at) as usize..];
            let count = rest.len().min(buf.len());
            buf[..count].copy_from_slice(&rest[..count]);
            count
        } else {
            let next = self.patches.iter().map(|patch| patch.at).filter(|&at| at > position).min();
            let end = self.window.end.min(self.source.len()).min(next.unwrap_or(u64::MAX));
            if position >= end || buf.is_empty() {
                return Ok(0);
            }
            let result = self.read_file(buf, end);
            if let Err(error) = &result
                && error.kind() != io::ErrorKind::Interrupted
            {
                self.failure = Some(errors::io_error("its image", error));
            }
            result?
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for View {
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
