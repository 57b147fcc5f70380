//! Memory limits of Linux's control groups, of both versions. A group may use no
//! more than the least of its own limit and those of all groups around it.
#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};

use super::mounts::{Mount, mounts};

/// The names of a version's files, and of the count of idle file contents.
struct Names {
    limit: &'static str,
    used: &'static str,
    idle: &'static str,
}

const FIRST: Names =
    Names { limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", idle: "total_inactive_file" };
const SECOND: Names = Names { limit: "memory.max", used: "memory.current", idle: "inactive_file" };

/// What each of the groups with a limit that this process is in could take now, in
/// bytes, on the system whose root folder is `system`: the limit without what is
/// used, but file contents kept in memory that nobody uses would make way.
pub(super) fn available(system: &Path) -> Vec<u64> {
    let Ok(list) = fs::read_to_string(system.join("proc/self/cgroup")) else { return Vec::new() };
    let mounts = mounts(system);
    let mut available = Vec::new();
    for line in list.lines() {
        let mut fields = line.splitn(3, ':');
        let (Some(_number), Some(controllers), Some(path)) = (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let (mount, names) = if controllers.is_empty() {
            (mounts.iter().find(|mount| mount.kind == "cgroup2"), SECOND)
        } else if controllers.split(',').any(|name| name == "memory") {
            (mounts.iter().find(|mount| is_first(mount)), FIRST)
        } else {
            continue;
        };
        let Some(mount) = mount else { continue };
        let folders = folders(mount, Path::new(path)).into_iter();
        available.extend(folders.filter_map(|folder| group(&below(system, &folder), &names)));
    }
    available
}

/// Whether this is where groups of the first version have their memory limits.
fn is_first(mount: &Mount) -> bool {
    mount.kind == "cgroup" && mount.options().any(|option| option == "memory")
}

/// Folders of the group at `path` and of those around it, as far as they are
/// mounted: a container may see a part of the tree.
fn folders(mount: &Mount, path: &Path) -> Vec<PathBuf> {
    let inside = path.strip_prefix(&mount.root).unwrap_or(Path::new(""));
    // A path that leads out of the part that is seen begins with "/..".
    let inside = if inside.starts_with("..") { Path::new("") } else { inside };
    inside.ancestors().map(|folder| mount.point.join(folder)).collect()
}

/// A path of the system whose root folder is `system`.
fn below(system: &Path, path: &Path) -> PathBuf {
    system.join(path.strip_prefix("/").unwrap_or(path))
}

fn group(folder: &Path, names: &Names) -> Option<u64> {
    let number = |name| fs::read_to_string(folder.join(name)).ok()?.trim_ascii().parse::<u64>().ok();
    // Without a limit, the second version says "max".
    let limit = number(names.limit)?;
    let used = number(names.used).unwrap_or(0);
    let idle = field(&fs::read_to_string(folder.join("memory.stat")).unwrap_or_default(), names.idle);
    Some(limit.saturating_sub(used.saturating_sub(idle.unwrap_or(0))))
}

/// The number after `name` on a line of its own.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim_ascii().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::super::made_up::system;
    use super::*;

    const SECOND_AT_ROOT: &str = "31 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";

    #[test]
    fn all_groups_around_count_in_the_second_version() {
        let system = system(&[
            ("proc/self/cgroup", "0::/user.slice/viewer.scope\n"),
            ("proc/self/mountinfo", SECOND_AT_ROOT),
            ("sys/fs/cgroup/user.slice/memory.max", "4000000\n"),
            ("sys/fs/cgroup/user.slice/memory.current", "3000000\n"),
            ("sys/fs/cgroup/user.slice/memory.stat", "anon 5\nactive_file 7\ninactive_file 500000\n"),
            ("sys/fs/cgroup/user.slice/viewer.scope/memory.max", "max\n"),
            ("sys/fs/cgroup/user.slice/viewer.scope/memory.current", "100\n"),
        ]);
        assert_eq!(available(system.path()), [1_500_000]);
    }

    #[test]
    fn groups_of_the_first_version_have_their_own_names() {
        let system = system(&[
            ("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/jobs/7\n0::/\n"),
            (
                "proc/self/mountinfo",
                "34 31 0:31 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n\
                 35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
            ),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("sys/fs/cgroup/memory/jobs/7/memory.limit_in_bytes", "1000\n"),
            ("sys/fs/cgroup/memory/jobs/7/memory.usage_in_bytes", "1200\n"),
            ("sys/fs/cgroup/memory/jobs/7/memory.stat", "inactive_file 9\ntotal_inactive_file 100\n"),
        ]);
        let none = 9_223_372_036_854_771_712;
        assert_eq!(available(system.path()), [0, none]);
    }

    #[test]
    fn a_container_sees_its_own_part_of_the_tree() {
        for path in ["/docker/1", "/docker/1/inner", "/../../elsewhere", "/not/below"] {
            let system = system(&[
                ("proc/self/cgroup", &format!("0::{path}\n")),
                ("proc/self/mountinfo", "31 22 0:26 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup rw\n"),
                ("sys/fs/cgroup/memory.max", "5000\n"),
            ]);
            assert_eq!(available(system.path()), [5000], "{path}");
        }
    }

    #[test]
    fn without_groups_or_with_nonsense_there_is_no_limit() {
        assert!(available(Path::new("/no/such/system")).is_empty());
        let system = system(&[
            ("proc/self/cgroup", "nonsense\n0::/a\n::\n"),
            ("proc/self/mountinfo", SECOND_AT_ROOT),
            ("sys/fs/cgroup/a/memory.max", "-1\n"),
        ]);
        assert!(available(system.path()).is_empty());
    }
}
