//! A walk over the markers of a JPEG: what it is.
#![forbid(unsafe_code)]

use super::tables;
use crate::error::{Error, Result, Status};

const HEIGHT_LATER: &str = "JPEG whose height follows its first scan";

/// How the samples are coded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Process {
    /// Blocks of cosines, each complete when it comes.
    #[default]
    Sequential,
    /// Blocks of cosines in scans of ever finer detail.
    Progressive,
    /// Differences to a prediction.
    Lossless,
}

/// What the header of a frame says of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number.
    pub id: u8,
    /// Blocks of a unit across: 1 to 4.
    pub across: u8,
    /// And down.
    pub down: u8,
    /// Its table of steps.
    pub steps: u8,
}

/// What the markers say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Components: 1 to 4.
    pub components: u8,
    /// Bits of a sample.
    pub bits: u8,
    /// What is known of each component.
    pub parts: Vec<Part>,
    /// How they are coded.
    pub process: Process,
    /// The codes are those of an arithmetic coder, not Huffman's.
    pub arithmetic: bool,
    /// The first scan holds all components.
    pub interleaved: bool,
    /// Three components are YCbCr rather than RGB.
    pub ycbcr: bool,
    /// A marker of JFIF or Adobe says so; otherwise it is what libjpeg guesses.
    pub color_said: bool,
    /// Four components are YCCK rather than CMYK.
    pub ycck: bool,
    /// Samples that stand for several pixels are repeated, not weighed.
    pub repeated: bool,
    /// Where the Exif segment's own TIFF begins and ends.
    pub exif: Option<std::ops::Range<usize>>,
    /// Where the first scan's marker ends.
    pub scan: usize,
}

impl Frame {
    /// Bytes of a sample when decoded.
    pub fn sample_bytes(&self) -> usize {
        usize::from(self.bits).div_ceil(8)
    }

    /// Bytes that its coded data takes at the least: a bit for each block of 8 x 8
    /// samples, or for each sample where it is lossless. Arithmetic codes take less.
    pub fn least_bytes(&self) -> u64 {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        if self.arithmetic {
            return 0;
        }
        if self.process == Process::Lossless {
            return width * height * u64::from(self.components) / 8;
        }
        let most = |of: fn(&Part) -> u8| u64::from(self.parts.iter().map(of).max().unwrap_or(1).max(1));
        let (across, down) = (most(|part| part.across), most(|part| part.down));
        let blocks = |size: u64, of: u8, most: u64| (size * u64::from(of)).div_ceil(most).div_ceil(8);
        let of_part = |part: &Part| blocks(width, part.across, across) * blocks(height, part.down, down);
        self.parts.iter().map(of_part).sum::<u64>() / 8
    }

    /// All coefficients have to be in memory before there are pixels.
    pub fn is_whole(&self) -> bool {
        match self.process {
            Process::Lossless => false,
            Process::Progressive => true,
            Process::Sequential => {
                self.arithmetic || self.bits != 8 || !self.interleaved || !self.is_common()
            }
        }
    }

    /// Grey, or three components with one or two pixels for a sample each way.
    fn is_common(&self) -> bool {
        let most = |of: fn(&Part) -> u8| self.parts.iter().map(of).max().unwrap_or(1);
        let (across, down) = (most(|part| part.across), most(|part| part.down));
        let fits = |all: u8, own: u8| all == own || all == 2 * own;
        let halves = self.parts.iter().all(|part| fits(across, part.across) && fits(down, part.down));
        self.components == 1 || self.components == 3 && halves
    }
}

