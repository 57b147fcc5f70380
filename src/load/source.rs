//! Bytes of one file for one worker: fetched ahead under a read permit, then
//! served from memory while decoding.
#![forbid(unsafe_code)]

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::format::ReadAt;
use crate::machine::RegularFile;

/// One worker's view of a file.
#[derive(Debug)]
pub(super) struct Source {
    file: Arc<RegularFile>,
    fetched: Mutex<Vec<Extent>>,
    /// All bytes read from files by this load.
    bytes_read: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Extent {
    offset: u64,
    bytes: Vec<u8>,
}

impl Source {
    pub(super) fn new(file: Arc<RegularFile>, bytes_read: Arc<AtomicU64>) -> Source {
        Source { file, fetched: Mutex::default(), bytes_read }
    }

    /// Reads these ranges, each by one request, in place of those fetched
    /// before. Parts beyond the end of the file are left to the decoder, which
    /// names the chunk that is cut off.
    pub(super) fn fetch(&self, ranges: &[Range<u64>]) -> io::Result<()> {
        let mut fetched = self.fetched();
        // The buffers of the last run serve again.
        let mut spare: Vec<Vec<u8>> = fetched.drain(..).map(|extent| extent.bytes).collect();
        for range in ranges {
            let start = range.start.min(self.file.len());
            let len = (range.end.min(self.file.len()) - start) as usize;
            let mut bytes = spare.pop().unwrap_or_default();
            bytes.try_reserve_exact(len.saturating_sub(bytes.len()))?;
            bytes.resize(len, 0);
            self.read_file(start, &mut bytes)?;
            fetched.push(Extent { offset: start, bytes });
        }
        Ok(())
    }

    fn read_file(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(buf, offset)?;
        self.bytes_read.fetch_add(buf.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn fetched(&self) -> MutexGuard<'_, Vec<Extent>> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadAt for Source {
    fn len(&self) -> u64 {
        self.file.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        for extent in self.fetched().iter() {
            let Some(start) = offset.checked_sub(extent.offset) else { continue };
            let end = start.saturating_add(buf.len() as u64);
            if end <= extent.bytes.len() as u64 {
                buf.copy_from_slice(&extent.bytes[start as usize..end as usize]);
                return Ok(());
            }
        }
        self.read_file(offset, buf)
    }
}
