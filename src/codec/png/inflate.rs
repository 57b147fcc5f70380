//! The zlib stream of a PNG -> its rows, by whichever library is the faster on it.
//!
//! fdeflate is made for literals, of which the filtered rows of a noisy image are
//! full: there it takes two thirds of libdeflate's time, and twice as long where
//! there is much to copy, or where a hasty compressor took any match. Measured on
//! Zen 5 with what Pillow writes, megabytes of rows a second:
//!
//! | image | rows / stream | libdeflate 1.26.1 | fdeflate 0.3.7 |
//! |---|---:|---:|---:|
//! | 8-bit RGB, noisy | 1.9 | 504 | 811 |
//! | 16-bit grey, 5 bits of noise | 1.6 | 498 | 728 |
//! | the same, level 1 | 1.3 | 504 | 329 |
//! | 16-bit grey, partly 0 | 2.3 | 886 | 944 |
//! | 8-bit grey, 2 bits of noise | 2.6 | 606 | 533 |
//! | 8-bit grey, smooth | 10 | 3548 | 1766 |
#![forbid(unsafe_code)]

use libdeflater::DecompressionError;

use crate::codec::Fault;

/// A stream that is more than this part of its rows is mostly literals.
const LITERALS: f64 = 1.0 / 2.4;

/// Inflates a zlib stream that must hold exactly `out`.
pub(super) fn inflate(zlib: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    if is_mostly_literals(zlib, out.len()) { by_fdeflate(zlib, out) } else { by_libdeflate(zlib, out) }
}

/// By its length, and by what its header says of the compressor (RFC 1950, FLEVEL):
/// 2 and 3 took their time.
fn is_mostly_literals(zlib: &[u8], bytes: usize) -> bool {
    zlib.len() as f64 > LITERALS * bytes as f64 && zlib.get(1).is_some_and(|flags| flags >> 6 >= 2)
}

fn by_fdeflate(zlib: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    let mut decompressor = fdeflate::Decompressor::new();
    let (mut from, mut to) = (0, 0);
    while !decompressor.is_done() {
        match decompressor.read(&zlib[from..], out, to, true) {
            Ok((0, 0)) => return Err(Fault::Broken("a PNG with more rows than it says")),
            Ok((read, written)) => {
                from += read;
                to += written;
            }
            Err(_) => return Err(Fault::Broken("the rows of a PNG do not inflate")),
        }
    }
    if to == out.len() { Ok(()) } else { Err(Fault::Short { got: 0 }) }
}

fn by_libdeflate(zlib: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    match libdeflater::Decompressor::new().zlib_decompress(zlib, out) {
        Ok(bytes) if bytes == out.len() => Ok(()),
        Ok(_) => Err(Fault::Short { got: 0 }),
        Err(DecompressionError::InsufficientSpace) => Err(Fault::Broken("a PNG with more rows than it says")),
        Err(DecompressionError::BadData) => Err(Fault::Broken("the rows of a PNG do not inflate")),
    }
}

#[cfg(test)]
mod tests {
    use libdeflater::{CompressionLvl, Compressor};
    use proptest::prelude::*;

    use super::*;

    /// Noise in the lowest `bits`, over a slope.
    fn rows(bytes: usize, bits: u32) -> Vec<u8> {
        let mut random = 1_u32;
        let mut noise = || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 24) as u8 & ((1_u32 << bits) - 1) as u8
        };
        (0..bytes).map(|i| noise().wrapping_add((i / 300) as u8)).collect()
    }

    fn deflated(bytes: &[u8], level: i32) -> Vec<u8> {
        let mut compressor = Compressor::new(CompressionLvl::new(level).unwrap());
        let mut out = vec![0; compressor.zlib_compress_bound(bytes.len())];
        let length = compressor.zlib_compress(bytes, &mut out).unwrap();
        out.truncate(length);
        out
    }

    #[test]
    fn noise_is_mostly_literals_and_what_is_smooth_or_hasty_is_not() {
        let (noisy, smooth) = (rows(30_000, 6), rows(30_000, 0));
        assert!(is_mostly_literals(&deflated(&noisy, 6), noisy.len()));
        assert!(!is_mostly_literals(&deflated(&noisy, 1), noisy.len()));
        assert!(!is_mostly_literals(&deflated(&smooth, 6), smooth.len()));
    }

    /// The checksum of RFC 1950.
    fn adler(bytes: &[u8]) -> (u64, u64) {
        bytes.iter().fold((1, 0), |(a, b), &byte| {
            let a = (a + u64::from(byte)) % 65_521;
            (a, (b + a) % 65_521)
        })
    }

    proptest! {
        #[test]
        fn both_agree_on_what_is_sound(bytes in 1usize..40_000, bits in 0u32..9, level in 0i32..10) {
            let rows = rows(bytes, bits);
            let stream = deflated(&rows, level);
            let (mut a, mut b) = (vec![1; bytes], vec![2; bytes]);
            by_libdeflate(&stream, &mut a).unwrap();
            by_fdeflate(&stream, &mut b).unwrap();
            prop_assert!(a == rows && b == rows);
        }

        #[test]
        fn neither_takes_what_is_damaged_or_of_another_length(
            bytes in 1usize..3000,
            bits in 0u32..9,
            at in any::<proptest::sample::Index>(),
            flip in 1u8..,
            more in 0usize..3,
        ) {
            let rows = rows(bytes, bits);
            let whole = deflated(&rows, 6);
            let mut damaged = whole.clone();
            damaged[at.index(whole.len())] ^= flip;
            for by in [by_libdeflate, by_fdeflate] {
                let mut out = vec![0; bytes];
                // Where other bytes have the same checksum, nobody can tell.
                prop_assert!(by(&damaged, &mut out).is_err() || adler(&out) == adler(&rows));
                prop_assert!(by(&whole[..at.index(whole.len())], &mut out).is_err());
                let mut other = vec![0; bytes - 1];
                prop_assert!(by(&whole, &mut other).is_err());
                let mut other = vec![0; bytes + 1 + more];
                prop_assert!(by(&whole, &mut other).is_err());
            }
        }
    }
}
