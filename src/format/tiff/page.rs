//! One page of a TIFF: what it is, and how its chunks are coded.
#![forbid(unsafe_code)]

use super::directory::Directory;
use super::header::Header;
use super::layout::{self, Cells};
use super::own::Own;
use super::picture_chunk::Wrapping;
use super::support::{self, Samples, compression};
use super::tags::{self, Tags};
use super::{decode, imagej, old_jpeg, picture_chunk};
use crate::codec::fax::Coding;
use crate::codec::ycbcr_reference::Reference;
use crate::codec::ycbcr_units::Units;
use crate::error::Result;
use crate::format::view::View;
use crate::format::{Chunk, Description, Limits, PageId, ReadAt, Stored, errors};

/// How the chunks of a page are coded.
pub struct TiffPage {
    pub compression: u64,
    pub fax: Option<Coding>,
    pub own: Option<Own>,
    pub predictor: u64,
    pub bits: u32,
    /// Samples have the other byte order than this machine.
    pub swapped: bool,
    /// The file's numbers begin with their highest byte.
    pub big_endian: bool,
    /// The bits of each byte are in the order of FillOrder 2.
    pub reversed: bool,
    /// Rows of a chunk, those beyond the image's edge among them.
    pub cell_height: u64,
    pub jpeg_tables: Option<Vec<u8>>,
    /// What comes in front of the scans of an old-style JPEG.
    pub old_jpeg: Option<old_jpeg::Headers>,
    /// The units of subsampled YCbCr.
    pub units: Option<Units>,
    pub wrapping: Wrapping,
    /// Whether chunks hold YCbCr that becomes RGB.
    pub to_rgb: bool,
    /// How, where the JPEG itself does not say.
    pub reference: Option<Box<Reference>>,
}

/// What `open` found.
pub struct Opened {
    pub description: Description,
    pub chunks: Vec<Chunk>,
    pub note: Option<String>,
    pub page: TiffPage,
}

/// Opens the page `id`.
pub fn open(source: &dyn ReadAt, id: PageId, limits: &Limits) -> Result<Opened> {
    let header = Header::read(source)?;
    let mut view = View::new(source);
    let directory = Directory::read(&mut view, &header, id.directory.unwrap_or(header.first))?;
    let tags = Tags::read(&mut view, &directory)?;
    let samples = support::check(&tags)?;
    check_order(&directory, &tags, &samples)?;
    let description = layout::describe(&tags, &samples, limits)?;
    let cells = Cells::of(&tags, &description, limits)?;
    let mut chunks = cells.chunks(&tags, &description, &tags.places(&mut view, &directory)?)?;
    if id.plane > 0 {
        let plane = cells.contiguous_bytes(&tags, &chunks).and_then(|bytes| bytes.checked_mul(id.plane));
        let plane = plane
            .ok_or_else(|| errors::corrupt("the images behind the directory do not follow each other"))?;
        for chunk in &mut chunks {
            chunk.bytes = chunk.bytes.start.saturating_add(plane)..chunk.bytes.end.saturating_add(plane);
        }
    }
    // Whoever asks for the first page of whatever file this is may miss the others.
    let more = id == PageId::FIRST && (directory.next != 0 || planes(&mut view, &directory, limits)? > 1);
    let further = more.then_some("the file holds further pages; only the first is loaded");
    let sparse = chunks.iter().any(decode::is_sparse).then_some("parts that are not in the file are 0");
    let reduced = directory.is_reduced().then_some("the file marks it as a thumbnail or mask");
    let odd = samples.note.as_deref();
    let deep = match tags::depth(&mut view, &directory)? {
        0 | 1 => None,
        depth => Some(format!("the file claims {depth} images in depth; only the first is read")),
    };
    let notes: Vec<&str> =
        further.into_iter().chain(deep.as_deref()).chain(reduced).chain(sparse).chain(odd).collect();
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    let jpeg = matches!(tags.compression, compression::JPEG | compression::OLD_JPEG);
    let page = TiffPage {
        compression: tags.compression,
        fax: support::fax(&tags),
        own: samples.own,
        predictor: tags.predictor,
        bits: samples.bits,
        swapped: header.is_foreign() && samples.kind.bytes() > 1,
        big_endian: header.big_endian,
        // The bytes of a JPEG or another picture are never turned round.
        reversed: tags.fill_order == 2 && !jpeg && picture_chunk::decoder(tags.compression).is_none(),
        cell_height: cells.height,
        jpeg_tables: match tags.compression {
            compression::JPEG => tags::jpeg_tables(&mut view, &directory)?,
            _ => None,
        },
        old_jpeg: match tags.compression {
            compression::OLD_JPEG => {
                Some(old_jpeg::read(&mut view, &directory, &tags, &description, &mut chunks)?)
            }
            _ => None,
        },
        wrapping: match tags.compression {
            compression::LERC => tags::wrapping(&mut view, &directory)?,
            _ => Wrapping::None,
        },
        units: support::units(&tags),
        reference: match tags.compression {
            compression::JPEG => None,
            _ if description.converted_to_rgb => Some(Box::new(tags::reference(&mut view, &directory)?)),
            _ => None,
        },
        to_rgb: description.converted_to_rgb,
    };
    Ok(Opened { description, chunks, note, page })
}

