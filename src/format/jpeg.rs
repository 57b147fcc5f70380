//! JPEG files.
#![forbid(unsafe_code)]

use super::guard::guard;
use super::whole::{Decode, Opened};
use super::{Description, Format, Photometric, ReadAt, Scratch, errors, exif, memory};
use crate::codec::jpeg;
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
    if frame.least_bytes() > source.len() {
        return Err(errors::truncated("its image"));
    }
    let description = Description {
        format: Format::Jpeg,
        width: frame.width.into(),
        height: frame.height.into(),
        channels: frame.components.into(),
        complex: false,
        sample: if frame.sample_bytes() == 1 { SampleType::U8 } else { SampleType::U16 },
        bits_stored: frame.bits.into(),
        photometric: match frame.components {
            3 => Photometric::Rgb,
            4 => Photometric::Cmyk,
            _ => Photometric::MinIsBlack,
        },
        compression: 0,
        orientation: frame.exif.clone().and_then(|at| exif::orientation(&start[at])).unwrap_or(1),
        converted_to_rgb: frame.ycbcr,
        inverted: false,
        turned: 0,
    };
    let note = frame.ycck.then(|| "its YCCK was turned into CMYK".to_owned());
    Ok(Opened { description, note, decoder: Box::new(Jpeg { whole: frame.is_whole() }) })
}

struct Jpeg {
    whole: bool,
}

impl Decode for Jpeg {
    fn decode(&self, image: &Description, raw: &[u8], _: &mut Scratch, out: &mut [u8]) -> Result<()> {
        let frame = jpeg::frame(raw)?;
        let shape = (frame.width.into(), frame.height.into(), frame.components.into());
        let same = shape == (image.width, image.height, image.channels)
            && (u32::from(frame.bits), frame.is_whole()) == (image.bits_stored, self.whole);
        if !same {
            return Err(errors::corrupt("the JPEG changed while it was read"));
        }
        memory::probe(self.pixels(image))?;
        guard(|| jpeg::decode(raw, &frame, out).map_err(|fault| errors::from_fault("the JPEG", fault)))?;
        jpeg::convert(&frame, out);
        Ok(())
    }

    fn memory(&self, image: &Description) -> u64 {
        self.pixels(image).saturating_add(HEADER)
    }
}

impl Jpeg {
    fn pixels(&self, image: &Description) -> u64 {
        let (width, height) = (image.width.into(), image.height.into());
        jpeg::memory(width, height, image.channels, self.whole)
    }
}
