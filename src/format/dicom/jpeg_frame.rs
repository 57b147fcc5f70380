//! A frame of JPEG, and whether its three components are RGB or YCbCr.
#![forbid(unsafe_code)]

use super::fragments::{Frame, HEADER};
use crate::codec::{jpeg, ycbcr};
use crate::error::{Result, Status};
use crate::format::errors::{corrupt, from_fault, truncated, unsupported};
use crate::format::guard::guard;
use crate::format::view::View;
use crate::format::{Description, Photometric, memory};

/// Enough for most headers; more is read when it is not.
const FIRST_READ: u64 = 2 * 1024;

/// Looks at the JPEG's own header, as far as it stands in the frame's first
/// fragment: whether it fits, and what becomes of its color.
pub fn look(view: &mut View, frame: &Frame, is_ycbcr: bool, image: &mut Description) -> Result<()> {
    let mut start = Vec::new();
    let mut wanted = FIRST_READ;
    let at = frame.at.saturating_add(HEADER);
    let end = frame.end.min(view.len());
    let all = end.checked_sub(at).ok_or_else(|| truncated("its image"))?;
    loop {
        memory::resize(&mut start, wanted.min(all))?;
        view.fill("its image", at, &mut start)?;
        match jpeg::frame(&start) {
            Err(error) if error.status == Status::Truncated && wanted < all => wanted *= 4,
            // Its header goes on in the next fragment.
            Err(_) if frame.fragments > 1 => return Ok(()),
            found => {
                let found = found?;
                check(&found, image)?;
                image.converted_to_rgb = is_to_rgb(&found, is_ycbcr);
                if image.channels == 3 && is_ycbcr && found.process == jpeg::Process::Lossless {
                    image.photometric = Photometric::Ycbcr;
                }
                return Ok(());
            }
        }
    }
}

/// Decodes a frame's bytes.
pub fn decode(raw: &[u8], is_ycbcr: bool, image: &Description, out: &mut [u8]) -> Result<()> {
    let frame = jpeg::frame(raw)?;
    check(&frame, image)?;
    memory::probe(jpeg::memory(image.width.into(), image.height.into(), image.channels, frame.is_whole()))?;
    guard(|| jpeg::decode(raw, &frame, out).map_err(|fault| from_fault("a frame of the image", fault)))?;
    if is_to_rgb(&frame, is_ycbcr) {
        ycbcr::to_rgb(out);
    }
    Ok(())
}

fn check(frame: &jpeg::Frame, image: &Description) -> Result<()> {
    if frame.sample_bytes() != image.sample.bytes() {
        let (bits, sample) = (frame.bits, image.sample.name());
        return Err(unsupported(format!("a DICOM of {sample} samples with a JPEG of {bits} bits")));
    }
    let shape = (frame.width.into(), frame.height.into(), frame.components.into());
    if shape == (image.width, image.height, image.channels) {
        return Ok(());
    }
    Err(corrupt(format!(
        "a frame holds a JPEG of {} x {} x {} samples where {} x {} x {} belong",
        shape.0, shape.1, shape.2, image.width, image.height, image.channels
    )))
}

/// The JPEG's own markers go before what the DICOM says of its color.
fn is_to_rgb(frame: &jpeg::Frame, is_ycbcr: bool) -> bool {
    match frame.components {
        // A lossless JPEG has no colors of its own.
        3 if frame.process == jpeg::Process::Lossless || frame.bits > 8 => false,
        3 if frame.color_said => frame.ycbcr,
        3 => is_ycbcr && frame.ycbcr,
        _ => false,
    }
}
