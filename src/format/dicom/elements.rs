//! Data elements (PS3.5, section 7): a walk over them up to the pixels.
//!
//! Only a few values are kept, and of these no more than their first bytes. What
//! lies in sequences is passed over, but for those that hold an image's functions.
#![forbid(unsafe_code)]

use std::io::{Seek, SeekFrom};
use std::ops::Range;

use dicom_core::header::DataElementHeader;
use dicom_core::{Tag, VR};
use dicom_encoding::decode::Decode;
use dicom_encoding::decode::explicit_be::ExplicitVRBigEndianDecoder;
use dicom_encoding::decode::explicit_le::ExplicitVRLittleEndianDecoder;
use dicom_encoding::decode::implicit_le::ImplicitVRLittleEndianDecoder;

use super::syntax::Encoding;
use crate::error::{Error, Result, Status};
use crate::format::errors::{corrupt, limit, truncated};
use crate::format::view::View;

pub(super) const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
pub(super) const FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0, 0x0008);
pub(super) const DOUBLE_PIXEL_DATA: Tag = Tag(0x7FE0, 0x0009);
const OFFSETS: Tag = Tag(0x7FE0, 0x0001);
const LENGTHS: Tag = Tag(0x7FE0, 0x0002);

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// What all frames of an image have in common, and the sequences inside of it:
/// PixelMeasures, PlaneOrientation, PlanePosition, PixelValueTransformation.
const SHARED: [Tag; 5] =
    [Tag(0x5200, 0x9229), Tag(0x0028, 0x9110), Tag(0x0020, 0x9116), Tag(0x0020, 0x9113), Tag(0x0028, 0x9145)];

/// Bytes of a value that are kept.
const MOST_VALUE: u64 = 256;
/// Sequences in sequences.
const DEEPEST: usize = 64;
/// The group that says what the pixels are. What stands between it and them belongs
/// to each of many frames, or is nothing to an image.
const IMAGE_GROUP: u16 = 0x0028;
/// Elements in front of the pixels: an image of many frames has some for each.
const MOST_ELEMENTS: u64 = 1 << 24;

/// One element: its header, and where its value lies.
pub struct Element {
    /// Where its header begins.
    pub start: u64,
    pub tag: Tag,
    pub vr: VR,
    /// Where its value begins.
    pub at: u64,
    /// Bytes of its value; `None` where items follow up to a delimiter.
    pub length: Option<u32>,
}

/// Where the pixels lie.
pub type Pixels = Element;

/// What stands in front of the pixels.
#[derive(Default)]
pub struct Elements {
    values: Vec<(Tag, Vec<u8>)>,
    big_endian: bool,
    /// Where the offsets and the lengths of frames lie (Extended Offset Table).
    pub offsets: Option<Range<u64>>,
    pub lengths: Option<Range<u64>>,
    pub pixels: Option<Pixels>,
}

impl Element {
    /// Reads the header of the element at `at`.
    pub fn read(view: &mut View, at: u64, encoding: Encoding) -> Result<Element> {
        let mut seek = || view.seek(SeekFrom::Start(at));
        seek().map_err(|error| Error::io("read the header", &error))?;
        let result = match encoding {
            Encoding::Implicit => ImplicitVRLittleEndianDecoder::new().decode_header(view),
            Encoding::Explicit => ExplicitVRLittleEndianDecoder::default().decode_header(view),
            Encoding::ExplicitBig => ExplicitVRBigEndianDecoder::default().decode_header(view),
        };
        let failure = view.take_failure();
        let (DataElementHeader { tag, vr, len }, bytes) =
            result.map_err(|_| failure.unwrap_or_else(|| truncated("its header")))?;
        Ok(Element { start: at, tag, vr, at: at + bytes as u64, length: len.get() })
    }

    /// Whether it is one of those that hold pixels.
    pub fn is_pixels(&self) -> bool {
        matches!(self.tag, PIXEL_DATA | FLOAT_PIXEL_DATA | DOUBLE_PIXEL_DATA)
    }

