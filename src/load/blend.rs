//! After all slices were tried: what becomes of those that could not be had.
#![forbid(unsafe_code)]

use half::f16;

use super::place::Target;
use crate::sample::SampleType;

/// Blends slice `to` from two measured ones, `near` by distance: `weight_a`
/// parts of `a` and `weight_b` parts of `b`.
pub(super) fn blend(target: &Target, sample: SampleType, to: usize, a: (usize, u64), b: (usize, u64)) {
    let mut row_a = vec![0; target.row_bytes()];
    let mut row_b = vec![0; target.row_bytes()];
    for y in 0..target.height() {
        target.read(a.0, y, &mut row_a);
        target.read(b.0, y, &mut row_b);
        blend_row(sample, &mut row_a, &row_b, a.1, b.1);
        target.write(to, y, 0, &row_a);
    }
}

/// Whole numbers are rounded to the nearest, halves away from zero.
fn blend_row(sample: SampleType, a: &mut [u8], b: &[u8], weight_a: u64, weight_b: u64) {
    let (wa, wb) = (i128::from(weight_a), i128::from(weight_b));
    let whole = |a: i128, b: i128| {
        let sum = a * wa + b * wb;
        let half = (wa + wb) / 2 * sum.signum();
        (sum + half) / (wa + wb)
    };
    let part_b = weight_b as f64 / (weight_a as f64 + weight_b as f64);
    let real = |a: f64, b: f64| a * (1.0 - part_b) + b * part_b;
    match sample {
        SampleType::U8 => each::<1>(a, b, |a, b| [whole(a[0].into(), b[0].into()) as u8]),
        SampleType::I8 => each::<1>(a, b, |a, b| {
            (whole(i8::from_ne_bytes(a).into(), i8::from_ne_bytes(b).into()) as i8).to_ne_bytes()
        }),
        SampleType::U16 => each::<2>(a, b, |a, b| {
            (whole(u16::from_ne_bytes(a).into(), u16::from_ne_bytes(b).into()) as u16).to_ne_bytes()
        }),
        SampleType::I16 => each::<2>(a, b, |a, b| {
            (whole(i16::from_ne_bytes(a).into(), i16::from_ne_bytes(b).into()) as i16).to_ne_bytes()
        }),
        SampleType::U32 => each::<4>(a, b, |a, b| {
            (whole(u32::from_ne_bytes(a).into(), u32::from_ne_bytes(b).into()) as u32).to_ne_bytes()
        }),
        SampleType::I32 => each::<4>(a, b, |a, b| {
            (whole(i32::from_ne_bytes(a).into(), i32::from_ne_bytes(b).into()) as i32).to_ne_bytes()
        }),
        SampleType::U64 => each::<8>(a, b, |a, b| {
            (whole(u64::from_ne_bytes(a).into(), u64::from_ne_bytes(b).into()) as u64).to_ne_bytes()
        }),
        SampleType::I64 => each::<8>(a, b, |a, b| {
            (whole(i64::from_ne_bytes(a).into(), i64::from_ne_bytes(b).into()) as i64).to_ne_bytes()
        }),
        SampleType::F16 => each::<2>(a, b, |a, b| {
            f16::from_f64(real(f16::from_ne_bytes(a).into(), f16::from_ne_bytes(b).into())).to_ne_bytes()
        }),
        SampleType::F32 => each::<4>(a, b, |a, b| {
            (real(f32::from_ne_bytes(a).into(), f32::from_ne_bytes(b).into()) as f32).to_ne_bytes()
        }),
        SampleType::F64 => {
            each::<8>(a, b, |a, b| real(f64::from_ne_bytes(a), f64::from_ne_bytes(b)).to_ne_bytes())
        }
    }
}

/// Applies `mix` to each pair of samples of N bytes, into `a`.
fn each<const N: usize>(a: &mut [u8], b: &[u8], mix: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    for (a, b) in a.as_chunks_mut::<N>().0.iter_mut().zip(b.as_chunks::<N>().0) {
        *a = mix(*a, *b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blended(sample: SampleType, a: &[u8], b: &[u8], wa: u64, wb: u64) -> Vec<u8> {
        let mut row = a.to_vec();
        blend_row(sample, &mut row, b, wa, wb);
        row
    }

    #[test]
    fn whole_numbers_round_to_nearest() {
        assert_eq!(blended(SampleType::U8, &[0, 255, 10], &[1, 255, 20], 1, 1), [1, 255, 15]);
        assert_eq!(blended(SampleType::U8, &[0, 90], &[9, 0], 2, 1), [3, 60]);
        let (a, b) = ((-3i16).to_ne_bytes(), (-4i16).to_ne_bytes());
        assert_eq!(blended(SampleType::I16, &a, &b, 1, 1), (-4i16).to_ne_bytes());
    }

    #[test]
    fn sixty_four_bits_stay_exact() {
        let (a, b) = (u64::MAX.to_ne_bytes(), (u64::MAX - 2).to_ne_bytes());
        assert_eq!(blended(SampleType::U64, &a, &b, 1, 1), (u64::MAX - 1).to_ne_bytes());
    }

    #[test]
    fn floats_are_weighted() {
        let (a, b) = (1f32.to_ne_bytes(), 4f32.to_ne_bytes());
        assert_eq!(blended(SampleType::F32, &a, &b, 2, 1), 2f32.to_ne_bytes());
    }
}
