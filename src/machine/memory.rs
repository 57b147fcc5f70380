//! Memory that a load may take.

/// Bytes of memory that this process may use at most: the machine's, or less
/// where a control group sets a limit. `None` where it is not known.
pub fn memory_limit() -> Option<u64> {
    system::limit()
}

/// Bytes of memory that this process could take now without pushing out others.
/// `None` where it is not known.
pub fn memory_available() -> Option<u64> {
    system::available()
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::path::Path;

    use crate::machine::cgroups::groups;

    pub(super) fn limit() -> Option<u64> {
        limit_of(Path::new("/"))
    }

    pub(super) fn available() -> Option<u64> {
        available_of(Path::new("/"))
    }

    /// As `limit`, of the system whose root folder is `system`.
    pub(super) fn limit_of(system: &Path) -> Option<u64> {
        let groups = groups(system).into_iter().map(|group| group.limit);
        groups.chain(meminfo(system, "MemTotal:")).min()
    }

    /// As `available`, of the system whose root folder is `system`.
    pub(super) fn available_of(system: &Path) -> Option<u64> {
        let groups = groups(system).into_iter().map(|group| group.available);
        groups.chain(meminfo(system, "MemAvailable:")).min()
    }

    /// A line of /proc/meminfo, `name   12345 kB`, in bytes.
    fn meminfo(system: &Path, name: &str) -> Option<u64> {
        let text = fs::read_to_string(system.join("proc/meminfo")).ok()?;
        let mut words = text.lines().find_map(|line| line.strip_prefix(name))?.split_ascii_whitespace();
        words.next()?.parse::<u64>().ok()?.checked_mul(1024)
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
mod system {
    pub(super) fn limit() -> Option<u64> {
        // SAFETY: sysconf takes no pointers.
        let (pages, page) =
            unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
        u64::try_from(pages).ok()?.checked_mul(u64::try_from(page).ok()?)
    }

    pub(super) fn available() -> Option<u64> {
        None
    }
}

#[cfg(windows)]
mod system {
    /// MEMORYSTATUSEX of the Windows API.
    #[repr(C)]
    #[derive(Default)]
    struct MemoryStatus {
        length: u32,
        load: u32,
        total: u64,
        available: u64,
        page_file: [u64; 2],
        address_space: [u64; 3],
    }

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GlobalMemoryStatusEx(status: *mut MemoryStatus) -> i32;
    }

    pub(super) fn limit() -> Option<u64> {
        Some(status()?.total)
    }

    pub(super) fn available() -> Option<u64> {
        Some(status()?.available)
    }

    fn status() -> Option<MemoryStatus> {
        let length = size_of::<MemoryStatus>() as u32;
        let mut status = MemoryStatus { length, ..MemoryStatus::default() };
        // SAFETY: `status` is laid out as the API asks, says its own length, and
        // outlives the call.
        let filled = unsafe { GlobalMemoryStatusEx(&mut status) } != 0;
        filled.then_some(status)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::super::made_up;
    use super::system::{available_of, limit_of};
    use super::*;

    const MEMINFO: &str = "MemTotal:       1000 kB\nMemFree:   100 kB\nMemAvailable:    600 kB\n";

    fn system(limit: &str, used: &str) -> tempfile::TempDir {
        made_up::system(&[
            ("proc/meminfo", MEMINFO),
            ("proc/self/cgroup", "0::/\n"),
            ("proc/self/mountinfo", "31 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"),
            ("sys/fs/cgroup/memory.max", limit),
            ("sys/fs/cgroup/memory.current", used),
        ])
    }

    #[test]
    fn the_least_of_machine_and_group_counts() {
        let none = system("max\n", "5000\n");
        assert_eq!((limit_of(none.path()), available_of(none.path())), (Some(1_024_000), Some(614_400)));
        let large = system("2000000\n", "1900000\n");
        assert_eq!((limit_of(large.path()), available_of(large.path())), (Some(1_024_000), Some(100_000)));
        let small = system("700000\n", "5000\n");
        assert_eq!((limit_of(small.path()), available_of(small.path())), (Some(700_000), Some(614_400)));
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        let empty = tempfile::tempdir().unwrap();
        assert_eq!((limit_of(empty.path()), available_of(empty.path())), (None, None));
        let nonsense = made_up::system(&[("proc/meminfo", "MemTotal: much kB\nMemAvailable:\n")]);
        assert_eq!((limit_of(nonsense.path()), available_of(nonsense.path())), (None, None));
    }

    #[test]
    fn this_machine_has_memory_and_not_all_is_taken() {
        let (limit, available) = (memory_limit().unwrap(), memory_available().unwrap());
        assert!(limit > 16 << 20 && available <= limit, "{available} of {limit}");
    }
}
