//! What the samples of a frame are, and the name of what is not read.
#![forbid(unsafe_code)]

use dicom_core::{Tag, VR};

use super::elements::{DOUBLE_PIXEL_DATA, Elements, FLOAT_PIXEL_DATA, Pixels};
use super::start::Start;
use super::syntax::{Coding, Encoding};
use crate::error::{Error, Result};
use crate::format::errors::{corrupt, unsupported};
use crate::format::{Description, Format, Limits, Photometric, shape};
use crate::sample::SampleType;

const SAMPLES_PER_PIXEL: Tag = Tag(0x0028, 0x0002);
const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
const PLANAR_CONFIGURATION: Tag = Tag(0x0028, 0x0006);
const FRAMES: Tag = Tag(0x0028, 0x0008);
const ROWS: Tag = Tag(0x0028, 0x0010);
const COLUMNS: Tag = Tag(0x0028, 0x0011);
const BITS_ALLOCATED: Tag = Tag(0x0028, 0x0100);
const BITS_STORED: Tag = Tag(0x0028, 0x0101);
const HIGH_BIT: Tag = Tag(0x0028, 0x0102);
const REPRESENTATION: Tag = Tag(0x0028, 0x0103);
const CLASS: Tag = Tag(0x0008, 0x0016);
const MODALITY: Tag = Tag(0x0008, 0x0060);
const DIRECTORY_SEQUENCE: Tag = Tag(0x0004, 0x1220);

const DIRECTORY_CLASS: &str = "1.2.840.10008.1.3.10";

/// How the samples of a frame lie behind each other, where they are no codec's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Bits of a sample in the file.
    pub allocated: u32,
    /// Of these the lowest that count: overlays or nothing in particular are above.
    pub counting: u32,
    /// Frames of the channels follow each other (PlanarConfiguration 1).
    pub is_planar: bool,
    /// Two pixels share their chroma (YBR_FULL_422).
    pub is_subsampled: bool,
    /// Bytes are in big-endian words of two.
    pub has_paired_bytes: bool,
    /// Samples have the other byte order than this machine.
    pub swapped: bool,
}

/// What the elements say about the image.
pub struct Samples {
    pub description: Description,
    pub layout: Layout,
    /// Three components are luma and chroma, as far as the elements know.
    pub is_ycbcr: bool,
    /// Number of frames that are promised.
    pub frames: u64,
}

/// The pixels, or what the object is instead of an image.
pub fn pixels<'a>(start: &Start, elements: &'a Elements) -> Result<&'a Pixels> {
    let class = elements.text(CLASS).unwrap_or_else(|| start.class.clone());
    if class == DIRECTORY_CLASS || elements.value(DIRECTORY_SEQUENCE).is_some() {
        return Err(unsupported("a DICOM directory (DICOMDIR), which names images but holds none"));
    }
    elements.pixels.as_ref().ok_or_else(|| {
        let modality =
            elements.text(MODALITY).map_or_else(String::new, |name| format!(" of modality {name}"));
        unsupported(format!("a DICOM object without pixels{modality} (class {})", or_unknown(&class)))
    })
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "unknown" } else { text }
}

/// Says what the samples are.
pub fn read(start: &Start, elements: &Elements, limits: &Limits) -> Result<Samples> {
    let pixels = pixels(start, elements)?;
    let coding = &start.syntax.coding;
    match coding {
        Coding::Other(name) => return Err(unsupported(format!("DICOM with {name}"))),
        Coding::Native if pixels.length.is_none() && start.guessed => {
            return Err(unsupported("coded pixels in a DICOM file that does not say its transfer syntax"));
        }
        _ => {}
    }
    let needed = |tag, name: &str| elements.number(tag).ok_or_else(|| lacks(name));
    let allocated = needed(BITS_ALLOCATED, "BitsAllocated")?;
    let channels = elements.number(SAMPLES_PER_PIXEL).unwrap_or(1);
    let (kind, bits_stored) = sample_type(elements, pixels, allocated)?;
    let declared = elements.text(PHOTOMETRIC).ok_or_else(|| lacks("PhotometricInterpretation"))?;
    let is_ycbcr = declared.starts_with("YBR_");
    let (width, height) =
        shape::dimensions(needed(COLUMNS, "Columns")?.into(), needed(ROWS, "Rows")?.into(), limits)?;
    let layout = Layout {
        allocated,
        counting: bits_stored,
        is_planar: match (channels, coding.is_samples()) {
            (2.., true) => needed(PLANAR_CONFIGURATION, "PlanarConfiguration")? != 0,
            _ => false,
        },
        is_subsampled: declared == "YBR_FULL_422" && coding.is_samples(),
        has_paired_bytes: start.syntax.encoding == Encoding::ExplicitBig
            && allocated == 8
            && pixels.vr == VR::OW,
        swapped: (start.syntax.encoding == Encoding::ExplicitBig) != cfg!(target_endian = "big")
            && allocated > 8,
    };
    check(coding, &layout, channels, kind, width)?;
    let to_rgb = *coding == Coding::Jpeg && channels == 3;
    let description = Description {
        format: Format::Dicom,
        width,
        height,
        channels,
        sample: kind,
        bits_stored,
        photometric: if to_rgb { Photometric::Rgb } else { photometric(&declared, channels)? },
        compression: coding.compression(),
        orientation: 1,
        complex: false,
        converted_to_rgb: to_rgb && is_ycbcr,
        inverted: false,
        turned: 0,
    };
    shape::check_bytes(&description, limits)?;
    let frames = elements.text(FRAMES).map_or(Ok(1), |text| text.parse::<u64>());
    let frames = frames.map_err(|_| corrupt("the DICOM's NumberOfFrames is no number"))?.max(1);
    Ok(Samples { description, layout, is_ycbcr, frames })
}

