//! Kind of storage behind a Linux file system: by its magic number, by its block
//! device, or by what the list of mounts says of it.

use std::io;
use std::path::{Path, PathBuf};

use super::mounts::{Mount, mount_of, mounts};
use super::{Storage, blocks};

/// File systems upon folders of others are followed this deep.
const DEPTH: u32 = 4;

/// Magic numbers of file systems behind a network, or shared by machines.
const NETWORK: &[u32] = &[
    0x6969,      // NFS
    0x517B,      // SMB
    0xFE53_4D42, // SMB 2 and later
    0xFF53_4D42, // CIFS
    0x0102_1997, // 9P
    0x5346_414F, // OpenAFS
    0x6B41_4653, // AFS of the kernel
    0x00C3_6400, // Ceph
    0x7375_7245, // Coda
    0x0000_564C, // NCP
    0x0BD0_0BD0, // Lustre
    0x4750_4653, // GPFS
    0x1983_0326, // BeeGFS
    0x2003_0528, // OrangeFS
    0xAAD7_AAEA, // PanFS
    0x0116_1970, // GFS2
    0x7461_636F, // OCFS2
    0x786F_4256, // VirtualBox shared folders
    0xBACB_ACBC, // VMware shared folders
];

/// Magic numbers of file systems in memory: tmpfs, ramfs, hugetlbfs.
const MEMORY: &[u32] = &[0x0102_1994, 0x8584_58F6, 0x9584_58F6];

/// Magic number of file systems in user space.
const USER_SPACE: u32 = 0x6573_5546;

/// The same by the names in the list of mounts, for those that other file systems
/// lie upon.
const NETWORK_KINDS: &[&str] = &[
    "nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "afs", "ceph", "coda", "lustre", "gpfs", "beegfs",
    "pvfs2", "gfs2", "ocfs2", "vboxsf",
];

/// User-space file systems that have a network behind them.
const NETWORK_PROGRAMS: &[&str] = &[
    "sshfs",
    "rclone",
    "s3fs",
    "glusterfs",
    "goofys",
    "gcsfuse",
    "blobfuse",
    "blobfuse2",
    "mountpoint-s3",
    "juicefs",
    "ceph-fuse",
    "mfs",
    "cvmfs2",
    "curlftpfs",
    "smbnetfs",
    "vmhgfs-fuse",
];

/// What the system says of a path.
#[derive(Debug)]
pub(super) struct Place {
    /// The path without links.
    path: PathBuf,
    /// Numbers of the device; major 0 is no block device.
    device: (u32, u32),
    /// Magic number of the file system.
    magic: u32,
}

impl Place {
    pub(super) fn of(path: &Path) -> io::Result<Place> {
        use std::os::unix::fs::MetadataExt;

        let path = path.canonicalize()?;
        let device = path.metadata()?.dev();
        let magic = magic(&path)?;
        Ok(Place { path, device: (libc::major(device), libc::minor(device)), magic })
    }
}

/// Kind of storage of a place on the system whose root folder is `system`.
pub(super) fn storage(system: &Path, place: &Place) -> Storage {
    if NETWORK.contains(&place.magic) {
        return Storage::Network;
    }
    if MEMORY.contains(&place.magic) {
        return Storage::Memory;
    }
    // User-space drivers of disks (ntfs-3g, exfat-fuse) have the disk's numbers.
    let device = match place.device {
        (0, _) => Storage::Unknown,
        (major, minor) => blocks::numbered(system, major, minor),
    };
    let known = match device {
        Storage::Unknown => by_mount(system, &mounts(system), &place.path, DEPTH),
        known => known,
    };
    match known {
        Storage::Unknown if place.magic == USER_SPACE => Storage::UserSpace,
        known => known,
    }
}

