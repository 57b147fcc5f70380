//! Regular files, open for positioned reads.
#![forbid(unsafe_code)]

use std::fs::{DirEntry, File};
use std::io;
use std::path::Path;

use super::rows;

/// The number of a listed file in its file system, where the listing tells it. Files
/// made one after the other have rising numbers.
pub fn inode(entry: &DirEntry) -> Option<u64> {
    #[cfg(unix)]
    return Some(std::os::unix::fs::DirEntryExt::ino(entry));
    #[cfg(not(unix))]
    return None;
}

/// A regular file, open for positioned reads, with its length when opened.
#[derive(Debug)]
pub struct RegularFile {
    file: File,
    len: u64,
}

impl RegularFile {
    /// Length in bytes when it was opened.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether it was empty when opened.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Fills `buf` from `offset`; `UnexpectedEof` when the file ends before.
    pub fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        read_exact_at(&self.file, buf, offset)
    }

    /// Fills `rows` one after the other from `offset` on, as if they were one
    /// buffer; `UnexpectedEof` when the file ends before. One request where the
    /// system can scatter.
    pub fn read_rows_at(&self, rows: &mut [&mut [u8]], offset: u64) -> io::Result<()> {
        rows::read_rows_at(&self.file, rows, offset)
    }
}

/// Opens a regular file for reading; `None` for anything else: a FIFO is refused
/// rather than waited for.
pub fn open_regular(path: &Path) -> io::Result<Option<RegularFile>> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, NO_WAITING);
    regular(options.open(path)?)
}

/// Without it, opening a FIFO waits for a writer. Regular files ignore it.
#[cfg(unix)]
pub(super) const NO_WAITING: libc::c_int = libc::O_NONBLOCK;

/// An open file, if it is a regular one.
pub(super) fn regular(file: File) -> io::Result<Option<RegularFile>> {
    let metadata = file.metadata()?;
    Ok(metadata.is_file().then(|| RegularFile { file, len: metadata.len() }))
}

/// Fills `buf` from `offset` without moving a shared file position.
#[cfg(unix)]
pub(super) fn read_exact_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buf, offset)
}

/// Fills `buf` from `offset` without moving a shared file position.
#[cfg(windows)]
pub(super) fn read_exact_at(file: &File, mut buf: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buf.is_empty() {
        match file.seek_read(buf, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                buf = &mut buf[n..];
                offset += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_fifo_is_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        assert!(open_regular(&fifo).unwrap().is_none());
        assert!(open_regular(dir.path()).unwrap().is_none());
    }
}
