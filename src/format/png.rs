//! PNG (ISO/IEC 15948) through the `png` crate, samples as stored.
#![forbid(unsafe_code)]

use std::sync::Arc;

use png::{BitDepth, ColorType, DecodeOptions, Decoder, Limits as PngLimits, Reader, Transformations};

use super::errors::{from_png, make_room};
use super::page::whole_file;
use super::view::View;
use super::{Chunk, Description, Format, Limits, Photometric, ReadAt};
use crate::codec::{bits, order};
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

/// What the crate may take beside the pixels: rows, windows, text chunks.
const MEMORY: usize = 64 << 20;

pub(super) struct Png {
    source: Arc<dyn ReadAt>,
    packed: Vec<u8>,
}

fn reader(source: &Arc<dyn ReadAt>) -> Result<Reader<View>> {
    let mut options = DecodeOptions::default();
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(View::new(source.clone()), options);
    decoder.set_limits(PngLimits { bytes: MEMORY });
    decoder.set_transformations(Transformations::IDENTITY);
    decoder.read_info().map_err(from_png)
}

pub(super) fn open(
    source: Arc<dyn ReadAt>,
    limits: &Limits,
) -> Result<(Png, Description, Vec<Chunk>, Option<String>)> {
    let reader = reader(&source)?;
    let info = reader.info();
    let (photometric, channels) = match info.color_type {
        ColorType::Grayscale => (Photometric::MinIsBlack, 1),
        ColorType::GrayscaleAlpha => (Photometric::MinIsBlack, 2),
        ColorType::Rgb => (Photometric::Rgb, 3),
        ColorType::Rgba => (Photometric::Rgb, 4),
        ColorType::Indexed => (Photometric::Palette, 1),
    };
    let description = Description {
        format: Format::Png,
        width: info.width,
        height: info.height,
        channels,
        sample: if info.bit_depth == BitDepth::Sixteen { SampleType::U16 } else { SampleType::U8 },
        bits_stored: info.bit_depth as u32,
        photometric,
        compression: 0,
        orientation: 1,
        converted_to_rgb: false,
    };
    limits.check(&description)?;
    let note = if info.animation_control.is_some_and(|control| control.num_frames > 1) {
        Some("an animation; only its first image is loaded".to_owned())
    } else {
        info.trns.is_some().then(|| "its transparency (tRNS) is left aside".to_owned())
    };
    let chunks = vec![whole_file(&*source, &description)];
    Ok((Png { source, packed: Vec::new() }, description, chunks, note))
}

impl Png {
    pub(super) fn decode(&mut self, image: &Description, out: &mut Vec<u8>) -> Result<()> {
        let mut reader = reader(&self.source)?;
        let needed = reader.output_buffer_size().ok_or_else(|| {
            Error::new(Status::LimitExceeded, "the PNG is larger than this machine can address")
        })?;
        if image.bits_stored >= 8 {
            make_room(out, needed as u64)?;
            reader.next_frame(out).map_err(from_png)?;
            if image.bits_stored == 16 {
                order::big_endian_16(out);
            }
            return Ok(());
        }
        make_room(&mut self.packed, needed as u64)?;
        reader.next_frame(&mut self.packed).map_err(from_png)?;
        let samples = image.width as usize * image.channels as usize;
        make_room(out, samples as u64 * u64::from(image.height))?;
        bits::unpack(&self.packed, samples, image.bits_stored, out);
        Ok(())
    }
}