/// Kind of storage by what is mounted at a path.
fn by_mount(system: &Path, mounts: &[Mount], path: &Path, depth: u32) -> Storage {
    let Some(mount) = mount_of(mounts, path) else { return Storage::Unknown };
    let source = mount.source.to_string_lossy();
    // A file system in user space names its program after its kind, or by source.
    let program = mount.kind.strip_prefix("fuse.").unwrap_or(&source);
    match mount.kind.as_str() {
        kind if NETWORK_KINDS.contains(&kind) => Storage::Network,
        "tmpfs" | "ramfs" => Storage::Memory,
        "overlay" => match upper_folder(mount) {
            Some(folder) if depth > 0 => by_mount(system, mounts, Path::new(folder), depth - 1),
            _ => Storage::Unknown,
        },
        kind if kind.starts_with("fuse") && is_remote(program, &source) => Storage::Network,
        _ => match of_devices(system, &source) {
            Storage::Unknown if mount.kind.starts_with("fuse") => Storage::UserSpace,
            known => known,
        },
    }
}

/// Kind of a source. A file system upon several devices may name them all:
/// `/dev/sda:/dev/sdb`.
fn of_devices(system: &Path, source: &str) -> Storage {
    let devices = source.split(':').map(|device| blocks::at(system, Path::new(device)));
    devices.fold(Storage::Unknown, blocks::slower)
}

fn is_remote(program: &str, source: &str) -> bool {
    NETWORK_PROGRAMS.contains(&program) || source.contains("://")
}

/// The folder that an overlay writes to, or else the first that it shows.
fn upper_folder(mount: &Mount) -> Option<&str> {
    let option = |name| mount.options().find_map(|option| option.strip_prefix(name));
    option("upperdir=").or_else(|| option("lowerdir=")?.split(':').next())
}

