//! Running sums along rows of pixels of up to 16 bytes.
//!
//! Within a register of 16 bytes the sums grow by doubling: every sample takes the
//! one a pixel before it, then the one two pixels before, then four, then eight;
//! bytes that come from before the register are 0. Two registers of 16 bytes make
//! one block of 32: all doubling is done on both at once. Then the first takes the
//! last pixel of the block before, and the second that of the first.
//!
//! The one chain from block to block is a shuffle and an addition. Pixels of 3, 6
//! or 12 bytes need nothing special: the shuffle repeats the last pixel in the
//! phase in which the next register begins.
//!
//! What lost, on Zen 4, in GB/s on u8, u16 and u32 of one channel (this: 22, 24,
//! 27; plain: 3.6, 7.4, 15):
//! - 16 bytes at a time, chained by shuffle and addition: 16, 17, 17; two such
//!   registers per turn: 16, 20, 23; chained by an addition alone: 16, 20, 25
//! - two rows side by side in the halves of one register: 22, 22, 21, and it falls
//!   behind once rows do not lie in cache
//! - 32 bytes with the carry, too, in a wide register: 20, 24, 29 for pixels whose
//!   size divides 32, and 22 against 23 for 3 bytes, in two kernels instead of one
//! - shifts within 64 bits for the first shuffles: 20, 24, 29, and none for pixels
//!   of 3 or 6 bytes; multiplication by 0x0101 or 0x10001 for the first doubling,
//!   which is slow elsewhere: 23, 25
#![forbid(unsafe_code)]

use std::hint::black_box;

use super::Rows;
use super::lanes::{
    Pair, Vector, add, add_pair, both, halves, load, load_pair, look_up, look_up_pair, store,
};

/// Largest pixel, in bytes.
const LARGEST: usize = 16;
/// Index from which `look_up` gives 0.
const NONE: u8 = 0x80;

/// Where the bytes of a register come from, for one size of pixel.
#[derive(Clone, Copy)]
struct Shuffles {
    /// 1, 2, 4 and 8 pixels before.
    before: [[u8; 16]; 4],
    /// The last pixel again and again, for the register after this one.
    next: [u8; 16],
    /// The same for the register after that.
    second: [u8; 16],
}

impl Shuffles {
    const fn of(pixel: usize) -> Shuffles {
        let mut all = Shuffles { before: [[NONE; 16]; 4], next: [0; 16], second: [0; 16] };
        let mut at = 0;
        while at < 16 {
            let mut doubling = 0;
            while doubling < 4 {
                let distance = pixel << doubling;
                if at >= distance {
                    all.before[doubling][at] = (at - distance) as u8;
                }
                doubling += 1;
            }
            all.next[at] = (16 - pixel + at % pixel) as u8;
            all.second[at] = (16 - pixel + (at + 16) % pixel) as u8;
            at += 1;
        }
        all
    }
}

/// By bytes of a pixel; the first entry is not used.
static SHUFFLES: [Shuffles; LARGEST + 1] = {
    let mut all = [Shuffles::of(1); LARGEST + 1];
    let mut pixel = 2;
    while pixel <= LARGEST {
        all[pixel] = Shuffles::of(pixel);
        pixel += 1;
    }
    all
};

/// Adds up the rows if their pixels are small enough; says whether it did.
#[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
#[cfg_attr(target_arch = "aarch64", target_feature(enable = "neon"))]
pub fn add_up(bytes: &mut [u8], rows: Rows) -> bool {
    if rows.pixel_bytes > LARGEST {
        return false;
    }
    match (rows.sample_bytes, rows.swapped) {
        (1, _) => add_up_samples::<1, false>(bytes, rows),
        (2, false) => add_up_samples::<2, false>(bytes, rows),
        (2, true) => add_up_samples::<2, true>(bytes, rows),
        (4, false) => add_up_samples::<4, false>(bytes, rows),
        (4, true) => add_up_samples::<4, true>(bytes, rows),
        (_, false) => add_up_samples::<8, false>(bytes, rows),
        (_, true) => add_up_samples::<8, true>(bytes, rows),
    }
    true
}

