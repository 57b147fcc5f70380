//! The frames of a DICOM file, each a page.
//!
//! A frame among thousands is found at once. `PageId::directory` is the place of the
//! pixels' element, and `PageId::plane` the number of the frame; of frames in
//! fragments, the place of the first fragment, and how many follow it.
#![forbid(unsafe_code)]

use dicom_core::VR;

use super::elements::{self, Element, Elements, Extent, PIXEL_DATA, Pixels};
use super::fragments::{self, Frame};
use super::samples::{self, Layout, Samples};
use super::start::{self, Start};
use super::syntax::Coding;
use super::{inflated, jpeg_frame, native};
use crate::error::{Error, Result, Status};
use crate::format::errors::{corrupt, limit};
use crate::format::guard::guard;
use crate::format::view::View;
use crate::format::{Chunk, Description, Limits, PageEntry, PageId, ReadAt, Stored};

/// All of a deflated data set in front of a frame is inflated for it.
const MOST_INFLATED: u64 = 1 << 30;

/// How a frame is coded.
pub struct DicomPage {
    pub coding: Coding,
    pub layout: Layout,
    /// Bits of the chunk in front of the frame's own.
    pub lead_bits: u64,
    /// Where the frame begins in the inflated data set.
    pub inflated_at: u64,
    /// Three components are luma and chroma, as far as the elements know.
    pub is_ycbcr: bool,
}

/// What `open` found.
pub struct Opened {
    pub description: Description,
    pub chunks: Vec<Chunk>,
    pub note: Option<String>,
    pub page: DicomPage,
}

/// Everything in front of the pixels.
pub struct Head {
    pub start: Start,
    pub elements: Elements,
}

/// Reads everything in front of the pixels.
pub fn head(source: &dyn ReadAt) -> Result<Head> {
    let mut view = View::new(source);
    guard(|| {
        let start = start::read(&mut view)?;
        let encoding = start.syntax.encoding;
        let elements = match start.syntax.coding {
            Coding::DeflatedSet => inflated::elements(source, start.data, encoding)?,
            _ => elements::read(&mut view, start.data, encoding, Extent::All)?,
        };
        Ok(Head { start, elements })
    })
}

/// The same of a frame whose place is known: what is said of the others in front of
/// the pixels is not looked at. `None` in a deflated data set.
fn head_of_frame(source: &dyn ReadAt, at: u64) -> Result<Option<Head>> {
    let mut view = View::new(source);
    guard(|| {
        let start = start::read(&mut view)?;
        let encoding = start.syntax.encoding;
        let pixels = match start.syntax.coding {
            Coding::DeflatedSet => return Ok(None),
            Coding::Native => Element::read(&mut view, at, encoding)?,
            _ => Element { start: at, tag: PIXEL_DATA, vr: VR::OB, at, length: None },
        };
        let mut elements = elements::read(&mut view, start.data, encoding, Extent::Image)?;
        elements.pixels = Some(pixels).filter(Element::is_pixels);
        Ok(Some(Head { start, elements }))
    })
}

/// What stands in front of the pixels of frame `id`, and what it means.
fn read(source: &dyn ReadAt, id: PageId, limits: &Limits) -> Result<(Head, Samples)> {
    if let Some(at) = id.directory
        && let Ok(Some(head)) = head_of_frame(source, at)
        && let Ok(samples) = samples::read(&head.start, &head.elements, limits)
    {
        return Ok((head, samples));
    }
    let head = head(source)?;
    let samples = samples::read(&head.start, &head.elements, limits)?;
    Ok((head, samples))
}

/// Opens the frame `id`.
pub fn open(source: &dyn ReadAt, id: PageId, limits: &Limits) -> Result<Opened> {
    let (head, samples) = read(source, id, limits)?;
    let pixels = samples::pixels(&head.start, &head.elements)?;
    if id.directory.is_none() && id != PageId::FIRST {
        let message = format!("frame {} of a file that holds {}", id.index, samples.frames);
        return Err(Error::new(Status::OutOfRange, message));
    }
    let coding = head.start.syntax.coding.clone();
    let Samples { mut description, layout, is_ycbcr, frames } = samples;
    let mut page = DicomPage { coding, layout, lead_bits: 0, inflated_at: 0, is_ycbcr };
    let chunks = if page.coding.is_encapsulated() {
        let mut view = View::new(source);
        let frame = match id.directory {
            Some(at) => guard(|| fragments::frame(&mut view, at, id.plane.saturating_add(1)))?,
            None => guard(|| coded(&mut view, &head, pixels, frames, limits))?[0],
        };
        if page.coding == Coding::Jpeg {
            jpeg_frame::look(&mut view, &frame, is_ycbcr, &mut description)?;
        }
        check_bytes(frame.end - frame.at, limits)?;
        native::chunks(&Layout { is_planar: false, ..layout }, &description, frame.at, frame.end)
    } else {
        let length = length(&layout, &description, pixels, frames)?;
        let span = layout.span(&description, id.plane, length)?;
        page.lead_bits = span.lead_bits;
        if page.coding == Coding::DeflatedSet {
            page.inflated_at = pixels.at + span.start;
            if page.inflated_at > MOST_INFLATED {
                return Err(limit(format!(
                    "a frame that lies behind {MOST_INFLATED} bytes of a deflated data set"
                )));
            }
            check_bytes(source.len(), limits)?;
            native::chunks(
                &Layout { is_planar: false, ..layout },
                &description,
                head.start.data,
                source.len(),
            )
        } else {
            native::chunks(&layout, &description, pixels.at + span.start, pixels.at + span.end)
        }
    };
    // Whoever asks for the first frame of whatever file this is may miss the others.
    let note = (id == PageId::FIRST && frames > 1)
        .then(|| "the file holds further frames; only the first is loaded".to_owned());
    Ok(Opened { description, chunks, note, page })
}

