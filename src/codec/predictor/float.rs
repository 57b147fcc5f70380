//! Predictor 3 (Adobe, TIFF Technical Note 3): the bytes of a row of floating-point
//! samples stand in planes, the most significant first, and each byte of the row
//! is stored as its difference from that `channels` bytes to its left.
#![forbid(unsafe_code)]

use super::horizontal::undo_horizontal;
use crate::codec::wide;

/// Undoes the predictor in rows of `row_bytes` bytes with pixels of `channels`
/// samples of 2, 3, 4 or 8 bytes, which come out in the machine's byte order. The file
/// has none: planes are in the same order in each.
///
/// `coded`, as long as `out`, is used up. Whole rows are undone, and bytes of a row
/// of `out` after its last whole sample are left alone.
pub fn undo_float(coded: &mut [u8], out: &mut [u8], row_bytes: usize, sample_bytes: usize, channels: usize) {
    if row_bytes == 0 {
        return;
    }
    for (coded, out) in coded.chunks_exact_mut(row_bytes).zip(out.chunks_exact_mut(row_bytes)) {
        undo_horizontal(coded, row_bytes, 1, channels, false);
        match sample_bytes {
            2 => put_together::<2>(coded, out),
            3 => put_together::<3>(coded, out),
            4 => put_together::<4>(coded, out),
            _ => put_together::<8>(coded, out),
        }
    }
}

/// Planes of bytes -> samples of N bytes.
fn put_together<const N: usize>(coded: &[u8], out: &mut [u8]) {
    let samples = out.as_chunks_mut::<N>().0;
    let planes = in_machine_order::<N>(coded, samples.len());
    // Wide registers know pairs of planes only.
    if !N.is_power_of_two() || !wide::zip(planes, samples) {
        zip(planes, samples);
    }
}

/// The planes in the order in which the machine has the bytes of a sample.
fn in_machine_order<const N: usize>(coded: &[u8], width: usize) -> [&[u8]; N] {
    std::array::from_fn(|byte| {
        let plane = if cfg!(target_endian = "big") { byte } else { N - 1 - byte };
        &coded[plane * width..][..width]
    })
}

/// Byte k of each sample from plane k.
fn zip<const N: usize>(planes: [&[u8]; N], samples: &mut [[u8; N]]) {
    for (at, sample) in samples.iter_mut().enumerate() {
        for (byte, plane) in sample.iter_mut().zip(planes) {
            *byte = plane[at];
        }
    }
}
