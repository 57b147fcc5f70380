//! The headers of a BMP, as far as they decide what its pixels are.
#![forbid(unsafe_code)]

use super::{ReadAt, errors};
use crate::error::Result;

/// Compression: none.
pub(super) const RGB_PLAIN: u32 = 0;
/// Compression: runs of 8-bit indices.
pub(super) const RLE8: u32 = 1;
/// Compression: runs of 4-bit indices.
pub(super) const RLE4: u32 = 2;
/// Compression: none, with masks that say where each color is.
pub(super) const RGB_MASKED: u32 = 3;

const FILE_HEADER: usize = 14;
/// The header of OS/2 1.x and Windows 2: sizes in 16 bits, colors of 3 bytes.
const CORE: usize = 12;
/// The header of Windows 3; masks may follow it.
const INFO: usize = 40;
/// The first header that holds a mask for alpha.
const WITH_ALPHA: usize = 56;

/// What the headers say.
pub struct Header {
    /// File header and image header, masks included.
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// The file begins with the top row.
    pub top_down: bool,
    pub bits: u32,
    pub compression: u32,
    /// Red, green, blue, alpha.
    pub masks: [u32; 4],
    /// Red, green, blue of each index; empty without one.
    pub palette: Vec<[u8; 3]>,
    /// Where the pixels begin in the file.
    pub pixels: u64,
    size: usize,
}

impl Header {
    /// Reads them.
    pub fn read(source: &dyn ReadAt) -> Result<Header> {
        let read = |from: usize, length: usize| {
            let mut bytes = vec![0; length];
            let result = source.read_at(from as u64, &mut bytes);
            result.map(|()| bytes).map_err(|error| errors::io_error("its header", &error))
        };
        let size = u32_at(&read(0, FILE_HEADER + 4)?, FILE_HEADER) as usize;
        // Those that the crate knows.
        if !matches!(size, 12 | 40 | 52 | 56 | 108 | 124) {
            return Err(errors::unsupported(format!("BMP with a header of {size} bytes")));
        }
        let mut bytes = read(0, FILE_HEADER + size)?;
        let pixels = u64::from(u32_at(&bytes, 10));
        let core = size == CORE;
        let (width, height, bits) = if core {
            (u16_at(&bytes, 18), u16_at(&bytes, 20), u16_at(&bytes, 24))
        } else {
            (u32_at(&bytes, 18), (u32_at(&bytes, 22) as i32).unsigned_abs(), u16_at(&bytes, 28))
        };
        let top_down = !core && (u32_at(&bytes, 22) as i32) < 0;
        let compression = if core { RGB_PLAIN } else { u32_at(&bytes, 30) };
        let mut masks = [0; 4];
        if compression == RGB_MASKED && !core {
            if size == INFO {
                bytes = read(0, FILE_HEADER + size + 12)?;
            }
            let count = if size >= WITH_ALPHA { 4 } else { 3 };
            for (index, mask) in masks.iter_mut().take(count).enumerate() {
                *mask = u32_at(&bytes, FILE_HEADER + INFO + index * 4);
            }
        }
        if pixels < bytes.len() as u64 {
            return Err(errors::corrupt("the BMP's pixels begin inside its header"));
        }
        if pixels > source.len() {
            return Err(errors::truncated("its header"));
        }
        let mut header = Header {
            bytes,
            width,
            height,
            top_down,
            bits,
            compression,
            masks,
            palette: Vec::new(),
            pixels,
            size,
        };
        if bits <= 8 {
            let entry = header.palette_entry();
            let colors = header.palette_colors()?;
            let bytes = read(header.bytes.len(), colors * entry)?;
            header.palette = bytes.chunks_exact(entry).map(|color| [color[2], color[1], color[0]]).collect();
        }
        Ok(header)
    }

    /// Headers and a full palette in which color i is (i, i, i), to be followed
    /// by the pixels.
    pub fn with_identity_palette(&self) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let colors = 1_usize << self.bits;
        if self.size > CORE {
            // Colors used: 0 stands for all.
            bytes[46..50].fill(0);
        }
        for index in 0..colors {
            bytes.resize(bytes.len() + self.palette_entry(), index as u8);
        }
        let pixels = bytes.len() as u32;
        bytes[10..14].copy_from_slice(&pixels.to_le_bytes());
        bytes
    }

    fn palette_entry(&self) -> usize {
        if self.size == CORE { 3 } else { 4 }
    }

    fn palette_colors(&self) -> Result<usize> {
        let used = if self.size == CORE { 0 } else { u32_at(&self.bytes, 46) as usize };
        let all = 1_usize << self.bits;
        match used {
            0 => Ok(all),
            used if used <= all => Ok(used),
            used => Err(errors::corrupt(format!("the BMP claims {used} colors for {} bits", self.bits))),
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u32 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]]).into()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
