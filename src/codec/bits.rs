//! Samples of less than a byte, packed from the most significant bit on, each
//! row padded to a whole byte (TIFF 6.0, section 3; PNG, section 7.2).
#![forbid(unsafe_code)]

/// Bytes of a packed row.
pub(crate) fn packed_row(samples: u64, bits: u32) -> u64 {
    samples.saturating_mul(bits.into()).div_ceil(8)
}

/// Unpacks rows of `samples` samples of `bits` bits (1 to 8) to a byte each.
pub(crate) fn unpack(packed: &[u8], samples: usize, bits: u32, out: &mut [u8]) {
    let row_bytes = packed_row(samples as u64, bits) as usize;
    let mask = ((1u32 << bits) - 1) as u16;
    for (row, out) in packed.chunks_exact(row_bytes).zip(out.chunks_exact_mut(samples)) {
        for (n, sample) in out.iter_mut().enumerate() {
            let bit = n * bits as usize;
            // Two bytes hold any sample, wherever it starts.
            let next = row.get(bit / 8 + 1).copied().unwrap_or(0);
            let pair = u16::from_be_bytes([row[bit / 8], next]);
            *sample = ((pair >> (16 - bits as usize - bit % 8)) & mask) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn unpacking_undoes_packing(bits in 1u32..=8, width in 1usize..40, seed in any::<u64>()) {
            let samples: Vec<u8> = (0..3 * width)
                .map(|n| ((seed.rotate_left(n as u32 * 7) as u32) & ((1 << bits) - 1)) as u8)
                .collect();
            let row_bytes = packed_row(width as u64, bits) as usize;
            let mut packed = vec![0u8; 3 * row_bytes];
            for (n, sample) in samples.iter().enumerate() {
                for bit in 0..bits as usize {
                    let at = n % width * bits as usize + bit;
                    let on = sample >> (bits as usize - 1 - bit) & 1;
                    packed[n / width * row_bytes + at / 8] |= on << (7 - at % 8);
                }
            }
            let mut out = vec![0; samples.len()];
            unpack(&packed, width, bits, &mut out);
            prop_assert_eq!(out, samples);
        }
    }
}
