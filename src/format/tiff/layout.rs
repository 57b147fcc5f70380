//! What the tags of a page say: its description and its chunks. Everything that
//! the crate would get wrong, or silently leave out, is refused here by name.
#![forbid(unsafe_code)]

use tiff::ColorType;
use tiff::decoder::{ChunkType, Decoder};
use tiff::tags::Tag;

use super::super::errors::from_tiff;
use super::super::view::View;
use super::super::{Chunk, Description, Format, Photometric};
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

pub(super) const NONE: u32 = 1;
pub(super) const FAX4: u32 = 4;
pub(super) const LZW: u32 = 5;
pub(super) const JPEG: u32 = 7;
pub(super) const DEFLATE: u32 = 8;
pub(super) const PACK_BITS: u32 = 32773;
pub(super) const OLD_DEFLATE: u32 = 32946;
pub(super) const ZSTD: u32 = 50000;

/// How the pixels of a page are stored.
pub(super) struct Layout {
    pub bits: u32,
    pub compression: u32,
    pub planar: bool,
    pub min_is_white: bool,
    pub ycbcr: bool,
    chunk_width: u32,
    chunk_height: u32,
}

fn unsupported(what: impl Into<String>) -> Error {
    Error::new(Status::Unsupported, format!("{} is not supported", what.into()))
}

fn corrupt(what: &str) -> Error {
    Error::new(Status::Corrupt, format!("the TIFF contradicts itself: {what}"))
}

/// Value of a numeric tag; its default where it is absent.
fn number(decoder: &mut Decoder<View>, tag: Tag, default: u32) -> Result<u32> {
    Ok(decoder.find_tag_unsigned(tag).map_err(from_tiff)?.unwrap_or(default))
}

/// First of the values of a tag that holds one for each sample, all equal.
fn per_sample(decoder: &mut Decoder<View>, tag: Tag, default: u32, what: &str) -> Result<u32> {
    let values: Option<Vec<u32>> = decoder.find_tag_unsigned_vec(tag).map_err(from_tiff)?;
    let values = values.unwrap_or_else(|| vec![default]);
    let first = *values.first().ok_or_else(|| corrupt("a tag without values"))?;
    if values.iter().any(|&value| value != first) {
        return Err(unsupported(format!("an image whose samples differ in {what}")));
    }
    Ok(first)
}

/// Reads the tags of a page.
pub(super) fn read(decoder: &mut Decoder<View>) -> Result<(Layout, Description)> {
    let (width, height) = decoder.dimensions().map_err(from_tiff)?;
    let channels = number(decoder, Tag::SamplesPerPixel, 1)?;
    let compression = number(decoder, Tag::Compression, NONE)?;
    let bits = per_sample(decoder, Tag::BitsPerSample, 1, "bits")?;
    let kind = per_sample(decoder, Tag::SampleFormat, 1, "type")?;
    let planar = number(decoder, Tag::PlanarConfiguration, 1)? == 2;
    let predictor = number(decoder, Tag::Predictor, 1)?;
    let photometric = number(decoder, Tag::PhotometricInterpretation, u32::MAX)?;

    check_compression(compression)?;
    check_order(decoder, compression, predictor)?;
    let sample = sample_type(kind, bits)?;
    check_colour(decoder, photometric, channels, bits, sample)?;

    let (chunk_width, chunk_height) = decoder.chunk_dimensions();
    let tiled = decoder.get_chunk_type() == ChunkType::Tile;
    if planar && channels > 1 && tiled && (width % chunk_width != 0 || height % chunk_height != 0) {
        return Err(unsupported("a planar image whose size is no multiple of its tiles"));
    }
    let ycbcr = photometric == 6 && compression == JPEG;
    if ycbcr && (planar || channels != 3) {
        return Err(unsupported("a planar YCbCr JPEG"));
    }
    let layout = Layout {
        bits,
        compression,
        planar: planar && channels > 1,
        min_is_white: photometric == 0,
        ycbcr,
        chunk_width,
        chunk_height,
    };
    let description = Description {
        format: Format::Tiff,
        width,
        height,
        channels,
        sample,
        bits_stored: bits,
        photometric: match photometric {
            0 => Photometric::MinIsWhite,
            1 => Photometric::MinIsBlack,
            5 => Photometric::Cmyk,
            6 if !ycbcr => Photometric::Ycbcr,
            _ => Photometric::Rgb,
        },
        compression,
        orientation: number(decoder, Tag::Orientation, 1)?.clamp(1, 8),
        converted_to_rgb: ycbcr,
    };
    Ok((layout, description))
}

fn check_compression(compression: u32) -> Result<()> {
    let name = match compression {
        NONE | FAX4 | LZW | JPEG | DEFLATE | PACK_BITS | OLD_DEFLATE | ZSTD => return Ok(()),
        2 => "CCITT RLE",
        3 => "CCITT G3",
        6 => "old-style JPEG",
        9 | 10 => "JBIG",
        32766 => "NeXT RLE",
        32809 => "ThunderScan",
        32908 | 32909 => "PixarFilm or PixarLog",
        34661 => "JBIG",
        34676 | 34677 => "SGILog",
        33003 | 33005 | 34712 => "JPEG 2000",
        34887 => "LERC",
        34925 => "LZMA",
        34933 | 50001 => "PNG or WebP",
        22610 | 34934 => "JPEG XR",
        33007 | 34892 | 50002 | 52546 => "JPEG XL or lossy JPEG",
        _ => "this",
    };
    Err(unsupported(format!("{name} compression ({compression})")))
}

