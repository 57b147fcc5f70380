//! JPEG (ITU T.81) through `zune-jpeg` in strict mode: a scan that is cut short
//! is an error, not grey pixels.
#![forbid(unsafe_code)]

use std::sync::Arc;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::errors::{from_io, from_jpeg, make_room};
use super::page::whole_file;
use super::{Chunk, Description, Format, Limits, Photometric, ReadAt};
use crate::codec::jpeg_frame::{self, Frame};
use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

/// The frame header is looked for in this much of the file at first.
const HEAD: u64 = 64 << 10;

pub(super) struct Jpeg {
    source: Arc<dyn ReadAt>,
    raw: Vec<u8>,
}

pub(super) fn open(source: Arc<dyn ReadAt>, limits: &Limits) -> Result<(Jpeg, Description, Vec<Chunk>)> {
    let mut jpeg = Jpeg { source, raw: Vec::new() };
    jpeg.read(HEAD)?;
    let mut frame = jpeg_frame::frame(&jpeg.raw);
    if frame.is_none() {
        // Large profiles or thumbnails stand before it.
        jpeg.read(u64::MAX)?;
        frame = jpeg_frame::frame(&jpeg.raw);
    }
    let frame = frame.ok_or_else(|| match jpeg_frame::has_end(&jpeg.raw) {
        true => Error::new(Status::Corrupt, "the JPEG has no frame header"),
        false => Error::new(Status::Truncated, "the JPEG ends before its frame header"),
    })?;
    supported(&frame)?;
    let grey = frame.components == 1;
    let description = Description {
        format: Format::Jpeg,
        width: frame.width,
        height: frame.height,
        channels: frame.components,
        sample: SampleType::U8,
        bits_stored: 8,
        photometric: if grey { Photometric::MinIsBlack } else { Photometric::Rgb },
        compression: 0,
        orientation: 1,
        converted_to_rgb: !grey && frame.adobe_transform != Some(0),
    };
    limits.check(&description)?;
    let chunks = vec![whole_file(&*jpeg.source, &description)];
    Ok((jpeg, description, chunks))
}

/// Whether the decoder gives a frame of this kind as stored.
pub(super) fn supported(frame: &Frame) -> Result<()> {
    let refuse = |what: String| Err(Error::new(Status::Unsupported, format!("{what} is not supported")));
    if frame.precision != 8 {
        return refuse(format!("a JPEG of {} bits", frame.precision));
    }
    match frame.process {
        0xc0..=0xc2 => {}
        0xc3 => return refuse("a lossless JPEG".to_owned()),
        0xc9..=0xcf => return refuse("a JPEG with arithmetic coding".to_owned()),
        _ => return refuse("a hierarchical JPEG".to_owned()),
    }
    match frame.components {
        1 | 3 => Ok(()),
        4 => refuse("a CMYK JPEG".to_owned()),
        other => refuse(format!("a JPEG of {other} components")),
    }
}

impl Jpeg {
    /// Reads the first `most` bytes of the file.
    fn read(&mut self, most: u64) -> Result<()> {
        make_room(&mut self.raw, self.source.len().min(most))?;
        self.source.read_at(0, &mut self.raw).map_err(|error| from_io(&error))
    }

    pub(super) fn decode(&mut self, image: &Description, out: &mut Vec<u8>) -> Result<()> {
        self.read(u64::MAX)?;
        if !jpeg_frame::has_end(&self.raw) {
            return Err(Error::new(Status::Truncated, "the JPEG ends before its end marker"));
        }
        let space = if image.channels == 1 { ColorSpace::Luma } else { ColorSpace::RGB };
        let options = DecoderOptions::default()
            .set_strict_mode(true)
            .set_max_width(image.width as usize)
            .set_max_height(image.height as usize)
            .jpeg_set_out_colorspace(space);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(self.raw.as_slice()), options);
        make_room(out, image.slice_bytes().unwrap_or(u64::MAX))?;
        decoder.decode_into(out).map_err(from_jpeg)
    }
}
