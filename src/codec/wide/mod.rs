//! Loops over wide registers: AVX2 where the machine has it, SSE2 on any x86-64,
//! NEON on 64-bit Arm.
//!
//! The loops stand in `sums` and `planes`, written once over the few operations that
//! `x86` and `neon` provide. All `unsafe` is in these two: loads, stores, and the
//! calls of functions that ask for more than every machine has. What is not done
//! here, the caller does plainly.

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod absent;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod planes;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod sums;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use absent as lanes;
#[cfg(target_arch = "aarch64")]
use neon as lanes;
#[cfg(target_arch = "x86_64")]
use x86 as lanes;

pub use lanes::{add_up, reverse_each, zip};

/// Rows of pixels to add up, each sample onto the one of the pixel before.
#[derive(Clone, Copy)]
pub struct Rows {
    /// Bytes of a row; at least 1.
    pub row_bytes: usize,
    /// Bytes of a sample: 1, 2, 4 or 8.
    pub sample_bytes: usize,
    /// Bytes of a pixel, a multiple of the above.
    pub pixel_bytes: usize,
    /// Whether samples are in the other byte order than the machine's.
    pub swapped: bool,
}
