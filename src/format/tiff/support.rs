//! What can be given exactly as stored, and the name of everything else.
#![forbid(unsafe_code)]

use super::own::{self, LOG_L, LOG_LUV, Own};
use super::picture_chunk;
use super::tags::Tags;
use crate::codec::bits;
use crate::codec::fax::Coding;
use crate::codec::ycbcr_units::Units;
use crate::error::Result;
use crate::format::errors::{corrupt, unsupported};
use crate::format::{Photometric, names};
use crate::sample::SampleType;

const MOST_BITS_U64: u64 = bits::MOST_BITS as u64;

/// Compression numbers of TIFF that are read.
pub mod compression {
    pub(crate) const NONE: u64 = 1;
    pub(crate) const FAX_RLE: u64 = 2;
    pub(crate) const FAX3: u64 = 3;
    pub(crate) const FAX4: u64 = 4;
    pub(crate) const LZW: u64 = 5;
    pub(crate) const OLD_JPEG: u64 = 6;
    pub(crate) const JPEG: u64 = 7;
    pub(crate) const DEFLATE: u64 = 8;
    pub(crate) const OLD_DEFLATE: u64 = 32946;
    pub(crate) const PIXTIFF_DEFLATE: u64 = 50013;
    pub(crate) const FAX_RLE_WORDS: u64 = 32771;
    pub(crate) const PACKBITS: u64 = 32773;
    pub(crate) const NEXT: u64 = 32766;
    pub(crate) const THUNDERSCAN: u64 = 32809;
    pub(crate) const PIXARLOG: u64 = 32909;
    pub(crate) const SGILOG: u64 = 34676;
    pub(crate) const SGILOG24: u64 = 34677;
    #[cfg(feature = "jpeg2000")]
    pub(crate) const APERIO_YCBCR: u64 = 33003;
    #[cfg(feature = "jpeg2000")]
    pub(crate) const APERIO_YCBCR_OLD: u64 = 33004;
    #[cfg(feature = "jpeg2000")]
    pub(crate) const APERIO_RGB: u64 = 33005;
    #[cfg(feature = "jpeg2000")]
    pub(crate) const JPEG_2000: u64 = 34712;
    pub(crate) const LERC: u64 = 34887;
    pub(crate) const LZMA: u64 = 34925;
    pub(crate) const PNG: u64 = 34933;
    pub(crate) const ZSTD: u64 = 50000;
    #[cfg(feature = "webp")]
    pub(crate) const WEBP: u64 = 50001;
    #[cfg(feature = "jpegxl")]
    pub(crate) const JPEG_XL: u64 = 50002;
    #[cfg(feature = "jpegxl")]
    pub(crate) const JPEG_XL_DNG: u64 = 52546;
}

/// What the samples are, once nothing speaks against them.
pub struct Samples {
    pub photometric: Photometric,
    /// Type of a sample, or of a part of a complex one.
    pub kind: SampleType,
    /// Bits of a sample in the file, or of a part of a complex one.
    pub bits: u32,
    /// Samples have a real and an imaginary part.
    pub complex: bool,
    /// The compression makes samples of its own.
    pub own: Option<Own>,
    /// What the file says of its samples that makes no sense.
    pub note: Option<String>,
}

impl Samples {
    /// Samples of the file are as wide as those of the buffer.
    pub fn is_whole(&self) -> bool {
        self.bits as usize == 8 * self.kind.bytes()
    }

    /// Numbers in a sample: 2 in a complex one.
    pub fn parts(&self) -> u64 {
        if self.complex { 2 } else { 1 }
    }
}

