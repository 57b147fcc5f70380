//! Byte order.
#![forbid(unsafe_code)]

/// Turns samples of `bytes` bytes from a file's byte order to the machine's, in
/// place.
pub(crate) fn to_native(samples: &mut [u8], bytes: usize, big_endian: bool) {
    if big_endian == cfg!(target_endian = "big") {
        return;
    }
    match bytes {
        2 => samples.as_chunks_mut::<2>().0.iter_mut().for_each(|s| s.reverse()),
        4 => samples.as_chunks_mut::<4>().0.iter_mut().for_each(|s| s.reverse()),
        8 => samples.as_chunks_mut::<8>().0.iter_mut().for_each(|s| s.reverse()),
        _ => {}
    }
}
