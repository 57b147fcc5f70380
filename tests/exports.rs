//! Header, exported symbols and table of functions are one list; versions agree.
#![cfg(target_os = "linux")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use support::build::*;
use support::stacks::*;
use support::*;

fn header() -> String {
    fs::read_to_string(root().join("include/zstack.h")).unwrap()
}

/// Names of the functions that the header declares.
fn declared() -> BTreeSet<String> {
    let header = header();
    let (_, declarations) = header.split_once("extern \"C\" {").unwrap();
    let code: String =
        declarations.lines().filter(|line| !line.trim_start().starts_with(['/', '#'])).collect();
    let calls = code.split('(').filter_map(|text| text.split([' ', '*']).next_back());
    calls.filter(|name| name.starts_with("zstack_")).map(str::to_owned).collect()
}

/// Names of the table's fields, as functions.
fn table() -> BTreeSet<String> {
    let header = header();
    let (_, table) = header.split_once("typedef struct zstack_api {").unwrap();
    let (table, _) = table.split_once("} zstack_api;").unwrap();
    let fields = table.split("(*").skip(1).filter_map(|text| text.split_once(')'));
    fields.map(|(name, _)| format!("zstack_{name}")).collect()
}

fn exported() -> BTreeSet<String> {
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(library()).output();
    let output = output.unwrap_or_else(|e| panic!("no nm ({e}): apt-get install binutils"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split(' ').next_back().unwrap().to_owned()).collect()
}

#[test]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    let (declared, exported) = (declared(), exported());
    assert!(declared.len() > 30, "the header could not be read: {declared:?}");
    assert_eq!(exported, declared);
    assert!(exported.iter().all(|name| name.starts_with("zstack_")));
}

#[test]
fn the_table_holds_every_function_but_the_one_that_gives_it() {
    let mut all = declared();
    assert!(all.remove("zstack_get_api"));
    assert_eq!(table(), all);
}

/// A C program that compares each field with the symbol of its name, found by
/// dlsym and by the linker, and that knows the library's versions.
#[test]
fn table_pointers_and_versions_are_those_of_the_library() {
    let mut body = String::new();
    for name in table() {
        let field = name.strip_prefix("zstack_").unwrap();
        body += &format!("    CHECK(api->{field} == {name});\n");
        body += &format!("    at = (void *)(uintptr_t)api->{field};\n");
        body += &format!("    CHECK(at == dlsym(handle, \"{name}\"));\n");
        body += "    for (unsigned i = 0; i < count; i++) CHECK(at != seen[i]);\n    seen[count++] = at;\n";
    }
    let program = format!(
        r#"
#include "check.h"
#include <dlfcn.h>
static void *seen[256];
int main(void)
{{
    void *at, *handle = dlopen("{library}", RTLD_NOW | RTLD_NOLOAD);
    unsigned count = 0;
    CHECK(handle != NULL);
    CHECK_EQ(zstack_abi(), ZSTACK_ABI);
    CHECK(zstack_get_api(ZSTACK_ABI + 1) == NULL);
    CHECK(zstack_get_api(ZSTACK_ABI - 1) == NULL);
    CHECK(zstack_get_api(0) == NULL && zstack_get_api(UINT32_MAX) == NULL);
    const zstack_api *api = zstack_get_api(ZSTACK_ABI);
    CHECK(api != NULL && zstack_get_api(ZSTACK_ABI) == api);
    CHECK_EQ(api->struct_size, sizeof(zstack_api));
{body}
    CHECK_EQ(sizeof(zstack_api), sizeof(size_t) + count * sizeof(void (*)(void)));
    CHECK(strcmp(api->version(), "{version}") == 0);
    CHECK_EQ(api->abi(), ZSTACK_ABI);
    return done();
}}
"#,
        library = library().display(),
        version = manifest_version(),
    );
    let bench = Bench::new();
    let source = bench.path("table.c");
    fs::write(&source, program).unwrap();
    compile_contract(&source, &bench.path("table"), &[]);
    bench.check_with(&mut Command::new(bench.path("table")));
}

/// The version in Cargo.toml, read as text.
fn manifest_version() -> String {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \"")).unwrap();
    line.trim_end_matches('"').to_owned()
}

#[test]
fn the_header_names_the_version() {
    assert!(header().starts_with(&format!("/* zstack {}:", manifest_version())));
}

/// Nothing but the system's own libraries is needed, and no thread pool is inside.
#[test]
fn the_library_needs_the_system_only() {
    let output = Command::new("readelf").arg("-d").arg(library()).output();
    let output = output.unwrap_or_else(|e| panic!("no readelf ({e}): apt-get install binutils"));
    let text = String::from_utf8(output.stdout).unwrap();
    let needed: Vec<_> = text.lines().filter(|line| line.contains("(NEEDED)")).collect();
    let known = ["libc.so", "libgcc_s.so", "libm.so", "libpthread.so", "libdl.so", "ld-linux"];
    assert!(!needed.is_empty());
    for line in needed {
        assert!(known.iter().any(|name| line.contains(name)), "unexpected: {line}");
    }
}
