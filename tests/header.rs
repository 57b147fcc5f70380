//! include/zstack.h is what cbindgen makes of the code.
//! `ZSTACK_BLESS=1 cargo test --test header` writes it anew.

use std::path::Path;

fn generated() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let manual = std::fs::read_to_string(root.join("src/ffi/manual.h")).unwrap();
    config.header = Some(manual.replace("@VERSION@", env!("CARGO_PKG_VERSION")));
    let bindings = cbindgen::Builder::new().with_crate(root).with_config(config).generate().unwrap();
    let mut text = Vec::new();
    bindings.write(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn the_header_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/zstack.h");
    let made = generated();
    if std::env::var_os("ZSTACK_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(made == checked_in, "include/zstack.h differs; run ZSTACK_BLESS=1 cargo test --test header");
}