/// Magic number of the file system behind a path, as statfs(2) lists them.
fn magic(path: &Path) -> io::Result<u32> {
    use std::os::unix::ffi::OsStrExt;

    let path = std::ffi::CString::new(path.as_os_str().as_bytes())?;
    let mut answer = std::mem::MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: `path` is a NUL-terminated string and `answer` has room for one
    // statfs; both outlive the call.
    let code = unsafe { libc::statfs(path.as_ptr(), answer.as_mut_ptr()) };
    if code != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: statfs returned 0, so it has filled the struct.
    let answer = unsafe { answer.assume_init() };
    // The magic numbers are 32 bits wide; the field's type differs by target.
    Ok(answer.f_type as u32)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::made_up::{self, block_device};
    use super::*;

    const EXT4: u32 = 0xEF53;
    const BTRFS: u32 = 0x9123_683E;
    const OVERLAY: u32 = 0x794C_7630;

    /// A system with a disk with a head (8:1), one without (259:2), and mounts.
    fn system(mounts: &[&str]) -> tempfile::TempDir {
        let lines = mounts.iter().map(|mount| format!("31 1 0:9 / {mount}\n"));
        let system = made_up::system(&[("proc/self/mountinfo", &lines.collect::<String>())]);
        block_device(system.path(), "8:0", "sda", Some("1\n"), &[]);
        block_device(system.path(), "8:1", "sda/sda1", None, &[]);
        block_device(system.path(), "259:0", "nvme0n1", Some("0\n"), &[]);
        block_device(system.path(), "259:2", "nvme0n1/nvme0n1p2", None, &[]);
        system
    }

    fn kind(system: &tempfile::TempDir, path: &str, device: (u32, u32), magic: u32) -> Storage {
        storage(system.path(), &Place { path: path.into(), device, magic })
    }

    #[test]
    fn a_file_system_upon_a_disk_is_what_the_disk_is() {
        let system = system(&[]);
        assert_eq!(kind(&system, "/home", (8, 1), EXT4), Storage::Rotational);
        assert_eq!(kind(&system, "/home", (259, 2), EXT4), Storage::SolidState);
        assert_eq!(kind(&system, "/home", (7, 3), EXT4), Storage::Unknown);
    }

    #[test]
    fn network_and_memory_are_known_by_number_whatever_else_is_said() {
        let system = system(&[]);
        for magic in [0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x0102_1997, 0x0BD0_0BD0, 0x0116_1970] {
            assert_eq!(kind(&system, "/data", (8, 1), magic), Storage::Network, "{magic:x}");
        }
        assert_eq!(kind(&system, "/data", (0, 40), 0x0102_1994), Storage::Memory);
    }

    #[test]
    fn a_file_system_without_a_device_number_is_found_by_its_mount() {
        let system = system(&[
            "/ rw - ext4 /dev/nvme0n1p2 rw",
            "/data rw - btrfs /dev/sda1 rw,subvol=/scans",
            "/both rw - bcachefs /dev/nvme0n1p2:/dev/sda1 rw",
            "/tank rw - zfs tank/scans rw",
            "/host rw - virtiofs share rw",
        ]);
        assert_eq!(kind(&system, "/data/a", (0, 51), BTRFS), Storage::Rotational);
        assert_eq!(kind(&system, "/both", (0, 52), 0xCA45_1A4E), Storage::Rotational);
        assert_eq!(kind(&system, "/tank", (0, 53), 0x2FC1_2FC1), Storage::Unknown);
        assert_eq!(kind(&system, "/host/a/b", (0, 54), USER_SPACE), Storage::Network);
    }

    #[test]
    fn an_overlay_is_what_it_writes_to_or_else_what_it_shows() {
        let mounts = |layers: &str| {
            system(&[
                "/ rw - ext4 /dev/nvme0n1p2 rw",
                "/layers rw - btrfs /dev/sda1 rw",
                &format!("/merged rw - overlay overlay rw,{layers}"),
            ])
        };
        let kind = |layers| kind(&mounts(layers), "/merged/a", (0, 60), OVERLAY);
        assert_eq!(kind("lowerdir=/l1:/l2,upperdir=/layers/up,workdir=/w"), Storage::Rotational);
        assert_eq!(kind("lowerdir=/layers/a:/layers/b"), Storage::Rotational);
        assert_eq!(kind("lowerdir=/a,upperdir=/b"), Storage::SolidState);
        // As a container sees its own root: its layers are out of sight.
        assert_eq!(kind("lowerdir=/merged/a,upperdir=/merged/b"), Storage::Unknown);
        assert_eq!(kind("volatile"), Storage::Unknown);
    }

    #[test]
    fn user_space_file_systems_are_told_apart_by_program_and_source() {
        let mount = |mount: &str, device| {
            let system = system(&["/ rw - ext4 /dev/nvme0n1p2 rw", &format!("/x rw - {mount}")]);
            kind(&system, "/x/a", device, USER_SPACE)
        };
        for network in [
            "fuse.sshfs me@host:/scans rw",
            "fuse.rclone remote: rw",
            "fuse.s3fs s3fs rw",
            "fuse.glusterfs server:/volume rw",
            "fuse mountpoint-s3 ro",
            "fuse https://cloud.example/dav rw",
        ] {
            assert_eq!(mount(network, (0, 70)), Storage::Network, "{network}");
        }
        // Drivers of disks: by number, or by source.
        assert_eq!(mount("fuseblk /dev/sda1 rw", (8, 1)), Storage::Rotational);
        assert_eq!(mount("fuse.ntfs-3g /dev/sda1 rw", (0, 71)), Storage::Rotational);
        assert_eq!(mount("fuse.exfat /dev/nvme0n1p2 rw", (0, 72)), Storage::SolidState);
        for other in ["fuse.mergerfs a:b rw", "fuse.unknown /home/me rw", "fuse  rw"] {
            assert_eq!(mount(other, (0, 73)), Storage::UserSpace, "{other}");
        }
    }

    #[test]
    fn without_proc_and_sys_nothing_is_known_but_what_the_number_says() {
        let system = tempfile::tempdir().unwrap();
        assert_eq!(kind(&system, "/data", (8, 1), EXT4), Storage::Unknown);
        assert_eq!(kind(&system, "/data", (0, 1), USER_SPACE), Storage::UserSpace);
    }

    #[test]
    fn the_place_of_a_link_is_where_it_leads() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        std::os::unix::fs::symlink("file", dir.path().join("link")).unwrap();
        let file = Place::of(&dir.path().join("file")).unwrap();
        let link = Place::of(&dir.path().join("link")).unwrap();
        assert_eq!((file.path, file.device, file.magic), (link.path, link.device, link.magic));
        assert!(Place::of(Path::new("/no/such/path")).is_err());
    }
}
