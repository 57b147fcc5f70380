//! A walk over the markers of a JPEG: what it is, and whether it is all there.
#![forbid(unsafe_code)]

use super::progress::Progress;
use crate::error::{Error, Result, Status};

const SEVERAL_SCANS: &str = "baseline JPEG of several scans";
const HEIGHT_LATER: &str = "JPEG whose height follows its first scan";

/// SOS: the header of a scan, which follows it.
const SCAN: u8 = 0xDA;
/// COM: a segment that decoders skip.
pub(super) const COMMENT: u8 = 0xFE;

/// What the markers say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Components: 1 or 3.
    pub components: u8,
    /// Their numbers.
    pub ids: Vec<u8>,
    /// Coded in scans of ever finer detail.
    pub progressive: bool,
    /// Three components are YCbCr rather than RGB.
    pub ycbcr: bool,
    /// A marker of JFIF or Adobe says so; otherwise it is what libjpeg guesses.
    pub color_said: bool,
    /// Where the Exif segment's own TIFF begins and ends.
    pub exif: Option<std::ops::Range<usize>>,
    /// Where the second bytes of Adobe's markers are.
    pub adobe_markers: Vec<usize>,
    /// Where the first scan's marker ends.
    pub scan: usize,
}

/// Reads the markers of `bytes`, the start of a JPEG, up to the first scan.
///
/// `Truncated` when the bytes end before. `Unsupported` for kinds other than
/// Huffman-coded, of 8 bits, grey or of three components.
pub fn frame(bytes: &[u8]) -> Result<Frame> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err(corrupt("no JPEG start marker"));
    }
    let mut walk = Walk::new(bytes, 2);
    loop {
        let marker = walk.next_marker(false)?;
        match marker {
            0xD9 => return Err(corrupt("the JPEG ends before its first scan")),
            // These stand alone.
            0xD0..=0xD7 | 0x01 => continue,
            0xC0..=0xC2 => {
                walk.frame()?;
                walk.frame.progressive = marker == 0xC2;
            }
            0xC4 => {}
            0xC3 | 0xC5..=0xCF => return Err(unsupported_frame(marker)),
            0xDA if walk.frame.width == 0 => {
                return Err(corrupt("a JPEG scan comes before its frame"));
            }
            // The crate may stop after the first of them.
            0xDA if !walk.frame.progressive && walk.segment()?.first() != Some(&walk.frame.components) => {
                return Err(unsupported(SEVERAL_SCANS));
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
    walk.frame.ycbcr = walk.is_ycbcr();
    walk.frame.color_said = walk.jfif || walk.adobe.is_some();
    Ok(walk.frame)
}

/// Where the end marker of a JPEG is. Without it, or when the scans in front of
/// it lack a part of the image, `Truncated`: decoders fill what is missing with
/// grey. `frame` is what `frame` returned.
pub fn end(bytes: &[u8], frame: &Frame) -> Result<usize> {
    let mut walk = Walk::new(bytes, frame.scan);
    let mut progress = Progress::new(&frame.ids);
    let mut marker = SCAN;
    let mut scans = 0;
    loop {
        let segment = walk.segment()?;
        if marker == SCAN {
            scans += 1;
            progress.add(segment);
        }
        walk.at += segment.len() + 2;
        marker = walk.next_marker(true)?;
        match marker {
            0xD9 if scans > 1 && !frame.progressive => return Err(unsupported(SEVERAL_SCANS)),
            0xD9 if frame.progressive && !progress.is_complete() => return Err(walk.truncated()),
            0xD9 => return Ok(walk.at - 2),
            0xDC => return Err(unsupported(HEIGHT_LATER)),
            _ => {}
        }
    }
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
    ///
    /// Behind a scan the coded data is skipped: in it, 0xFF is followed by 0 or
    /// a restart marker. In front of one, only fill bytes may stand there.
    fn next_marker(&mut self, in_scan: bool) -> Result<u8> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let Some(skip) = rest.iter().position(|&byte| byte == 0xFF) else {
                return Err(self.truncated());
            };
            if skip > 0 && !in_scan {
                return Err(corrupt("bytes that belong to no JPEG segment"));
            }
            let Some(fill) = rest[skip..].iter().position(|&byte| byte != 0xFF) else {
                return Err(self.truncated());
            };
            self.at += skip + fill + 1;
            match self.bytes[self.at - 1] {
                0x00 | 0xD0..=0xD7 if in_scan => {}
                0x00 => return Err(corrupt("bytes that belong to no JPEG segment")),
                marker => return Ok(marker),
            }
        }
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

    fn frame(&mut self) -> Result<()> {
        let segment = self.segment()?;
        let &[bits, h1, h0, w1, w0, components, ref specs @ ..] = segment else {
            return Err(corrupt("a JPEG frame header that is too short"));
        };
        if self.frame.width != 0 {
            return Err(corrupt("two frames in one JPEG"));
        }
        if bits != 8 {
            return Err(unsupported(format!("{bits}-bit JPEG")));
        }
        match components {
            1 | 3 => {}
            4 => return Err(unsupported("CMYK JPEG")),
            other => return Err(unsupported(format!("JPEG of {other} components"))),
        }
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
        self.frame.ids = specs.chunks_exact(3).map(|spec| spec[0]).collect();
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
            self.frame.adobe_markers.push(self.at - 1);
        }
        Ok(())
    }

    /// The rule of libjpeg (jdapimin.c, default_decompress_parms).
    fn is_ycbcr(&self) -> bool {
        match (self.frame.components, self.jfif, self.adobe) {
            (3, true, _) => true,
            (3, false, Some(transform)) => transform != 0,
            (3, false, None) => self.frame.ids != b"RGB",
            _ => false,
        }
    }
}

fn unsupported_frame(marker: u8) -> Error {
    unsupported(match marker {
        0xC3 => "lossless JPEG",
        0xC5 | 0xC6 => "hierarchical JPEG",
        0xC7 => "lossless hierarchical JPEG",
        0xC9 | 0xCA | 0xCC => "JPEG with arithmetic coding",
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
