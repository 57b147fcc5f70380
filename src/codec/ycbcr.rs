//! YCbCr of a JPEG -> RGB, by the integer arithmetic of libjpeg (jdcolor.c:
//! 16 bits of fraction), so that results agree with what most readers give.
#![forbid(unsafe_code)]

const HALF: i32 = 1 << 15;

/// 16-bit fixed point.
const fn fixed(value: f64) -> i32 {
    (value * 65536.0 + 0.5) as i32
}

/// Converts packed pixels of three 8-bit samples in place.
pub(crate) fn to_rgb(pixels: &mut [u8]) {
    for pixel in pixels.as_chunks_mut::<3>().0 {
        let [y, cb, cr] = pixel.map(i32::from);
        let (cb, cr) = (cb - 128, cr - 128);
        let red = y + ((fixed(1.40200) * cr + HALF) >> 16);
        let green = y + ((-fixed(0.34414) * cb - fixed(0.71414) * cr + HALF) >> 16);
        let blue = y + ((fixed(1.77200) * cb + HALF) >> 16);
        *pixel = [red, green, blue].map(|value| value.clamp(0, 255) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greys_stay_and_primaries_come_out() {
        let mut pixels = [0, 128, 128, 200, 128, 128, 76, 85, 255, 150, 44, 21, 29, 255, 107];
        to_rgb(&mut pixels);
        assert_eq!(pixels[..6], [0, 0, 0, 200, 200, 200]);
        assert_eq!(pixels[6..9], [254, 0, 0]);
        assert_eq!(pixels[9..12], [0, 255, 1]);
        assert_eq!(pixels[12..], [0, 0, 254]);
    }
}
