//! One positioned read, scattered over many rows: for destinations with a pitch,
//! rows stored upside down, and regions of wide images.

use std::fs::File;
use std::io::{self, IoSliceMut};

/// Most rows of one request: IOV_MAX of all systems that scatter.
const BATCH: usize = 1024;

/// Fills `rows` one after the other from `offset` on, as if they were one buffer.
pub(super) fn read_rows_at(file: &File, rows: &mut [&mut [u8]], offset: u64) -> io::Result<()> {
    fill(rows, offset, |rows, offset| scatter(file, rows, offset))
}

/// Fills `rows` by as few calls of `read` as it takes. `read` may stop short or
/// be interrupted, as the system may.
fn fill(
    rows: &mut [&mut [u8]],
    mut offset: u64,
    mut read: impl FnMut(&mut [IoSliceMut<'_>], u64) -> io::Result<usize>,
) -> io::Result<()> {
    let mut batch = Vec::with_capacity(rows.len().min(BATCH));
    for rows in rows.chunks_mut(BATCH) {
        batch.extend(rows.iter_mut().filter(|row| !row.is_empty()).map(|row| IoSliceMut::new(row)));
        let mut left = batch.as_mut_slice();
        while !left.is_empty() {
            match read(left, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => {
                    IoSliceMut::advance_slices(&mut left, n);
                    offset += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        batch.clear();
    }
    Ok(())
}

/// One request; says how many bytes came.
#[cfg(any(
    target_os = "linux",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly",
    // An Intel Mac may run a system older than 11, which has no preadv.
    all(target_os = "macos", target_arch = "aarch64"),
))]
fn scatter(file: &File, rows: &mut [IoSliceMut<'_>], offset: u64) -> io::Result<usize> {
    use std::os::fd::AsRawFd;

    // Only Linux has two widths of file offsets.
    #[cfg(not(target_os = "linux"))]
    use libc::preadv;
    #[cfg(target_os = "linux")]
    use libc::preadv64 as preadv;

    let offset = i64::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput)?;
    let count = rows.len().min(BATCH) as libc::c_int;
    // SAFETY: std promises that IoSliceMut has the layout of iovec; the first
    // `count` of them are in `rows`, each describes memory that stays borrowed
    // for writing until after the call, and `file` is open until after it too.
    let code = unsafe { preadv(file.as_raw_fd(), rows.as_mut_ptr().cast(), count, offset) };
    usize::try_from(code).map_err(|_| io::Error::last_os_error())
}

/// One request, which fills the first row at most; says how many bytes came.
#[cfg(not(any(
    target_os = "linux",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly",
    all(target_os = "macos", target_arch = "aarch64"),
)))]
fn scatter(file: &File, rows: &mut [IoSliceMut<'_>], offset: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, &mut rows[0], offset);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_read(file, &mut rows[0], offset);
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::open_regular;
    use super::*;

    /// A file of these bytes.
    fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn numbered(len: usize) -> Vec<u8> {
        (0..len).map(|i| (i * 7 + i / 251) as u8).collect()
    }

    #[test]
    fn rows_with_a_pitch_are_filled_and_what_lies_between_is_left() {
        let bytes = numbered(3000);
        let path = file_of(&bytes);
        let file = open_regular(path.path()).unwrap().unwrap();
        let mut pitched = vec![0xAA; 10 * 256];
        let mut rows: Vec<&mut [u8]> = pitched.chunks_mut(256).map(|row| &mut row[..200]).collect();
        file.read_rows_at(&mut rows, 123).unwrap();
        for (y, row) in pitched.chunks(256).enumerate() {
            assert_eq!(row[..200], bytes[123 + y * 200..][..200]);
            assert!(row[200..].iter().all(|&byte| byte == 0xAA));
        }
    }

    #[test]
    fn rows_upside_down_of_any_number_and_length_are_one_run_of_the_file() {
        let bytes = numbered(40_000);
        let path = file_of(&bytes);
        let file = open_regular(path.path()).unwrap().unwrap();
        // More rows than one request takes; some are empty.
        let lengths: Vec<usize> = (0..2500).map(|y| y % 17).collect();
        let total: usize = lengths.iter().sum();
        let mut pixels = vec![0; total];
        let mut rest = pixels.as_mut_slice();
        let mut rows = Vec::new();
        for &len in &lengths {
            let (row, others) = rest.split_at_mut(len);
            rows.push(row);
            rest = others;
        }
        rows.reverse();
        file.read_rows_at(&mut rows, 5).unwrap();
        let read: Vec<u8> = rows.iter().flat_map(|row| row.iter().copied()).collect();
        assert_eq!(read, bytes[5..5 + total]);
    }

    #[test]
    fn a_file_that_ends_too_early_is_an_error_and_no_rows_are_none() {
        let path = file_of(&numbered(100));
        let file = open_regular(path.path()).unwrap().unwrap();
        let (mut first, mut second) = ([0; 60], [0; 60]);
        let error = file.read_rows_at(&mut [&mut first, &mut second], 0).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        let error = file.read_rows_at(&mut [&mut first], 4000).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert!(file.read_rows_at(&mut [&mut first], u64::MAX).is_err());
        file.read_rows_at(&mut [], 4000).unwrap();
        file.read_rows_at(&mut [&mut []], 4000).unwrap();
    }

    #[test]
    fn reads_that_stop_short_or_are_interrupted_go_on_where_they_stopped() {
        let bytes = numbered(20_000);
        let mut pixels = vec![0; 10_000];
        let mut rows: Vec<&mut [u8]> = pixels.chunks_mut(3).collect();
        let mut call = 0;
        fill(&mut rows, 77, |rows, offset| {
            call += 1;
            if call % 3 == 0 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let mut source = &bytes[offset as usize..][..call * 13 % 400 + 1];
            io::Read::read_vectored(&mut source, rows)
        })
        .unwrap();
        assert_eq!(pixels, bytes[77..10_077]);
    }
}
