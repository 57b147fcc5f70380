//! PBM, PGM, PPM and PAM: samples as stored.
//!
//! Raw samples are read as they stand. Text and bits go through the crate, which
//! scales samples up to 255 or 65535 when the maxval is another; so it is shown a
//! header of ours: the same size, with a maxval that makes its factor 1.
#![forbid(unsafe_code)]

use std::io::{Cursor, ErrorKind};

use image::codecs::pnm::PnmDecoder;
use image::{ImageDecoder, ImageError};

use super::guard::guard;
use super::pnm_header::{Header, Kind};
use super::whole::{Decode, Opened};
use super::{Description, Format, Photometric, ReadAt, Scratch, Stored, errors, memory};
use crate::error::{Error, Result};
use crate::sample::SampleType;

/// Reads the header.
pub fn open(source: &dyn ReadAt) -> Result<Opened> {
    let header = Header::read(source)?;
    let bitmap = header.kind == Kind::Bitmap;
    let wide = header.maxval > 255;
    let full = if wide { 65_535 } else { 255 };
    let sample = if wide { SampleType::U16 } else { SampleType::U8 };
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
    let mut notes = Vec::new();
    if !bitmap && header.maxval != full {
        notes.push(format!("samples are as stored, from 0 to the maxval of {}", header.maxval));
    }
    if header.more(source) {
        notes.push("the file holds further images; only the first is loaded".to_owned());
    }
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    let decoder =
        Pnm { head: header.with_maxval(full), raster: header.raster, bitmap, stored: header.stored() };
    Ok(Opened { description, note, decoder: Box::new(decoder) })
}

struct Pnm {
    /// What the crate is shown in place of the file's header.
    head: Vec<u8>,
    raster: u64,
    bitmap: bool,
    stored: Option<Stored>,
}

impl Decode for Pnm {
    fn decode(&self, _: &Description, raw: &[u8], scratch: &mut Scratch, out: &mut [u8]) -> Result<()> {
        let shown = &mut scratch.raw;
        memory::join(shown, &self.head, raw, self.raster)?;
        let mut bytes = Cursor::new(shown.as_slice());
        let result = guard(|| {
            let decoder = PnmDecoder::new(&mut bytes).map_err(failed)?;
            if decoder.total_bytes() != out.len() as u64 {
                return Err(errors::corrupt("the PNM's header contradicts itself"));
            }
            decoder.read_image(out).map_err(failed)
        });
        if result.is_err() && bytes.position() >= shown.len() as u64 {
            return Err(errors::truncated("its image"));
        }
        result?;
        if self.bitmap {
            // The crate makes black, stored as 1, 0 and white 255.
            out.iter_mut().for_each(|sample| *sample = u8::from(*sample == 0));
        }
        Ok(())
    }

    fn memory(&self, image: &Description) -> u64 {
        // The file's bytes, behind another head. A sample as text takes up to six.
        let size = image.slice_bytes().unwrap_or(u64::MAX);
        if self.stored.is_some() { 0 } else { size.saturating_mul(6).saturating_add(64 * 1024) }
    }

    fn stored(&self) -> Option<Stored> {
        self.stored
    }
}

fn failed(error: ImageError) -> Error {
    match error {
        ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            errors::truncated("its image")
        }
        ImageError::IoError(error) => Error::io("read the PNM", &error),
        ImageError::Unsupported(error) => errors::unsupported(error.to_string()),
        ImageError::Limits(_) => errors::limit("the PNM is larger than the limits allow"),
        other => errors::corrupt(format!("the PNM cannot be decoded: {other}")),
    }
}
