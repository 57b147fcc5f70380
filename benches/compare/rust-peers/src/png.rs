//! What a PNG of 16-bit grey needs besides deflate.

use crate::predict::{sum_bytes, swap_u16};

/// Moves what the IDAT chunks hold together, and returns it. `chunks` begins with
/// the first of them and ends with the last.
pub fn joined(chunks: &mut [u8]) -> &[u8] {
    let (mut from, mut to) = (0, 0);
    while from + 12 <= chunks.len() {
        let len = u32::from_be_bytes(chunks[from..from + 4].try_into().unwrap()) as usize;
        chunks.copy_within(from + 8..from + 8 + len, to);
        to += len;
        from += len + 12;
    }
    &chunks[..to]
}

/// Undoes the filter of each row in place, and copies the samples in native order.
pub fn unfilter_u16(filtered: &mut [u8], image: &mut [u8], row_bytes: usize) {
    const SAMPLE: usize = 2;
    let mut above = &vec![0; row_bytes][..];
    for (line, place) in filtered.chunks_exact_mut(row_bytes + 1).zip(image.chunks_exact_mut(row_bytes)) {
        let (kind, row) = line.split_at_mut(1);
        match kind[0] {
            1 => sum_bytes::<SAMPLE>(row),
            2 => add(row, above),
            3 => {
                let mut left = [0; SAMPLE];
                for (sample, up) in row.as_chunks_mut().0.iter_mut().zip(above.as_chunks::<SAMPLE>().0) {
                    left = std::array::from_fn(|i| {
                        sample[i].wrapping_add(((u16::from(left[i]) + u16::from(up[i])) / 2) as u8)
                    });
                    *sample = left;
                }
            }
            4 => {
                let (mut left, mut corner) = ([0; SAMPLE], [0; SAMPLE]);
                for (sample, up) in row.as_chunks_mut().0.iter_mut().zip(above.as_chunks::<SAMPLE>().0) {
                    left = std::array::from_fn(|i| sample[i].wrapping_add(paeth(left[i], up[i], corner[i])));
                    corner = *up;
                    *sample = left;
                }
            }
            _ => {}
        }
        place.copy_from_slice(row);
        swap_u16(place);
        above = row;
    }
}

fn add(row: &mut [u8], above: &[u8]) {
    for (bytes, ups) in row.chunks_mut(64).zip(above.chunks(64)) {
        bytes.iter_mut().zip(ups).for_each(|(byte, &up)| *byte = byte.wrapping_add(up));
    }
}

#[inline(always)]
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let (to_left, to_up, to_corner) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    let other = if to_up <= to_corner { up } else { corner };
    if to_left <= to_up.min(to_corner) { left } else { other }
}
