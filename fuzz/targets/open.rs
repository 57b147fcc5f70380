//! Any bytes: the pages of the file are listed and opened.
#![no_main]

libfuzzer_sys::fuzz_target!(init: zstack_fuzz::only_our_panics(), |data: &[u8]| {
    zstack_fuzz::open(&data.to_vec());
});