    /// Where it ends.
    pub fn end(&self) -> Option<u64> {
        Some(self.at + u64::from(self.length?))
    }

    /// The first bytes of its value.
    pub fn value(&self, view: &mut View, most: u64) -> Result<Vec<u8>> {
        let mut bytes = vec![0; u64::from(self.length.unwrap_or(0)).min(most) as usize];
        view.fill("its header", self.at, &mut bytes)?;
        Ok(bytes)
    }
}

/// A sequence or one of its items that the walk is in.
struct Level {
    /// A sequence, in which items follow each other, rather than an item.
    is_sequence: bool,
    /// Its values are kept.
    is_kept: bool,
    encoding: Encoding,
    /// Where it ends, unless a delimiter says so.
    end: Option<u64>,
}

struct Walk<'a, 'b> {
    view: &'a mut View<'b>,
    at: u64,
    extent: Extent,
    levels: Vec<Level>,
    found: Elements,
}

/// How far the walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Up to the pixels.
    All,
    /// Up to the end of the group that says what they are.
    Image,
}

/// Reads what stands between `at` and the pixels.
pub fn read(view: &mut View, at: u64, encoding: Encoding, extent: Extent) -> Result<Elements> {
    let found = Elements { big_endian: encoding == Encoding::ExplicitBig, ..Elements::default() };
    let mut walk = Walk { view, at, extent, levels: Vec::new(), found };
    for _ in 0..MOST_ELEMENTS {
        if !walk.step(encoding)? {
            return Ok(walk.found);
        }
    }
    Err(limit(format!("more than {MOST_ELEMENTS} data elements stand in front of the pixels")))
}

impl Walk<'_, '_> {
    /// Takes the next element; `false` at the pixels and at the end.
    fn step(&mut self, top: Encoding) -> Result<bool> {
        while self.levels.pop_if(|level| level.end.is_some_and(|end| end <= self.at)).is_some() {}
        match self.view.len().checked_sub(self.at) {
            None => return Err(truncated("its header")),
            // Fewer bytes than a header has are a rest that everybody ignores.
            Some(0..8) if self.levels.is_empty() => return Ok(false),
            Some(_) => {}
        }
        let outer = self.levels.last();
        let stated = outer.map_or(top, |level| level.encoding);
        let is_kept = outer.is_none_or(|level| level.is_kept);
        let in_sequence = outer.is_some_and(|level| level.is_sequence);
        let encoding = self.really(stated)?;
        let element = Element::read(self.view, self.at, encoding)?;
        let Element { tag, at, .. } = element;
        if self.extent == Extent::Image && self.levels.is_empty() && tag.group() > IMAGE_GROUP {
            return Ok(false);
        }
        if let Some(end) = element.end().filter(|&end| end > self.view.len())
            && tag.group() < PIXEL_DATA.group()
        {
            let what = format!("an element of {} bytes at {at}", end - at);
            return Err(Error::new(
                Status::Truncated,
                format!("the file ends before {what} does, which stands in front of its pixels"),
            ));
        }
        match tag {
            ITEM if in_sequence => {
                let level = Level { is_sequence: false, is_kept, encoding: stated, end: element.end() };
                // Items of a known length are passed over unless they are kept.
                match element.end() {
                    Some(end) if !is_kept => self.at = end,
                    _ => self.enter(level, at)?,
                }
            }
            ITEM => return Err(corrupt("a DICOM item stands outside of a sequence")),
            ITEM_END | SEQUENCE_END => {
                let is_sequence = tag == SEQUENCE_END;
                // What has no beginning needs no end.
                if let Some(index) = self.levels.iter().rposition(|level| level.is_sequence == is_sequence) {
                    self.levels.truncate(index);
                }
                self.at = at;
            }
            _ if in_sequence => return Err(corrupt("a DICOM sequence holds something that is no item")),
            _ if element.is_pixels() && self.levels.is_empty() => {
                self.found.pixels = Some(element);
                return Ok(false);
            }
            _ => match element.end() {
                Some(end) if !(is_kept && SHARED.contains(&tag)) => {
                    if is_kept {
                        self.keep(&element)?;
                    }
                    self.at = end;
                }
                end => {
                    // Of an unknown kind and length: a sequence of implicit elements.
                    let encoding = if element.vr == VR::UN { Encoding::Implicit } else { encoding };
                    let is_kept = is_kept && SHARED.contains(&tag);
                    self.enter(Level { is_sequence: true, is_kept, encoding, end }, at)?;
                }
            },
        }
        Ok(true)
    }

