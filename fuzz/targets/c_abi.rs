//! Any bytes as a file that a C program opens, verifies and loads.
#![no_main]

use std::ffi::{CString, c_char, c_int};
use std::path::Path;

// Links the library, whose functions src/load.c calls.
extern crate zstack;

unsafe extern "C" {
    fn fuzz_load(path: *const c_char, slice_bytes: u64) -> c_int;
}

libfuzzer_sys::fuzz_target!(init: zstack_fuzz::only_our_panics(), |data: &[u8]| {
    // In memory where there is such a folder: the disk is no part of this.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let path = folder.join(format!("zstack-fuzz-{}.tif", std::process::id()));
    std::fs::write(&path, data).unwrap();
    let name = CString::new(path.to_str().unwrap()).unwrap();
    // SAFETY: `name` is a text that ends with NUL.
    let fault = unsafe { fuzz_load(name.as_ptr(), zstack_fuzz::SLICE_BYTES) };
    std::fs::remove_file(&path).unwrap();
    assert_eq!(fault, 0, "the library reports a fault of its own");
});
