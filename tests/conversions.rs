//! What is changed on request, compared with NumPy and Pillow.
#![cfg(target_os = "linux")]

mod support;

use support::python;

#[test]
fn what_is_changed_on_request_is_what_numpy_and_pillow_make_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = python().arg("tests/callers/conversions.py").arg(folder.path()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.trim(), "42 files");
}