fn lacks(name: &str) -> Error {
    corrupt(format!("the DICOM lacks {name}"))
}

fn sample_type(elements: &Elements, pixels: &Pixels, allocated: u32) -> Result<(SampleType, u32)> {
    let signed = match elements.number(REPRESENTATION).unwrap_or(0) {
        0 => false,
        1 => true,
        other => return Err(corrupt(format!("the DICOM's PixelRepresentation is {other}"))),
    };
    let kind = match (pixels.tag, allocated, signed) {
        (FLOAT_PIXEL_DATA, 32, _) => SampleType::F32,
        (DOUBLE_PIXEL_DATA, 64, _) => SampleType::F64,
        (FLOAT_PIXEL_DATA | DOUBLE_PIXEL_DATA, ..) => {
            return Err(corrupt(format!("floating-point DICOM samples of {allocated} bits")));
        }
        (_, 1, _) | (_, 8, false) => SampleType::U8,
        (_, 16, false) => SampleType::U16,
        (_, 32, false) => SampleType::U32,
        (_, 64, false) => SampleType::U64,
        (_, 8, true) => SampleType::I8,
        (_, 16, true) => SampleType::I16,
        (_, 32, true) => SampleType::I32,
        (_, 64, true) => SampleType::I64,
        _ => return Err(unsupported(format!("DICOM samples of {allocated} bits (BitsAllocated)"))),
    };
    let stated = elements.number(BITS_STORED).filter(|bits| (1..=allocated).contains(bits));
    // So it was in the first versions. Readers do not agree on what it means.
    if let (Some(bits), Some(high)) = (stated, elements.number(HIGH_BIT))
        && (bits..allocated).contains(&high)
    {
        return Err(unsupported(format!(
            "DICOM samples of {bits} bits that end at bit {high} (HighBit) of {allocated}"
        )));
    }
    let is_float = matches!(kind, SampleType::F32 | SampleType::F64);
    Ok((kind, if is_float { allocated } else { stated.unwrap_or(allocated) }))
}

fn photometric(declared: &str, channels: u32) -> Result<Photometric> {
    Ok(match (declared, channels) {
        ("MONOCHROME1", 1) => Photometric::MinIsWhite,
        ("MONOCHROME2", 1) => Photometric::MinIsBlack,
        ("PALETTE COLOR", 1) => Photometric::Palette,
        ("RGB", 3) => Photometric::Rgb,
        ("CMYK", 4) => Photometric::Cmyk,
        ("YBR_FULL" | "YBR_FULL_422", 3) => Photometric::Ycbcr,
        (other, _) => {
            return Err(unsupported(format!("DICOM photometric {other} with {channels} samples per pixel")));
        }
    })
}

/// Names what cannot go together.
fn check(coding: &Coding, layout: &Layout, channels: u32, kind: SampleType, width: u32) -> Result<()> {
    let named = |what: &str| {
        Err(unsupported(format!("{what} of {channels} samples of {} bits per pixel", layout.allocated)))
    };
    match coding {
        Coding::Jpeg if !matches!(channels, 1 | 3) || !matches!(layout.allocated, 8 | 16) => {
            named("DICOM JPEG")
        }
        Coding::Rle if layout.allocated == 1 => named("DICOM RLE"),
        _ if layout.allocated == 1 && (channels != 1 || coding.is_encapsulated()) => named("DICOM"),
        _ if layout.is_subsampled
            && (layout.is_planar || (kind, channels) != (SampleType::U8, 3) || !width.is_multiple_of(2)) =>
        {
            named("YBR_FULL_422")
        }
        _ => Ok(()),
    }
}
