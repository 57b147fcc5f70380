//! Predictor 2 (TIFF 6.0, section 14; 32 and 64 bits as libtiff has them): each
//! sample is stored as its difference from that of the pixel to its left.
#![forbid(unsafe_code)]

use super::plain;
use crate::codec::byte_order;
use crate::codec::wide::{self, Rows};

/// Undoes the predictor in place, in rows of `row_bytes` bytes (the last may be
/// shorter) with pixels of `channels` samples of 1, 2, 4 or 8 bytes.
///
/// Differences are `swapped` when they stand in the other byte order than the
/// machine's; samples come out in the machine's. Bytes of a row after its last
/// whole sample are left alone.
pub fn undo_horizontal(
    rows: &mut [u8],
    row_bytes: usize,
    sample_bytes: usize,
    channels: usize,
    swapped: bool,
) {
    if row_bytes == 0 {
        return;
    }
    let pixel_bytes = sample_bytes.saturating_mul(channels.max(1));
    if wide::add_up(rows, Rows { row_bytes, sample_bytes, pixel_bytes, swapped }) {
        return;
    }
    for row in rows.chunks_mut(row_bytes) {
        if swapped {
            byte_order::swap(row, sample_bytes);
        }
        plain::add_up(row, sample_bytes, channels);
    }
}
