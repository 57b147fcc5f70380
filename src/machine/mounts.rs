//! Linux's list of mounted file systems, /proc/self/mountinfo, one a line:
//! `id parent device root point options [tags] - kind source options`.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// One mounted file system.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// The folder of the file system that is mounted.
    pub root: PathBuf,
    /// Where it is mounted.
    pub point: PathBuf,
    /// Its kind: `ext4`, `nfs4`, `fuse.sshfs`.
    pub kind: String,
    /// What is mounted: a device, a share, or any word.
    pub source: PathBuf,
    /// Options of the file system, set apart by commas.
    options: String,
}

impl Mount {
    /// The options, each `name` or `name=value`.
    pub(super) fn options(&self) -> impl Iterator<Item = &str> {
        self.options.split(',')
    }
}

/// All mounts of the system whose root folder is `system`; none where the list
/// cannot be read.
pub(super) fn mounts(system: &Path) -> Vec<Mount> {
    let list = fs::read(system.join("proc/self/mountinfo")).unwrap_or_default();
    list.split(|&byte| byte == b'\n').filter_map(mount).collect()
}

/// The mount that a path without links belongs to: of those at the deepest
/// folder, the one that was mounted last.
pub(super) fn mount_of<'a>(mounts: &'a [Mount], path: &Path) -> Option<&'a Mount> {
    let depth = |mount: &&Mount| mount.point.as_os_str().len();
    mounts.iter().filter(|mount| path.starts_with(&mount.point)).max_by_key(depth)
}

fn mount(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|&byte| byte == b' ');
    let (root, point) = (fields.nth(3)?, fields.next()?);
    fields.by_ref().find(|field| *field == b"-")?;
    let (kind, source, options) = (fields.next()?, fields.next()?, fields.next().unwrap_or_default());
    let text = |field| String::from_utf8_lossy(&unescaped(field)).into_owned();
    let path = |field| PathBuf::from(OsString::from_vec(unescaped(field)));
    Some(Mount {
        root: path(root),
        point: path(point),
        kind: text(kind),
        source: path(source),
        options: text(options),
    })
}

/// A field as it was: the kernel writes space, tab, newline and backslash as a
/// backslash and three octal digits.
fn unescaped(mut field: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(field.len());
    while let Some((&first, rest)) = field.split_first() {
        let code = match rest {
            [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] if first == b'\\' => {
                Some((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'))
            }
            _ => None,
        };
        bytes.push(code.unwrap_or(first));
        field = if code.is_some() { &rest[3..] } else { rest };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::made_up::system;
    use super::*;

    const LIST: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
23 22 0:21 / /proc rw - proc proc rw
31 22 0:40 / /data rw shared:7 master:2 - nfs4 server:/export rw,vers=4.2
32 22 0:41 /sub /data/my\\040scans\\134 rw - fuse.sshfs me@host:/scans rw,user_id=0
33 22 0:42 / /empty rw - tmpfs  rw
34 32 0:43 / /data/my\\040scans\\134 rw - tmpfs none rw

nonsense
";

    #[test]
    fn lines_are_read_with_or_without_tags_source_and_strange_names() {
        let system = system(&[("proc/self/mountinfo", LIST)]);
        let mounts = mounts(system.path());
        assert_eq!(mounts.len(), 6);
        assert_eq!(
            mounts[3],
            Mount {
                root: "/sub".into(),
                point: "/data/my scans\\".into(),
                kind: "fuse.sshfs".into(),
                source: "me@host:/scans".into(),
                options: "rw,user_id=0".into(),
            }
        );
        assert_eq!(mounts[4].source, Path::new(""));
        assert_eq!(mounts[0].options().collect::<Vec<_>>(), ["rw", "discard"]);
    }

    #[test]
    fn a_path_belongs_to_the_deepest_mount_and_there_to_the_last() {
        let system = system(&[("proc/self/mountinfo", LIST)]);
        let mounts = mounts(system.path());
        let kind = |path: &str| mount_of(&mounts, Path::new(path)).unwrap().kind.as_str();
        assert_eq!(kind("/home/me"), "ext4");
        assert_eq!(kind("/data/x/y"), "nfs4");
        assert_eq!(kind("/database"), "ext4");
        assert_eq!(kind("/data/my scans\\/a.tif"), "tmpfs");
        assert!(mount_of(&mounts, Path::new("relative")).is_none());
        assert!(super::mounts(Path::new("/no/such/system")).is_empty());
    }
}
