//! YCbCr whose chroma has fewer samples than there are pixels, as TIFF stores it
//! without JPEG (TIFF 6.0, section 21): units of some pixels, their lumas first, then
//! one chroma for all of them.
#![forbid(unsafe_code)]

/// How many pixels a unit has across and down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Units {
    across: usize,
    down: usize,
}

impl Units {
    /// `None` for other than 1, 2 or 4 each way.
    pub fn new(across: u64, down: u64) -> Option<Units> {
        let sound = |pixels: u64| matches!(pixels, 1 | 2 | 4);
        (sound(across) && sound(down)).then_some(Units { across: across as usize, down: down as usize })
    }

    /// Bytes of so many pixels; those at the edges have whole units.
    pub fn bytes(self, width: u64, height: u64) -> u64 {
        let units = width.div_ceil(self.across as u64).saturating_mul(height.div_ceil(self.down as u64));
        units.saturating_mul(self.unit() as u64)
    }

    fn unit(self) -> usize {
        self.across * self.down + 2
    }

    /// Packed pixels of three samples, `width` in a row, of the units in `packed`.
    pub fn spread(self, packed: &[u8], width: usize, out: &mut [u8]) {
        if width == 0 {
            return;
        }
        let row = width.div_ceil(self.across) * self.unit();
        for (rows, units) in out.chunks_mut(3 * width * self.down).zip(packed.chunks_exact(row)) {
            for (y, line) in rows.chunks_exact_mut(3 * width).enumerate() {
                let places = line.chunks_mut(3 * self.across);
                for (pixels, unit) in places.zip(units.chunks_exact(self.unit())) {
                    let (lumas, chroma) = unit.split_at(self.unit() - 2);
                    let lumas = &lumas[y * self.across..];
                    for (pixel, &luma) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(lumas) {
                        *pixel = [luma, chroma[0], chroma[1]];
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pixel_has_its_luma_and_the_chroma_of_its_unit() {
        for (across, down) in [(1_u64, 1_u64), (2, 1), (1, 2), (2, 2), (4, 1), (4, 2), (2, 4), (4, 4), (1, 4)]
        {
            let units = Units::new(across, down).unwrap();
            for (width, height) in [(1_usize, 1_usize), (4, 4), (5, 3), (9, 6), (8, 7)] {
                let (across, down) = (across as usize, down as usize);
                let columns = width.div_ceil(across);
                let mut packed = vec![0; units.bytes(width as u64, height as u64) as usize];
                let mut expected = vec![0; 3 * width * height];
                for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                    let place = x / across + y / down * columns;
                    let pixel = [(7 * x + 31 * y) as u8, place as u8, 255 - place as u8];
                    let unit = &mut packed[place * (across * down + 2)..][..across * down + 2];
                    unit[x % across + y % down * across] = pixel[0];
                    unit[across * down..].copy_from_slice(&pixel[1..]);
                    expected[3 * (y * width + x)..][..3].copy_from_slice(&pixel);
                }
                let mut found = vec![0xA5; expected.len()];
                units.spread(&packed, width, &mut found);
                assert_eq!(found, expected, "{units:?} {width} x {height}");
            }
        }
        assert_eq!(Units::new(3, 1), None);
        assert_eq!(Units::new(1, 0), None);
    }
}
