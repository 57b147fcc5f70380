//! Any bytes: everything that can be opened is decoded.
#![no_main]

libfuzzer_sys::fuzz_target!(init: zstack_fuzz::only_our_panics(), |data: &[u8]| {
    zstack_fuzz::decode(&data.to_vec());
});
