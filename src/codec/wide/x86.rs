//! The operations on x86-64: 16 bytes with SSE2, which is always there, and 16 or
//! 32 with AVX2.

use std::arch::x86_64::*;

use super::{Rows, planes, sums};
use crate::codec::byte_order;

pub type Vector = __m128i;
/// Two vectors.
pub type Pair = __m256i;

/// Adds up the rows as `sums::add_up` does, if the machine has AVX2.
pub fn add_up(bytes: &mut [u8], rows: Rows) -> bool {
    if !is_x86_feature_detected!("avx2") {
        return false;
    }
    // SAFETY: the function asks for AVX2, and the machine has it.
    unsafe { sums::add_up(bytes, rows) }
}

/// Reverses the bytes of each sample of N bytes, if the machine has AVX2.
///
/// In cache it is twice as fast as the same loop with SSE2, which has no byte
/// shuffle: 79 GB/s against 50 (u16), 20 (u32) and 36 (u64).
pub fn reverse_each<const N: usize>(samples: &mut [u8]) -> bool {
    if !is_x86_feature_detected!("avx2") {
        return false;
    }
    // SAFETY: the function asks for AVX2, and the machine has it.
    unsafe { reverse_each_avx2::<N>(samples) };
    true
}

#[target_feature(enable = "avx2")]
fn reverse_each_avx2<const N: usize>(samples: &mut [u8]) {
    byte_order::reverse_each::<N>(samples);
}

/// Puts samples together as `planes::zip` does.
pub fn zip<const N: usize>(planes: [&[u8]; N], samples: &mut [[u8; N]]) -> bool {
    // SAFETY: the function asks for SSE2, which every x86-64 has.
    unsafe { planes::zip(planes, samples) }
}

#[inline]
#[target_feature(enable = "sse2")]
pub fn load(from: &[u8; 16]) -> Vector {
    // SAFETY: reads 16 bytes, as many as `from` has; no alignment is asked for.
    unsafe { _mm_loadu_si128(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sse2")]
pub fn store(vector: Vector, to: &mut [u8; 16]) {
    // SAFETY: writes 16 bytes, as many as `to` has; no alignment is asked for.
    unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), vector) }
}

/// The bytes of both, in turn.
#[inline]
#[target_feature(enable = "sse2")]
pub fn zip_two(a: Vector, b: Vector) -> (Vector, Vector) {
    (_mm_unpacklo_epi8(a, b), _mm_unpackhi_epi8(a, b))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn load_pair(from: &[u8; 32]) -> Pair {
    // SAFETY: reads 32 bytes, as many as `from` has; no alignment is asked for.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

/// The same 16 bytes twice.
#[inline]
#[target_feature(enable = "avx2")]
pub fn both(from: &[u8; 16]) -> Pair {
    _mm256_broadcastsi128_si256(load(from))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn halves(pair: Pair) -> (Vector, Vector) {
    (_mm256_castsi256_si128(pair), _mm256_extracti128_si256::<1>(pair))
}

/// Adds samples of S bytes.
#[inline]
#[target_feature(enable = "avx2")]
pub fn add<const S: usize>(a: Vector, b: Vector) -> Vector {
    match S {
        1 => _mm_add_epi8(a, b),
        2 => _mm_add_epi16(a, b),
        4 => _mm_add_epi32(a, b),
        _ => _mm_add_epi64(a, b),
    }
}

/// Adds samples of S bytes.
#[inline]
#[target_feature(enable = "avx2")]
pub fn add_pair<const S: usize>(a: Pair, b: Pair) -> Pair {
    match S {
        1 => _mm256_add_epi8(a, b),
        2 => _mm256_add_epi16(a, b),
        4 => _mm256_add_epi32(a, b),
        _ => _mm256_add_epi64(a, b),
    }
}

/// Byte by byte that of `table` at the index; 0 for indices of 0x80 and more.
#[inline]
#[target_feature(enable = "avx2")]
pub fn look_up(table: Vector, indices: Vector) -> Vector {
    _mm_shuffle_epi8(table, indices)
}

/// The same in each vector of the pair.
#[inline]
#[target_feature(enable = "avx2")]
pub fn look_up_pair(table: Pair, indices: Pair) -> Pair {
    _mm256_shuffle_epi8(table, indices)
}
