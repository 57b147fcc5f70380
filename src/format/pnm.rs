//! PBM, PGM, PPM, PAM and PFM: samples as stored.
#![forbid(unsafe_code)]

use super::pnm_header::{Header, Kind};
use super::whole::{Decode, Opened};
use super::{Description, Format, Photometric, ReadAt, Scratch, Stored, errors, pnm_text};
use crate::codec::bits;
use crate::error::Result;
use crate::sample::SampleType;

/// Reads the header.
pub fn open(source: &dyn ReadAt) -> Result<Opened> {
    let header = Header::read(source)?;
    let bitmap = header.kind == Kind::Bitmap;
    let sample = match header.kind {
        Kind::Float => SampleType::F32,
        _ if header.maxval > 255 => SampleType::U16,
        _ => SampleType::U8,
    };
    let description = Description {
        format: Format::Pnm,
        width: header.width,
        height: header.height,
        channels: header.channels,
        complex: false,
        sample,
        bits_stored: if bitmap { 1 } else { sample.bytes() as u32 * 8 },
        photometric: match header.channels {
            _ if bitmap => Photometric::MinIsWhite,
            1 | 2 => Photometric::MinIsBlack,
            _ => Photometric::Rgb,
        },
        compression: 0,
        orientation: 1,
        converted_to_rgb: false,
        inverted: false,
        turned: 0,
    };
    if header.least_end() > source.len() {
        return Err(errors::truncated("its image"));
    }
    let decoder = Pnm {
        raster: header.raster,
        packed: header.number == b'4',
        bitmap,
        maxval: header.maxval,
        stored: header.stored(),
    };
    Ok(Opened { description, note: note(&header, source), decoder: Box::new(decoder) })
}

fn note(header: &Header, source: &dyn ReadAt) -> Option<String> {
    let mut notes = Vec::new();
    let full = if header.maxval > 255 { 65_535 } else { 255 };
    match header.kind {
        Kind::Float if header.scale != 1.0 => {
            notes.push(format!("samples are as stored, without the factor of {}", header.scale));
        }
        Kind::Samples | Kind::Arbitrary if header.maxval != full => {
            notes.push(format!("samples are as stored, from 0 to the maxval of {}", header.maxval));
        }
        _ => {}
    }
    if header.more(source) {
        notes.push("the file holds further images; only the first is loaded".to_owned());
    }
    (!notes.is_empty()).then(|| notes.join("; "))
}

struct Pnm {
    raster: u64,
    /// Eight samples to a byte.
    packed: bool,
    bitmap: bool,
    maxval: u32,
    /// `None` for text, too.
    stored: Option<Stored>,
}

impl Decode for Pnm {
    fn decode(&self, image: &Description, raw: &[u8], _: &mut Scratch, out: &mut [u8]) -> Result<()> {
        let raster = usize::try_from(self.raster).ok().and_then(|raster| raw.get(raster..));
        let raster = raster.ok_or_else(|| errors::truncated("its image"))?;
        if self.bitmap && !self.packed {
            return pnm_text::bits(raster, out);
        }
        if !self.packed {
            return pnm_text::numbers(raster, image.sample.bytes(), self.maxval, out);
        }
        let (width, height) = (image.width as usize, image.height as usize);
        let row = width.div_ceil(8);
        let packed = row.checked_mul(height).and_then(|length| raster.get(..length));
        bits::unpack(packed.ok_or_else(|| errors::truncated("its image"))?, row, width, 1, 1, out);
        Ok(())
    }

    fn memory(&self, _: &Description) -> u64 {
        0
    }

    fn stored(&self) -> Option<Stored> {
        self.stored
    }
}
