//! PixarLog (TIFF compression 32909): codes of 11 bits on a scale that is linear near
//! black and logarithmic above, up to about 25 times white.
//!
//! A chunk is a zlib stream of 16-bit differences, each from the code of the pixel to
//! its left. Codes become what the file says its samples are: parts of white in 8 or 16
//! bits, or floating-point numbers, in which white is 1.
#![forbid(unsafe_code)]

use std::sync::OnceLock;

/// Codes there are.
const CODES: usize = 2048;
/// Codes of the linear part, and steps of the logarithmic one in which values grow
/// e-fold.
const LINEAR: usize = 250;
/// The code of white.
const WHITE: f64 = 1250.0;

/// Codes -> light, white being 1.
fn light() -> &'static [f32; CODES] {
    static LIGHT: OnceLock<[f32; CODES]> = OnceLock::new();
    LIGHT.get_or_init(|| {
        let step = 1.0 / LINEAR as f64;
        let black = (-step * WHITE).exp();
        // Both parts meet with the same slope.
        let slope = black * step * 1_f64.exp();
        std::array::from_fn(|code| match code {
            0..LINEAR => (code as f64 * slope) as f32,
            _ => (black * (step * code as f64).exp()) as f32,
        })
    })
}

/// Rows of `row_samples` differences in pixels of `channels` samples -> samples of
/// `sample_bytes` bytes: 1, 2, or 4 of a floating-point number.
///
/// `codes` has a u16 in the machine's byte order for each sample, and is used up.
pub fn decode(codes: &mut [u8], row_samples: usize, channels: usize, sample_bytes: usize, out: &mut [u8]) {
    let light = light();
    let part = |code: usize, white: f64| (f64::from(light[code]) * white + 0.5).min(white);
    let rows = codes.as_chunks_mut::<2>().0.chunks_exact_mut(row_samples.max(1));
    for (row, out) in rows.zip(out.chunks_exact_mut((row_samples * sample_bytes).max(1))) {
        for at in 0..row.len() {
            let left = at.checked_sub(channels).map_or(0, |left| u16::from_ne_bytes(row[left]));
            let code = u16::from_ne_bytes(row[at]).wrapping_add(left) % CODES as u16;
            row[at] = code.to_ne_bytes();
            let (code, to) = (usize::from(code), &mut out[at * sample_bytes..][..sample_bytes]);
            match sample_bytes {
                1 => to[0] = part(code, 255.0) as u8,
                2 => to.copy_from_slice(&(part(code, 65_535.0) as u16).to_ne_bytes()),
                _ => to.copy_from_slice(&light[code].to_ne_bytes()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_code_1250_and_differences_go_by_channel() {
        let codes = [0_u16, 1250, 1250, 65_535_u16 - 1249, 2047, 2047];
        let mut codes = codes.map(u16::to_ne_bytes).as_flattened().to_vec();
        let mut out = [7; 6];
        decode(&mut codes.clone(), 6, 2, 1, &mut out);
        // Codes 0 and 1250, then 1250 and 0, then 1249 and 2047.
        assert_eq!(out, [0, 255, 255, 0, 254, 255]);
        let mut floats = [0; 24];
        decode(&mut codes, 6, 2, 4, &mut floats);
        let floats: Vec<f32> = floats.as_chunks().0.iter().map(|&bytes| f32::from_ne_bytes(bytes)).collect();
        assert_eq!(floats[..4], [0.0, 1.0, 1.0, 0.0]);
        assert!((floats[5] - 24.2).abs() < 0.1, "{floats:?}");
    }
}
