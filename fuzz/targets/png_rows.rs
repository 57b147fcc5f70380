//! A sound PNG around any deflate stream or any rows.
#![no_main]

libfuzzer_sys::fuzz_target!(init: zstack_fuzz::only_our_panics(), |data: &[u8]| {
    if let Some(file) = zstack_fuzz::png::wrap(data) {
        zstack_fuzz::decode(&file);
    }
});
