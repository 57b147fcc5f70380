//! A build in which a panic would end the host is refused by the compiler.

use std::path::Path;
use std::process::Command;

#[test]
fn panic_abort_does_not_compile() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // A folder of its own: the one in use is locked by the run of this test.
    let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("panic-abort");
    let output = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["check", "--lib", "--quiet"])
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_DEV_PANIC", "abort")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "it compiled");
    assert!(said.contains("zstack must be built with panic = \"unwind\""), "{said}");
}
