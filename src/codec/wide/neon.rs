//! The operations on 64-bit Arm, whose NEON is always there. A pair is two
//! registers: they keep more work in flight, as 32 bytes do elsewhere.

use std::arch::aarch64::*;

use super::{Rows, planes, sums};

pub type Vector = uint8x16_t;
/// Two vectors.
pub type Pair = (uint8x16_t, uint8x16_t);

/// Adds up the rows as `sums::add_up` does.
pub fn add_up(bytes: &mut [u8], rows: Rows) -> bool {
    // SAFETY: the function asks for NEON, which every 64-bit Arm has.
    unsafe { sums::add_up(bytes, rows) }
}

/// Puts samples together as `planes::zip` does.
pub fn zip<const N: usize>(planes: [&[u8]; N], samples: &mut [[u8; N]]) -> bool {
    // SAFETY: the function asks for NEON, which every 64-bit Arm has.
    unsafe { planes::zip(planes, samples) }
}

/// Does nothing: the plain loop becomes NEON's byte reversals by itself.
pub fn reverse_each<const N: usize>(_samples: &mut [u8]) -> bool {
    false
}

#[inline]
#[target_feature(enable = "neon")]
pub fn load(from: &[u8; 16]) -> Vector {
    // SAFETY: reads 16 bytes, as many as `from` has; no alignment is asked for.
    unsafe { vld1q_u8(from.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
pub fn store(vector: Vector, to: &mut [u8; 16]) {
    // SAFETY: writes 16 bytes, as many as `to` has; no alignment is asked for.
    unsafe { vst1q_u8(to.as_mut_ptr(), vector) }
}

/// The bytes of both, in turn.
#[inline]
#[target_feature(enable = "neon")]
pub fn zip_two(a: Vector, b: Vector) -> (Vector, Vector) {
    (vzip1q_u8(a, b), vzip2q_u8(a, b))
}

#[inline]
#[target_feature(enable = "neon")]
pub fn load_pair(from: &[u8; 32]) -> Pair {
    let (halves, _) = from.as_chunks::<16>();
    (load(&halves[0]), load(&halves[1]))
}

/// The same 16 bytes twice.
#[inline]
#[target_feature(enable = "neon")]
pub fn both(from: &[u8; 16]) -> Pair {
    (load(from), load(from))
}

#[inline]
#[target_feature(enable = "neon")]
pub fn halves(pair: Pair) -> (Vector, Vector) {
    pair
}

/// Adds samples of S bytes.
#[inline]
#[target_feature(enable = "neon")]
pub fn add<const S: usize>(a: Vector, b: Vector) -> Vector {
    match S {
        1 => vaddq_u8(a, b),
        2 => vreinterpretq_u8_u16(vaddq_u16(vreinterpretq_u16_u8(a), vreinterpretq_u16_u8(b))),
        4 => vreinterpretq_u8_u32(vaddq_u32(vreinterpretq_u32_u8(a), vreinterpretq_u32_u8(b))),
        _ => vreinterpretq_u8_u64(vaddq_u64(vreinterpretq_u64_u8(a), vreinterpretq_u64_u8(b))),
    }
}

/// Adds samples of S bytes.
#[inline]
#[target_feature(enable = "neon")]
pub fn add_pair<const S: usize>(a: Pair, b: Pair) -> Pair {
    (add::<S>(a.0, b.0), add::<S>(a.1, b.1))
}

/// Byte by byte that of `table` at the index; 0 for indices of 16 and more.
#[inline]
#[target_feature(enable = "neon")]
pub fn look_up(table: Vector, indices: Vector) -> Vector {
    vqtbl1q_u8(table, indices)
}

/// The same in each vector of the pair.
#[inline]
#[target_feature(enable = "neon")]
pub fn look_up_pair(table: Pair, indices: Pair) -> Pair {
    (look_up(table.0, indices.0), look_up(table.1, indices.1))
}
