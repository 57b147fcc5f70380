//! Compiles the caller of the C ABI, which reads the header that users read.

fn main() {
    println!("cargo:rerun-if-changed=src/load.c");
    println!("cargo:rerun-if-changed=../include/zstack.h");
    cc::Build::new().file("src/load.c").include("../include").warnings_into_errors(true).compile("load");
}
