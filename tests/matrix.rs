//! Everything that tifffile can write, read back: the table in docs/FORMATS.md is
//! what `tests/formats/matrix.py` found. `ZSTACK_BLESS=1 cargo test --test matrix`
//! writes it anew.
#![cfg(target_os = "linux")]

mod support;

use support::{python, root};

const BEGIN: &str = "<!-- made by tests/matrix.rs: begin -->\n";
const END: &str = "<!-- made by tests/matrix.rs: end -->\n";

#[test]
fn the_table_of_formats_is_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let output = python().arg("tests/formats/matrix.py").arg(folder.path()).output().unwrap();
    let notes = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{notes}");
    let table = String::from_utf8(output.stdout).unwrap();

    let path = root().join("docs/FORMATS.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once(BEGIN).expect("docs/FORMATS.md has lost its mark");
    let (stands, tail) = rest.split_once(END).expect("docs/FORMATS.md has lost its mark");
    if std::env::var_os("ZSTACK_BLESS").is_some() {
        std::fs::write(&path, format!("{head}{BEGIN}{table}{END}{tail}")).unwrap();
        return;
    }
    assert!(stands == table, "the table differs; ZSTACK_BLESS=1 cargo test --test matrix:\n{table}\n{notes}");
}
