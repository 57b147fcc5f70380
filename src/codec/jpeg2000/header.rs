//! The headers of a JPEG 2000 codestream (ISO/IEC 15444-1, annexes A and I): what the
//! picture is, whether all of it is there, and what its structure would cost.
//!
//! OpenJPEG makes zeros of tiles that are missing, and takes memory for whatever
//! number of tiles and precincts a header claims, so both are looked at before.
#![forbid(unsafe_code)]

use super::super::picture::{Shape, broken, cut, unsupported};
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

const JPEG_2000: &str = "JPEG 2000";
const SIGNATURE: &[u8] = b"\0\0\0\x0cjP  \r\n\x87\n";

/// Start and size of an image, styles of coding, start of a tile-part and of its
/// data, end of the codestream.
const SOC_SIZ: &[u8] = &[0xFF, 0x4F, 0xFF, 0x51];
const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;

/// Bytes that OpenJPEG keeps for each tile, for each component of one, and for each
/// precinct of that: generous round numbers.
const TILE: u64 = 6 << 10;
const COMPONENT: u64 = 5 << 8;
const PRECINCT: u64 = 1 << 10;
/// What structure may cost in any picture.
const STRUCTURE: u64 = 64 << 20;

/// A codestream whose headers are sound.
pub struct Header<'a> {
    pub codestream: &'a [u8],
    pub shape: Shape,
    tiles: u64,
}

/// Finds the codestream and reads its headers.
pub fn read(raw: &[u8]) -> Result<Header<'_>> {
    let codestream = codestream(raw)?;
    let size = codestream.strip_prefix(SOC_SIZ).ok_or_else(|| bad("it does not begin as one"))?;
    let size = segment(size)?;
    let (shape, tiles) = picture(size)?;
    let header = Header { codestream, shape, tiles };
    header.check()?;
    Ok(header)
}

fn bad(why: &str) -> Error {
    broken(JPEG_2000, why)
}

/// The codestream itself, taken out of a JP2 file where it is in one. Whatever that
/// says of palettes is TIFF's business, but not if samples are YCbCr.
fn codestream(raw: &[u8]) -> Result<&[u8]> {
    let Some(mut rest) = raw.strip_prefix(SIGNATURE) else { return Ok(raw) };
    loop {
        let (kind, content, behind) = next_box(rest)?;
        match &kind {
            b"jp2c" => return Ok(content),
            b"jp2h" => check_color(content)?,
            _ => {}
        }
        rest = behind;
    }
}

fn check_color(mut rest: &[u8]) -> Result<()> {
    while !rest.is_empty() {
        let (kind, content, behind) = next_box(rest)?;
        // Color by number; 18 is sYCC.
        if kind == *b"colr" && content.first() == Some(&1) && content.get(3..7) == Some(&[0, 0, 0, 18]) {
            return Err(unsupported("JPEG 2000 of sYCC"));
        }
        rest = behind;
    }
    Ok(())
}