/// What the page at `directory` is; where its chunks lie is not looked at.
pub fn describe(view: &mut View, directory: &Directory, limits: &Limits) -> Result<Description> {
    let tags = Tags::read(view, directory)?;
    let samples = support::check(&tags)?;
    check_order(directory, &tags, &samples)?;
    let description = layout::describe(&tags, &samples, limits)?;
    Cells::of(&tags, &description, limits)?;
    Ok(description)
}

/// LERC knows numbers, not bytes, but libtiff swaps those of a big-endian file before
/// it codes them and after; tifffile does not. Nothing tells which of them is right.
fn check_order(directory: &Directory, tags: &Tags, samples: &Samples) -> Result<()> {
    if tags.compression == compression::LERC && directory.big_endian() && samples.bits > 8 {
        return Err(errors::unsupported(format!(
            "LERC samples of {} bits in a big-endian TIFF, which libtiff and others read differently",
            samples.bits
        )));
    }
    Ok(())
}

/// How many images stand behind the only directory of a file: more than one
/// where ImageJ promised as many and the file has room for two at least. Images
/// beyond the file's end count: they are cut off, not absent.
pub fn planes(view: &mut View, directory: &Directory, limits: &Limits) -> Result<u64> {
    let images = imagej::images(view, directory)?;
    if images < 2 {
        return Ok(1);
    }
    let tags = Tags::read(view, directory)?;
    let image = layout::describe(&tags, &support::check(&tags)?, limits)?;
    let cells = Cells::of(&tags, &image, limits)?;
    let chunks = cells.chunks(&tags, &image, &tags.places(view, directory)?)?;
    match cells.contiguous_bytes(&tags, &chunks) {
        Some(bytes) if chunks[0].bytes.start.saturating_add(2 * bytes) <= view.len() => Ok(images),
        _ => Ok(1),
    }
}

impl TiffPage {
    /// How the rows of a chunk lie in the file, where they are stored as samples.
    pub fn stored(&self, image: &Description, chunk: &Chunk) -> Option<Stored> {
        let row_bytes = decode::packed_row(self, chunk)? as u64;
        let as_samples = self.compression == compression::NONE
            && self.units.is_none()
            && !self.reversed
            && self.bits as usize == image.sample.bytes() * 8
            && chunk.bytes.end - chunk.bytes.start >= row_bytes * u64::from(chunk.decoded_height);
        as_samples.then_some(Stored {
            first: chunk.bytes.start,
            row_step: row_bytes as i64,
            swapped: self.swapped,
        })
    }
}
