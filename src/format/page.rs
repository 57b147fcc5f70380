//! One image of a file: what it is, and its chunks decoded one by one.
#![forbid(unsafe_code)]

use std::sync::Arc;

use super::tiff::TiffPage;
use super::whole::{self, WholePage};
use super::{Chunk, Description, Format, Limits, PageId, ReadAt, bmp, jpeg, png, pnm, sniff, tiff};
use crate::error::{Error, Result, Status};

/// An opened image.
pub struct Page {
    /// What it is.
    pub description: Description,
    /// Its pieces.
    pub chunks: Arc<[Chunk]>,
    /// A remark for the report, although the page is fine.
    pub note: Option<String>,
    decoder: Decoder,
}

enum Decoder {
    Tiff(Box<TiffPage>),
    Whole(WholePage),
}

impl Page {
    /// Reads what the image is; no pixel is decoded.
    pub fn open(source: Arc<dyn ReadAt>, id: PageId, limits: &Limits) -> Result<Page> {
        let opener = match sniff::format(&*source)? {
            Format::Tiff => return Page::open_tiff(source, id, limits),
            Format::Png => png::open,
            Format::Jpeg => jpeg::open,
            Format::Bmp => bmp::open,
            Format::Pnm => pnm::open,
        };
        let whole::Opened { description, note, decoder } = opener(Arc::clone(&source))?;
        whole::check(&*source, id, &description, limits)?;
        let chunks = Arc::new([whole::chunk(&*source, &description)]);
        Ok(Page { description, chunks, note, decoder: Decoder::Whole(WholePage::new(source, decoder)) })
    }

    fn open_tiff(source: Arc<dyn ReadAt>, id: PageId, limits: &Limits) -> Result<Page> {
        let tiff::Opened { description, chunks, note, page } = tiff::open(source, id, limits)?;
        Ok(Page { description, chunks: chunks.into(), note, decoder: Decoder::Tiff(Box::new(page)) })
    }

    /// Decodes chunk `index`: afterwards `out` holds `chunk.height` rows of
    /// `chunk.width` pixels of `chunk.channels` samples, packed, in native byte
    /// order. After an error its content is unspecified.
    pub fn decode(&mut self, index: usize, out: &mut Vec<u8>) -> Result<()> {
        let chunk = self.chunks.get(index).ok_or_else(|| {
            let count = self.chunks.len();
            Error::new(Status::OutOfRange, format!("chunk {index} of an image of {count}"))
        })?;
        match &mut self.decoder {
            Decoder::Tiff(page) => page.decode(&self.description, index, chunk, out),
            Decoder::Whole(page) => page.decode(&self.description, out),
        }
    }

    /// Upper bound of the memory that decoding this chunk takes besides its raw
    /// bytes, `out` included; 0 where there is no such chunk.
    pub fn decode_memory(&self, index: usize) -> u64 {
        let Some(chunk) = self.chunks.get(index) else {
            return 0;
        };
        match &self.decoder {
            Decoder::Tiff(page) => page.decode_memory(&self.description, chunk),
            Decoder::Whole(page) => page.decode_memory(&self.description),
        }
    }
}
