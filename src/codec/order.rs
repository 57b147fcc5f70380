//! Byte order.
#![forbid(unsafe_code)]

/// Turns 16-bit samples from big-endian to the machine's order, in place.
pub(crate) fn big_endian_16(samples: &mut [u8]) {
    for sample in samples.as_chunks_mut::<2>().0 {
        *sample = u16::from_be_bytes(*sample).to_ne_bytes();
    }
}
