//! The five filters of PNG, undone.
//!
//! A filter stores each byte less a guess from three others: `a` to its left,
//! `b` above and `c` above left, each one pixel away.
#![forbid(unsafe_code)]

use super::wave;
use crate::codec::Fault;

/// Undoes the filters of `filtered`, rows of a filter byte and `row` bytes, into
/// `out`, the rows without their filter bytes. `pixel` is the bytes of a pixel.
///
/// With `swap`, pairs of bytes change places. They do so first, in `filtered`
/// or on the way: to filters, the bytes of a pixel have nothing to do with each
/// other, so the result is the same, and the row above is there as it was left.
pub fn rows(filtered: &mut [u8], row: usize, pixel: usize, swap: bool, out: &mut [u8]) -> Result<(), Fault> {
    match pixel {
        1 => undo::<1>(filtered, row, swap, out),
        2 => undo::<2>(filtered, row, swap, out),
        3 => undo::<3>(filtered, row, swap, out),
        4 => undo::<4>(filtered, row, swap, out),
        6 => undo::<6>(filtered, row, swap, out),
        8 => undo::<8>(filtered, row, swap, out),
        _ => Err(Fault::Broken("PNG has no pixels of that size")),
    }
}

fn undo<const N: usize>(
    mut filtered: &mut [u8],
    row: usize,
    swap: bool,
    mut out: &mut [u8],
) -> Result<(), Fault> {
    let mut above: Option<&[u8]> = None;
    while !out.is_empty() {
        let several = above.map_or(0, |above| wave::undo::<N>(filtered, row, swap, above, out));
        let count = several.max(1);
        let (these, rest) = filtered.split_at_mut(count * (row + 1));
        let (done, left) = out.split_at_mut(count * row);
        if several == 0 {
            let (filter, bytes) = these.split_first_mut().ok_or(Fault::Short { got: 0 })?;
            if swap {
                for pair in bytes.as_chunks_mut::<2>().0 {
                    *pair = u16::from_be_bytes(*pair).to_le_bytes();
                }
            }
            match above {
                Some(above) => one::<N>(*filter, bytes, above, done)?,
                None => first::<N>(*filter, bytes, done)?,
            }
        }
        above = Some(&done[(count - 1) * row..]);
        (filtered, out) = (rest, left);
    }
    Ok(())
}

const UNKNOWN: Fault = Fault::Broken("a row of a PNG has an unknown filter");

/// The first row: above it is nothing but zeros.
fn first<const N: usize>(filter: u8, bytes: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    match filter {
        0 | 2 => out.copy_from_slice(bytes),
        1 | 4 => along::<N>(bytes, bytes, out, |a, _, _| a),
        3 => along::<N>(bytes, bytes, out, |a, _, _| a >> 1),
        _ => return Err(UNKNOWN),
    }
    Ok(())
}

fn one<const N: usize>(filter: u8, bytes: &[u8], above: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    match filter {
        0 => out.copy_from_slice(bytes),
        1 => along::<N>(bytes, above, out, |a, _, _| a),
        2 => {
            for ((out, &byte), &b) in out.iter_mut().zip(bytes).zip(above) {
                *out = byte.wrapping_add(b);
            }
        }
        3 => along::<N>(bytes, above, out, |a, b, _| ((u16::from(a) + u16::from(b)) >> 1) as u8),
        4 => along::<N>(bytes, above, out, paeth),
        _ => return Err(UNKNOWN),
    }
    Ok(())
}

/// Adds `guess(a, b, c)` to each byte, pixel after pixel.
#[inline(always)]
fn along<const N: usize>(bytes: &[u8], above: &[u8], out: &mut [u8], guess: impl Fn(u8, u8, u8) -> u8) {
    let (mut a, mut c) = ([0; N], [0; N]);
    let pixels = bytes.as_chunks::<N>().0.iter().zip(above.as_chunks::<N>().0);
    for (out, (bytes, b)) in out.as_chunks_mut::<N>().0.iter_mut().zip(pixels) {
        for i in 0..N {
            a[i] = bytes[i].wrapping_add(guess(a[i], b[i], c[i]));
        }
        c = *b;
        *out = a;
    }
}

