//! Both predictors against their plainest form, and against what others wrote.

use proptest::prelude::*;

use super::{plain, undo_float, undo_horizontal};
use crate::codec::byte_order;

/// Sample `at` of a row, whose bytes stand in the machine's order or the other.
fn get(row: &[u8], at: usize, sample_bytes: usize, swapped: bool) -> u64 {
    let bytes = &row[at * sample_bytes..][..sample_bytes];
    let push = |value: u64, &byte: &u8| value << 8 | u64::from(byte);
    match swapped != cfg!(target_endian = "big") {
        true => bytes.iter().fold(0, push),
        false => bytes.iter().rev().fold(0, push),
    }
}

/// Writes sample `at` of a row in the machine's order, or the other.
fn put(row: &mut [u8], at: usize, sample_bytes: usize, swapped: bool, value: u64) {
    for (byte, to) in row[at * sample_bytes..][..sample_bytes].iter_mut().enumerate() {
        let significance = match swapped != cfg!(target_endian = "big") {
            true => sample_bytes - 1 - byte,
            false => byte,
        };
        *to = (value >> (8 * significance)) as u8;
    }
}

/// Predictor 2, sample by sample.
fn plain_horizontal(rows: &mut [u8], row_bytes: usize, sample_bytes: usize, channels: usize, swapped: bool) {
    for row in rows.chunks_mut(row_bytes) {
        for at in 0..row.len() / sample_bytes {
            let left = at.checked_sub(channels).map_or(0, |left| get(row, left, sample_bytes, false));
            let sum = get(row, at, sample_bytes, swapped).wrapping_add(left);
            put(row, at, sample_bytes, false, sum);
        }
    }
}

/// Predictor 3, byte by byte.
fn plain_float(coded: &[u8], out: &mut [u8], row_bytes: usize, sample_bytes: usize, channels: usize) {
    for (coded, out) in coded.chunks_exact(row_bytes).zip(out.chunks_exact_mut(row_bytes)) {
        let mut coded = coded.to_vec();
        for at in channels..coded.len() {
            coded[at] = coded[at].wrapping_add(coded[at - channels]);
        }
        let width = row_bytes / sample_bytes;
        for at in 0..width {
            let value =
                (0..sample_bytes).fold(0, |value, plane| value << 8 | u64::from(coded[plane * width + at]));
            put(out, at, sample_bytes, false, value);
        }
    }
}

/// What an encoder of predictor 2 writes for a row of samples.
fn differences(samples: &[u64], sample_bytes: usize, channels: usize, swapped: bool) -> Vec<u8> {
    let mut row = vec![0; samples.len() * sample_bytes];
    for (at, sample) in samples.iter().enumerate() {
        let left = at.checked_sub(channels).map_or(0, |left| samples[left]);
        put(&mut row, at, sample_bytes, swapped, sample.wrapping_sub(left));
    }
    row
}

