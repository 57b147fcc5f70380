//! What several tests need.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

/// The Python interpreter that has the packages of tests/requirements.txt.
pub fn python() -> PathBuf {
    let named = std::env::var_os("ZSTACK_PYTHON").map(PathBuf::from);
    let python =
        named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/venv/bin/python"));
    assert!(python.exists(), "{} is missing: run scripts/test, which sets it up", python.display());
    python
}
