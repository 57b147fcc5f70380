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

/// A program includes it among others: no name but ours.
#[test]
fn every_name_in_the_header_has_the_prefix() {
    let header = generated();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let names = header.lines().filter_map(|line| match words(line).as_slice() {
        [define, rest @ ..] if define == "#define" => rest.first().cloned(),
        [hash, define, rest @ ..] if hash == "#" && define == "define" => rest.first().cloned(),
        [kind, name, brace] if (kind == "enum" || kind == "struct") && brace == "{" => Some(name.clone()),
        [typedef, .., name] if typedef == "typedef" && name.ends_with(';') => Some(name.clone()),
        [name, equals, _] if equals == "=" => Some(name.clone()),
        _ => None,
    });
    let (mut seen, mut foreign) = (0, Vec::new());
    for name in names {
        seen += 1;
        if !name.to_lowercase().starts_with("zstack") && !name.starts_with("(*zstack_") {
            foreign.push(name);
        }
    }
    assert!(seen > 100, "only {seen} names were found: the header is written in another way now");
    assert!(foreign.is_empty(), "not ours: {foreign:?}");
}
