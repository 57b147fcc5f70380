//! A frame's bytes -> samples.
#![forbid(unsafe_code)]

use super::page::DicomPage;
use super::syntax::Coding;
use super::{fragments, jpeg_frame, native};
use crate::codec::{Fault, deflate, jpeg, rle};
use crate::error::{Error, Result};
use crate::format::errors::{from_fault, truncated, unsupported};
use crate::format::{Chunk, Description, Scratch, memory};

/// What inflating holds besides input and output, generously.
const WORKING: u64 = 128 * 1024;

/// Decodes one frame from its bytes into `out`.
pub fn decode(
    page: &DicomPage,
    image: &Description,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    if (raw.len() as u64) < chunk.bytes.end - chunk.bytes.start {
        return Err(truncated("its image"));
    }
    let Scratch { raw: joined, packed, .. } = scratch;
    let coded = match page.coding.is_encapsulated() {
        true => fragments::payload(raw, joined)?,
        false => raw,
    };
    let unpack =
        |bytes: &[u8], out: &mut [u8]| native::unpack(&page.layout, image, bytes, page.lead_bits, out);
    match &page.coding {
        Coding::Native | Coding::Encapsulated => unpack(coded, out)?,
        Coding::DeflatedSet | Coding::Deflated => {
            memory::resize(packed, inflated(page, image))?;
            packed.truncate(inflated(page, image) as usize);
            deflate::part(coded, page.inflated_at, packed).map_err(failed)?;
            unpack(packed, out)?;
        }
        Coding::Rle => {
            let sample_bytes = image.sample.bytes();
            let channels = image.channels as usize;
            let plane = out.len() / (channels * sample_bytes);
            memory::resize(packed, plane as u64)?;
            rle::decode(coded, channels, sample_bytes, &mut packed[..plane], out).map_err(failed)?;
        }
        Coding::Jpeg => jpeg_frame::decode(coded, page.is_ycbcr, image, out)?,
        Coding::Other(name) => return Err(unsupported(format!("DICOM with {name}"))),
    }
    native::clear_unused(&page.layout, image, out);
    Ok(())
}

fn failed(fault: Fault) -> Error {
    from_fault("a frame of the image", fault)
}

/// Bytes of a frame once it is inflated.
fn inflated(page: &DicomPage, image: &Description) -> u64 {
    page.layout.frame_bytes(image).saturating_add(page.lead_bits.div_ceil(8))
}

/// Upper bound of the memory that decoding takes besides the chunk's bytes and `out`.
pub fn memory(page: &DicomPage, image: &Description, chunk: &Chunk) -> u64 {
    // The fragments joined.
    let raw = if page.coding.is_encapsulated() { chunk.bytes.end - chunk.bytes.start } else { 0 };
    let more = match page.coding {
        Coding::Native if page.stored(image, chunk).is_some() => return 0,
        Coding::Native | Coding::Encapsulated | Coding::Other(_) => 0,
        Coding::DeflatedSet | Coding::Deflated => inflated(page, image),
        Coding::Rle => u64::from(image.width) * u64::from(image.height),
        Coding::Jpeg => {
            let (width, height) = (image.width.into(), image.height.into());
            raw.saturating_add(jpeg::memory(width, height, image.channels, true))
        }
    };
    raw.saturating_add(more).saturating_add(WORKING)
}
