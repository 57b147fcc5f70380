//! The first bytes of a TIFF, and numbers in its byte order (TIFF 6.0, section
//! 2; BigTIFF has the same with wider numbers).
#![forbid(unsafe_code)]

use crate::error::Result;
use crate::format::ReadAt;
use crate::format::errors::{corrupt, io_error};

/// What the first bytes of a TIFF say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Numbers begin with their highest byte.
    pub big_endian: bool,
    /// BigTIFF: offsets and counts have 8 bytes.
    pub big_tiff: bool,
    /// Offset of the first directory.
    pub first: u64,
}

impl Header {
    /// Reads the header.
    pub fn read(source: &dyn ReadAt) -> Result<Header> {
        let failed = |error| io_error("its TIFF header", &error);
        let mut start = [0; 16];
        source.read_at(0, &mut start[..8]).map_err(failed)?;
        let mut header = Header { big_endian: start[0] == b'M', big_tiff: false, first: 0 };
        header.big_tiff = header.u16(&start[2..]) == 43;
        header.first = header.u32(&start[4..]).into();
        if header.big_tiff {
            if (header.u16(&start[4..]), header.u16(&start[6..])) != (8, 0) {
                return Err(corrupt("the header is neither TIFF nor BigTIFF with offsets of 8 bytes"));
            }
            source.read_at(0, &mut start).map_err(failed)?;
            header.first = header.u64(&start[8..]);
        }
        if header.first == 0 {
            return Err(corrupt("the TIFF has no directory: its writer did not finish it"));
        }
        Ok(header)
    }

    /// Bytes of the header.
    pub fn len(&self) -> u64 {
        if self.big_tiff { 16 } else { 8 }
    }

    /// Bytes of an offset or a count.
    pub fn word(&self) -> usize {
        if self.big_tiff { 8 } else { 4 }
    }

    /// Samples have the other byte order than this machine.
    pub fn is_foreign(&self) -> bool {
        self.big_endian != cfg!(target_endian = "big")
    }

    /// The number that the first two bytes hold.
    pub fn u16(&self, bytes: &[u8]) -> u16 {
        let bytes = [bytes[0], bytes[1]];
        if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    /// The number that the first four bytes hold.
    pub fn u32(&self, bytes: &[u8]) -> u32 {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    /// The number that the first eight bytes hold.
    pub fn u64(&self, bytes: &[u8]) -> u64 {
        let (first, second) = (u64::from(self.u32(bytes)), u64::from(self.u32(&bytes[4..])));
        if self.big_endian { first << 32 | second } else { second << 32 | first }
    }

    /// The offset or count that the first bytes hold.
    pub fn number(&self, bytes: &[u8]) -> u64 {
        if self.big_tiff { self.u64(bytes) } else { self.u32(bytes).into() }
    }
}
