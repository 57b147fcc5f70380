//! BMP: true color, and palette indices as stored.
//!
//! The crate looks colors up unless told otherwise, and then panics on anything
//! but 8-bit indices without compression. So it is shown another palette, in
//! which color i is (i, i, i): what it looks up are the indices.
#![forbid(unsafe_code)]

use std::io::{Cursor, ErrorKind};

use image::codecs::bmp::BmpDecoder;
use image::{ImageDecoder, ImageError};

use super::bmp_header::{Header, RGB_MASKED, RGB_PLAIN, RLE4, RLE8};
use super::guard::guard;
use super::whole::{Decode, Opened};
use super::{Description, Format, Photometric, ReadAt, Scratch, Stored, errors, memory};
use crate::error::{Error, Result};
use crate::sample::SampleType;

/// The crate's rows and palette.
const WORKING: u64 = 512 * 1024;

/// Reads the headers and the palette.
pub fn open(source: &dyn ReadAt) -> Result<Opened> {
    let header = Header::read(source)?;
    let (channels, photometric) = match (header.bits, header.compression) {
        (1 | 2 | 4 | 8, RGB_PLAIN) | (4, RLE4) | (8, RLE8) => (1, photometric(&header)),
        (24, RGB_PLAIN) | (32, RGB_PLAIN) => (3, Photometric::Rgb),
        (32, RGB_MASKED) => (mask_channels(&header)?, Photometric::Rgb),
        (bits, RGB_PLAIN | RGB_MASKED) => {
            return Err(errors::unsupported(format!("BMP of {bits} bits per pixel")));
        }
        (_, 4) => return Err(errors::unsupported("BMP with a JPEG inside")),
        (_, 5) => return Err(errors::unsupported("BMP with a PNG inside")),
        (bits, other) => {
            return Err(errors::unsupported(format!("BMP compression {other} of {bits} bits")));
        }
    };
    let description = Description {
        format: Format::Bmp,
        width: header.width,
        height: header.height,
        channels,
        complex: false,
        sample: SampleType::U8,
        bits_stored: if channels == 1 { header.bits } else { 8 },
        photometric,
        compression: 0,
        orientation: 1,
        converted_to_rgb: false,
        inverted: false,
        turned: 0,
    };
    let note = (header.bits == 32 && channels == 3).then(|| {
        "the fourth byte of each BMP pixel, which its header leaves undefined, is left out".to_owned()
    });
    let head = if channels == 1 { header.with_identity_palette() } else { header.bytes.clone() };
    let skipped = if channels == 1 { header.pixels } else { header.bytes.len() as u64 };
    let stored = (header.bits == 8 && header.compression == RGB_PLAIN).then(|| stored(&header));
    Ok(Opened { description, note, decoder: Box::new(Bmp { head, skipped, stored }) })
}

/// One byte for each pixel, rows filled up to a multiple of four bytes.
fn stored(header: &Header) -> Stored {
    let row = u64::from(header.width).next_multiple_of(4) as i64;
    let below_top = row * (i64::from(header.height) - 1);
    match header.top_down {
        true => Stored { first: header.pixels, row_step: row, swapped: false },
        false => Stored { first: header.pixels + below_top as u64, row_step: -row, swapped: false },
    }
}

/// Grey when the palette is the ramp that a grey image of so many bits has.
fn photometric(header: &Header) -> Photometric {
    let white = (1_u32 << header.bits) - 1;
    let ramp = |color: &[u8; 3], index: usize| *color == [(index as u32 * 255 / white) as u8; 3];
    let is_ramp = !header.palette.is_empty()
        && header.palette.iter().enumerate().all(|(index, color)| ramp(color, index));
    if is_ramp { Photometric::MinIsBlack } else { Photometric::Palette }
}

/// Whole bytes in any order are read exactly; other widths would be scaled.
fn mask_channels(header: &Header) -> Result<u32> {
    let byte = |mask: u32| mask.count_ones() == 8 && mask >> mask.trailing_zeros() == 0xFF;
    match header.masks {
        [red, green, blue, alpha] if [red, green, blue].into_iter().all(byte) => match alpha {
            0 => Ok(3),
            _ if byte(alpha) => Ok(4),
            _ => Err(errors::unsupported("BMP whose alpha has not 8 bits")),
        },
        _ => Err(errors::unsupported("BMP whose colors have not 8 bits each")),
    }
}

struct Bmp {
    /// What the crate is shown in place of the file's first bytes.
    head: Vec<u8>,
    /// Bytes of the file that `head` stands for.
    skipped: u64,
    stored: Option<Stored>,
}

impl Decode for Bmp {
    fn decode(&self, image: &Description, raw: &[u8], scratch: &mut Scratch, out: &mut [u8]) -> Result<()> {
        let Scratch { raw: shown, packed: looked_up, .. } = scratch;
        memory::join(shown, &self.head, raw, self.skipped)?;
        let indexed = image.channels == 1;
        let target = if indexed {
            memory::resize(looked_up, out.len() as u64 * 3)?;
            &mut *looked_up
        } else {
            &mut *out
        };
        guard(|| {
            let decoder = BmpDecoder::new(Cursor::new(shown.as_slice())).map_err(failed)?;
            if decoder.total_bytes() != target.len() as u64 {
                return Err(errors::corrupt("the BMP's header contradicts itself"));
            }
            decoder.read_image(target).map_err(failed)
        })?;
        if indexed {
            for (index, color) in out.iter_mut().zip(looked_up.chunks_exact(3)) {
                *index = color[0];
            }
        }
        Ok(())
    }

    fn memory(&self, image: &Description) -> u64 {
        let size = image.slice_bytes().unwrap_or(u64::MAX);
        // The file's bytes, behind another head; indices looked up.
        let copies = if image.channels == 1 { 4 } else { 2 };
        if self.stored.is_some() { 0 } else { size.saturating_mul(copies).saturating_add(WORKING) }
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
        ImageError::IoError(error) => Error::io("read the BMP", &error),
        ImageError::Unsupported(error) => errors::unsupported(error.to_string()),
        ImageError::Limits(_) => errors::limit("the BMP is larger than the limits allow"),
        other => errors::corrupt(format!("the BMP cannot be decoded: {other}")),
    }
}
