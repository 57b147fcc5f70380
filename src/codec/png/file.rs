//! The chunks of a PNG file -> its header and its one zlib stream.
#![forbid(unsafe_code)]

use libdeflater::Crc;

use super::Layout;
use crate::codec::Fault;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

const CUT: Fault = Fault::Short { got: 0 };

struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
    /// What the checksum is of: kind and data.
    summed: &'a [u8],
    sum: u32,
}

impl<'a> Chunk<'a> {
    fn is_critical(&self) -> bool {
        self.kind[0] & 0x20 == 0
    }

    fn check(&self) -> Result<(), Fault> {
        let mut sum = Crc::new();
        sum.update(self.summed);
        if sum.sum() == self.sum { Ok(()) } else { Err(Fault::Broken("a chunk of a PNG fails its checksum")) }
    }
}

struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    fn next(&mut self) -> Result<Chunk<'a>, Fault> {
        let (length, rest) = self.rest.split_first_chunk::<4>().ok_or(CUT)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (summed, rest) = rest.split_at_checked(length.saturating_add(4)).ok_or(CUT)?;
        let (sum, rest) = rest.split_first_chunk().ok_or(CUT)?;
        let (kind, data) = summed.split_first_chunk().ok_or(CUT)?;
        self.rest = rest;
        Ok(Chunk { kind: *kind, data, summed, sum: u32::from_be_bytes(*sum) })
    }
}

/// The compressed rows of a PNG, in any number of pieces.
pub struct Stream<'a> {
    from: Chunks<'a>,
    pieces: usize,
    /// Length of all pieces.
    pub bytes: usize,
}

impl<'a> Stream<'a> {
    /// Finds it in the file `raw`, whose image must be as `layout` says.
    ///
    /// Of what else a PNG may hold, all that has no say in the samples of a
    /// still image is skipped, and all else is refused.
    pub fn find(raw: &'a [u8], layout: &Layout) -> Result<Stream<'a>, Fault> {
        let rest = raw.strip_prefix(SIGNATURE).ok_or(Fault::Broken("no PNG signature"))?;
        let mut chunks = Chunks { rest };
        let header = chunks.next()?;
        header.check()?;
        if header.kind != *b"IHDR" || header.data != layout.header() {
            return Err(Fault::Broken("the PNG is another one than expected, or interlaced"));
        }
        let mut palette = false;
        let mut before = Chunks { rest: chunks.rest };
        let mut chunk = chunks.next()?;
        while chunk.kind != *b"IDAT" {
            match &chunk.kind {
                b"PLTE" if !palette => chunk.check()?,
                // The first image of an animation may be smaller than the PNG.
                b"fcTL" => return Err(Fault::Broken("an animation")),
                _ if chunk.is_critical() => return Err(Fault::Broken("a PNG chunk of unknown meaning")),
                _ => {}
            }
            palette |= chunk.kind == *b"PLTE";
            before = Chunks { rest: chunks.rest };
            chunk = chunks.next()?;
        }
        if layout.palette && !palette {
            return Err(Fault::Broken("the PNG lacks its palette"));
        }
        let mut stream = Stream { from: before, pieces: 0, bytes: 0 };
        while chunk.kind == *b"IDAT" {
            stream.pieces += 1;
            stream.bytes += chunk.data.len();
            chunk = chunks.next()?;
        }
        while chunk.kind != *b"IEND" {
            if chunk.is_critical() {
                return Err(Fault::Broken("a PNG chunk where it may not be"));
            }
            chunk = chunks.next()?;
        }
        chunk.check()?;
        Ok(stream)
    }

    /// The stream, if it lies in the file in one piece.
    pub fn whole(&self) -> Result<Option<&'a [u8]>, Fault> {
        if self.pieces != 1 {
            return Ok(None);
        }
        let chunk = Chunks { rest: self.from.rest }.next()?;
        chunk.check()?;
        Ok(Some(chunk.data))
    }

    /// Copies it to `room`, which has room for it, and returns the copy.
    pub fn join(mut self, room: &mut [u8]) -> Result<&[u8], Fault> {
        let mut at = 0;
        for _ in 0..self.pieces {
            let chunk = self.from.next()?;
            chunk.check()?;
            room[at..][..chunk.data.len()].copy_from_slice(chunk.data);
            at += chunk.data.len();
        }
        Ok(&room[..at])
    }
}
