//! The size of a voxel and the axes of a file, as tifffile, Pillow and scanners'
//! programs write them.
#![cfg(target_os = "linux")]

mod support;

use support::python;

#[test]
fn voxel_sizes_and_axes_are_found_with_their_source() {
    let folder = tempfile::tempdir().unwrap();
    let output = python().arg("tests/callers/metadata.py").arg(folder.path()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.trim(), "13 stacks");
}
