//! Byte order.
#![forbid(unsafe_code)]

/// Reverses the bytes of each sample.
pub fn swap(samples: &mut [u8], sample_bytes: usize) {
    match sample_bytes {
        2 => samples.as_chunks_mut::<2>().0.iter_mut().for_each(|s| s.reverse()),
        4 => samples.as_chunks_mut::<4>().0.iter_mut().for_each(|s| s.reverse()),
        8 => samples.as_chunks_mut::<8>().0.iter_mut().for_each(|s| s.reverse()),
        _ => {}
    }
}
