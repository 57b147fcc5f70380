//! One image of a file: what it is, and its chunks decoded one by one.
#![forbid(unsafe_code)]

use super::convert::{self, Conversions, Converted};
use super::dicom::{self, DicomPage};
use super::raw::{self, RawLayout};
use super::tiff::{self, TiffPage};
use super::whole::{self, Decode};
use super::{
    Chunk, Description, Format, Limits, PageId, ReadAt, Scratch, Stored, bmp, errors, jpeg, png, pnm, sniff,
    stored,
};
use crate::error::{Error, Result, Status};

/// An opened image. It never changes, and holds no file.
pub struct Page {
    /// What it is.
    pub description: Description,
    /// Its pieces.
    pub chunks: Vec<Chunk>,
    /// A remark for the report, although the page is fine.
    pub note: Option<String>,
    coding: Coding,
}

enum Coding {
    Tiff(TiffPage),
    Dicom(DicomPage),
    Whole(Box<dyn Decode>),
    Converted(Box<Converted>),
    Raw(Stored),
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("description", &self.description).finish_non_exhaustive()
    }
}

impl Page {
    /// Reads what the image is; no pixel is decoded.
    pub fn open(source: &dyn ReadAt, id: PageId, limits: &Limits) -> Result<Page> {
        let opener = match sniff::format(source)? {
            Format::Tiff => {
                let tiff::Opened { description, chunks, note, page } = tiff::open(source, id, limits)?;
                return Ok(Page { description, chunks, note, coding: Coding::Tiff(page) });
            }
            Format::Dicom => {
                let dicom::Opened { description, chunks, note, page } = dicom::open(source, id, limits)?;
                return Ok(Page { description, chunks, note, coding: Coding::Dicom(page) });
            }
            Format::Png => png::open,
            Format::Jpeg => jpeg::open,
            Format::Bmp => bmp::open,
            Format::Pnm => pnm::open,
            Format::Raw => return Err(errors::raw_alone()),
        };
        let whole::Opened { description, note, decoder } = opener(source)?;
        whole::check(source, id, &description, limits)?;
        let chunks = vec![whole::chunk(source, &description)];
        Ok(Page { description, chunks, note, coding: Coding::Whole(decoder) })
    }

    /// The image with the changes asked for that apply to it; `source` and `id` are
    /// those that it was opened with.
    pub fn convert(
        self,
        source: &dyn ReadAt,
        id: PageId,
        asked: &Conversions,
        limits: &Limits,
    ) -> Result<Page> {
        convert::convert(self, source, id, asked, limits)
    }

    /// A page whose samples are changed after they are decoded.
    pub(super) fn converted(
        description: Description,
        chunks: Vec<Chunk>,
        note: Option<String>,
        converted: Converted,
    ) -> Page {
        Page { description, chunks, note, coding: Coding::Converted(Box::new(converted)) }
    }

    /// A plane of raw samples. Nothing but the file's length is looked at.
    pub fn raw(source: &dyn ReadAt, id: PageId, layout: &RawLayout, limits: &Limits) -> Result<Page> {
        let raw::Opened { description, chunk, note, stored } = layout.open(source.len(), id, limits)?;
        Ok(Page { description, chunks: vec![chunk], note, coding: Coding::Raw(stored) })
    }

    /// How the rows of chunk `index` lie in the file, where they are stored as
    /// samples and no decoding is needed; `None` where it is, or where there is no
    /// such chunk.
    pub fn stored(&self, index: usize) -> Option<Stored> {
        let chunk = self.chunks.get(index)?;
        match &self.coding {
            Coding::Tiff(page) => page.stored(&self.description, chunk),
            Coding::Dicom(page) => page.stored(&self.description, chunk),
            Coding::Whole(decoder) => decoder.stored(),
            Coding::Converted(_) => None,
            Coding::Raw(stored) => Some(*stored),
        }
    }

    /// Decodes chunk `index` from its bytes, `raw`. `out` has
    /// `Chunk::decoded_bytes` bytes; afterwards it holds `decoded_height` rows of
    /// `decoded_width` pixels of `channels` samples, packed, in native byte order.
    /// After an error its content is unspecified.
    pub fn decode(&self, index: usize, raw: &[u8], scratch: &mut Scratch, out: &mut [u8]) -> Result<()> {
        let chunk = self.chunks.get(index).ok_or_else(|| {
            let count = self.chunks.len();
            Error::new(Status::OutOfRange, format!("chunk {index} of an image of {count}"))
        })?;
        let bytes = chunk.decoded_bytes(&self.description);
        if bytes != out.len() as u64 {
            let message = format!("{} bytes for a chunk of {bytes}", out.len());
            return Err(Error::new(Status::BufferTooSmall, message));
        }
        if let Some(stored) = self.stored(index) {
            return stored::decode(&stored, &self.description, chunk, raw, out);
        }
        match &self.coding {
            Coding::Tiff(page) => tiff::decode(page, &self.description, chunk, raw, scratch, out),
            Coding::Dicom(page) => dicom::decode(page, &self.description, chunk, raw, scratch, out),
            Coding::Whole(decoder) => decoder.decode(&self.description, raw, scratch, out),
            Coding::Converted(page) => page.decode(index, raw, scratch, &self.description, out),
            Coding::Raw(stored) => stored::decode(stored, &self.description, chunk, raw, out),
        }
    }

    /// Upper bound of the memory that decoding this chunk takes besides its bytes
    /// and its result; 0 where there is no such chunk.
    pub fn decode_memory(&self, index: usize) -> u64 {
        let Some(chunk) = self.chunks.get(index) else {
            return 0;
        };
        match &self.coding {
            Coding::Tiff(page) => tiff::decode_memory(page, &self.description, chunk),
            Coding::Dicom(page) => dicom::decode_memory(page, &self.description, chunk),
            Coding::Whole(decoder) => decoder.memory(&self.description),
            Coding::Converted(page) => page.decode_memory(index),
            Coding::Raw(_) => 0,
        }
    }
}
