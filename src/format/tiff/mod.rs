//! TIFF and BigTIFF: directories and their chunks.
//!
//! `chain` walks the directories, `tags` reads one, `support` says what of it
//! can be given as stored, `layout` where its chunks lie, `decode` decodes one.
#![forbid(unsafe_code)]

mod chain;
mod decode;
mod jpeg_chunk;
mod layout;
mod support;
mod tags;

use std::sync::Arc;

use tiff::decoder::{Decoder, Limits as CrateLimits};
use tiff::tags::IfdPointer;

pub use chain::pages;

use self::chain::{Directory, Header};
use self::decode::Scratch;
use self::layout::{Coding, Layout};
use self::tags::Tags;
use super::guard::guard;
use super::view::{Patch, View};
use super::{Chunk, Description, Limits, PageId, ReadAt, errors};
use crate::error::Result;

/// The crate holds each value of a tag in 32 bytes.
const VALUE_BYTES: u64 = 32;
/// Most values of one tag: offsets of 8 million strips.
const MOST_VALUES: u64 = 8 << 20;

/// One page of a TIFF.
pub struct TiffPage {
    decoder: Decoder<View>,
    coding: Coding,
    scratch: Scratch,
}

/// What `open` found.
pub struct Opened {
    pub description: Description,
    pub chunks: Vec<Chunk>,
    pub note: Option<String>,
    pub page: TiffPage,
}

/// Opens the page `id`.
pub fn open(source: Arc<dyn ReadAt>, id: PageId, limits: &Limits) -> Result<Opened> {
    let mut view = View::new(source);
    let header = Header::read(&mut view)?;
    let offset = id.directory.unwrap_or(header.first);
    let directory = Directory::read(&mut view, &header, offset)?;
    let mut decoder = start(view, &header, offset)?;
    let opened = guard(|| open_page(&mut decoder, offset, limits));
    // A failing disk outranks whatever the crate made of it.
    if let Some(failure) = decoder.inner().take_failure() {
        return Err(failure);
    }
    let (Layout { description, chunks, coding }, images) = opened?;
    let alone = offset == header.first && directory.next == 0;
    if alone && images > 1 {
        return Err(errors::unsupported(format!("ImageJ stack of {images} images behind one directory")));
    }
    let more = id == PageId::FIRST && directory.next != 0;
    let note = more.then(|| "the file holds further pages; only the first is loaded".to_owned());
    Ok(Opened {
        description,
        chunks,
        note,
        page: TiffPage {
            decoder: decoder.with_limits(crate_limits(limits.slice_bytes)),
            coding,
            scratch: Scratch::default(),
        },
    })
}

/// A decoder whose first directory is the one at `offset`.
///
/// The crate parses the first directory before limits can be set or a tag be
/// looked at, so what it finds there at first is the smallest image there is.
fn start(mut view: View, header: &Header, offset: u64) -> Result<Decoder<View>> {
    let values = view.source().len().min(MOST_VALUES);
    view.set_patches(vec![
        Patch { at: 0, bytes: header.pointing_at(offset) },
        Patch { at: offset, bytes: smallest_directory(header) },
    ]);
    std::io::Seek::rewind(&mut view).map_err(|error| errors::io_error("its TIFF header", &error))?;
    let decoder = guard(|| Decoder::new(view).map_err(|error| errors::from_tiff("the TIFF header", error)))?;
    // Values of tags are taken at their word up to this size.
    let mut decoder = decoder.with_limits(crate_limits(values * VALUE_BYTES));
    decoder.inner().set_patches(Vec::new());
    Ok(decoder)
}

/// The crate knows one limit for what a tag claims and for what a tile takes;
/// we set it for the one, then for the other.
fn crate_limits(bytes: u64) -> CrateLimits {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    let mut limits = CrateLimits::default();
    limits.ifd_value_size = bytes;
    limits.decoding_buffer_size = bytes;
    // Compressed bytes are never taken into memory on the word of the file.
    limits.intermediate_buffer_size = usize::MAX;
    limits
}

/// A black pixel of one bit.
fn smallest_directory(header: &Header) -> Vec<u8> {
    // Width, height, photometric, offset, byte count: each a SHORT.
    let entries = [(256, 1), (257, 1), (262, 1), (273, 8), (279, 1)];
    let (count_bytes, value_bytes) = if header.big_tiff { (8, 8) } else { (2, 4) };
    let mut bytes = header.pack(entries.len() as u64, count_bytes);
    for (tag, value) in entries {
        bytes.extend(header.pack(tag, 2));
        bytes.extend(header.pack(3, 2));
        bytes.extend(header.pack(1, value_bytes));
        bytes.extend(header.pack(value, 2));
        bytes.resize(bytes.len() + value_bytes - 2, 0);
    }
    bytes.resize(bytes.len() + value_bytes, 0);
    bytes
}

fn open_page(decoder: &mut Decoder<View>, offset: u64, limits: &Limits) -> Result<(Layout, u64)> {
    let failed = |error| errors::from_tiff("the TIFF directory", error);
    let directory = decoder.read_directory(IfdPointer(offset)).map_err(failed)?;
    let tags = Tags::read(decoder, &directory)?;
    let samples = support::check(&tags)?;
    let (count, images) = (tags.samples, tags.imagej_images);
    let layout = layout::layout(tags, &samples, limits)?;
    // Index 0 is the directory that the header (as patched) points at.
    decoder.seek_to_image(0).map_err(failed)?;
    let color = decoder.colortype().map_err(failed)?;
    // The crate would drop the rest in silence, and miscount for the predictor.
    if u64::from(color.num_samples()) != count {
        return Err(errors::unsupported(format!("{count} samples per pixel of which {color:?} are color")));
    }
    Ok((layout, images))
}

impl TiffPage {
    /// Decodes chunk `index` into `out`.
    pub fn decode(
        &mut self,
        image: &Description,
        index: usize,
        chunk: &Chunk,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        decode::decode(&mut self.decoder, (image, &self.coding), (index, chunk), &mut self.scratch, out)
    }

    /// Upper bound of the memory that decoding `chunk` takes.
    pub fn decode_memory(&self, image: &Description, chunk: &Chunk) -> u64 {
        decode::memory(image, &self.coding, chunk)
    }
}
