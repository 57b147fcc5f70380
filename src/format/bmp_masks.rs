//! Pixels of 16 or 32 bits, in which masks say where each color is.
//!
//! Colors of fewer than 8 bits are scaled to 8, as all readers do, since a pixel's
//! colors may differ in their bits: to v * 255 / most, rounded down, as most do.
#![forbid(unsafe_code)]

use super::errors;
use crate::error::Result;

/// One color: where it is, and what its values stand for.
pub struct Color {
    shift: u32,
    mask: u32,
    /// Bits of its values.
    pub bits: u32,
    scaled: Vec<u8>,
}

impl Color {
    fn new(mask: u32) -> Result<Color> {
        let shift = mask.trailing_zeros();
        let most = mask.checked_shr(shift).unwrap_or(0);
        let bits = most.count_ones();
        if mask == 0 {
            return Err(errors::unsupported("BMP that masks out a color"));
        }
        if most.trailing_ones() != bits {
            return Err(errors::unsupported("BMP with a color whose bits do not lie together"));
        }
        if bits > 8 {
            return Err(errors::unsupported(format!("BMP with a color of {bits} bits")));
        }
        let scaled = (0..=most).map(|value| (value * 255 / most) as u8).collect();
        Ok(Color { shift, mask: most, bits, scaled })
    }

    fn of(&self, pixel: u32) -> u8 {
        self.scaled[(pixel >> self.shift & self.mask) as usize]
    }
}

/// Red, green, blue, and alpha if it has a mask.
pub fn colors(masks: [u32; 4]) -> Result<Vec<Color>> {
    let count = if masks[3] == 0 { 3 } else { 4 };
    masks[..count].iter().map(|&mask| Color::new(mask)).collect()
}

/// Unpacks a row of pixels of two or four bytes each.
pub fn unpack(colors: &[Color], pixel_bytes: usize, row: &[u8], out: &mut [u8]) {
    for (bytes, out) in row.chunks_exact(pixel_bytes).zip(out.chunks_exact_mut(colors.len())) {
        let pixel = match *bytes {
            [a, b] => u16::from_le_bytes([a, b]).into(),
            [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        };
        for (sample, color) in out.iter_mut().zip(colors) {
            *sample = color.of(pixel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_and_most_are_black_and_white_whatever_the_bits() {
        for bits in 1..=8 {
            let color = Color::new(((1_u32 << bits) - 1) << (24 - bits)).unwrap();
            assert_eq!((color.of(0), color.of(!0), color.bits), (0, 255, bits));
        }
        let color = Color::new(0x7C00).unwrap();
        assert_eq!((color.of(8 << 10), color.of(9 << 10)), (65, 74));
    }

    #[test]
    fn masks_that_are_no_run_of_up_to_8_bits_are_refused() {
        for mask in [0, 0b101, 0x1FF, 0xFFFF_FFFF, 0x8000_0001] {
            assert!(Color::new(mask).is_err(), "{mask:x}");
        }
        assert!(Color::new(0xFF00_0000).is_ok());
    }
}