#[test]
fn differences_become_the_samples_they_were_made_of() {
    let samples: Vec<u64> = (1..=101_u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    for sample_bytes in [1, 2, 4, 8] {
        for channels in 1..=9 {
            for swapped in [false, true] {
                let mut row = differences(&samples, sample_bytes, channels, swapped);
                let row_bytes = row.len();
                undo_horizontal(&mut row, row_bytes, sample_bytes, channels, swapped);
                for (at, sample) in samples.iter().enumerate() {
                    let mask = u64::MAX >> (64 - 8 * sample_bytes);
                    let got = get(&row, at, sample_bytes, false);
                    assert_eq!(got, sample & mask, "{sample_bytes} bytes, {channels} channels, {at}");
                }
            }
        }
    }
}

/// Made by imagecodecs 2026.3.6 (delta_encode) of the big-endian 16-bit pixels
/// (1, 2, 3), (1000, 2, 5535), (7, 4000, 0).
#[test]
fn big_endian_differences_of_another_encoder_come_back() {
    let mut row = [0, 1, 0, 2, 0, 3, 3, 0xE7, 0, 0, 0x15, 0x9C, 0xFC, 0x1F, 0x0F, 0x9E, 0xEA, 0x61];
    undo_horizontal(&mut row, 18, 2, 3, cfg!(target_endian = "little"));
    let samples: Vec<u16> = row.as_chunks().0.iter().map(|&bytes| u16::from_ne_bytes(bytes)).collect();
    assert_eq!(samples, [1, 2, 3, 1000, 2, 5535, 7, 4000, 0]);
}

/// Made by imagecodecs 2026.3.6 (floatpred_encode) of 1, 2.5, -3.25, 10000, 0.1, 7
/// in one row.
#[test]
fn planes_of_another_encoder_come_back() {
    let samples = [1.0, 2.5, -3.25, 1e4, 0.1, 7.0];
    let undone = |coded: &[u8], sample_bytes: usize, channels: usize| {
        let mut out = vec![0; coded.len()];
        undo_float(&mut coded.to_vec(), &mut out, coded.len(), sample_bytes, channels);
        out
    };

    let half = [0x3C, 5, 0x81, 0xAE, 0xBE, 0x19, 0xB9, 0, 0x80, 0x62, 0x84, 0x9A];
    let expected = samples.map(|sample| half::f16::from_f64(sample).to_ne_bytes());
    assert_eq!(undone(&half, 2, 1), expected.as_flattened());

    // The same numbers cut to 24 bits, planes by hand.
    let numbers = [0x3F0000, 0x404000, 0xC0A000];
    let three = [0x3F, 0x01, 0x80, 0x40, 0x40, 0x60, 0x60, 0, 0];
    let expected = numbers.map(|n: u32| {
        let [low, middle, high, _] = n.to_le_bytes();
        if cfg!(target_endian = "big") { [high, middle, low] } else { [low, middle, high] }
    });
    assert_eq!(undone(&three, 3, 1), expected.as_flattened());

    let single = [
        0x3F, 1, 0x80, 0x86, 0xF7, 3, 0x40, 0xA0, 0x30, 0xCC, 0xB0, 0x14, 0x20, 0, 0, 0x40, 0x8C, 0x34, 0, 0,
        0, 0, 0xCD, 0x33,
    ];
    let expected = samples.map(|sample| (sample as f32).to_ne_bytes());
    assert_eq!(undone(&single, 4, 1), expected.as_flattened());

    let single_rgb = [
        0x3F, 0x40, 0xC0, 7, 0xFD, 0x80, 0x3A, 0xE3, 0x10, 0x9C, 0xAC, 0x90, 0xE4, 0x34, 0x20, 0x40, 0xCC, 0,
        0xC0, 0x34, 0, 0, 0xCD, 0,
    ];
    assert_eq!(undone(&single_rgb, 4, 3), expected.as_flattened());

    let double_pairs = [
        0x3F, 0x40, 0x81, 0, 0x7F, 0, 0xB1, 0xC4, 0x1A, 0xBF, 0xAF, 0x59, 0x47, 0xE4, 0, 0x88, 0x99, 0x78,
        0x67, 0, 0, 0, 0x99, 0, 0x67, 0, 0, 0, 0x99, 0, 0x67, 0, 0, 0, 0x99, 0, 0x67, 0, 0, 0, 0x99, 0, 0x67,
        0, 0, 0, 0x9A, 0,
    ];
    assert_eq!(undone(&double_pairs, 8, 2), samples.map(f64::to_ne_bytes).as_flattened());
}

#[test]
fn nothing_to_undo_is_no_fault() {
    undo_horizontal(&mut [], 0, 2, 1, true);
    undo_horizontal(&mut [1, 2], 0, 2, 1, false);
    undo_float(&mut [], &mut [], 0, 4, 1);
    let mut out = [7; 3];
    undo_float(&mut [1, 2, 3], &mut out, 3, 4, 1);
    assert_eq!(out, [7; 3]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn predictor_2_equals_the_plain_way(
        bytes in proptest::collection::vec(any::<u8>(), 0..700),
        start in 0..33_usize,
        row_bytes in 1..300_usize,
        log in 0..4_u32,
        channels in 1..=18_usize,
        swapped: bool,
    ) {
        let sample_bytes = 1 << log;
        let start = start.min(bytes.len());
        let mut expected = bytes.clone();
        plain_horizontal(&mut expected[start..], row_bytes, sample_bytes, channels, swapped);
        let mut undone = bytes.clone();
        undo_horizontal(&mut undone[start..], row_bytes, sample_bytes, channels, swapped);
        prop_assert_eq!(&undone, &expected);

        // As on a machine without wide registers.
        let mut undone = bytes;
        for row in undone[start..].chunks_mut(row_bytes) {
            if swapped {
                byte_order::swap(row, sample_bytes);
            }
            plain::add_up(row, sample_bytes, channels);
        }
        prop_assert_eq!(&undone, &expected);
    }

    #[test]
    fn predictor_3_equals_the_plain_way(
        coded in proptest::collection::vec(any::<u8>(), 0..1200),
        start in 0..33_usize,
        row_bytes in 1..500_usize,
        sample_bytes in proptest::sample::select(vec![2_usize, 3, 4, 8]),
        channels in 1..=18_usize,
    ) {
        let start = start.min(coded.len());
        let mut expected = vec![0x5A; coded.len()];
        plain_float(&coded[start..], &mut expected[start..], row_bytes, sample_bytes, channels);
        let mut out = vec![0x5A; coded.len()];
        undo_float(&mut coded.clone()[start..], &mut out[start..], row_bytes, sample_bytes, channels);
        prop_assert_eq!(out, expected);
    }
}
