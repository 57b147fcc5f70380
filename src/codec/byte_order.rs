//! The other byte order -> the machine's.
#![forbid(unsafe_code)]

use super::wide;

/// Reverses the bytes of each sample of 1, 2, 4 or 8 bytes. Bytes after the last
/// whole sample are left alone.
pub fn swap(samples: &mut [u8], sample_bytes: usize) {
    match sample_bytes {
        1 => {}
        2 => swap_each::<2>(samples),
        4 => swap_each::<4>(samples),
        _ => swap_each::<8>(samples),
    }
}

fn swap_each<const N: usize>(samples: &mut [u8]) {
    if !wide::reverse_each::<N>(samples) {
        reverse_each::<N>(samples);
    }
}

/// The loop itself; it takes the widest registers that its caller is compiled for.
/// (`reverse` of the arrays says the same, but no compiler makes it wide.)
#[inline(always)]
pub(super) fn reverse_each<const N: usize>(samples: &mut [u8]) {
    match N {
        2 => each(samples, |sample| u16::from_ne_bytes(sample).swap_bytes().to_ne_bytes()),
        4 => each(samples, |sample| u32::from_ne_bytes(sample).swap_bytes().to_ne_bytes()),
        _ => each(samples, |sample| u64::from_ne_bytes(sample).swap_bytes().to_ne_bytes()),
    }
}

#[inline(always)]
fn each<const N: usize>(samples: &mut [u8], reversed: impl Fn([u8; N]) -> [u8; N]) {
    for sample in samples.as_chunks_mut::<N>().0 {
        *sample = reversed(*sample);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn samples_are_reversed_and_what_is_left_stays() {
        let bytes: Vec<u8> = (1..=11).collect();
        for (sample_bytes, expected) in [
            (1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
            (2, [2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 11]),
            (4, [4, 3, 2, 1, 8, 7, 6, 5, 9, 10, 11]),
            (8, [8, 7, 6, 5, 4, 3, 2, 1, 9, 10, 11]),
        ] {
            let mut swapped = bytes.clone();
            swap(&mut swapped, sample_bytes);
            assert_eq!(swapped, expected, "{sample_bytes} bytes");
        }
    }

    proptest! {
        #[test]
        fn any_length_and_place_is_swapped_like_sample_by_sample(
            bytes in proptest::collection::vec(any::<u8>(), 0..500),
            start in 0..40_usize,
            log in 0..4_u32,
        ) {
            let sample_bytes = 1 << log;
            let start = start.min(bytes.len());
            let mut plain = bytes.clone();
            plain[start..].chunks_exact_mut(sample_bytes).for_each(<[u8]>::reverse);
            let mut fast = bytes.clone();
            swap(&mut fast[start..], sample_bytes);
            prop_assert_eq!(&fast, &plain);
            let mut compiled_for_all = bytes;
            match sample_bytes {
                1 => {}
                2 => reverse_each::<2>(&mut compiled_for_all[start..]),
                4 => reverse_each::<4>(&mut compiled_for_all[start..]),
                _ => reverse_each::<8>(&mut compiled_for_all[start..]),
            }
            prop_assert_eq!(&compiled_for_all, &plain);
        }
    }
}
