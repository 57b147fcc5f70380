//! Where bytes come from: an open file, or memory.
#![forbid(unsafe_code)]

use std::io;

use crate::machine::RegularFile;

/// Bytes of a file, by position. A slice of bytes is one.
// An empty file is no special case here.
#[allow(clippy::len_without_is_empty)]
pub trait ReadAt {
    /// Length in bytes.
    fn len(&self) -> u64;
    /// Fills `buf` from `offset`; `UnexpectedEof` when the file ends before.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;
    /// The bytes from `offset` on that are in memory already, as far as they go.
    fn held(&self, _offset: u64) -> &[u8] {
        &[]
    }
}

impl ReadAt for RegularFile {
    fn len(&self) -> u64 {
        RegularFile::len(self)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(buf, offset)
    }
}

impl ReadAt for &[u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = from.checked_add(buf.len()).and_then(|to| self.get(from..to));
        buf.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn held(&self, offset: u64) -> &[u8] {
        self.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default()
    }
}

impl ReadAt for Vec<u8> {
    fn len(&self) -> u64 {
        ReadAt::len(&self.as_slice())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, buf)
    }

    fn held(&self, offset: u64) -> &[u8] {
        self.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default()
    }
}
