//! Samples of any number of bits, packed into bytes -> whole bytes each.
#![forbid(unsafe_code)]

/// Bytes of a row of `samples` samples of `bits` bits; each row ends on a byte.
pub fn row_bytes(samples: u64, bits: u32) -> Option<u64> {
    Some(samples.checked_mul(u64::from(bits))?.div_ceil(8))
}

/// Widest samples that are unpacked.
pub(crate) const MOST_BITS: u32 = 56;

/// Unpacks rows of `samples` samples of `bits` bits (1 to `MOST_BITS`), the first
/// sample in the highest bits, into samples of `sample_bytes` bytes in the machine's
/// own byte order. Values are as stored: they are not scaled.
///
/// `packed` holds rows of `packed_row` bytes, at least `row_bytes`; `out` as many
/// rows of samples.
pub fn unpack(
    packed: &[u8],
    packed_row: usize,
    samples: usize,
    bits: u32,
    sample_bytes: usize,
    out: &mut [u8],
) {
    let rows = packed.chunks_exact(packed_row.max(1));
    for (row, out) in rows.zip(out.chunks_exact_mut((samples * sample_bytes).max(1))) {
        match (bits, sample_bytes) {
            (1, 1) => unpack_whole::<1>(row, out),
            (2, 1) => unpack_whole::<2>(row, out),
            (4, 1) => unpack_whole::<4>(row, out),
            (_, 1) => unpack_across::<1>(row, bits, out),
            (_, 2) => unpack_across::<2>(row, bits, out),
            (_, 4) => unpack_across::<4>(row, bits, out),
            _ => unpack_across::<8>(row, bits, out),
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

fn unpack_across<const BYTES: usize>(row: &[u8], bits: u32, out: &mut [u8]) {
    let mask = (1_u64 << bits) - 1;
    let mut bytes = row.iter();
    let (mut held, mut have) = (0_u64, 0_u32);
    for sample in out.chunks_exact_mut(BYTES) {
        while have < bits {
            held = (held << 8) | u64::from(bytes.next().copied().unwrap_or(0));
            have += 8;
        }
        have -= bits;
        sample.copy_from_slice(&native::<BYTES>((held >> have) & mask));
        held &= (1 << have) - 1;
    }
}

/// The lowest bytes of a number, in the machine's own order.
fn native<const BYTES: usize>(value: u64) -> [u8; BYTES] {
    let bytes = value.to_ne_bytes();
    let from = if cfg!(target_endian = "big") { 8 - BYTES } else { 0 };
    std::array::from_fn(|i| bytes[from + i])
}

/// Unpacked samples of `bits` bits with signs: theirs go up to the highest bit.
pub fn extend_sign(samples: &mut [u8], bits: u32, sample_bytes: usize) {
    match sample_bytes {
        1 => extend::<1>(samples, bits),
        2 => extend::<2>(samples, bits),
        4 => extend::<4>(samples, bits),
        _ => extend::<8>(samples, bits),
    }
}

fn extend<const BYTES: usize>(samples: &mut [u8], bits: u32) {
    let sign = 1_u64 << (bits - 1);
    for sample in samples.as_chunks_mut::<BYTES>().0 {
        let value = number(*sample);
        *sample = native((value ^ sign).wrapping_sub(sign));
    }
}

/// Bytes in the machine's own order, as a number.
fn number<const BYTES: usize>(sample: [u8; BYTES]) -> u64 {
    let mut bytes = [0; 8];
    let from = if cfg!(target_endian = "big") { 8 - BYTES } else { 0 };
    bytes[from..from + BYTES].copy_from_slice(&sample);
    u64::from_ne_bytes(bytes)
}

/// Floating-point numbers of 24 bits (Adobe's TIFF technote 3: a sign, 7 bits of
/// exponent, 16 of fraction) -> 32 bits each, which hold all of them exactly.
pub fn widen_f24(packed: &[u8], big_endian: bool, out: &mut [u8]) {
    for (bytes, sample) in packed.chunks_exact(3).zip(out.chunks_exact_mut(4)) {
        sample.copy_from_slice(&f24(number_24(bytes, big_endian)).to_ne_bytes());
    }
}

fn number_24(bytes: &[u8], big_endian: bool) -> u32 {
    let [a, b, c] = [bytes[0], bytes[1], bytes[2]].map(u32::from);
    if big_endian { a << 16 | b << 8 | c } else { c << 16 | b << 8 | a }
}

fn f24(bits: u32) -> f32 {
    let (sign, exponent, fraction) = (bits >> 23, bits >> 16 & 0x7F, bits & 0xFFFF);
    let magnitude = match exponent {
        // No whole bit in front: fraction / 2^16 times the least power of two.
        0 => fraction as f32 * 2_f32.powi(-62 - 16),
        0x7F => f32::from_bits(0xFF << 23 | fraction << 7),
        _ => f32::from_bits((exponent + 127 - 63) << 23 | fraction << 7),
    };
    if sign == 1 { -magnitude } else { magnitude }
}

/// Leaves the lowest `bits` of each sample, which has more; what stands above them
/// becomes their sign, or 0 where they have none.
#[cfg(feature = "dicom")]
pub fn keep_lowest(samples: &mut [u8], sample_bytes: usize, bits: u32, signed: bool) {
    match sample_bytes {
        1 => keep::<1>(samples, bits, signed),
        2 => keep::<2>(samples, bits, signed),
        4 => keep::<4>(samples, bits, signed),
        _ => keep::<8>(samples, bits, signed),
    }
}

#[cfg(feature = "dicom")]
fn keep<const BYTES: usize>(samples: &mut [u8], bits: u32, signed: bool) {
    let unused = 64 - bits;
    for sample in samples.as_chunks_mut::<BYTES>().0 {
        let mut wide = [0; 8];
        let from = if cfg!(target_endian = "big") { 8 - BYTES } else { 0 };
        wide[from..from + BYTES].copy_from_slice(sample);
        let above = u64::from_ne_bytes(wide) << unused;
        *sample = native::<BYTES>(if signed { (above as i64 >> unused) as u64 } else { above >> unused });
    }
}

/// Turns the bits of each byte round (TIFF 6.0, FillOrder 2).
pub fn reverse(bytes: &mut [u8]) {
    bytes.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit by bit, as the specification says it.
    fn naive(packed: &[u8], samples: usize, bits: u32, rows: usize) -> Vec<u64> {
        let row_bits = (samples * bits as usize).div_ceil(8) * 8;
        let mut out = Vec::new();
        for row in 0..rows {
            for sample in 0..samples {
                let mut value = 0;
                for bit in 0..bits as usize {
                    let at = row * row_bits + sample * bits as usize + bit;
                    value = value << 1 | u64::from(packed[at / 8] >> (7 - at % 8) & 1);
                }
                out.push(value);
            }
        }
        out
    }

    #[test]
    fn equals_the_plain_way() {
        let packed: Vec<u8> = (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for bits in 1..=MOST_BITS {
            let sample_bytes = (bits as usize).div_ceil(8).next_power_of_two();
            for samples in 1..40 {
                let rows = 5;
                let bytes = row_bytes(samples as u64, bits).unwrap() as usize * rows;
                let mut out = vec![0xAA; samples * sample_bytes * rows];
                unpack(&packed[..bytes], bytes / rows, samples, bits, sample_bytes, &mut out);
                let found: Vec<u64> = out.chunks(sample_bytes).map(wide).collect();
                assert_eq!(found, naive(&packed, samples, bits, rows), "{bits} bits, {samples} samples");
            }
        }
    }

    fn wide(sample: &[u8]) -> u64 {
        let mut bytes = [0; 8];
        let from = if cfg!(target_endian = "big") { 8 - sample.len() } else { 0 };
        bytes[from..from + sample.len()].copy_from_slice(sample);
        u64::from_ne_bytes(bytes)
    }

    #[test]
    #[cfg(feature = "dicom")]
    fn unused_bits_become_the_sign_or_nothing() {
        let turned = |value: u16, bits, signed| {
            let mut bytes = value.to_ne_bytes();
            keep_lowest(&mut bytes, 2, bits, signed);
            u16::from_ne_bytes(bytes)
        };
        assert_eq!(turned(0xF123, 12, false), 0x0123);
        assert_eq!(turned(0xF123, 12, true), 0x0123);
        assert_eq!(turned(0x0823, 12, true), 0xF823);
        assert_eq!(turned(0xFFFF, 1, false), 1);
        let mut long = (-5_i64 << 3).to_ne_bytes();
        keep_lowest(&mut long, 8, 6, true);
        assert_eq!(i64::from_ne_bytes(long), 24);
    }

    #[test]
    fn floats_of_24_bits_are_what_the_technote_says() {
        assert_eq!(f24(0x3F_0000), 1.0);
        assert_eq!(f24(0xBF_8000), -1.5);
        assert_eq!(f24(0x40_0001), 2.0 + 2.0 / 65536.0);
        assert_eq!(f24(0), 0.0);
        assert!(f24(0x80_0000).is_sign_negative());
        assert_eq!(f24(1), 2_f32.powi(-78));
        assert_eq!(f24(0x01_0000), 2_f32.powi(-62));
        assert_eq!(f24(0x7F_0000), f32::INFINITY);
        assert!(f24(0x7F_0001).is_nan());
    }

    #[test]
    fn floats_of_24_bits_come_in_either_order() {
        for (bytes, big_endian) in [([0, 0x80, 0xBF], false), ([0xBF, 0x80, 0], true)] {
            let mut out = [0; 4];
            widen_f24(&bytes, big_endian, &mut out);
            assert_eq!(f32::from_ne_bytes(out), -1.5);
        }
    }

    #[test]
    fn signs_reach_the_highest_bit() {
        let mut four = [0, 7, 8, 15];
        extend_sign(&mut four, 4, 1);
        assert_eq!(four.map(|byte| byte as i8), [0, 7, -8, -1]);
        for (bits, bytes) in [(9, 2), (12, 2), (16, 2), (17, 4), (24, 4), (33, 8), (56, 8), (64, 8)] {
            for value in [0, 1, (1_i64 << (bits - 2)), -1, -2, -1 << (bits - 1)] {
                let mut sample: Vec<u8> = match bytes {
                    2 => native::<2>(value as u64 & (u64::MAX >> (64 - bits))).to_vec(),
                    4 => native::<4>(value as u64 & (u64::MAX >> (64 - bits))).to_vec(),
                    _ => native::<8>(value as u64 & (u64::MAX >> (64 - bits))).to_vec(),
                };
                extend_sign(&mut sample, bits, bytes);
                let found = wide(&sample) as i64;
                assert_eq!(found << (64 - 8 * bytes) >> (64 - 8 * bytes), value, "{bits} bits");
            }
        }
    }
}
