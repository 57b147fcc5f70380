//! The headers of a BMP, as far as they decide what its pixels are.
//!
//! There are a dozen, of Windows and of OS/2, told apart by their size alone. They
//! begin alike, and what a short one lacks is 0. So any size is read; only which
//! compression a number means depends on whose header it is.
//!
//! A DIB is a BMP without the file's own header in front, as clipboards hold it; its
//! pixels follow at once.
#![forbid(unsafe_code)]

use super::{ReadAt, errors};
use crate::error::Result;

const FILE_HEADER: usize = 14;
/// The header of OS/2 1.x and Windows 2: sizes in 16 bits, colors of 3 bytes.
const CORE: usize = 12;
/// The header of Windows 3; masks may follow it.
const INFO: usize = 40;
/// The first header that holds masks, and the first with one for alpha.
const WITH_MASKS: usize = 52;
const WITH_ALPHA: usize = 56;
/// The header of OS/2 2.x, which may also be cut off anywhere from 16 bytes on.
const OS2: usize = 64;
const SHORTEST_OS2: usize = 16;
/// Longer than the longest, of 124 bytes.
pub(super) const LONGEST: usize = 128;

/// How the pixels are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// One behind the other.
    Plain,
    /// The same, with masks that say where each color is.
    Masked,
    /// Runs of indices.
    Runs,
}

/// What the headers say.
pub struct Header {
    pub width: u32,
    pub height: u32,
    /// The file begins with the top row.
    pub top_down: bool,
    pub bits: u32,
    pub packing: Packing,
    /// Red, green, blue, alpha.
    pub masks: [u32; 4],
    /// Red, green, blue of each index; empty without one.
    pub palette: Vec<[u8; 3]>,
    /// Where the pixels begin in the file.
    pub pixels: u64,
}

impl Header {
    /// Reads them.
    pub fn read(source: &dyn ReadAt) -> Result<Header> {
        let read = |from: usize, length: usize| {
            let mut bytes = vec![0; length];
            let result = source.read_at(from as u64, &mut bytes);
            result.map(|()| bytes).map_err(|error| errors::io_error("its header", &error))
        };
        let is_file = read(0, 2)? == *b"BM";
        let head = if is_file { FILE_HEADER } else { 0 };
        let size = u32_at(&read(head, 4)?, 0) as usize;
        if size != CORE && !(SHORTEST_OS2..=LONGEST).contains(&size) {
            return Err(errors::unsupported(format!("BMP with a header of {size} bytes")));
        }
        let mut bytes = read(head, size)?;
        bytes.resize(size.max(INFO), 0);
        let core = size == CORE;
        let (width, height, bits) = if core {
            (u16_at(&bytes, 4), u16_at(&bytes, 6) as i32, u16_at(&bytes, 10))
        } else {
            (u32_at(&bytes, 4), u32_at(&bytes, 8) as i32, u16_at(&bytes, 14))
        };
        let compression = if core { 0 } else { u32_at(&bytes, 16) };
        let os2 = size == OS2 || size < INFO;
        let packing = packing(compression, bits, os2)?;
        let mut end = head + size;
        let mut masks = default_masks(bits);
        if packing == Packing::Masked {
            let with_alpha = compression == ALPHA_MASKED || size >= WITH_ALPHA;
            let count = if with_alpha { 4 } else { 3 };
            if size < WITH_MASKS {
                bytes.splice(INFO.., read(end, count * 4)?);
                end += count * 4;
            }
            for (index, mask) in masks.iter_mut().take(count).enumerate() {
                *mask = u32_at(&bytes, INFO + index * 4);
            }
        }
        let entry = if core { 3 } else { 4 };
        let used = if core { 0 } else { u64::from(u32_at(&bytes, 32)) };
        let pixels = match is_file {
            true => u64::from(u32_at(&read(10, 4)?, 0)),
            // All colors that are used, also beside pixels that need none.
            false if used == 0 && bits <= 8 => end as u64 + entry * (1 << bits),
            false => end as u64 + entry * used,
        };
        if pixels < end as u64 {
            return Err(errors::corrupt("the BMP's pixels begin inside its header"));
        }
        if pixels > source.len() {
            return Err(errors::truncated("its header"));
        }
        let mut palette = Vec::new();
        if bits <= 8 {
            let colors = colors(used, bits, (pixels - end as u64) / entry)?;
            let bytes = read(end, (colors * entry) as usize)?;
            palette =
                bytes.chunks_exact(entry as usize).map(|color| [color[2], color[1], color[0]]).collect();
        }
        let (top_down, height) = (height < 0, height.unsigned_abs());
        Ok(Header { width, height, top_down, bits, packing, masks, palette, pixels })
    }

    /// Bytes that the pixels of a row take, and those from a row to the next: rows
    /// are filled up to a multiple of four.
    pub fn row_bytes(&self) -> (u64, u64) {
        let bits = u64::from(self.width) * u64::from(self.bits);
        (bits.div_ceil(8), bits.div_ceil(32) * 4)
    }
}

/// Masks for alpha, too.
const ALPHA_MASKED: u32 = 6;

fn packing(compression: u32, bits: u32, os2: bool) -> Result<Packing> {
    let unsupported = |what: &str| Err(errors::unsupported(what));
    match (compression, bits) {
        (0, 1 | 2 | 4 | 8 | 16 | 24 | 32) => Ok(Packing::Plain),
        (1, 8) | (2, 4) => Ok(Packing::Runs),
        (3, 1) if os2 => unsupported("BMP with a fax inside (OS/2, Huffman 1D)"),
        (4, 24) if os2 => unsupported("BMP with runs of colors (OS/2, RLE24)"),
        (3 | ALPHA_MASKED, 16 | 32) if !os2 => Ok(Packing::Masked),
        (4, _) => unsupported("BMP with a JPEG inside"),
        (5, _) => unsupported("BMP with a PNG inside"),
        (0, bits) => Err(errors::unsupported(format!("BMP of {bits} bits per pixel"))),
        (other, bits) => Err(errors::unsupported(format!("BMP compression {other} of {bits} bits"))),
    }
}

/// Where the colors are when nothing is said about it.
fn default_masks(bits: u32) -> [u32; 4] {
    if bits == 16 { [0x7C00, 0x03E0, 0x001F, 0] } else { [0x00FF_0000, 0xFF00, 0xFF, 0] }
}

/// Colors of the palette that there is `room` for.
fn colors(used: u64, bits: u32, room: u64) -> Result<u64> {
    if room == 0 {
        // Some take the palette for the first pixels then, some begin behind it.
        return Err(errors::corrupt("the BMP's pixels begin inside its palette"));
    }
    if used > 1 << bits && used > room {
        return Err(errors::corrupt(format!("the BMP claims {used} colors for {bits} bits")));
    }
    let all = 1 << bits;
    Ok(if used == 0 { all } else { used.min(all) }.min(room))
}

fn u16_at(bytes: &[u8], at: usize) -> u32 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]]).into()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
