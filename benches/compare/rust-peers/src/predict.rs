//! Predictors undone, and bytes swapped: arrays of a register's size, which the
//! compiler turns into wide code.

/// Swaps the bytes of each 16-bit sample.
pub fn swap_u16(bytes: &mut [u8]) {
    for sample in bytes.as_chunks_mut().0 {
        *sample = u16::from_be_bytes(*sample).to_le_bytes();
    }
}

/// Sums up the differences of a row of 16-bit samples (predictor 2).
pub fn sum_u16(row: &mut [u8]) {
    let (blocks, rest) = row.as_chunks_mut::<16>();
    let mut sum = 0u16;
    for block in blocks {
        let mut lanes: [u16; 8] =
            std::array::from_fn(|i| u16::from_le_bytes([block[2 * i], block[2 * i + 1]]));
        for step in [1, 2, 4] {
            let before = lanes;
            for i in step..8 {
                lanes[i] = lanes[i].wrapping_add(before[i - step]);
            }
        }
        for (lane, place) in lanes.iter().zip(block.as_chunks_mut().0) {
            *place = lane.wrapping_add(sum).to_le_bytes();
        }
        sum = sum.wrapping_add(lanes[7]);
    }
    for sample in rest.as_chunks_mut().0 {
        sum = sum.wrapping_add(u16::from_le_bytes(*sample));
        *sample = sum.to_le_bytes();
    }
}

/// Sums up the differences of a row of bytes, each to the one `STEP` (1 or 2) before.
pub fn sum_bytes<const STEP: usize>(row: &mut [u8]) {
    let mut sum = [0; STEP];
    for bytes in sum_blocks::<STEP>(row, &mut sum).as_chunks_mut().0 {
        sum = std::array::from_fn(|i| sum[i].wrapping_add(bytes[i]));
        *bytes = sum;
    }
}

/// Does what fills whole registers, and returns the rest.
#[cfg(target_arch = "x86_64")]
fn sum_blocks<'a, const STEP: usize>(row: &'a mut [u8], sum: &mut [u8; STEP]) -> &'a mut [u8] {
    use std::arch::x86_64::{
        _mm_add_epi8, _mm_loadu_si128, _mm_set1_epi8, _mm_set1_epi16, _mm_setzero_si128, _mm_slli_si128,
        _mm_storeu_si128,
    };
    let (blocks, rest) = row.as_chunks_mut::<16>();
    // SAFETY: SSE2 is a part of x86-64; each load and store has a block of 16 bytes to itself.
    unsafe {
        let mut carry = _mm_setzero_si128();
        for block in blocks {
            let mut sums = _mm_loadu_si128(block.as_ptr().cast());
            if STEP == 1 {
                sums = _mm_add_epi8(sums, _mm_slli_si128::<1>(sums));
            }
            sums = _mm_add_epi8(sums, _mm_slli_si128::<2>(sums));
            sums = _mm_add_epi8(sums, _mm_slli_si128::<4>(sums));
            sums = _mm_add_epi8(sums, _mm_slli_si128::<8>(sums));
            sums = _mm_add_epi8(sums, carry);
            _mm_storeu_si128(block.as_mut_ptr().cast(), sums);
            sum.copy_from_slice(&block[16 - STEP..]);
            carry = match sum[..] {
                [byte] => _mm_set1_epi8(byte as i8),
                _ => _mm_set1_epi16(i16::from_le_bytes([sum[0], sum[STEP - 1]])),
            };
        }
    }
    rest
}

#[cfg(not(target_arch = "x86_64"))]
fn sum_blocks<'a, const STEP: usize>(row: &'a mut [u8], _: &mut [u8; STEP]) -> &'a mut [u8] {
    row
}

/// Undoes the differences of a row of 32-bit floats and puts their bytes, stored
/// highest of all first, together again (predictor 3).
pub fn floats(row: &mut [u8], summed: &mut Vec<u8>) {
    sum_bytes::<1>(row);
    summed.clear();
    summed.extend_from_slice(row);
    let samples = row.len() / 4;
    let [a, b, c, d] = [0, 1, 2, 3].map(|plane| &summed[plane * samples..][..samples]);
    let high = a.iter().zip(b);
    let low = c.iter().zip(d);
    for (sample, ((&a, &b), (&c, &d))) in row.as_chunks_mut().0.iter_mut().zip(high.zip(low)) {
        *sample =
            u32::to_le_bytes(u32::from(a) << 24 | u32::from(b) << 16 | u32::from(c) << 8 | u32::from(d));
    }
}
