//! Kind of storage behind a path, as the system describes it.

use std::path::Path;

/// Kind of storage as the system describes it: a hint, never a measurement.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    /// Not known.
    Unknown = 0,
    /// A device that calls itself rotational. Virtual disks often do so wrongly.
    Rotational = 1,
    /// A device that calls itself not rotational.
    SolidState = 2,
    /// A network file system.
    Network = 3,
    /// A file system in user space (FUSE); what is behind it is not known.
    UserSpace = 4,
    /// Memory (tmpfs, ramfs).
    Memory = 5,
}

impl Storage {
    /// A word for people.
    pub fn name(self) -> &'static str {
        match self {
            Storage::Unknown => "unknown",
            Storage::Rotational => "rotational (says the system)",
            Storage::SolidState => "solid state (says the system)",
            Storage::Network => "network",
            Storage::UserSpace => "user-space file system",
            Storage::Memory => "memory",
        }
    }
}

/// Kind of storage behind a path.
#[cfg(not(target_os = "linux"))]
pub fn storage(_path: &Path) -> Storage {
    Storage::Unknown
}

/// Kind of storage behind a path.
#[cfg(target_os = "linux")]
pub fn storage(path: &Path) -> Storage {
    use std::os::unix::fs::MetadataExt;

    match file_system(path) {
        // statfs(2): NFS, SMB, SMB2, CIFS, 9P, AFS, Ceph, Coda, NCP, Lustre, GPFS
        Some(
            0x6969 | 0x517B | 0xFE53_4D42 | 0xFF53_4D42 | 0x0102_1997 | 0x5346_414F | 0x00C3_6400
            | 0x7375_7245 | 0x564C | 0x0BD0_0BD0 | 0x4750_4653,
        ) => return Storage::Network,
        Some(0x6573_5546) => return Storage::UserSpace,
        Some(0x0102_1994 | 0x8584_58F6) => return Storage::Memory,
        _ => {}
    }
    let Ok(device) = std::fs::metadata(path).map(|m| m.dev()) else {
        return Storage::Unknown;
    };
    let node = format!("/sys/dev/block/{}:{}", libc::major(device), libc::minor(device));
    // A partition has no queue of its own; its parent, the disk, has.
    for queue in ["queue", "../queue"] {
        match std::fs::read_to_string(format!("{node}/{queue}/rotational")).as_deref() {
            Ok("1\n") => return Storage::Rotational,
            Ok("0\n") => return Storage::SolidState,
            _ => {}
        }
    }
    Storage::Unknown
}

/// Magic number of the file system behind a path, as statfs(2) lists them.
#[cfg(target_os = "linux")]
fn file_system(path: &Path) -> Option<u32> {
    use std::os::unix::ffi::OsStrExt;

    let path = std::ffi::CString::new(path.as_os_str().as_bytes()).ok()?;
    let mut answer = std::mem::MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: `path` is a NUL-terminated string and `answer` has room for one
    // statfs; both outlive the call.
    let code = unsafe { libc::statfs(path.as_ptr(), answer.as_mut_ptr()) };
    if code != 0 {
        return None;
    }
    // SAFETY: statfs returned 0, so it has filled the struct.
    let answer = unsafe { answer.assume_init() };
    // The magic numbers are 32 bits wide; the field's type differs by target.
    Some(answer.f_type as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_file_systems_are_known() {
        if Path::new("/dev/shm").is_dir() {
            assert_eq!(storage(Path::new("/dev/shm")), Storage::Memory);
        }
        assert_eq!(storage(Path::new("/no/such/path")), Storage::Unknown);
    }
}