    fn enter(&mut self, level: Level, at: u64) -> Result<()> {
        if self.levels.len() == DEEPEST {
            return Err(corrupt("DICOM sequences lie more than 32 deep in each other"));
        }
        self.levels.push(level);
        self.at = at;
        Ok(())
    }

    /// How the next element is really written: some writers leave out the letters
    /// of an explicit one.
    fn really(&mut self, stated: Encoding) -> Result<Encoding> {
        if stated != Encoding::Explicit {
            return Ok(stated);
        }
        let mut bytes = [0; 6];
        self.view.fill("its header", self.at, &mut bytes)?;
        let [low, high, _, _, letters @ ..] = bytes;
        let explicit = letters.iter().all(u8::is_ascii_uppercase);
        Ok(if explicit || [low, high] == [0xFE, 0xFF] { stated } else { Encoding::Implicit })
    }

    /// Keeps a value that somebody asks for. The data set's own goes before that of
    /// its sequences.
    fn keep(&mut self, element: &Element) -> Result<()> {
        let Some(end) = element.end() else { return Ok(()) };
        match element.tag {
            OFFSETS => self.found.offsets = Some(element.at..end),
            LENGTHS => self.found.lengths = Some(element.at..end),
            tag if !is_asked_for(tag) => {}
            tag if !self.levels.is_empty() && self.found.value(tag).is_some() => {}
            tag => {
                let value = element.value(self.view, MOST_VALUE)?;
                self.found.values.retain(|(known, _)| *known != tag);
                self.found.values.push((tag, value));
            }
        }
        Ok(())
    }
}

/// Groups in which everything that matters lies, other than in private ones.
fn is_asked_for(tag: Tag) -> bool {
    match tag {
        Tag(0x0008, element) => matches!(element, 0x0016 | 0x0060),
        Tag(0x0018, element) => matches!(element, 0x0088 | 0x1164),
        Tag(0x0020, element) => matches!(element, 0x000E | 0x0013 | 0x0032 | 0x0037),
        Tag(0x0028, element) => element <= 0x0103 || matches!(element, 0x1052 | 0x1053),
        _ => tag == Tag(0x0004, 0x1220),
    }
}

impl Elements {
    pub fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.values.iter().find(|(known, _)| *known == tag).map(|(_, value)| value.as_slice())
    }

    /// A text without what fills it up.
    pub fn text(&self, tag: Tag) -> Option<String> {
        self.value(tag).map(text).filter(|text| !text.is_empty())
    }

    /// The first of some numbers of 16 bits; careless writers take 32.
    pub fn number(&self, tag: Tag) -> Option<u32> {
        let value = self.value(tag)?;
        let low = match value {
            [0, 0, low @ ..] if self.big_endian && low.len() == 2 => low,
            value => value.get(..2)?,
        };
        let number = if self.big_endian { u16::from_be_bytes } else { u16::from_le_bytes };
        Some(number([low[0], low[1]]).into())
    }

    /// Numbers in text, all of them sound.
    pub fn decimals<const N: usize>(&self, tag: Tag) -> Option<[f64; N]> {
        let text = self.text(tag)?;
        let numbers =
            text.split('\\').map(|number| number.trim().parse().ok().filter(|n: &f64| n.is_finite()));
        let numbers: Option<Vec<f64>> = numbers.collect();
        numbers?.try_into().ok()
    }
}

/// A text of DICOM: blanks or a zero fill it up to an even length.
pub fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned()
}
