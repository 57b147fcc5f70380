//! BMP through `image`: indices as stored where there is a palette.
#![forbid(unsafe_code)]

use std::sync::Arc;

use image::ImageDecoder;
use image::codecs::bmp::BmpDecoder;

use super::errors::{from_image, from_io, make_room};
use super::page::whole_file;
use super::view::View;
use super::{Chunk, Description, Format, Limits, Photometric, ReadAt};
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

pub(super) struct Bmp {
    source: Arc<dyn ReadAt>,
}

/// Bits per pixel and compression number, as the headers say.
fn kind(source: &dyn ReadAt) -> Result<(u32, u32)> {
    let mut head = [0; 34];
    source.read_at(0, &mut head).map_err(|error| from_io(&error))?;
    let word = |at: usize| u32::from(u16::from_le_bytes([head[at], head[at + 1]]));
    // The old BITMAPCOREHEADER has 12 bytes, and no compression.
    if word(14) == 12 {
        return Ok((word(24), 0));
    }
    Ok((word(28), word(30) | word(32) << 16))
}

fn decoder(source: &Arc<dyn ReadAt>, bits: u32) -> Result<BmpDecoder<View>> {
    let mut decoder = BmpDecoder::new(View::new(source.clone())).map_err(from_image)?;
    decoder.set_indexed_color(bits <= 8);
    Ok(decoder)
}

pub(super) fn open(source: Arc<dyn ReadAt>, limits: &Limits) -> Result<(Bmp, Description, Vec<Chunk>)> {
    let (bits, compression) = kind(&*source)?;
    let refuse = |what: &str| Err(Error::new(Status::Unsupported, format!("{what} BMP is not supported")));
    match (bits, compression) {
        (_, 1 | 2) => return refuse("a run-length compressed"),
        (16, _) => return refuse("a 16-bit"),
        (1 | 4 | 8 | 24, 0) | (32, 0 | 3 | 6) => {}
        _ => return refuse("this kind of"),
    }
    let decoder = decoder(&source, bits)?;
    let (width, height) = decoder.dimensions();
    let photometric = match decoder.get_palette() {
        Some(palette) if bits <= 8 && !is_grey_ramp(palette, bits) => Photometric::Palette,
        Some(_) if bits <= 8 => Photometric::MinIsBlack,
        _ => Photometric::Rgb,
    };
    let description = Description {
        format: Format::Bmp,
        width,
        height,
        channels: decoder.color_type().channel_count().into(),
        sample: SampleType::U8,
        bits_stored: bits.min(8),
        photometric,
        compression: 0,
        orientation: 1,
        converted_to_rgb: false,
    };
    limits.check(&description)?;
    let chunks = vec![whole_file(&*source, &description)];
    Ok((Bmp { source }, description, chunks))
}

/// Whether the palette says no more than the index: black to white in even steps.
fn is_grey_ramp(palette: &[[u8; 3]], bits: u32) -> bool {
    let last = (1usize << bits) - 1;
    palette
        .iter()
        .take(last + 1)
        .enumerate()
        .all(|(index, colour)| *colour == [(index * 255 / last) as u8; 3])
}

impl Bmp {
    pub(super) fn decode(&mut self, image: &Description, out: &mut Vec<u8>) -> Result<()> {
        let decoder = decoder(&self.source, if image.photometric == Photometric::Rgb { 24 } else { 8 })?;
        make_room(out, decoder.total_bytes())?;
        decoder.read_image(out).map_err(from_image)
    }
}
