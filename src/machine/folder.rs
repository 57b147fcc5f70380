//! A folder, open: its files are opened by name. The system then walks the path
//! to it once instead of once for each file. Measured with 3,000 files of 33 KB,
//! each opened, read whole and closed: 0.91 to 0.96 times the time with paths of
//! seven names, 0.85 to 0.90 times with paths of sixteen.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use super::RegularFile;

/// A folder whose files can be opened by name.
#[derive(Debug)]
pub struct Folder {
    #[cfg(unix)]
    handle: std::os::fd::OwnedFd,
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

#[cfg(unix)]
impl Folder {
    /// Opens a folder. It stays the same one, even if it is renamed meanwhile.
    pub fn open(path: &Path) -> io::Result<Folder> {
        use std::os::unix::fs::OpenOptionsExt;

        // Names can be looked up through such a handle even where the folder may
        // not be listed.
        #[cfg(target_os = "linux")]
        const LOOK_UP: libc::c_int = libc::O_PATH;
        #[cfg(not(target_os = "linux"))]
        const LOOK_UP: libc::c_int = 0;

        let folder =
            std::fs::File::options().read(true).custom_flags(libc::O_DIRECTORY | LOOK_UP).open(path)?;
        Ok(Folder { handle: folder.into() })
    }

    /// As `machine::open_regular`, for a file in this folder.
    pub fn open_regular(&self, name: &OsStr) -> io::Result<Option<RegularFile>> {
        use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
        use std::os::unix::ffi::OsStrExt;

        let name = std::ffi::CString::new(name.as_bytes())?;
        let flags = libc::O_RDONLY | libc::O_CLOEXEC | super::file::NO_WAITING;
        // Without it, 32-bit systems refuse files of 2 GiB and more.
        #[cfg(target_os = "linux")]
        let flags = flags | libc::O_LARGEFILE;
        let opened = loop {
            // SAFETY: `name` is a NUL-terminated string and the handle is open;
            // both outlive the call. No mode is needed, as no file is created.
            let fd = unsafe { libc::openat(self.handle.as_raw_fd(), name.as_ptr(), flags) };
            if fd >= 0 {
                // SAFETY: the descriptor was just opened and nobody else has it.
                break unsafe { OwnedFd::from_raw_fd(fd) };
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        };
        super::file::regular(opened.into())
    }
}

#[cfg(not(unix))]
impl Folder {
    /// Opens a folder.
    pub fn open(path: &Path) -> io::Result<Folder> {
        if !std::fs::metadata(path)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Folder { path: path.to_owned() })
    }

    /// As `machine::open_regular`, for a file in this folder.
    pub fn open_regular(&self, name: &OsStr) -> io::Result<Option<RegularFile>> {
        super::open_regular(&self.path.join(name))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_opened_by_name_and_read() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("slice 7.tif"), b"pixels").unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let file = folder.open_regular("slice 7.tif".as_ref()).unwrap().unwrap();
        let mut read = [0; 6];
        file.read_exact_at(&mut read, 0).unwrap();
        assert_eq!((&read, file.len()), (b"pixels", 6));
    }

    #[test]
    fn what_is_no_regular_file_is_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("inner")).unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        #[cfg(unix)]
        {
            let fifo = dir.path().join("fifo");
            assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
            assert!(folder.open_regular("fifo".as_ref()).unwrap().is_none());
            assert!(folder.open_regular("inner".as_ref()).unwrap().is_none());
        }
        assert_eq!(folder.open_regular("none".as_ref()).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(folder.open_regular("nul\0".as_ref()).is_err());
    }

    #[test]
    fn what_is_no_folder_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Folder::open(file.path()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotADirectory);
        assert!(Folder::open(&file.path().with_file_name("no such folder")).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_that_is_renamed_stays_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (dir.path().join("old"), dir.path().join("new"));
        fs::create_dir(&old).unwrap();
        fs::write(old.join("a"), b"1").unwrap();
        let folder = Folder::open(&old).unwrap();
        fs::rename(&old, &new).unwrap();
        assert!(folder.open_regular("a".as_ref()).unwrap().is_some());
    }
}