/// All frames of a file. Those beyond the end of the pixels count: they are cut off.
pub fn pages(source: &dyn ReadAt, limits: &Limits) -> Result<Vec<PageEntry>> {
    let (head, mut samples) = read(source, PageId::FIRST, limits)?;
    let pixels = samples::pixels(&head.start, &head.elements)?;
    let coding = &head.start.syntax.coding;
    let mut found: Vec<(PageId, Result<()>)> = Vec::new();
    if coding.is_encapsulated() {
        let mut view = View::new(source);
        let frames = guard(|| coded(&mut view, &head, pixels, samples.frames, limits))?;
        if *coding == Coding::Jpeg {
            jpeg_frame::look(&mut view, &frames[0], samples.is_ycbcr, &mut samples.description)?;
        }
        let id = |(index, frame): (usize, &Frame)| PageId {
            index: index as u64,
            directory: Some(frame.at),
            plane: frame.fragments - 1,
        };
        found.extend(frames.iter().enumerate().map(id).map(|id| (id, Ok(()))));
    } else {
        if samples.frames > limits.pages {
            return Err(too_many(limits));
        }
        let Samples { description, layout, frames, .. } = &samples;
        let length = length(layout, description, pixels, *frames)?;
        let at = if *coding == Coding::DeflatedSet { head.start.data } else { pixels.start };
        for index in 0..*frames {
            let span = layout.span(description, index, length);
            found.push((PageId { index, directory: Some(at), plane: index }, span.map(|_| ())));
        }
    }
    if let [(only, Ok(()))] = found.as_mut_slice() {
        *only = PageId::FIRST;
    }
    let entry = |(id, result): (PageId, Result<()>)| PageEntry {
        id,
        reduced: false,
        broken_off: false,
        levels: Vec::new(),
        image: result.map(|()| samples.description.clone()),
    };
    Ok(found.into_iter().map(entry).collect())
}

/// The frames of coded pixels, one at least.
fn coded(view: &mut View, head: &Head, pixels: &Pixels, count: u64, limits: &Limits) -> Result<Vec<Frame>> {
    if pixels.length.is_some() {
        return Err(corrupt("the DICOM's pixels are in one piece, but its transfer syntax has fragments"));
    }
    if count > limits.pages {
        return Err(too_many(limits));
    }
    fragments::frames(view, &head.elements, pixels, count, limits)
}

/// Bytes of native pixels.
fn length(layout: &Layout, image: &Description, pixels: &Pixels, frames: u64) -> Result<u64> {
    let length = u64::from(pixels.length.ok_or_else(|| {
        corrupt("the DICOM's pixels are in fragments, but its transfer syntax has them in one piece")
    })?);
    let full = Layout { is_subsampled: false, ..*layout }.frame_bytes(image).saturating_mul(frames);
    if layout.is_subsampled && length >= full {
        return Err(corrupt("the DICOM's pixels are said to be YBR_FULL_422, but are too many for it"));
    }
    Ok(length)
}

/// Bytes that are to be read at once.
fn check_bytes(bytes: u64, limits: &Limits) -> Result<()> {
    match bytes > limits.slice_bytes {
        true => {
            Err(limit(format!("{bytes} bytes of a frame are more than {}, the limit", limits.slice_bytes)))
        }
        false => Ok(()),
    }
}

fn too_many(limits: &Limits) -> Error {
    limit(format!("the file holds more than {} frames, the limit", limits.pages))
}

impl DicomPage {
    /// How the rows of a chunk lie in the file, where they are stored as samples.
    pub fn stored(&self, image: &Description, chunk: &Chunk) -> Option<Stored> {
        match self.coding {
            Coding::Native => native::stored(&self.layout, image, chunk),
            _ => None,
        }
    }
}
