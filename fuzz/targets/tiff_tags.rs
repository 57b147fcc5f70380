//! A sound TIFF directory of any tags around any bytes: the codecs.
#![no_main]

libfuzzer_sys::fuzz_target!(init: zstack_fuzz::only_our_panics(), |data: &[u8]| {
    if let Some(file) = zstack_fuzz::tiff::wrap(data) {
        zstack_fuzz::decode(&file);
    }
});