/// As many doublings as it takes until a pixel reaches over 16 bytes; and whether
/// every register begins with the first byte of a pixel.
#[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
#[cfg_attr(target_arch = "aarch64", target_feature(enable = "neon"))]
fn add_up_samples<const S: usize, const SWAP: bool>(bytes: &mut [u8], rows: Rows) {
    match rows.pixel_bytes {
        1 if S == 1 => add_up_rows::<S, SWAP, 4, true>(bytes, rows),
        2 if S <= 2 => add_up_rows::<S, SWAP, 3, true>(bytes, rows),
        3 if S == 1 => add_up_rows::<S, SWAP, 3, false>(bytes, rows),
        4 if S <= 4 => add_up_rows::<S, SWAP, 2, true>(bytes, rows),
        5..8 if S <= 2 => add_up_rows::<S, SWAP, 2, false>(bytes, rows),
        8 => add_up_rows::<S, SWAP, 1, true>(bytes, rows),
        9..16 if S <= 4 => add_up_rows::<S, SWAP, 1, false>(bytes, rows),
        _ => add_up_rows::<S, SWAP, 0, true>(bytes, rows),
    }
}

#[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
#[cfg_attr(target_arch = "aarch64", target_feature(enable = "neon"))]
fn add_up_rows<const S: usize, const SWAP: bool, const DOUBLINGS: usize, const ALIGNED: bool>(
    bytes: &mut [u8],
    rows: Rows,
) {
    let registers = Registers::<DOUBLINGS>::load(rows);
    for row in bytes.chunks_mut(rows.row_bytes) {
        let mut last = load(&[0; 16]);
        let (blocks, rest) = row.as_chunks_mut::<32>();
        for block in blocks {
            last = add_up_block::<S, SWAP, DOUBLINGS, ALIGNED>(block, last, &registers);
        }
        if rest.len() >= S {
            let mut block = [0; 32];
            copy_short(rest, &mut block[..rest.len()]);
            add_up_block::<S, SWAP, DOUBLINGS, ALIGNED>(&mut block, last, &registers);
            let whole = rest.len() / S * S;
            copy_short(&block[..whole], &mut rest[..whole]);
        }
    }
}

/// Copies fewer than 32 bytes. As calls of memcpy the two copies take a sixth of the
/// time of a row of 250 bytes.
#[inline]
fn copy_short(from: &[u8], to: &mut [u8]) {
    let (mut from, mut to) = (from, to);
    for size in [16, 8, 4, 2, 1] {
        if from.len() & size != 0 {
            let (piece, place);
            (piece, from) = from.split_at(size);
            (place, to) = to.split_at_mut(size);
            place.copy_from_slice(piece);
        }
    }
}

/// The shuffles of one size of pixel.
struct Registers<const DOUBLINGS: usize> {
    reversed: Pair,
    before: [Pair; DOUBLINGS],
    next: Vector,
    second: Vector,
}

impl<const DOUBLINGS: usize> Registers<DOUBLINGS> {
    #[inline]
    #[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
    #[cfg_attr(target_arch = "aarch64", target_feature(enable = "neon"))]
    fn load(rows: Rows) -> Self {
        // A compiler that knows the shuffles takes them apart and puts them together
        // again as a longer chain: 17 GB/s instead of 24 (u16).
        let shuffles = black_box(&SHUFFLES[rows.pixel_bytes]);
        let mut reversed = [0; 16];
        for (at, from) in reversed.iter_mut().enumerate() {
            *from = (at ^ (rows.sample_bytes - 1)) as u8;
        }
        let mut before = [both(&[0; 16]); DOUBLINGS];
        for (register, shuffle) in before.iter_mut().zip(&shuffles.before) {
            *register = both(shuffle);
        }
        Registers {
            reversed: both(&reversed),
            before,
            next: load(&shuffles.next),
            second: load(&shuffles.second),
        }
    }
}

/// Adds up a block after the register `last`; gives the block's last register.
#[inline]
#[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
#[cfg_attr(target_arch = "aarch64", target_feature(enable = "neon"))]
fn add_up_block<const S: usize, const SWAP: bool, const DOUBLINGS: usize, const ALIGNED: bool>(
    block: &mut [u8; 32],
    last: Vector,
    registers: &Registers<DOUBLINGS>,
) -> Vector {
    let mut sums = load_pair(block);
    if SWAP {
        sums = look_up_pair(sums, registers.reversed);
    }
    for before in registers.before {
        sums = add_pair::<S>(sums, look_up_pair(sums, before));
    }
    let (first, second) = halves(sums);
    let second = add::<S>(second, look_up(first, registers.next));
    let before_first = look_up(last, registers.next);
    let before_second = if ALIGNED { before_first } else { look_up(last, registers.second) };
    let first = add::<S>(first, before_first);
    let second = add::<S>(second, before_second);
    let (to, _) = block.as_chunks_mut::<16>();
    store(first, &mut to[0]);
    store(second, &mut to[1]);
    second
}