/// Bit order and predictor, where the crate and libtiff would not agree.
fn check_order(decoder: &mut Decoder<View>, compression: u32, predictor: u32) -> Result<()> {
    if number(decoder, Tag::FillOrder, 1)? != 1 {
        return Err(unsupported("FillOrder 2 (least significant bit first)"));
    }
    let predicts = matches!(compression, LZW | DEFLATE | OLD_DEFLATE | ZSTD);
    if predictor != 1 && !predicts {
        return Err(unsupported(format!("predictor {predictor} with compression {compression}")));
    }
    Ok(())
}

fn sample_type(kind: u32, bits: u32) -> Result<SampleType> {
    match (kind, bits) {
        (1, 1..=8) => Ok(SampleType::U8),
        (1, 16) => Ok(SampleType::U16),
        (1, 32) => Ok(SampleType::U32),
        (1, 64) => Ok(SampleType::U64),
        (2, 8) => Ok(SampleType::I8),
        (2, 16) => Ok(SampleType::I16),
        (2, 32) => Ok(SampleType::I32),
        (2, 64) => Ok(SampleType::I64),
        (3, 16) => Ok(SampleType::F16),
        (3, 32) => Ok(SampleType::F32),
        (3, 64) => Ok(SampleType::F64),
        (1, _) => Err(unsupported(format!("a sample of {bits} bits"))),
        (2, _) => Err(unsupported(format!("a signed sample of {bits} bits"))),
        (3, _) => Err(unsupported(format!("a float of {bits} bits"))),
        (5 | 6, _) => Err(unsupported("a complex sample")),
        _ => Err(unsupported(format!("sample format {kind}"))),
    }
}

/// Only images of which the crate gives every sample, as stored.
fn check_colour(
    decoder: &mut Decoder<View>,
    photometric: u32,
    channels: u32,
    bits: u32,
    sample: SampleType,
) -> Result<()> {
    match photometric {
        3 => return Err(unsupported("a palette image")),
        4 => return Err(unsupported("a mask")),
        8..=10 => return Err(unsupported("a CIE L*a*b* image")),
        32844 | 32845 => return Err(unsupported("a LogLuv image")),
        _ => {}
    }
    let given = match decoder.colortype().map_err(from_tiff)? {
        ColorType::Gray(_) => 1,
        ColorType::RGB(_) | ColorType::YCbCr(_) => 3,
        ColorType::RGBA(_) | ColorType::CMYK(_) => 4,
        ColorType::CMYKA(_) => 5,
        ColorType::Multiband { num_samples, .. } => num_samples.into(),
        other => return Err(unsupported(format!("an image of type {other:?}"))),
    };
    if given != channels {
        return Err(unsupported(format!(
            "an image of {channels} samples a pixel, {} of them extra",
            channels - given.min(channels)
        )));
    }
    if bits < 8 && channels > 1 && photometric > 1 {
        return Err(unsupported(format!("a colour image of {bits} bits a sample")));
    }
    // The crate inverts where 0 is white. That can be undone for whole numbers.
    let whole = matches!(sample, SampleType::U8 | SampleType::U16 | SampleType::U32 | SampleType::U64);
    if photometric == 0 && (!whole || channels > 1) {
        return Err(unsupported(format!("{channels} samples of type {} where 0 is white", sample.name())));
    }
    Ok(())
}

/// The chunks of a page: strips from top to bottom or tiles row by row, one set
/// for each channel where channels are stored apart (TIFF 6.0, sections 8 and 15).
pub(super) fn chunks(
    decoder: &mut Decoder<View>,
    layout: &Layout,
    image: &Description,
) -> Result<Vec<Chunk>> {
    let (offsets, counts) = match decoder.get_chunk_type() {
        ChunkType::Strip => (Tag::StripOffsets, Tag::StripByteCounts),
        ChunkType::Tile => (Tag::TileOffsets, Tag::TileByteCounts),
    };
    let mut values = |tag| {
        let found: Option<Vec<u64>> = decoder.find_tag_unsigned_vec(tag).map_err(from_tiff)?;
        found.ok_or_else(|| corrupt("the offsets of its pixels are missing"))
    };
    let (offsets, counts) = (values(offsets)?, values(counts)?);
    let across = u64::from(image.width.div_ceil(layout.chunk_width.max(1)));
    let down = u64::from(image.height.div_ceil(layout.chunk_height.max(1)));
    let planes = if layout.planar { u64::from(image.channels) } else { 1 };
    let expected = across * down * planes;
    if offsets.len() as u64 != expected || counts.len() as u64 != expected {
        return Err(corrupt("it has another number of strips or tiles than its size asks for"));
    }
    let chunk = |(n, (&offset, &count)): (usize, (&u64, &u64))| {
        let in_plane = n as u64 % (across * down);
        let x = (in_plane % across) as u32 * layout.chunk_width;
        let y = (in_plane / across) as u32 * layout.chunk_height;
        Chunk {
            bytes: offset..offset.saturating_add(count),
            x,
            y,
            width: layout.chunk_width.min(image.width - x),
            height: layout.chunk_height.min(image.height - y),
            channel: if layout.planar { (n as u64 / (across * down)) as u32 } else { 0 },
            channels: if layout.planar { 1 } else { image.channels },
        }
    };
    Ok(offsets.iter().zip(&counts).enumerate().map(chunk).collect())
}

impl Layout {
    /// Columns of a whole chunk, padding included.
    pub(super) fn chunk_width(&self) -> u32 {
        self.chunk_width
    }

    /// Rows of a whole chunk.
    pub(super) fn chunk_height(&self) -> u32 {
        self.chunk_height
    }
}