/// Names the first thing that cannot be given as stored.
pub fn check(tags: &Tags) -> Result<Samples> {
    if tags.samples == 0 {
        return Err(corrupt("SamplesPerPixel is 0"));
    }
    check_compression(tags)?;
    let (photometric, mut note) = photometric(tags)?;
    let own = own::of(tags)?;
    let (kind, bits, complex) = match own {
        Some((_, kind)) => (kind, 8 * kind.bytes() as u32, false),
        None => sample_type(tags)?,
    };
    let own = own.map(|(own, _)| own);
    if bits == 24 && kind != SampleType::F32 && !tags.big_endian {
        // TIFF 6.0 knows no numbers of three bytes. Readers take them for packed bits;
        // libtiff's own tools, and GraphicsMagick, for numbers in the order of the file.
        let order =
            "its samples of 24 bits are read with the highest byte first; some writers mean the lowest";
        note = Some(note.map_or_else(|| order.to_owned(), |note| format!("{note}; {order}")));
    }
    let samples = Samples { photometric, kind, bits, complex, own, note };
    check_predictor(tags, &samples)?;
    check_color(tags, &samples)?;
    Ok(samples)
}

fn check_compression(tags: &Tags) -> Result<()> {
    use compression::*;
    match tags.compression {
        NONE | LZW | OLD_JPEG | JPEG | DEFLATE | OLD_DEFLATE | PIXTIFF_DEFLATE | PACKBITS | ZSTD => Ok(()),
        NEXT | THUNDERSCAN | PIXARLOG | SGILOG | SGILOG24 => Ok(()),
        LZMA if cfg!(feature = "lzma") => Ok(()),
        _ if fax(tags).is_some() => Ok(()),
        picture if picture_chunk::decoder(picture).is_some() => Ok(()),
        other => Err(unsupported(format!("TIFF compression {}", names::compression(other)))),
    }
}

/// The units of YCbCr with less chroma than luma, where no JPEG sees to that.
pub fn units(tags: &Tags) -> Option<Units> {
    let jpeg = matches!(tags.compression, compression::JPEG | compression::OLD_JPEG);
    let whole = jpeg || picture_chunk::decoder(tags.compression).is_some();
    match tags.subsampling[..] {
        [1, 1] => None,
        // Fewer samples than three are no YCbCr, whatever the file says.
        [across, down] if tags.photometric == Some(6) && tags.samples >= 3 && !whole => {
            Units::new(across, down)
        }
        _ => None,
    }
}

fn check_units(tags: &Tags, samples: &Samples) -> Result<()> {
    let plain = samples.bits == 8 && tags.samples == 3 && !tags.planar && tags.predictor == 1;
    match units(tags) {
        Some(_) if plain => Ok(()),
        _ => Err(unsupported(format!(
            "YCbCr subsampled by {:?} of {} {}-bit samples, predictor {}{}",
            tags.subsampling,
            tags.samples,
            samples.bits,
            tags.predictor,
            if tags.planar { ", planar" } else { "" }
        ))),
    }
}

/// How a fax is coded, if it is one.
pub fn fax(tags: &Tags) -> Option<Coding> {
    match tags.compression {
        compression::FAX_RLE => Some(Coding::Rle),
        compression::FAX_RLE_WORDS => Some(Coding::RleWords),
        compression::FAX3 => Some(Coding::G3 { two_dimensional: tags.t4_options & 1 != 0 }),
        compression::FAX4 => Some(Coding::G4),
        _ => None,
    }
}

/// What the samples mean. Where that cannot be, they are taken as they are stored, and
/// a note says so.
fn photometric(tags: &Tags) -> Result<(Photometric, Option<String>)> {
    let count = tags.samples;
    let odd = |what: &str| {
        let note = format!("the file calls its {count} samples per pixel {what}; they are given as stored");
        Ok((Photometric::MinIsBlack, Some(note)))
    };
    match stated_photometric(tags) {
        Some(Photometric::Rgb) if count < 3 => odd("RGB"),
        Some(Photometric::Ycbcr) if count < 3 => odd("YCbCr"),
        Some(Photometric::Cmyk) if count < 4 => odd("CMYK"),
        Some(known) => Ok((known, None)),
        None => odd(&format!("photometric {}", names::photometric(tags.photometric.unwrap_or(0)))),
    }
}

