//! One image of a file, whatever its format.
#![forbid(unsafe_code)]

use std::sync::Arc;

use super::errors::guarded;
use super::{Chunk, Description, Format, Limits, PageId, ReadAt, bmp, jpeg, png, pnm, sniff, tiff};
use crate::error::{Error, Result, Status};

/// One image of a file: what it is, its chunks, and the means to decode them.
pub struct Page {
    /// What it is.
    pub description: Description,
    /// Its pieces, which cover it without overlapping.
    pub chunks: Arc<[Chunk]>,
    /// A remark for the report, although the image is sound.
    pub note: Option<String>,
    decoder: Decoder,
}

enum Decoder {
    Tiff(Box<tiff::Tiff>),
    Png(png::Png),
    Jpeg(jpeg::Jpeg),
    Bmp(bmp::Bmp),
    Pnm(pnm::Pnm),
}

/// An image that a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageEntry {
    /// Which one.
    pub id: PageId,
    /// The file marks it as a reduced version or a mask of another page (TIFF
    /// 6.0, NewSubfileType bits 0 and 2).
    pub reduced: bool,
}

/// All images of a file, in its own order. Where a chain of TIFF directories is
/// broken, the last entry is the one that can't be read.
pub fn pages(source: &Arc<dyn ReadAt>, limits: &Limits) -> Result<Vec<PageEntry>> {
    match sniff::format(&**source)? {
        Format::Tiff => guarded(|| tiff::pages(source, limits)),
        _ => Ok(vec![PageEntry { id: PageId::FIRST, reduced: false }]),
    }
}

impl Page {
    /// Reads the header of an image. Nothing as large as the image is read or
    /// taken from memory.
    pub fn open(source: Arc<dyn ReadAt>, id: PageId, limits: &Limits) -> Result<Page> {
        guarded(|| {
            let format = sniff::format(&*source)?;
            if format != Format::Tiff && id != PageId::FIRST {
                return Err(Error::new(Status::OutOfRange, "a file of this format has one page only"));
            }
            let (decoder, description, chunks, note) = match format {
                Format::Tiff => {
                    let (tiff, description, chunks, note) = tiff::open(source, id, limits)?;
                    (Decoder::Tiff(Box::new(tiff)), description, chunks, note)
                }
                Format::Png => {
                    let (png, description, chunks, note) = png::open(source, limits)?;
                    (Decoder::Png(png), description, chunks, note)
                }
                Format::Jpeg => {
                    let (jpeg, description, chunks) = jpeg::open(source, limits)?;
                    (Decoder::Jpeg(jpeg), description, chunks, None)
                }
                Format::Bmp => {
                    let (bmp, description, chunks) = bmp::open(source, limits)?;
                    (Decoder::Bmp(bmp), description, chunks, None)
                }
                Format::Pnm => {
                    let (pnm, description, chunks) = pnm::open(source, limits)?;
                    (Decoder::Pnm(pnm), description, chunks, None)
                }
            };
            Ok(Page { description, chunks: chunks.into(), note, decoder })
        })
    }

    /// Decodes a chunk: afterwards `out` holds its rows, packed, in the machine's
    /// byte order.
    pub fn decode(&mut self, index: usize, out: &mut Vec<u8>) -> Result<()> {
        let image = &self.description;
        guarded(|| match &mut self.decoder {
            Decoder::Tiff(tiff) => tiff.decode(index, &self.chunks[index], out),
            Decoder::Png(png) => png.decode(image, out),
            Decoder::Jpeg(jpeg) => jpeg.decode(image, out),
            Decoder::Bmp(bmp) => bmp.decode(image, out),
            Decoder::Pnm(pnm) => pnm.decode(image, out),
        })
        .map_err(|error| self.place(index, error))
    }

    /// Says which piece it is that can't be decoded.
    fn place(&self, index: usize, mut error: Error) -> Error {
        let chunks = self.chunks.len();
        if chunks > 1 && matches!(error.status, Status::Corrupt | Status::Truncated) {
            error.message =
                format!("{} (piece {index} of {chunks}, from row {})", error.message, self.chunks[index].y);
        }
        error
    }

    /// Most memory that decoding a chunk takes beside its raw bytes.
    pub fn decode_memory(&self, index: usize) -> u64 {
        let chunk = &self.chunks[index];
        let raw = chunk.bytes.end - chunk.bytes.start;
        let samples = u64::from(chunk.width) * u64::from(chunk.height) * u64::from(chunk.channels);
        let decoded = samples.saturating_mul(self.description.sample.bytes() as u64);
        match &self.decoder {
            Decoder::Tiff(tiff) => tiff.decode_memory(decoded, raw),
            // The decoder's own copy of the raw bytes, or of the pixels.
            _ => decoded.saturating_mul(2).saturating_add(raw),
        }
    }
}

/// The one chunk of a format whose images decode as a whole.
pub(super) fn whole_file(source: &dyn ReadAt, image: &Description) -> Chunk {
    Chunk {
        bytes: 0..source.len(),
        x: 0,
        y: 0,
        width: image.width,
        height: image.height,
        channel: 0,
        channels: image.channels,
    }
}
