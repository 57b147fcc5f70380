//! JPEG files.
#![forbid(unsafe_code)]

use super::guard::guard;
use super::whole::{Decode, Opened};
use super::{Description, Format, Photometric, ReadAt, Scratch, errors, exif, memory};
use crate::codec::{jpeg, ycbcr};
use crate::error::{Result, Status};
use crate::sample::SampleType;

/// Enough for the header of most; more is read when it is not.
const FIRST_READ: u64 = 64 * 1024;

/// What the header's description takes.
const HEADER: u64 = 4 * 1024;

/// Reads everything in front of the first scan.
pub fn open(source: &dyn ReadAt) -> Result<Opened> {
    let mut start = Vec::new();
    let mut wanted = FIRST_READ;
    let frame = loop {
        let length = wanted.min(source.len());
        memory::resize(&mut start, length)?;
        source.read_at(0, &mut start).map_err(|error| errors::io_error("its header", &error))?;
        match jpeg::frame(&start) {
            Err(error) if error.status == Status::Truncated && length < source.len() => wanted *= 4,
            found => break found?,
        }
    };
    let description = Description {
        format: Format::Jpeg,
        width: frame.width.into(),
        height: frame.height.into(),
        channels: frame.components.into(),
        complex: false,
        sample: SampleType::U8,
        bits_stored: 8,
        photometric: if frame.components == 3 { Photometric::Rgb } else { Photometric::MinIsBlack },
        compression: 0,
        orientation: frame.exif.clone().and_then(|at| exif::orientation(&start[at])).unwrap_or(1),
        converted_to_rgb: frame.ycbcr,
        inverted: false,
        turned: 0,
    };
    Ok(Opened { description, note: None, decoder: Box::new(Jpeg { progressive: frame.progressive }) })
}

struct Jpeg {
    progressive: bool,
}

impl Decode for Jpeg {
    fn decode(&self, image: &Description, raw: &[u8], scratch: &mut Scratch, out: &mut [u8]) -> Result<()> {
        let frame = jpeg::frame(raw)?;
        let shape = (frame.width.into(), frame.height.into(), frame.components.into());
        if shape != (image.width, image.height, image.channels) {
            return Err(errors::corrupt("the JPEG changed while it was read"));
        }
        memory::probe(self.pixels(image))?;
        guard(|| jpeg::decode(raw, &frame, &mut scratch.spare, out))?;
        if frame.ycbcr {
            ycbcr::to_rgb(out);
        }
        Ok(())
    }

    fn memory(&self, image: &Description) -> u64 {
        // Its bytes once more, at least as small as the samples.
        let raw = image.slice_bytes().unwrap_or(u64::MAX);
        self.pixels(image).saturating_add(raw).saturating_add(HEADER)
    }
}

impl Jpeg {
    fn pixels(&self, image: &Description) -> u64 {
        let (width, height) = (image.width.into(), image.height.into());
        jpeg::memory(width, height, image.channels, self.progressive)
    }
}
