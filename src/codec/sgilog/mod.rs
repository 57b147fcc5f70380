//! SGILog (TIFF compressions 34676 and 34677): luminance on a logarithmic scale, and
//! color beside it, after Greg Ward Larson.
//!
//! In 34676 each row holds the highest bytes of its pixels, then the next ones, and so
//! on, each such string of bytes packed by runs; in 34677 three bytes follow for each
//! pixel, unpacked. A grey pixel is a sign and 15 bits of luminance; a colored one has
//! 8 bits each for u' and v' (CIE 1976) besides or, in three bytes, 10 bits of luminance
//! and an index into the colors there are.
//!
//! Colors come out as X, Y and Z of CIE 1931. They are what libtiff makes of them, which
//! counts in double precision and rounds once.
#![forbid(unsafe_code)]

mod chroma;
#[cfg(test)]
mod tests;

use std::f64::consts::LN_2;

use super::Fault;

/// How pixels are coded, and what they become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Grey of 16 bits -> the codes as they are, as i16.
    Grey,
    /// Grey of 16 bits -> luminance, as f32.
    Luminance,
    /// Color of 32 bits -> XYZ, as f32.
    Color,
    /// Color of 24 bits -> XYZ, as f32.
    Color24,
}

impl Coding {
    /// Bytes of a pixel that is decoded.
    fn pixel_bytes(self) -> usize {
        match self {
            Coding::Grey => 2,
            Coding::Luminance => 4,
            Coding::Color | Coding::Color24 => 12,
        }
    }
}

/// Decodes rows of `width` pixels into `out`, samples in the machine's byte order.
pub fn decode(raw: &[u8], coding: Coding, width: usize, out: &mut [u8]) -> Result<(), Fault> {
    let row_bytes = width.saturating_mul(coding.pixel_bytes()).max(1);
    let mut codes = Vec::new();
    codes.try_reserve_exact(width).map_err(|_| Fault::NoMemory)?;
    codes.resize(width, 0_u32);
    let mut rest = raw;
    for (index, row) in out.chunks_exact_mut(row_bytes).enumerate() {
        let short = Fault::Short { got: index * row_bytes };
        let planes = match coding {
            Coding::Color24 => {
                let bytes = rest.split_off(..3 * width).ok_or(short)?;
                for (code, bytes) in codes.iter_mut().zip(bytes.as_chunks::<3>().0) {
                    *code = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
                }
                0
            }
            Coding::Color => 4,
            Coding::Grey | Coding::Luminance => 2,
        };
        if planes > 0 {
            codes.fill(0);
        }
        for plane in (0..planes).rev() {
            unpack(&mut rest, &mut codes, 8 * plane, short)?;
        }
        convert(&codes, coding, row);
    }
    Ok(())
}

/// Memory that decoding rows of `width` pixels takes.
pub fn memory(width: u64) -> u64 {
    width.saturating_mul(size_of::<u32>() as u64)
}

/// One string of bytes, those that stand `shift` bits up in each code.
fn unpack(rest: &mut &[u8], codes: &mut [u32], shift: u32, short: Fault) -> Result<(), Fault> {
    let mut at = 0;
    while at < codes.len() {
        let &head = rest.split_off_first().ok_or(short)?;
        let (count, bytes) = match head {
            0..128 => (usize::from(head), rest.split_off(..usize::from(head)).ok_or(short)?),
            128.. => (usize::from(head) - 126, rest.split_off(..1).ok_or(short)?),
        };
        let to = codes.get_mut(at..at + count).ok_or(Fault::Broken("a run in it is longer than its row"))?;
        for (code, &byte) in to.iter_mut().zip(bytes.iter().cycle()) {
            *code |= u32::from(byte) << shift;
        }
        at += count;
    }
    Ok(())
}

/// Codes -> samples.
fn convert(codes: &[u32], coding: Coding, row: &mut [u8]) {
    match coding {
        Coding::Grey => {
            for (&code, sample) in codes.iter().zip(row.as_chunks_mut().0) {
                *sample = (code as u16).to_ne_bytes();
            }
        }
        Coding::Luminance => {
            for (&code, sample) in codes.iter().zip(row.as_chunks_mut().0) {
                *sample = (luminance(code) as f32).to_ne_bytes();
            }
        }
        Coding::Color | Coding::Color24 => {
            for (&code, pixel) in codes.iter().zip(row.as_chunks_mut::<12>().0) {
                let xyz = if coding == Coding::Color { color(code) } else { color_24(code) };
                pixel.copy_from_slice(xyz.map(|part| (part as f32).to_ne_bytes()).as_flattened());
            }
        }
    }
}

/// Of a sign and 15 bits.
fn luminance(code: u32) -> f64 {
    let log = code & 0x7FFF;
    if log == 0 {
        return 0.0;
    }
    let value = (LN_2 / 256.0 * (f64::from(log) + 0.5) - LN_2 * 64.0).exp();
    if code & 0x8000 == 0 { value } else { -value }
}

fn color(code: u32) -> [f64; 3] {
    let part = |byte: u32| 1.0 / 410.0 * (f64::from(byte & 0xFF) + 0.5);
    xyz(luminance(code >> 16), (part(code >> 8), part(code)))
}

fn color_24(code: u32) -> [f64; 3] {
    let luminance = match code >> 14 & 0x3FF {
        0 => 0.0,
        log => (LN_2 / 64.0 * (f64::from(log) + 0.5) - LN_2 * 12.0).exp(),
    };
    xyz(luminance, chroma::of_index((code & 0x3FFF) as u16))
}

/// Black where there is no light.
fn xyz(luminance: f64, (u, v): (f64, f64)) -> [f64; 3] {
    if luminance <= 0.0 {
        return [0.0; 3];
    }
    let scale = 1.0 / (6.0 * u - 16.0 * v + 12.0);
    let (x, y) = (9.0 * u * scale, 4.0 * v * scale);
    [x / y * luminance, luminance, (1.0 - x - y) / y * luminance]
}
