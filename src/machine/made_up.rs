//! A made-up system for tests: a folder with files as /proc and /sys have them.
#![forbid(unsafe_code)]

use std::fs;

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
