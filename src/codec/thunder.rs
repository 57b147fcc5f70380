//! ThunderScan (TIFF compression 32809): 4-bit grey as runs and small steps.
//!
//! The two highest bits of a byte say what the other six are: the length of a run of
//! the last pixel, three steps of two bits, two steps of three bits, or a pixel. One
//! value of each kind of step stands for none. Each row begins with 0 as its last pixel;
//! what a byte says beyond the end of a row is left out.
#![forbid(unsafe_code)]

use super::Fault;

/// Decodes rows of `width` pixels, two to a byte, into `out`.
pub fn decode(raw: &[u8], width: usize, out: &mut [u8]) -> Result<(), Fault> {
    let row_bytes = width.div_ceil(2).max(1);
    let mut bytes = raw.iter();
    for (index, row) in out.chunks_exact_mut(row_bytes).enumerate() {
        let mut row = Row { pixels: row, width, at: 0, last: 0 };
        while row.at < width {
            let &byte = bytes.next().ok_or(Fault::Short { got: index * row_bytes })?;
            row.take(byte)?;
        }
    }
    Ok(())
}

struct Row<'a> {
    pixels: &'a mut [u8],
    width: usize,
    at: usize,
    last: u8,
}

impl Row<'_> {
    fn take(&mut self, byte: u8) -> Result<(), Fault> {
        match byte >> 6 {
            0 => {
                if usize::from(byte) > self.width - self.at {
                    return Err(Fault::Broken("a run in it is longer than its row"));
                }
                (0..byte).for_each(|_| self.put(self.last));
            }
            1 => {
                for shift in [4, 2, 0] {
                    match byte >> shift & 3 {
                        2 => {}
                        step => self.step([0, 1, 0, -1][usize::from(step)]),
                    }
                }
            }
            2 => {
                for shift in [3, 0] {
                    match byte >> shift & 7 {
                        4 => {}
                        step => self.step([0, 1, 2, 3, 0, -3, -2, -1][usize::from(step)]),
                    }
                }
            }
            _ => self.put(byte & 15),
        }
        Ok(())
    }

    fn step(&mut self, by: i8) {
        self.put(self.last.wrapping_add_signed(by) & 15);
    }

    fn put(&mut self, pixel: u8) {
        self.last = pixel;
        if self.at < self.width {
            match self.at % 2 {
                0 => self.pixels[self.at / 2] = pixel << 4,
                _ => self.pixels[self.at / 2] |= pixel,
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &[u8], width: usize, rows: usize) -> Result<Vec<u8>, Fault> {
        let mut out = vec![0xAA; width.div_ceil(2) * rows];
        decode(raw, width, &mut out).map(|()| out)
    }

    #[test]
    fn every_kind_of_byte() {
        // 9; up, none, down; down by 3, up by 2; a run of 2; then 15 and up, to 0.
        let raw = [0xC9, 0b01_01_10_11, 0b10_101_010, 2, 0xFF, 0b01_01_10_10];
        assert_eq!(decoded(&raw, 9, 1), Ok(vec![0x9A, 0x96, 0x88, 0x8F, 0x00]));
        // What lies beyond the row is left out, and the next begins with 0.
        assert_eq!(decoded(&[0xC9, 0b01_01_01_01, 0b01_01_00_00], 3, 2), Ok(vec![0x9A, 0xB0, 0x11, 0x10]));
    }

    #[test]
    fn what_ends_or_runs_over_is_a_fault() {
        assert_eq!(decoded(&[0xC9, 2], 3, 2), Err(Fault::Short { got: 2 }));
        assert_eq!(decoded(&[], 3, 2), Err(Fault::Short { got: 0 }));
        assert!(matches!(decoded(&[0xC9, 3], 3, 1), Err(Fault::Broken(_))));
        assert_eq!(decoded(&[0, 0, 3], 3, 1), Ok(vec![0, 0]));
    }
}
