//! Memory that a load may take.
#![forbid(unsafe_code)]

/// Bytes of memory that this process could take now without pushing out others: the
/// machine's, or less where a control group sets a limit. `None` where it is not
/// known; elsewhere than on Linux it is not asked.
pub fn memory_available() -> Option<u64> {
    #[cfg(target_os = "linux")]
    return linux::available(std::path::Path::new("/"));
    #[cfg(not(target_os = "linux"))]
    return None;
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::path::Path;

    use crate::machine::cgroups;

    /// As `memory_available`, of the system whose root folder is `system`.
    pub(super) fn available(system: &Path) -> Option<u64> {
        cgroups::available(system).into_iter().chain(machine(system)).min()
    }

    /// The line `MemAvailable:   12345 kB`, in bytes.
    fn machine(system: &Path) -> Option<u64> {
        let text = fs::read_to_string(system.join("proc/meminfo")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
        line.split_ascii_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::super::made_up;
    use super::linux::available;
    use super::*;

    const MEMINFO: &str = "MemTotal:       1000 kB\nMemFree:   100 kB\nMemAvailable:    600 kB\n";

    fn of_group(limit: &str, used: &str) -> Option<u64> {
        let system = made_up::system(&[
            ("proc/meminfo", MEMINFO),
            ("proc/self/cgroup", "0::/\n"),
            ("proc/self/mountinfo", "31 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"),
            ("sys/fs/cgroup/memory.max", limit),
            ("sys/fs/cgroup/memory.current", used),
        ]);
        available(system.path())
    }

    #[test]
    fn the_least_of_machine_and_group_counts() {
        assert_eq!(of_group("max\n", "5000\n"), Some(614_400));
        assert_eq!(of_group("2000000\n", "1900000\n"), Some(100_000));
        assert_eq!(of_group("700000\n", "5000\n"), Some(614_400));
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(available(empty.path()), None);
        let nonsense = made_up::system(&[("proc/meminfo", "MemAvailable:\n")]);
        assert_eq!(available(nonsense.path()), None);
    }

    #[test]
    fn this_machine_has_memory() {
        assert!(memory_available().unwrap() > 1 << 20);
    }
}
