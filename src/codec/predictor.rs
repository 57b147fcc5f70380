//! Predictors, the plain way for the time being.
#![forbid(unsafe_code)]

use super::byte_order;

/// TIFF predictor 2.
pub fn undo_horizontal(
    rows: &mut [u8],
    row_bytes: usize,
    sample_bytes: usize,
    channels: usize,
    swapped: bool,
) {
    if swapped {
        byte_order::swap(rows, sample_bytes);
    }
    for row in rows.chunks_exact_mut(row_bytes) {
        match sample_bytes {
            1 => add::<1>(row, channels, |a, b| [a[0].wrapping_add(b[0])]),
            2 => add::<2>(row, channels, |a, b| {
                u16::from_ne_bytes(a).wrapping_add(u16::from_ne_bytes(b)).to_ne_bytes()
            }),
            4 => add::<4>(row, channels, |a, b| {
                u32::from_ne_bytes(a).wrapping_add(u32::from_ne_bytes(b)).to_ne_bytes()
            }),
            _ => add::<8>(row, channels, |a, b| {
                u64::from_ne_bytes(a).wrapping_add(u64::from_ne_bytes(b)).to_ne_bytes()
            }),
        }
    }
}

fn add<const N: usize>(row: &mut [u8], channels: usize, sum: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let samples = row.as_chunks_mut::<N>().0;
    for i in channels..samples.len() {
        samples[i] = sum(samples[i], samples[i - channels]);
    }
}

/// TIFF predictor 3.
pub fn undo_float(coded: &mut [u8], out: &mut [u8], row_bytes: usize, sample_bytes: usize, channels: usize) {
    for (coded, out) in coded.chunks_exact_mut(row_bytes).zip(out.chunks_exact_mut(row_bytes)) {
        for i in channels..coded.len() {
            coded[i] = coded[i].wrapping_add(coded[i - channels]);
        }
        let count = row_bytes / sample_bytes;
        for i in 0..count {
            for byte in 0..sample_bytes {
                let place = if cfg!(target_endian = "little") { sample_bytes - 1 - byte } else { byte };
                out[i * sample_bytes + place] = coded[byte * count + i];
            }
        }
    }
}