fn stated_photometric(tags: &Tags) -> Option<Photometric> {
    match tags.photometric {
        Some(0) => Some(Photometric::MinIsWhite),
        Some(1) => Some(Photometric::MinIsBlack),
        Some(2) => Some(Photometric::Rgb),
        Some(3) => Some(Photometric::Palette),
        Some(4) => Some(Photometric::Mask),
        Some(5) => Some(Photometric::Cmyk),
        Some(6) => Some(Photometric::Ycbcr),
        Some(8) => Some(Photometric::CieLab),
        Some(9) => Some(Photometric::IccLab),
        Some(10) => Some(Photometric::ItuLab),
        Some(32803) => Some(Photometric::Cfa),
        Some(34892) => Some(Photometric::LinearRaw),
        Some(LOG_L) => Some(Photometric::LogL),
        // Others than SGILog's are codes of colors, not colors.
        Some(LOG_LUV) if matches!(tags.compression, compression::SGILOG | compression::SGILOG24) => {
            Some(Photometric::LogLuv)
        }
        Some(51177) => Some(Photometric::Depth),
        Some(_) => None,
        // As libtiff guesses, by the samples that are no extra ones.
        None => Some(match tags.samples.saturating_sub(tags.extra_samples) {
            3 => Photometric::Rgb,
            _ => Photometric::MinIsBlack,
        }),
    }
}

/// Type and bits of a sample or, where it is complex, of each of its two parts.
fn sample_type(tags: &Tags) -> Result<(SampleType, u32, bool)> {
    let first = |values: &[u64], name: &str| match values {
        [] => Err(corrupt(format!("{name} is empty"))),
        [first, rest @ ..] if rest.iter().all(|other| other == first) => Ok(*first),
        mixed => Err(unsupported(format!("channels that differ in {name}: {mixed:?}"))),
    };
    let bits = first(&tags.bits, "BitsPerSample")?;
    let format = first(&tags.formats, "SampleFormat")?;
    let kind = match (format, bits) {
        // Samples of an undefined format are numbers to all who read them.
        (1 | 4, 1..=8) => SampleType::U8,
        (1 | 4, 9..=16) => SampleType::U16,
        (1 | 4, 17..=32) => SampleType::U32,
        (1 | 4, 33..=MOST_BITS_U64 | 64) => SampleType::U64,
        // One bit has no room for a sign.
        (2, 1) => SampleType::U8,
        (2, 2..=8) => SampleType::I8,
        (2, 9..=16) => SampleType::I16,
        (2, 17..=32) => SampleType::I32,
        (2, 33..=MOST_BITS_U64 | 64) => SampleType::I64,
        (3, 16) => SampleType::F16,
        (3, 24 | 32) => SampleType::F32,
        (3, 64) => SampleType::F64,
        (5, 16) => return Ok((SampleType::I8, 8, true)),
        (5, 32) => return Ok((SampleType::I16, 16, true)),
        (5, 64) => return Ok((SampleType::I32, 32, true)),
        (6, 32) => return Ok((SampleType::F16, 16, true)),
        (6, 64) => return Ok((SampleType::F32, 32, true)),
        (6, 128) => return Ok((SampleType::F64, 64, true)),
        (_, 0) => return Err(corrupt("BitsPerSample is 0")),
        (1..=6, _) => {
            let kinds = ["unsigned", "signed", "floating-point", "undefined", "complex integer", "complex"];
            let kind = kinds[format as usize - 1];
            return Err(unsupported(format!("{kind} samples of {bits} bits")));
        }
        _ => {
            return Err(unsupported(format!("TIFF SampleFormat {}", names::sample_format(format))));
        }
    };
    Ok((kind, bits as u32, false))
}

