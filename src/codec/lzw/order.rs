//! How codes lie in bytes: of today, and of before TIFF 6.0.
#![forbid(unsafe_code)]

use super::{CODES, WIDEST};

/// An order of bits. Codes are taken from a window: eight bytes of input, the
/// next code first.
pub trait Order {
    /// How many codes before the table outgrows them codes get wider.
    const EARLY: usize;

    /// The next new code when codes of `width` bits end.
    #[inline(always)]
    fn end(width: u32) -> usize {
        if width == WIDEST { CODES } else { (1 << width) - Self::EARLY }
    }

    /// The window that begins at the bit `bit % 8` of `bytes`; it holds at least
    /// 57 bits.
    fn window(bytes: [u8; 8], bit: u64) -> u64;

    /// The code number `index` of those in `window`, all of `width` bits.
    fn code(window: u64, width: u32, index: u32) -> usize;

    /// One code of `width` bits, unless the input ends in it.
    #[inline(always)]
    fn one(raw: &[u8], bit: u64, width: u32) -> Option<usize> {
        let rest = raw.get((bit / 8) as usize..)?;
        match rest.first_chunk() {
            Some(bytes) => Some(Self::code(Self::window(*bytes, bit), width, 0)),
            None => Self::last(rest, bit, width),
        }
    }

    /// The same from fewer than eight bytes.
    #[cold]
    fn last(rest: &[u8], bit: u64, width: u32) -> Option<usize> {
        if bit % 8 + u64::from(width) > 8 * rest.len() as u64 {
            return None;
        }
        let mut bytes = [0; 8];
        bytes[..rest.len()].copy_from_slice(rest);
        Some(Self::code(Self::window(bytes, bit), width, 0))
    }
}

/// The highest bit of a byte first, and codes wider one code early.
pub struct New;

impl Order for New {
    const EARLY: usize = 1;

    #[inline(always)]
    fn window(bytes: [u8; 8], bit: u64) -> u64 {
        u64::from_be_bytes(bytes) << (bit % 8)
    }

    #[inline(always)]
    fn code(window: u64, width: u32, index: u32) -> usize {
        (window >> (64 - width * (index + 1))) as usize & ((1 << width) - 1)
    }
}

/// The lowest bit of a byte first.
pub struct Old;

impl Order for Old {
    const EARLY: usize = 0;

    #[inline(always)]
    fn window(bytes: [u8; 8], bit: u64) -> u64 {
        u64::from_le_bytes(bytes) >> (bit % 8)
    }

    #[inline(always)]
    fn code(window: u64, width: u32, index: u32) -> usize {
        (window >> (width * index)) as usize & ((1 << width) - 1)
    }
}
