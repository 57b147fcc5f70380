//! Planes of bytes -> samples.
//!
//! To interleave N planes, zip each of the first half with the one half of the
//! planes further on; log2(N) such rounds put every byte in its place. Only the
//! zipping of bytes is needed, which SSE2 and NEON have.
#![forbid(unsafe_code)]

use super::lanes::{load, store, zip_two};

/// Writes byte k of each sample from plane k, if there are 16 samples or more; says
/// whether it did.
#[cfg_attr(target_arch = "x86_64", target_feature(enable = "sse2"))]
#[cfg_attr(target_arch = "aarch64", target_feature(enable = "neon"))]
pub fn zip<const N: usize>(planes: [&[u8]; N], samples: &mut [[u8; N]]) -> bool {
    let Some(last) = samples.len().checked_sub(16) else { return false };
    for at in (0..last).step_by(16) {
        zip_block(planes, samples, at);
    }
    // It may write some for the second time.
    zip_block(planes, samples, last);
    true
}

/// Writes 16 samples.
#[inline]
#[cfg_attr(target_arch = "x86_64", target_feature(enable = "sse2"))]
#[cfg_attr(target_arch = "aarch64", target_feature(enable = "neon"))]
fn zip_block<const N: usize>(planes: [&[u8]; N], samples: &mut [[u8; N]], at: usize) {
    let (block, _) = samples[at..at + 16].as_flattened_mut().as_chunks_mut::<16>();
    let mut held = planes.map(|plane| load(plane[at..].first_chunk().expect("as long as the samples")));
    for _ in 0..N.ilog2() {
        let from = held;
        for pair in 0..N / 2 {
            (held[2 * pair], held[2 * pair + 1]) = zip_two(from[pair], from[pair + N / 2]);
        }
    }
    for (vector, to) in held.into_iter().zip(block) {
        store(vector, to);
    }
}
