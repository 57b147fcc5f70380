//! YCbCr -> RGB as a TIFF's tags say: which luma (YCbCrCoefficients) and which codes
//! are black and white (ReferenceBlackWhite). The arithmetic is libtiff's
//! (tif_color.c), so that pixels equal those of every program built on it.
#![forbid(unsafe_code)]

const SCALE: u32 = 16;

/// What each code adds to red, green and blue.
pub struct Reference {
    luma: [i32; 256],
    red: [i32; 256],
    blue: [i32; 256],
    /// In 16.16 fixed point: both are summed before they are rounded.
    green: [[i32; 256]; 2],
}

impl Reference {
    /// From the shares of red, green and blue in the luma, and the codes of black
    /// and white of each component.
    pub fn new([red, green, blue]: [f32; 3], codes: [f32; 6]) -> Reference {
        let fix = |value: f32| (f64::from(value) * f64::from(1 << SCALE) + 0.5) as i32;
        let factor = |value: f32| fix(value.clamp(0.0, 2.0));
        let (to_red, to_blue) = (2.0 - 2.0 * red, 2.0 - 2.0 * blue);
        let (d1, d3) = (factor(to_red), factor(to_blue));
        let (d2, d4) = (-factor(red * to_red / green), -factor(blue * to_blue / green));
        let half = 1 << (SCALE - 1);
        let value = |code: i32, black: f32, white: f32, range: f32, most: f32| {
            let span = if white == black { 1.0 } else { white - black };
            (code.saturating_sub(black as i32) as f32 * range / span).clamp(-most, most) as i32
        };
        let luma = |code: i32| value(code, codes[0], codes[1], 255.0, 128.0 * 64.0);
        let chroma = |code: i32, black: f32, white: f32| {
            value(code - 128, black - 128.0, white - 128.0, 127.0, 128.0 * 32.0)
        };
        let cb = |code: i32| chroma(code, codes[2], codes[3]);
        let cr = |code: i32| chroma(code, codes[4], codes[5]);
        let table = |of: &dyn Fn(i32) -> i32| std::array::from_fn(|code| of(code as i32));
        Reference {
            luma: table(&luma),
            red: table(&|code| (d1 * cr(code) + half) >> SCALE),
            blue: table(&|code| (d3 * cb(code) + half) >> SCALE),
            green: [table(&|code| d4 * cb(code) + half), table(&|code| d2 * cr(code))],
        }
    }

    /// Converts packed YCbCr pixels to packed RGB in place.
    pub fn to_rgb(&self, pixels: &mut [u8]) {
        for pixel in pixels.as_chunks_mut::<3>().0 {
            let [y, cb, cr] = pixel.map(usize::from);
            let green = (self.green[0][cb] + self.green[1][cr]) >> SCALE;
            *pixel =
                [self.red[cr], green, self.blue[cb]].map(|part| (self.luma[y] + part).clamp(0, 255) as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REC_601: [f32; 3] = [0.299, 0.587, 0.114];

    #[test]
    fn without_head_room_it_is_that_of_jpeg() {
        let plain = Reference::new(REC_601, [0.0, 255.0, 128.0, 255.0, 128.0, 255.0]);
        let colors =
            (0..=255_u8).step_by(3).flat_map(|y| (0..=255_u8).map(move |cb| [y, cb, cb.wrapping_mul(7)]));
        let mut found: Vec<u8> = colors.flatten().collect();
        let mut expected = found.clone();
        plain.to_rgb(&mut found);
        super::super::ycbcr::to_rgb(&mut expected);
        // The factors have some digits more.
        let off = found.iter().zip(&expected).filter(|(a, b)| a != b).count();
        assert!(
            found.iter().zip(&expected).all(|(a, b)| a.abs_diff(*b) <= 1) && off < found.len() / 1000,
            "{off}"
        );
    }

    #[test]
    fn codes_of_black_and_white_become_black_and_white() {
        let video = Reference::new(REC_601, [16.0, 235.0, 128.0, 240.0, 128.0, 240.0]);
        let mut pixels = [16, 128, 128, 235, 128, 128, 81, 90, 240, 0, 128, 128, 255, 128, 128];
        video.to_rgb(&mut pixels);
        assert_eq!(pixels, [0, 0, 0, 255, 255, 255, 253, 0, 0, 0, 0, 0, 255, 255, 255]);
    }

    #[test]
    fn references_that_make_no_sense_are_no_panic() {
        for codes in [[0.0; 6], [f32::NAN; 6], [f32::MAX; 6], [f32::INFINITY; 6], [-1e30; 6]] {
            for luma in [[0.0; 3], [f32::NAN; 3], [1e30; 3], [-1.0; 3]] {
                Reference::new(luma, codes).to_rgb(&mut [9, 200, 17]);
            }
        }
    }
}
