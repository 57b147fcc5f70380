//! What can be given exactly as stored, and the name of everything else.
#![forbid(unsafe_code)]

use super::tags::Tags;
use crate::codec::bits;
use crate::codec::fax::Coding;
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
    pub(crate) const JPEG: u64 = 7;
    pub(crate) const DEFLATE: u64 = 8;
    pub(crate) const OLD_DEFLATE: u64 = 32946;
    pub(crate) const FAX_RLE_WORDS: u64 = 32771;
    pub(crate) const PACKBITS: u64 = 32773;
    pub(crate) const ZSTD: u64 = 50000;
}

/// What the samples are, once nothing speaks against them.
pub struct Samples {
    pub photometric: Photometric,
    pub kind: SampleType,
    pub bits: u32,
}

impl Samples {
    /// Samples of the file are as wide as those of the buffer.
    pub fn is_whole(&self) -> bool {
        self.bits as usize == 8 * self.kind.bytes()
    }
}

/// Names the first thing that cannot be given as stored.
pub fn check(tags: &Tags) -> Result<Samples> {
    check_compression(tags)?;
    let photometric = photometric(tags)?;
    let (kind, bits) = sample_type(tags)?;
    let samples = Samples { photometric, kind, bits };
    check_predictor(tags, &samples)?;
    check_color(tags, &samples)?;
    Ok(samples)
}

fn check_compression(tags: &Tags) -> Result<()> {
    use compression::*;
    match tags.compression {
        NONE | LZW | JPEG | DEFLATE | OLD_DEFLATE | PACKBITS | ZSTD => Ok(()),
        _ if fax(tags).is_some() => Ok(()),
        other => Err(unsupported(format!("TIFF compression {}", names::compression(other)))),
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

fn photometric(tags: &Tags) -> Result<Photometric> {
    match tags.photometric {
        Some(0) => Ok(Photometric::MinIsWhite),
        Some(1) => Ok(Photometric::MinIsBlack),
        Some(2) => Ok(Photometric::Rgb),
        Some(3) => Ok(Photometric::Palette),
        Some(4) => Ok(Photometric::Mask),
        Some(5) => Ok(Photometric::Cmyk),
        Some(6) => Ok(Photometric::Ycbcr),
        Some(8) => Ok(Photometric::CieLab),
        Some(9) => Ok(Photometric::IccLab),
        Some(10) => Ok(Photometric::ItuLab),
        Some(32803) => Ok(Photometric::Cfa),
        Some(34892) => Ok(Photometric::LinearRaw),
        Some(51177) => Ok(Photometric::Depth),
        Some(other) => Err(unsupported(format!("TIFF photometric {}", names::photometric(other)))),
        // As libtiff guesses, by the samples that are no extra ones.
        None => Ok(match tags.samples.saturating_sub(tags.extra_samples) {
            3 => Photometric::Rgb,
            _ => Photometric::MinIsBlack,
        }),
    }
}

fn sample_type(tags: &Tags) -> Result<(SampleType, u32)> {
    if tags.samples == 0 {
        return Err(corrupt("SamplesPerPixel is 0"));
    }
    let first = |values: &[u64], name: &str| match values {
        [] => Err(corrupt(format!("{name} is empty"))),
        [first, rest @ ..] if rest.iter().all(|other| other == first) => Ok(*first),
        mixed => Err(unsupported(format!("channels that differ in {name}: {mixed:?}"))),
    };
    let bits = first(&tags.bits, "BitsPerSample")?;
    let format = first(&tags.formats, "SampleFormat")?;
    let kind = match (format, bits) {
        (1..=4, _) if tags.compression == compression::JPEG && bits == 12 => {
            return Err(unsupported("12-bit JPEG in TIFF"));
        }
        // Samples of an undefined format are numbers to all who read them.
        (1 | 4, 1..=8) => SampleType::U8,
        (1 | 4, 9..=16) => SampleType::U16,
        (1 | 4, 17..=32) => SampleType::U32,
        (1 | 4, 33..=MOST_BITS_U64 | 64) => SampleType::U64,
        (2, 8) => SampleType::I8,
        (2, 16) => SampleType::I16,
        (2, 32) => SampleType::I32,
        (2, 64) => SampleType::I64,
        (3, 16) => SampleType::F16,
        (3, 24 | 32) => SampleType::F32,
        (3, 64) => SampleType::F64,
        (_, 0) => return Err(corrupt("BitsPerSample is 0")),
        (1..=4, _) => {
            let kind = ["unsigned", "signed", "floating-point", "undefined"][format as usize - 1];
            return Err(unsupported(format!("{kind} samples of {bits} bits")));
        }
        _ => {
            return Err(unsupported(format!("TIFF SampleFormat {}", names::sample_format(format))));
        }
    };
    Ok((kind, bits as u32))
}

fn check_predictor(tags: &Tags, samples: &Samples) -> Result<()> {
    use compression::*;
    match tags.predictor {
        1 => return Ok(()),
        2 if samples.is_whole() => {}
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
        LZW | DEFLATE | OLD_DEFLATE | ZSTD => Ok(()),
        other => Err(unsupported(format!(
            "predictor {} with compression {}",
            tags.predictor,
            names::compression(other)
        ))),
    }
}

fn check_color(tags: &Tags, samples: &Samples) -> Result<()> {
    let (bits, count) = (samples.bits, tags.samples);
    let jpeg = tags.compression == compression::JPEG;
    match samples.photometric {
        Photometric::Rgb | Photometric::Ycbcr if count < 3 => {
            return Err(unsupported(format!("{:?} with {count} samples per pixel", samples.photometric)));
        }
        Photometric::Cmyk if count < 4 => {
            return Err(unsupported(format!("Cmyk with {count} samples per pixel")));
        }
        Photometric::Ycbcr if samples.kind != SampleType::U8 => {
            return Err(unsupported(format!("YCbCr with {} samples", samples.kind.name())));
        }
        Photometric::Ycbcr if !jpeg && tags.subsampling != [1, 1] => {
            return Err(unsupported(format!("YCbCr subsampled by {:?} without JPEG", tags.subsampling)));
        }
        Photometric::Ycbcr if jpeg && tags.planar => {
            return Err(unsupported("planar YCbCr in JPEG"));
        }
        _ => {}
    }
    if jpeg {
        let channels = if tags.planar { 1 } else { count };
        if samples.kind != SampleType::U8 || bits != 8 {
            return Err(unsupported(format!(
                "JPEG in TIFF with {} samples of {bits} bits",
                samples.kind.name()
            )));
        }
        if samples.photometric == Photometric::Cmyk {
            return Err(unsupported("CMYK JPEG in TIFF"));
        }
        if channels != 1 && channels != 3 {
            return Err(unsupported(format!("JPEG in TIFF with {channels} samples per pixel")));
        }
    }
    if fax(tags).is_some() && (bits, count) != (1, 1) {
        let name = names::compression(tags.compression);
        return Err(unsupported(format!("{name} with {count} samples of {bits} bits")));
    }
    Ok(())
}
