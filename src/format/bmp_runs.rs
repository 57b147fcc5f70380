//! Runs of BMP indices (RLE8, RLE4) -> one byte each.
//!
//! Codes may jump over pixels or end the image early; these are index 0 then, as in
//! other readers.
#![forbid(unsafe_code)]

use crate::codec::Fault;

const END_OF_ROW: u8 = 0;
const END_OF_IMAGE: u8 = 1;
const JUMP: u8 = 2;

/// Decodes `data` into `out`, rows of `width` indices from the top down, of which
/// the first coded one is the lowest unless the file is `top_down`.
pub fn decode(data: &[u8], bits: u32, width: usize, top_down: bool, out: &mut [u8]) -> Result<(), Fault> {
    out.fill(0);
    // Some fill their rows up as if they were not coded.
    let filled = width.next_multiple_of(32 / bits.max(1) as usize);
    let height = out.len() / width.max(1);
    let mut codes = Codes { data, at: 0 };
    let (mut x, mut y) = (0, 0);
    loop {
        let whole = y == height || y + 1 == height && x >= width;
        let [count, value] = match codes.pair() {
            Some(code) => code,
            // Nothing is missing but the word that it was all.
            None if whole => return Ok(()),
            None => return Err(Fault::Short { got: y * width + x }),
        };
        let run = match (count, value) {
            (0, END_OF_ROW) => {
                (x, y) = (0, y + 1);
                if y > height {
                    return Err(Fault::Broken("more rows than the image has"));
                }
                continue;
            }
            (0, END_OF_IMAGE) => return Ok(()),
            (0, JUMP) => {
                let [right, down] = codes.pair().ok_or(Fault::Short { got: y * width + x })?;
                (x, y) = (x + usize::from(right), y + usize::from(down));
                if x > filled || y > height {
                    return Err(Fault::Broken("a jump out of the image"));
                }
                continue;
            }
            (0, literal) => Run { bytes: codes.literal(literal, bits)?, length: literal.into() },
            (count, _) => Run { bytes: &codes.data[codes.at - 1..codes.at], length: count.into() },
        };
        if y == height {
            return Err(Fault::Broken("pixels below the image"));
        }
        if x + run.length > filled {
            return Err(Fault::Broken("a run over the end of a row"));
        }
        let row = if top_down { y } else { height - 1 - y };
        let row = &mut out[row * width..][..width];
        let from = x.min(width);
        x += run.length;
        run.write(bits, &mut row[from..x.min(width)]);
    }
}

struct Run<'a> {
    /// Used again and again.
    bytes: &'a [u8],
    length: usize,
}

impl Run<'_> {
    fn write(&self, bits: u32, out: &mut [u8]) {
        let bytes = self.bytes.iter().cycle();
        if bits == 8 {
            out.iter_mut().zip(bytes).for_each(|(index, &byte)| *index = byte);
            return;
        }
        for (indices, &byte) in out.chunks_mut(2).zip(bytes) {
            let both = [byte >> 4, byte & 15];
            indices.copy_from_slice(&both[..indices.len()]);
        }
    }
}

struct Codes<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Codes<'a> {
    fn pair(&mut self) -> Option<[u8; 2]> {
        let &pair = self.data.get(self.at..)?.first_chunk()?;
        self.at += 2;
        Some(pair)
    }

    /// The indices that follow, filled up to a multiple of two bytes.
    fn literal(&mut self, count: u8, bits: u32) -> Result<&'a [u8], Fault> {
        let bytes = (usize::from(count) * bits as usize).div_ceil(8);
        let literal = self.data.get(self.at..self.at + bytes).ok_or(Fault::Short { got: 0 })?;
        self.at += bytes.next_multiple_of(2);
        Ok(literal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(data: &[u8], bits: u32, width: usize, height: usize) -> Result<Vec<u8>, Fault> {
        let mut out = vec![99; width * height];
        decode(data, bits, width, true, &mut out).map(|()| out)
    }

    #[test]
    fn runs_literals_and_jumps_fall_into_place() {
        let data = [3, 7, 0, 0, 0, 2, 1, 0, 0, 3, 4, 5, 6, 0, 0, 1];
        assert_eq!(decoded(&data, 8, 4, 3).unwrap(), [7, 7, 7, 0, 0, 4, 5, 6, 0, 0, 0, 0]);
        let data = [5, 0x12, 0, 0, 0, 5, 0x34, 0x56, 0x70, 0, 0, 1];
        assert_eq!(decoded(&data, 4, 5, 2).unwrap(), [1, 2, 1, 2, 1, 3, 4, 5, 6, 7]);
        let mut out = [0; 4];
        decode(&[2, 1, 0, 0, 2, 2, 0, 1], 8, 2, false, &mut out).unwrap();
        assert_eq!(out, [2, 2, 1, 1]);
    }

    #[test]
    fn what_leaves_the_image_is_broken_and_what_is_missing_short() {
        for data in
            [&[5, 1, 1, 1][..], &[0, 2, 9, 0], &[0, 2, 0, 9], &[0, 0, 0, 0, 1, 1], &[0, 0, 0, 0, 0, 0]]
        {
            assert!(matches!(decoded(data, 8, 4, 2), Err(Fault::Broken(_))), "{data:?}");
        }
        for data in [&[4, 1][..], &[4, 1, 0], &[4, 1, 0, 2], &[0, 4, 1, 1], &[]] {
            assert!(matches!(decoded(data, 8, 4, 2), Err(Fault::Short { .. })), "{data:?}");
        }
    }

    #[test]
    fn a_row_may_be_filled_up_and_the_last_word_may_be_missing() {
        assert_eq!(decoded(&[4, 0x12, 0, 0, 4, 0x34, 0, 1], 4, 3, 2).unwrap(), [1, 2, 1, 3, 4, 3]);
        assert_eq!(decoded(&[2, 7, 1, 8, 1, 9, 0, 0, 3, 6, 1, 5, 0, 1], 8, 2, 2).unwrap(), [7, 7, 6, 6]);
        assert_eq!(decoded(&[2, 1, 0, 0, 2, 2], 8, 2, 2).unwrap(), [1, 1, 2, 2]);
        assert_eq!(decoded(&[2, 1, 0, 0, 2, 2, 0, 0], 8, 2, 2).unwrap(), [1, 1, 2, 2]);
    }
}
