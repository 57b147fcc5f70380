//! A file as the decoder crates want it: `Read` + `Seek` over `ReadAt`.
#![forbid(unsafe_code)]

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use super::ReadAt;

/// Small reads are served from blocks of this size.
const BLOCK: usize = 64 << 10;

/// A window onto a file, with its own position. Nothing before its start or
/// from its end on can be read.
pub(super) struct View {
    source: Arc<dyn ReadAt>,
    window: Range<u64>,
    position: u64,
    block: Vec<u8>,
    block_start: u64,
    /// Bytes shown in place of the file's own, and where.
    patch: Option<(u64, Vec<u8>)>,
}

impl View {
    pub(super) fn new(source: Arc<dyn ReadAt>) -> View {
        let window = 0..source.len();
        View { source, window, position: 0, block: Vec::new(), block_start: 0, patch: None }
    }

    /// Shows `bytes` at `offset` in place of what the file holds there.
    pub(super) fn patched(mut self, offset: u64, bytes: Vec<u8>) -> View {
        self.patch = Some((offset, bytes));
        self
    }

    /// Narrows or widens what can be read; beyond it the file seems to end.
    pub(super) fn set_window(&mut self, window: Range<u64>) {
        self.window = window.start..window.end.min(self.source.len());
    }

    /// Bytes left from the position to the end of the window.
    fn left(&self) -> usize {
        if self.position < self.window.start {
            return 0;
        }
        usize::try_from(self.window.end.saturating_sub(self.position)).unwrap_or(usize::MAX)
    }

    /// Part of the block from the position on; reads another block when there is none.
    fn buffered(&mut self) -> io::Result<&[u8]> {
        let inside = self.position.checked_sub(self.block_start).filter(|&at| at < self.block.len() as u64);
        let at = match inside {
            Some(at) => at as usize,
            None => {
                let end = (self.position + BLOCK as u64).min(self.source.len());
                self.block.resize(end.saturating_sub(self.position) as usize, 0);
                self.block_start = self.position;
                let read = self.source.read_at(self.position, &mut self.block);
                if let Err(error) = read {
                    self.block.clear();
                    return Err(error);
                }
                if let Some((offset, bytes)) = &self.patch {
                    overlay(&mut self.block, self.block_start, *offset, bytes);
                }
                0
            }
        };
        let end = at.saturating_add(self.left()).min(self.block.len());
        Ok(&self.block[at..end])
    }
}

/// Copies `bytes`, which lie at `offset`, over the part of `block` that they cover.
fn overlay(block: &mut [u8], block_start: u64, offset: u64, bytes: &[u8]) {
    for (n, &byte) in bytes.iter().enumerate() {
        let at = (offset + n as u64).checked_sub(block_start).and_then(|at| usize::try_from(at).ok());
        if let Some(place) = at.and_then(|at| block.get_mut(at)) {
            *place = byte;
        }
    }
}

impl Read for View {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let want = buf.len().min(self.left());
        if want == 0 {
            return Ok(0);
        }
        if want >= BLOCK
            && self.patch.as_ref().is_none_or(|(at, bytes)| self.position >= at + bytes.len() as u64)
        {
            self.source.read_at(self.position, &mut buf[..want])?;
            self.position += want as u64;
            return Ok(want);
        }
        let bytes = self.buffered()?;
        let count = bytes.len().min(want);
        buf[..count].copy_from_slice(&bytes[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl BufRead for View {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left() == 0 {
            return Ok(&[]);
        }
        self.buffered()
    }

    fn consume(&mut self, amount: usize) {
        self.position += amount as u64;
    }
}

impl Seek for View {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.window.end.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bytes(Vec<u8>);

    impl ReadAt for Bytes {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
            let from = self.0.get(offset as usize..).and_then(|rest| rest.get(..buf.len()));
            buf.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        }
    }

    #[test]
    fn a_view_reads_what_the_file_holds_within_its_window() {
        let bytes: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let mut view = View::new(Arc::new(Bytes(bytes.clone()))).patched(4, vec![1, 2]);
        let mut all = Vec::new();
        view.read_to_end(&mut all).unwrap();
        assert_eq!(all[4..6], [1, 2]);
        assert_eq!(all[6..], bytes[6..]);

        view.set_window(100..150_000);
        view.seek(SeekFrom::Start(100)).unwrap();
        let mut part = vec![0; 149_900];
        view.read_exact(&mut part).unwrap();
        assert_eq!(part, bytes[100..150_000]);
        assert_eq!(view.read(&mut [0]).unwrap(), 0);
        view.seek(SeekFrom::Start(99)).unwrap();
        assert_eq!(view.read(&mut [0]).unwrap(), 0);
    }
}