/// Reads the markers of `bytes`, the start of a JPEG, up to the first scan.
///
/// `Truncated` when the bytes end before. `Unsupported` for kinds that are not read.
pub fn frame(bytes: &[u8]) -> Result<Frame> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err(corrupt("no JPEG start marker"));
    }
    let mut walk = Walk::new(bytes, 2);
    loop {
        let marker = walk.next_marker()?;
        match marker {
            0xD9 => return Err(corrupt("the JPEG ends before its first scan")),
            // These stand alone.
            0xD0..=0xD7 | 0x01 => continue,
            0xC0..=0xC3 | 0xC9 | 0xCA => walk.frame(marker)?,
            0xC4 | 0xCC => {}
            0xC5..=0xCF => return Err(unsupported_frame(marker)),
            0xDA if walk.frame.width == 0 => {
                return Err(corrupt("a JPEG scan comes before its frame"));
            }
            0xDA => break,
            0xE0 => walk.jfif |= walk.segment()?.starts_with(b"JFIF\0"),
            0xE1 => walk.exif()?,
            0xEE => walk.adobe()?,
            _ => {}
        }
        walk.at += walk.segment()?.len() + 2;
    }
    walk.frame.scan = walk.at;
    walk.frame.interleaved = walk.segment()?.first() == Some(&walk.frame.components);
    walk.frame.ycbcr = walk.is_ycbcr();
    walk.frame.color_said = walk.jfif || walk.adobe.is_some();
    walk.frame.ycck = walk.is_ycck();
    if walk.frame.ycck && walk.frame.bits != 8 {
        return Err(unsupported(format!("YCCK JPEG of {} bits", walk.frame.bits)));
    }
    Ok(walk.frame)
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    frame: Frame,
    jfif: bool,
    adobe: Option<u8>,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Walk<'a> {
        let frame = Frame::default();
        Walk { bytes, at, frame, jfif: false, adobe: None }
    }

    /// Moves behind the next marker and returns its second byte.
    fn next_marker(&mut self) -> Result<u8> {
        let (marker, at) = tables::marker(self.bytes, self.at).ok_or_else(|| self.truncated())?;
        self.at = at;
        Ok(marker)
    }

    fn truncated(&self) -> Error {
        Error::new(Status::Truncated, "the JPEG ends before its image does")
    }

    /// The content of the segment whose marker was just passed.
    fn segment(&self) -> Result<&'a [u8]> {
        let Some(&[high, low]) = self.bytes.get(self.at..self.at + 2) else {
            return Err(self.truncated());
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length < 2 {
            return Err(corrupt("a JPEG segment of no length"));
        }
        self.bytes.get(self.at + 2..self.at + length).ok_or_else(|| self.truncated())
    }

    fn frame(&mut self, marker: u8) -> Result<()> {
        let segment = self.segment()?;
        let &[bits, h1, h0, w1, w0, components, ref specs @ ..] = segment else {
            return Err(corrupt("a JPEG frame header that is too short"));
        };
        if self.frame.width != 0 {
            return Err(corrupt("two frames in one JPEG"));
        }
        let process = match marker {
            0xC3 => Process::Lossless,
            0xC2 | 0xCA => Process::Progressive,
            _ => Process::Sequential,
        };
        match (process, bits) {
            (Process::Lossless, 2..=16) | (_, 8 | 12) => {}
            _ => return Err(unsupported(format!("{bits}-bit JPEG"))),
        }
        if !(1..=4).contains(&components) {
            return Err(unsupported(format!("JPEG of {components} components")));
        }
        self.frame.process = process;
        self.frame.arithmetic = marker > 0xC8;
        self.frame.bits = bits;
        self.frame.height = u16::from_be_bytes([h1, h0]);
        self.frame.width = u16::from_be_bytes([w1, w0]);
        self.frame.components = components;
        if self.frame.height == 0 {
            return Err(unsupported(HEIGHT_LATER));
        }
        if self.frame.width == 0 {
            return Err(corrupt("a JPEG of no width"));
        }
        if specs.len() != 3 * usize::from(components) {
            return Err(corrupt("a JPEG frame header of wrong length"));
        }
        let part =
            |spec: &[u8; 3]| Part { id: spec[0], across: spec[1] >> 4, down: spec[1] & 15, steps: spec[2] };
        self.frame.parts = specs.as_chunks::<3>().0.iter().map(part).collect();
        let sound = |part: &Part| (1..=4).contains(&part.across) && (1..=4).contains(&part.down);
        if !self.frame.parts.iter().all(sound) {
            return Err(corrupt("a JPEG whose sampling makes no sense"));
        }
        Ok(())
    }

    fn exif(&mut self) -> Result<()> {
        let segment = self.segment()?;
        if segment.starts_with(b"Exif\0\0") && self.frame.exif.is_none() {
            self.frame.exif = Some(self.at + 8..self.at + 2 + segment.len());
        }
        Ok(())
    }

    fn adobe(&mut self) -> Result<()> {
        if let [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..] = self.segment()? {
            self.adobe = Some(*transform);
        }
        Ok(())
    }

    /// The rule of libjpeg (jdapimin.c, default_decompress_parms).
    fn is_ycbcr(&self) -> bool {
        let ids = || self.frame.parts.iter().map(|part| part.id);
        match (self.frame.components, self.jfif, self.adobe) {
            // What is lossless is not converted on the way.
            _ if self.frame.process == Process::Lossless => false,
            (3, true, _) => true,
            (3, false, Some(transform)) => transform != 0,
            (3, false, None) => !ids().eq(*b"RGB"),
            _ => false,
        }
    }

    /// The same rule.
    fn is_ycck(&self) -> bool {
        let transformed = self.adobe.is_some_and(|transform| transform != 0);
        self.frame.components == 4 && self.frame.process != Process::Lossless && transformed
    }
}

fn unsupported_frame(marker: u8) -> Error {
    unsupported(match marker {
        0xC5 | 0xC6 => "hierarchical JPEG",
        0xC7 => "lossless hierarchical JPEG",
        0xCB => "lossless JPEG with arithmetic coding",
        0xCD..=0xCF => "hierarchical JPEG with arithmetic coding",
        _ => "JPEG with an extension",
    })
}

fn unsupported(what: impl Into<String>) -> Error {
    let what = what.into();
    Error::new(Status::Unsupported, format!("not supported: {what}"))
}

fn corrupt(message: &str) -> Error {
    Error::new(Status::Corrupt, message)
}
