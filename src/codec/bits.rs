//! Samples of 1 to 7 bits, packed into bytes -> one byte each.
#![forbid(unsafe_code)]

/// Bytes of a row of `samples` samples of `bits` bits; each row ends on a byte.
pub fn row_bytes(samples: u64, bits: u32) -> Option<u64> {
    Some(samples.checked_mul(u64::from(bits))?.div_ceil(8))
}

/// Unpacks rows of `samples` samples of `bits` bits (1 to 7), the first sample in
/// the highest bits. Values are as stored: they are not scaled.
///
/// `packed` holds rows of `packed_row` bytes, at least `row_bytes`; `out` as many
/// rows of `samples` bytes.
pub fn unpack(packed: &[u8], packed_row: usize, samples: usize, bits: u32, out: &mut [u8]) {
    let rows = packed.chunks_exact(packed_row.max(1));
    for (row, out) in rows.zip(out.chunks_exact_mut(samples.max(1))) {
        match bits {
            1 => unpack_whole::<1>(row, out),
            2 => unpack_whole::<2>(row, out),
            4 => unpack_whole::<4>(row, out),
            _ => unpack_across(row, bits, out),
        }
    }
}

/// Widths that divide 8: no sample lies across two bytes.
fn unpack_whole<const BITS: usize>(row: &[u8], out: &mut [u8]) {
    let mask = (1_u8 << BITS) - 1;
    for (&byte, out) in row.iter().zip(out.chunks_mut(8 / BITS)) {
        for (i, sample) in out.iter_mut().enumerate() {
            *sample = (byte >> (8 - BITS * (i + 1))) & mask;
        }
    }
}

fn unpack_across(row: &[u8], bits: u32, out: &mut [u8]) {
    let mask = (1_u32 << bits) - 1;
    let mut bytes = row.iter();
    let (mut held, mut have) = (0_u32, 0_u32);
    for sample in out {
        if have < bits {
            held = (held << 8) | u32::from(bytes.next().copied().unwrap_or(0));
            have += 8;
        }
        have -= bits;
        *sample = ((held >> have) & mask) as u8;
        held &= (1 << have) - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit by bit, as the specification says it.
    fn naive(packed: &[u8], samples: usize, bits: u32, rows: usize) -> Vec<u8> {
        let row_bits = (samples * bits as usize).div_ceil(8) * 8;
        let mut out = Vec::new();
        for row in 0..rows {
            for sample in 0..samples {
                let mut value = 0;
                for bit in 0..bits as usize {
                    let at = row * row_bits + sample * bits as usize + bit;
                    value = value << 1 | (packed[at / 8] >> (7 - at % 8) & 1);
                }
                out.push(value);
            }
        }
        out
    }

    #[test]
    fn equals_the_plain_way() {
        let packed: Vec<u8> = (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for bits in 1..8 {
            for samples in 1..40 {
                let rows = 5;
                let bytes = row_bytes(samples as u64, bits).unwrap() as usize * rows;
                let mut out = vec![0xAA; samples * rows];
                unpack(&packed[..bytes], bytes / rows, samples, bits, &mut out);
                assert_eq!(out, naive(&packed, samples, bits, rows), "{bits} bits, {samples} samples");
            }
        }
    }
}
