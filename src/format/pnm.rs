//! PBM, PGM, PPM and PAM through `image`, samples as stored.
#![forbid(unsafe_code)]

use std::sync::Arc;

use image::codecs::pnm::{PnmDecoder, PnmSubtype};
use image::{ColorType, ImageDecoder};

use super::errors::{from_image, make_room};
use super::page::whole_file;
use super::view::View;
use super::{Chunk, Description, Format, Limits, Photometric, ReadAt};
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

pub(super) struct Pnm {
    source: Arc<dyn ReadAt>,
}

fn decoder(source: &Arc<dyn ReadAt>) -> Result<PnmDecoder<View>> {
    PnmDecoder::new(View::new(source.clone())).map_err(from_image)
}

pub(super) fn open(source: Arc<dyn ReadAt>, limits: &Limits) -> Result<(Pnm, Description, Vec<Chunk>)> {
    let decoder = decoder(&source)?;
    let (width, height) = decoder.dimensions();
    let colour = decoder.color_type();
    // In a PBM 1 is black; it is the only one where more is darker.
    let photometric = match (decoder.subtype(), colour.has_color()) {
        (PnmSubtype::Bitmap(_), _) => Photometric::MinIsWhite,
        (_, true) => Photometric::Rgb,
        (_, false) => Photometric::MinIsBlack,
    };
    let wide = matches!(colour, ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16);
    let description = Description {
        format: Format::Pnm,
        width,
        height,
        channels: colour.channel_count().into(),
        sample: if wide { SampleType::U16 } else { SampleType::U8 },
        bits_stored: u32::BITS - decoder.header().maximal_sample().leading_zeros(),
        photometric,
        compression: 0,
        orientation: 1,
        converted_to_rgb: false,
    };
    limits.check(&description)?;
    let chunks = vec![whole_file(&*source, &description)];
    Ok((Pnm { source }, description, chunks))
}

impl Pnm {
    pub(super) fn decode(&mut self, image: &Description, out: &mut Vec<u8>) -> Result<()> {
        let decoder = decoder(&self.source)?;
        let most = decoder.header().maximal_sample();
        make_room(out, decoder.total_bytes())?;
        decoder.read_image(out).map_err(from_image)?;
        if image.photometric == Photometric::MinIsWhite {
            out.iter_mut().for_each(|sample| *sample = u8::from(*sample == 0));
            return Ok(());
        }
        match image.sample {
            SampleType::U8 if most != 0xff => unscale(out.as_chunks_mut::<1>().0, most, 0xff),
            SampleType::U16 if most != 0xffff => unscale(out.as_chunks_mut::<2>().0, most, 0xffff),
            _ => Ok(()),
        }
    }
}

/// The crate stretches samples whose greatest value is `most` to the full range;
/// this takes each back to what is stored, by a table of the crate's own formula.
fn unscale<const N: usize>(samples: &mut [[u8; N]], most: u32, full: u32) -> Result<()> {
    let factor = full as f32 / most as f32;
    let mut stored = vec![None; full as usize + 1];
    for value in 0..=most {
        stored[(value as f32 * factor).round() as usize] = Some(value);
    }
    for sample in samples {
        let mut wide = [0; 2];
        wide[..N].copy_from_slice(sample);
        let stretched = if N == 1 { wide[0].into() } else { u16::from_ne_bytes(wide) };
        let Some(value) = stored[usize::from(stretched)] else {
            return Err(Error::new(
                Status::Corrupt,
                format!("a sample is above the greatest value declared, {most}"),
            ));
        };
        // `value` is at most `full`, so it fits N bytes.
        match N {
            1 => sample[0] = value as u8,
            _ => sample.copy_from_slice(&(value as u16).to_ne_bytes()),
        }
    }
    Ok(())
}
