//! A made-up system for tests: a folder with files as /proc and /sys have them.
#![forbid(unsafe_code)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

/// A system with these files: path below its root folder, and text.
pub(super) fn system(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

/// A block device of a system, as /sys shows it. `folder` is `sda` for a disk and
/// `sda/sda1` for a partition; `rotational` is what its queue says, and `parts`
/// are the folders of the devices that it is made of.
pub(super) fn block_device(
    system: &Path,
    number: &str,
    folder: &str,
    rotational: Option<&str>,
    parts: &[&str],
) {
    let devices = system.join("sys/devices");
    let (own, name) = (devices.join(folder), Path::new(folder).file_name().unwrap());
    for folder in [&own.join("queue"), &own.join("slaves"), &system.join("sys/dev/block")] {
        fs::create_dir_all(folder).unwrap();
    }
    fs::create_dir_all(system.join("sys/class/block")).unwrap();
    symlink(&own, system.join("sys/dev/block").join(number)).unwrap();
    symlink(&own, system.join("sys/class/block").join(name)).unwrap();
    if folder.contains('/') {
        fs::write(own.join("partition"), "1\n").unwrap();
    }
    if let Some(text) = rotational {
        fs::write(own.join("queue/rotational"), text).unwrap();
    }
    for part in parts {
        let name = Path::new(part).file_name().unwrap();
        symlink(devices.join(part), own.join("slaves").join(name)).unwrap();
    }
}