fn check_predictor(tags: &Tags, samples: &Samples) -> Result<()> {
    use compression::*;
    let foreign = tags.big_endian != cfg!(target_endian = "big");
    match tags.predictor {
        1 => return Ok(()),
        // Both libtiff and tifffile overlook it there.
        _ if picture_chunk::decoder(tags.compression).is_some() => return Ok(()),
        // Whole complex samples are summed up, not their parts: in libtiff these are
        // numbers of 64 bits at the most.
        2 if samples.complex && (foreign || samples.bits > 32) => {
            return Err(unsupported(match foreign {
                true => "predictor 2 on complex samples of a foreign byte order".to_owned(),
                false => format!("predictor 2 on complex samples of {} bits", 2 * samples.bits),
            }));
        }
        3 if samples.complex => return Err(unsupported("predictor 3 on complex samples")),
        2 if samples.is_whole() => {}
        3 if (samples.kind, samples.bits) == (SampleType::F32, 24) => {}
        3 if samples.is_whole()
            && matches!(samples.kind, SampleType::F16 | SampleType::F32 | SampleType::F64) => {}
        2 | 3 => {
            return Err(unsupported(format!(
                "predictor {} on {} samples of {} bits",
                tags.predictor,
                samples.kind.name(),
                samples.bits
            )));
        }
        other => return Err(unsupported(format!("TIFF predictor {other}"))),
    }
    // libtiff undoes a predictor behind these only.
    match tags.compression {
        LZW | DEFLATE | OLD_DEFLATE | PIXTIFF_DEFLATE | ZSTD | LZMA => Ok(()),
        other => Err(unsupported(format!(
            "predictor {} with compression {}",
            tags.predictor,
            names::compression(other)
        ))),
    }
}

fn check_color(tags: &Tags, samples: &Samples) -> Result<()> {
    let (bits, count) = (samples.bits, tags.samples);
    let in_chunk = if tags.planar { 1 } else { count };
    let old_jpeg = tags.compression == compression::OLD_JPEG;
    let jpeg = old_jpeg || tags.compression == compression::JPEG;
    match samples.photometric {
        Photometric::Ycbcr if samples.kind != SampleType::U8 && !(jpeg && bits == 12) => {
            return Err(unsupported(format!("YCbCr with {} samples", samples.kind.name())));
        }
        // A picture says itself how it is subsampled.
        Photometric::Ycbcr if picture_chunk::decoder(tags.compression).is_some() => {}
        Photometric::Ycbcr if !jpeg && tags.subsampling != [1, 1] => check_units(tags, samples)?,
        Photometric::Ycbcr if jpeg && count != 3 => {
            return Err(unsupported(format!("YCbCr with {count} samples per pixel in JPEG")));
        }
        Photometric::Ycbcr if jpeg && tags.planar => {
            return Err(unsupported("planar YCbCr in JPEG"));
        }
        _ => {}
    }
    let packed = [(compression::THUNDERSCAN, 4), (compression::NEXT, 2)];
    if let Some((number, wanted)) = packed.into_iter().find(|(number, _)| *number == tags.compression)
        && (u64::from(bits), in_chunk) != (wanted, 1)
    {
        let name = names::compression(number);
        return Err(unsupported(format!("{name} with {count} samples of {bits} bits")));
    }
    if jpeg {
        let channels = if tags.planar { 1 } else { count };
        // Whole numbers, of 8 bits and, if lossless, of up to 16.
        if !matches!(samples.kind, SampleType::U8 | SampleType::U16 | SampleType::I8 | SampleType::I16) {
            return Err(unsupported(format!(
                "JPEG in TIFF with {} samples of {bits} bits",
                samples.kind.name()
            )));
        }
        if old_jpeg && bits != 8 {
            return Err(unsupported(format!("old-style JPEG of {bits} bits")));
        }
        if channels > 4 {
            return Err(unsupported(format!("JPEG in TIFF with {channels} samples per pixel")));
        }
    }
    if fax(tags).is_some() && (bits, in_chunk) != (1, 1) {
        let name = names::compression(tags.compression);
        return Err(unsupported(format!("{name} with {count} samples of {bits} bits")));
    }
    Ok(())
}
