//! YCbCr -> RGB with the integer arithmetic of libjpeg (jdcolor.c), so that
//! pixels equal those of every program built on it.
#![allow(unsafe_code)]

const SCALE: u32 = 16;
const HALF: i32 = 1 << (SCALE - 1);

/// `value` in 16.16 fixed point, rounded like libjpeg's FIX macro.
const fn fix(value: f64) -> i32 {
    (value * (1 << SCALE) as f64 + 0.5) as i32
}

/// Converts packed YCbCr pixels to packed RGB in place. Bytes after the last
/// whole pixel are left alone.
pub fn to_rgb(pixels: &mut [u8]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was just asked.
        return unsafe { to_rgb_avx2(pixels) };
    }
    convert(pixels);
}

/// The same code. The compiler makes a fifth of the time of it where it may use
/// the shuffles of AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn to_rgb_avx2(pixels: &mut [u8]) {
    convert(pixels);
}

#[inline(always)]
fn convert(pixels: &mut [u8]) {
    for pixel in pixels.as_chunks_mut::<3>().0 {
        *pixel = rgb::<255>(pixel.map(i32::from)).map(|sample| sample as u8);
    }
}

/// The same of samples of 12 bits, each in two bytes of native order.
pub fn to_rgb_12(pixels: &mut [u8]) {
    for pixel in pixels.as_chunks_mut::<6>().0 {
        let [a, b, c, d, e, f] = *pixel;
        let samples = [[a, b], [c, d], [e, f]].map(|bytes| u16::from_ne_bytes(bytes).into());
        let [r, g, b] = rgb::<4095>(samples).map(|sample| (sample as u16).to_ne_bytes());
        *pixel = [r[0], r[1], g[0], g[1], b[0], b[1]];
    }
}

/// Converts packed YCCK to packed CMYK in place: the first three are an RGB whose
/// complement is meant.
pub fn to_cmyk(pixels: &mut [u8]) {
    for pixel in pixels.as_chunks_mut::<4>().0 {
        let [y, cb, cr, k] = *pixel;
        let [c, m, y] = rgb::<255>([y, cb, cr].map(i32::from)).map(|sample| 255 - sample as u8);
        *pixel = [c, m, y, k];
    }
}

/// A pixel of samples from 0 to `WHITE`.
#[inline(always)]
fn rgb<const WHITE: i32>([y, cb, cr]: [i32; 3]) -> [i32; 3] {
    let (cb, cr) = (cb - (WHITE / 2 + 1), cr - (WHITE / 2 + 1));
    let red = (fix(1.40200) * cr + HALF) >> SCALE;
    let blue = (fix(1.77200) * cb + HALF) >> SCALE;
    // Both terms of green are summed before the shift, as libjpeg does.
    let green = (-fix(0.34414) * cb + HALF - fix(0.71414) * cr) >> SCALE;
    [y + red, y + green, y + blue].map(|sample| sample.clamp(0, WHITE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greys_stay_and_primaries_come_out() {
        let mut pixels = [0, 128, 128, 77, 128, 128, 255, 128, 128];
        to_rgb(&mut pixels);
        assert_eq!(pixels, [0, 0, 0, 77, 77, 77, 255, 255, 255]);
        // Pure red, green and blue of JFIF, as libjpeg's djpeg prints them.
        let mut pixels = [76, 85, 255, 150, 44, 21, 29, 255, 107];
        to_rgb(&mut pixels);
        assert_eq!(pixels, [254, 0, 0, 0, 255, 1, 0, 0, 254]);
    }

    #[test]
    fn every_color_is_the_same_alone_and_among_many() {
        for y in (0..=255).step_by(5) {
            let mut many: Vec<u8> =
                (0..=255).flat_map(|cb| (0..=255).step_by(3).flat_map(move |cr| [y, cb, cr])).collect();
            many.extend([1, 2]);
            let mut alone = many.clone();
            to_rgb(&mut many);
            alone.chunks_exact_mut(3).for_each(convert);
            assert!(many == alone, "luma {y}");
            assert_eq!(many[many.len() - 2..], [1, 2]);
        }
    }
}