/// Whichever of the three is nearest to `a + b - c`; of equals, the first.
///
/// In a form of Fabian Giesen's (stb_image): no branches, no absolute values,
/// and little to do once `a` is there, which comes last.
fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let (a, b, c) = (i32::from(a), i32::from(b), i32::from(c));
    let turn = 3 * c - b - a;
    let (low, high) = (a.min(b), a.max(b));
    let inner = if turn < high { c } else { low };
    (if turn > low { inner } else { high }) as u8
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Byte by byte, as the specification says it.
    fn naive(filtered: &[u8], row: usize, pixel: usize, swap: bool) -> Vec<u8> {
        let mut rows: Vec<Vec<u8>> = vec![vec![0; row]];
        for coded in filtered.chunks_exact(row + 1) {
            let above = &rows[rows.len() - 1];
            let mut out = vec![0; row];
            for i in 0..row {
                let left = |row: &[u8]| i.checked_sub(pixel).map_or(0, |at| i32::from(row[at]));
                let (a, b, c) = (left(&out), i32::from(above[i]), left(above));
                let guess = match coded[0] {
                    0 => 0,
                    1 => a,
                    2 => b,
                    3 => (a + b) / 2,
                    4 => {
                        let p = a + b - c;
                        let (pa, pb, pc) = ((p - a).abs(), (p - b).abs(), (p - c).abs());
                        if pa <= pb && pa <= pc {
                            a
                        } else if pb <= pc {
                            b
                        } else {
                            c
                        }
                    }
                    filter => panic!("filter {filter}"),
                };
                out[i] = coded[1 + i].wrapping_add(guess as u8);
            }
            rows.push(out);
        }
        let mut out = rows[1..].concat();
        if swap {
            out.as_chunks_mut::<2>().0.iter_mut().for_each(|pair| pair.reverse());
        }
        out
    }

    /// Rows of random bytes with these filters.
    fn coded(filters: &[u8], row: usize, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.iter().cycle().copied();
        let row = |filter: &u8| [vec![*filter], bytes.by_ref().take(row).collect()].concat();
        filters.iter().flat_map(row).collect()
    }

    /// Rows of every length near those where something changes.
    fn pixels() -> impl Strategy<Value = usize> {
        prop_oneof![1..40_usize, 40..300_usize]
    }

    fn filters() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![vec(0..5_u8, 1..50), (0..5_u8, 1..50_usize).prop_map(|(filter, rows)| vec![filter; rows])]
    }

    proptest! {
        #[test]
        fn equals_the_plain_way(
            pixel in prop::sample::select(vec![1_usize, 2, 3, 4, 6, 8]),
            width in pixels(),
            filters in filters(),
            // Few values or all: ties of the Paeth filter, and every carry.
            bytes in prop_oneof![vec(any::<u8>(), 997), vec(prop::sample::select(vec![0, 1, 255]), 997)],
            swap: bool,
        ) {
            let (row, swap) = (pixel * width, swap && pixel % 2 == 0);
            let mut filtered = coded(&filters, row, &bytes);
            let expected = naive(&filtered, row, pixel, swap);
            let mut out = vec![0xA5; expected.len()];
            rows(&mut filtered, row, pixel, swap, &mut out).unwrap();
            prop_assert!(out == expected, "pixels of {pixel} bytes, {width} wide, filters {filters:?}");
        }
    }

    #[test]
    fn row_by_row_equals_the_plain_way() {
        // Wide enough for several at once, which are not asked here.
        let bytes: Vec<u8> = (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 19) as u8).collect();
        fn check<const N: usize>(bytes: &[u8]) {
            for filter in 0..5 {
                let row = 100 * N;
                let filtered = coded(&[filter; 2], row, bytes);
                let expected = naive(&filtered, row, N, false);
                let mut out = vec![0xA5; row];
                first::<N>(filter, &filtered[1..=row], &mut out).unwrap();
                assert_eq!(out, expected[..row], "filter {filter}, first row, {N} bytes");
                one::<N>(filter, &filtered[row + 2..], &expected[..row], &mut out).unwrap();
                assert_eq!(out, expected[row..], "filter {filter}, {N} bytes");
            }
        }
        check::<1>(&bytes);
        check::<2>(&bytes);
        check::<3>(&bytes);
        check::<4>(&bytes);
        check::<6>(&bytes);
        check::<8>(&bytes);
    }

    #[test]
    fn an_unknown_filter_is_refused_wherever_it_stands() {
        for at in 0..40 {
            for row in [10, 200] {
                let mut filters = [4; 40];
                filters[at] = 5;
                let mut filtered = coded(&filters, row, &[1, 2, 3]);
                let mut out = vec![0; 40 * row];
                assert_eq!(rows(&mut filtered, row, 2, false, &mut out), Err(UNKNOWN), "row {at}");
            }
        }
    }
}