fn next_box(raw: &[u8]) -> Result<([u8; 4], &[u8], &[u8])> {
    let (length, rest) = raw.split_first_chunk().ok_or_else(|| cut(JPEG_2000))?;
    let (kind, rest) = rest.split_first_chunk::<4>().ok_or_else(|| cut(JPEG_2000))?;
    let (content, behind) = match u32::from_be_bytes(*length) {
        0 => (rest, &[][..]),
        1 => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(|| cut(JPEG_2000))?;
            let length = usize::try_from(u64::from_be_bytes(*length)).unwrap_or(usize::MAX);
            let length = length.checked_sub(16).ok_or_else(|| bad("a box has no length"))?;
            rest.split_at_checked(length).ok_or_else(|| cut(JPEG_2000))?
        }
        length => {
            let length = (length as usize).checked_sub(8).ok_or_else(|| bad("a box has no length"))?;
            rest.split_at_checked(length).ok_or_else(|| cut(JPEG_2000))?
        }
    };
    Ok((*kind, content, behind))
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16> {
    let bytes = bytes.get(at..).and_then(|bytes| bytes.first_chunk()).ok_or_else(|| cut(JPEG_2000))?;
    Ok(u16::from_be_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32> {
    Ok(u32::from(u16_at(bytes, at)?) << 16 | u32::from(u16_at(bytes, at + 2)?))
}

/// The parameters of a marker, which their length stands before.
fn segment(bytes: &[u8]) -> Result<&[u8]> {
    let length = usize::from(u16_at(bytes, 0)?);
    bytes
        .get(2..length)
        .ok_or_else(|| if length < 2 { bad("a marker has no length") } else { cut(JPEG_2000) })
}

/// What SIZ says: the picture, and how many tiles it has.
fn picture(size: &[u8]) -> Result<(Shape, u64)> {
    let number = |at| u32_at(size, at);
    let (right, bottom, left, top) = (number(2)?, number(6)?, number(10)?, number(14)?);
    let width = right.checked_sub(left).ok_or_else(|| bad("its size is negative"))?;
    let height = bottom.checked_sub(top).ok_or_else(|| bad("its size is negative"))?;
    let (tile_width, tile_height, tile_left, tile_top) = (number(18)?, number(22)?, number(26)?, number(30)?);
    if tile_width == 0 || tile_height == 0 || tile_left > left || tile_top > top {
        return Err(bad("its tiles have no size or place"));
    }
    let across = u64::from((right - tile_left).div_ceil(tile_width));
    let down = u64::from((bottom - tile_top).div_ceil(tile_height));
    let channels = u16_at(size, 34)?;
    let components = size.get(36..36 + 3 * usize::from(channels)).ok_or_else(|| cut(JPEG_2000))?;
    let first = components.first_chunk::<3>().ok_or_else(|| bad("it has no components"))?;
    if components.chunks_exact(3).any(|component| component[1..] != [1, 1]) {
        return Err(unsupported("JPEG 2000 with subsampled components"));
    }
    if components.chunks_exact(3).any(|component| component[0] != first[0]) {
        return Err(unsupported("JPEG 2000 with components of several kinds"));
    }
    let bits = u32::from(first[0] & 0x7F) + 1;
    let sample = match (bits, first[0] & 0x80 != 0) {
        (1..=8, false) => SampleType::U8,
        (9..=16, false) => SampleType::U16,
        (8, true) => SampleType::I8,
        (16, true) => SampleType::I16,
        (_, signed) => {
            let signed = if signed { "signed" } else { "unsigned" };
            return Err(unsupported(format!("JPEG 2000 of {signed} samples of {bits} bits")));
        }
    };
    Ok((Shape { width, height, channels: channels.into(), sample, bits }, across * down))
}

impl Header<'_> {
    /// Whether all tile-parts are there, and the structure is in proportion.
    fn check(&self) -> Result<()> {
        let channels = u64::from(self.shape.channels);
        let allowed = STRUCTURE.saturating_add(self.shape.samples().saturating_mul(16));
        if self.tiles > 65_535 {
            return Err(bad("it has more tiles than can be numbered"));
        }
        self.afford(self.tiles * (TILE + COMPONENT * channels), allowed)?;
        let mut parts = vec![(0_u16, 0_u16); self.tiles as usize];
        let mut at = self.headers(2, allowed)?;
        while self.codestream.get(at..at + 2).is_some_and(|marker| marker == SOT.to_be_bytes()) {
            let part = segment(&self.codestream[at + 2..])?;
            let (tile, length) = (u16_at(part, 0)?, u32_at(part, 2)? as usize);
            let (Some((seen, of)), Some(&said)) = (parts.get_mut(usize::from(tile)), part.get(7)) else {
                return Err(bad("a tile-part belongs to no tile"));
            };
            *seen += 1;
            *of = (*of).max(said.into());
            self.headers(at + 12, allowed)?;
            // 0: to the end.
            at = if length == 0 { self.codestream.len() } else { at.saturating_add(length.max(14)) };
        }
        let missing = |&(seen, of): &(u16, u16)| seen == 0 || seen < of;
        if at > self.codestream.len() || parts.iter().any(missing) {
            return Err(cut(JPEG_2000));
        }
        Ok(())
    }

    fn afford(&self, bytes: u64, allowed: u64) -> Result<()> {
        if bytes <= allowed {
            return Ok(());
        }
        let message = "the tiles and precincts of a JPEG 2000 are out of proportion to its size";
        Err(Error::new(Status::LimitExceeded, message))
    }

    /// Walks the markers from `at` to the next data or tile-part; where that is.
    fn headers(&self, mut at: usize, allowed: u64) -> Result<usize> {
        loop {
            let marker = u16_at(self.codestream, at)?;
            if matches!(marker, SOT | SOD | EOC) {
                return Ok(at);
            }
            if marker < 0xFF00 {
                return Err(bad("a marker is missing"));
            }
            let content = segment(&self.codestream[at + 2..])?;
            match marker {
                COD => {
                    let layers = u16_at(content, 2)?.into();
                    let own = content[0] & 1 != 0;
                    self.afford(self.precincts(content, 5, own, layers), allowed)?;
                }
                COC => {
                    let style = if self.shape.channels < 257 { 1 } else { 2 };
                    let own = content.get(style).is_some_and(|style| style & 1 != 0);
                    self.afford(self.precincts(content, style + 1, own, 1), allowed)?;
                }
                _ => {}
            }
            at += 4 + content.len();
        }
    }

    /// What the precincts cost of which a style says the sizes.
    fn precincts(&self, content: &[u8], levels: usize, own: bool, layers: u64) -> u64 {
        let most = u32::from(content.get(levels).copied().unwrap_or(0)).min(32);
        let sizes = if own { content.get(levels + 5..).unwrap_or_default() } else { &[] };
        let mut count = 0_u64;
        for level in 0..=most {
            let size = sizes.get(level as usize).copied().unwrap_or(0xFF);
            let along = |pixels: u32, exponent: u8| {
                let pixels = u64::from(pixels) >> (most - level);
                (pixels >> exponent) + 2
            };
            let all = along(self.shape.width, size & 15) * along(self.shape.height, size >> 4);
            count = count.saturating_add(all);
        }
        let each = PRECINCT + 2 * layers;
        count
            .saturating_add(self.tiles * u64::from(most + 1))
            .saturating_mul(each * u64::from(self.shape.channels))
    }
}
