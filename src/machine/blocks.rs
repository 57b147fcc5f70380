//! Linux's block devices as /sys shows them: from a partition to its disk, and
//! from volumes, encrypted disks and arrays to the disks that they are made of.
#![forbid(unsafe_code)]

use std::fs;
use std::path::Path;

use super::Storage;

/// Devices upon devices are followed this deep.
const DEPTH: u32 = 16;

/// Kind of the device with these numbers, on the system whose root folder is
/// `system`.
pub(super) fn numbered(system: &Path, major: u32, minor: u32) -> Storage {
    kind(&system.join(format!("sys/dev/block/{major}:{minor}")), DEPTH)
}

/// Kind of the device at a path like `/dev/sda1` or `/dev/mapper/data`.
pub(super) fn at(system: &Path, path: &Path) -> Storage {
    let Ok(below) = path.strip_prefix("/dev") else { return Storage::Unknown };
    // The names of volumes are links to those that the kernel gives.
    let node = fs::canonicalize(system.join("dev").join(below));
    match node.as_deref().unwrap_or(path).file_name() {
        Some(name) => kind(&system.join("sys/class/block").join(name), DEPTH),
        None => Storage::Unknown,
    }
}

/// Kind of the device that has this folder.
fn kind(folder: &Path, depth: u32) -> Storage {
    let Ok(folder) = fs::canonicalize(folder) else { return Storage::Unknown };
    let disk = match folder.parent() {
        Some(parent) if folder.join("partition").exists() => parent,
        _ => &folder,
    };
    let parts = fs::read_dir(disk.join("slaves")).into_iter().flatten().flatten();
    let parts = parts.filter(|_| depth > 0).map(|part| kind(&part.path(), depth - 1));
    match parts.fold(Storage::Unknown, slower) {
        Storage::Unknown => kind_of_disk(disk),
        known => known,
    }
}

/// The one of two that a device made of both is more like: one disk with a head
/// among others makes all wait.
pub(super) fn slower(one: Storage, other: Storage) -> Storage {
    let by_pace = [Storage::Rotational, Storage::Network, Storage::SolidState, Storage::Memory];
    by_pace.into_iter().find(|kind| [one, other].contains(kind)).unwrap_or(Storage::Unknown)
}

/// Kind of a device that is not made of others.
fn kind_of_disk(folder: &Path) -> Storage {
    let name = folder.file_name().unwrap_or_default().as_encoded_bytes();
    if name.starts_with(b"nbd") || name.starts_with(b"rbd") {
        return Storage::Network;
    }
    if name.starts_with(b"ram") || name.starts_with(b"zram") {
        return Storage::Memory;
    }
    match fs::read_to_string(folder.join("queue/rotational")).as_deref() {
        Ok("1\n") => Storage::Rotational,
        Ok("0\n") => Storage::SolidState,
        _ => Storage::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::super::made_up::block_device;
    use super::*;

    /// A system with two disks, sda with a head and nvme0n1 without, each with a
    /// partition.
    fn system() -> tempfile::TempDir {
        let system = tempfile::tempdir().unwrap();
        let root = system.path();
        block_device(root, "8:0", "sda", Some("1\n"), &[]);
        block_device(root, "8:1", "sda/sda1", None, &[]);
        block_device(root, "259:0", "nvme0n1", Some("0\n"), &[]);
        block_device(root, "259:2", "nvme0n1/nvme0n1p2", None, &[]);
        system
    }

    #[test]
    fn a_disk_says_what_it_is_and_a_partition_is_what_its_disk_is() {
        let system = system();
        assert_eq!(numbered(system.path(), 8, 0), Storage::Rotational);
        assert_eq!(numbered(system.path(), 8, 1), Storage::Rotational);
        assert_eq!(numbered(system.path(), 259, 0), Storage::SolidState);
        assert_eq!(numbered(system.path(), 259, 2), Storage::SolidState);
        assert_eq!(numbered(system.path(), 8, 16), Storage::Unknown);
    }

    #[test]
    fn volumes_and_arrays_are_what_lies_below_whatever_they_say_themselves() {
        let system = system();
        let root = system.path();
        // An encrypted disk upon a volume upon a partition.
        block_device(root, "253:0", "dm-0", Some("1\n"), &["nvme0n1/nvme0n1p2"]);
        block_device(root, "253:1", "dm-1", Some("1\n"), &["dm-0"]);
        assert_eq!(numbered(root, 253, 1), Storage::SolidState);
        // A partition of an array of both disks.
        block_device(root, "9:0", "md0", Some("0\n"), &["nvme0n1/nvme0n1p2", "sda/sda1"]);
        block_device(root, "9:1", "md0/md0p1", None, &[]);
        assert_eq!(numbered(root, 9, 1), Storage::Rotational);
        // Where the parts say nothing, its own word counts.
        block_device(root, "8:32", "sdc", None, &[]);
        block_device(root, "253:2", "dm-2", Some("0\n"), &["sdc"]);
        assert_eq!(numbered(root, 253, 2), Storage::SolidState);
    }

    #[test]
    fn devices_made_of_themselves_come_to_an_end() {
        let system = tempfile::tempdir().unwrap();
        block_device(system.path(), "253:0", "dm-0", None, &["dm-1"]);
        block_device(system.path(), "253:1", "dm-1", None, &["dm-0"]);
        assert_eq!(numbered(system.path(), 253, 0), Storage::Unknown);
    }

    #[test]
    fn disks_behind_a_network_and_in_memory_are_known_by_name() {
        let system = tempfile::tempdir().unwrap();
        block_device(system.path(), "43:0", "nbd0", Some("1\n"), &[]);
        block_device(system.path(), "251:0", "rbd0", Some("0\n"), &[]);
        block_device(system.path(), "252:0", "zram0", Some("0\n"), &[]);
        assert_eq!(numbered(system.path(), 43, 0), Storage::Network);
        assert_eq!(numbered(system.path(), 251, 0), Storage::Network);
        assert_eq!(numbered(system.path(), 252, 0), Storage::Memory);
    }

    #[test]
    fn a_device_is_found_by_its_path_also_through_links() {
        let system = system();
        let root = system.path();
        block_device(root, "253:0", "dm-0", None, &["sda/sda1"]);
        fs::create_dir_all(root.join("dev/mapper")).unwrap();
        fs::write(root.join("dev/dm-0"), "").unwrap();
        symlink("../dm-0", root.join("dev/mapper/group-data")).unwrap();
        assert_eq!(at(root, Path::new("/dev/mapper/group-data")), Storage::Rotational);
        // In a container the nodes may be hidden.
        assert_eq!(at(root, Path::new("/dev/nvme0n1p2")), Storage::SolidState);
        for none in ["/dev/mapper/none", "/dev", "tank/scans", "", "/dev/.."] {
            assert_eq!(at(root, Path::new(none)), Storage::Unknown, "{none}");
        }
    }
}
