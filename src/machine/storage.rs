//! Kind of storage behind a path, as the system describes it.
#![forbid(unsafe_code)]

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
    /// A network file system or network disk, or folders of a virtual machine's host.
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
    use super::filesystem::{self, Place};

    let system = Path::new("/");
    Place::of(path).map_or(Storage::Unknown, |place| filesystem::storage(system, &place))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn memory_file_systems_are_known() {
        assert_eq!(
            storage(Path::new("/dev/shm")),
            Storage::Memory,
            "/dev/shm must be a tmpfs: mount -t tmpfs tmpfs /dev/shm"
        );
    }

    #[test]
    fn of_a_path_that_does_not_exist_nothing_is_known() {
        assert_eq!(storage(Path::new("/no/such/path")), Storage::Unknown);
    }
}
