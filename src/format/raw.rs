//! Raw samples: files that say nothing of themselves. What they hold is told by a
//! header beside them, or by whoever opens them.
#![forbid(unsafe_code)]

use super::errors::{corrupt, limit, truncated_at};
use super::{Chunk, Description, Format, Limits, PageId, Photometric, Stored, shape};
use crate::error::Result;
use crate::sample::SampleType;

/// Where the samples of a raw file begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawStart {
    /// At this byte.
    At(u64),
    /// They are the last bytes of the file; what stands before them is skipped.
    BeforeEnd,
}

/// How samples lie in raw files: planes that follow each other, each of them rows
/// of pixels without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawLayout {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples per pixel, interleaved.
    pub channels: u32,
    /// Type of a sample.
    pub sample: SampleType,
    /// What a sample means.
    pub photometric: Photometric,
    /// Samples begin with their highest byte.
    pub big_endian: bool,
    /// Where the first plane of a file begins.
    pub start: RawStart,
    /// Planes of each file; 0 = as many as it holds.
    pub planes: u64,
}

/// What `RawLayout::open` found.
pub(super) struct Opened {
    pub description: Description,
    pub chunk: Chunk,
    pub note: Option<String>,
    pub stored: Stored,
}

/// cbindgen:ignore
impl RawLayout {
    /// Most samples per pixel, as in a TIFF.
    pub(crate) const MOST_CHANNELS: u32 = 65_535;

    /// What samples mean where nobody tells.
    pub(crate) fn likely_meaning(channels: u32, sample: SampleType) -> Photometric {
        match (channels, sample) {
            (3 | 4, SampleType::U8 | SampleType::U16) => Photometric::Rgb,
            _ => Photometric::MinIsBlack,
        }
    }

    /// What a plane is, its sizes checked against the limits.
    pub fn describe(&self, limits: &Limits) -> Result<Description> {
        let (width, height) = shape::dimensions(self.width.into(), self.height.into(), limits)?;
        if self.channels == 0 {
            return Err(corrupt("an image of 0 samples per pixel"));
        }
        if self.channels > Self::MOST_CHANNELS {
            let message =
                format!("{} samples per pixel; {} are the most", self.channels, Self::MOST_CHANNELS);
            return Err(limit(message));
        }
        let description = Description {
            format: Format::Raw,
            width,
            height,
            channels: self.channels,
            sample: self.sample,
            bits_stored: self.sample.bytes() as u32 * 8,
            photometric: self.photometric,
            compression: 0,
            orientation: 1,
            complex: false,
            converted_to_rgb: false,
            inverted: false,
            turned: 0,
        };
        shape::check_bytes(&description, limits)?;
        Ok(description)
    }

    /// Planes of a file of `len` bytes, at least one, and how many bytes follow them.
    pub(crate) fn planes(&self, len: u64, limits: &Limits) -> Result<(u64, u64)> {
        let plane = self.describe(limits)?.slice_bytes().unwrap_or(u64::MAX);
        let RawStart::At(first) = self.start else { return Ok((self.planes, 0)) };
        let bytes = len.saturating_sub(first);
        let planes = if self.planes == 0 { bytes / plane } else { self.planes };
        if planes == 0 {
            return Err(truncated_at(len, 0, plane));
        }
        Ok((planes, bytes.saturating_sub(planes.saturating_mul(plane))))
    }

    /// Where the plane `id` lies in a file of `len` bytes. No byte of it is read.
    pub(super) fn open(&self, len: u64, id: PageId, limits: &Limits) -> Result<Opened> {
        let description = self.describe(limits)?;
        let plane = description.slice_bytes().unwrap_or(u64::MAX);
        let first = match self.start {
            RawStart::At(offset) => Some(offset),
            RawStart::BeforeEnd => plane.checked_mul(self.planes).and_then(|all| len.checked_sub(all)),
        };
        let start = plane.checked_mul(id.plane).and_then(|before| first?.checked_add(before));
        let bytes = start.and_then(|start| Some(start..start.checked_add(plane)?));
        let Some(bytes) = bytes.filter(|bytes| bytes.end <= len) else {
            return Err(truncated_at(len, id.plane, plane));
        };
        let behind = len - bytes.end;
        let note = (self.planes == 1 && behind > 0)
            .then(|| format!("the file goes on behind the image: {behind} bytes are left out"));
        let chunk = Chunk {
            bytes: bytes.clone(),
            x: 0,
            y: 0,
            width: description.width,
            height: description.height,
            decoded_width: description.width,
            decoded_height: description.height,
            channel: 0,
            channels: description.channels,
        };
        let stored = Stored {
            first: bytes.start,
            // At most 2^32 pixels of 65,535 samples.
            row_step: description.row_bytes().unwrap_or(0) as i64,
            swapped: self.big_endian != cfg!(target_endian = "big") && self.sample.bytes() > 1,
        };
        Ok(Opened { description, chunk, note, stored })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;
    use crate::format::{Page, Scratch};

    const LAYOUT: RawLayout = RawLayout {
        width: 3,
        height: 2,
        channels: 1,
        sample: SampleType::U16,
        photometric: Photometric::MinIsBlack,
        big_endian: true,
        start: RawStart::At(5),
        planes: 2,
    };

    fn plane(plane: u64) -> PageId {
        PageId { index: plane, directory: None, plane }
    }

    fn samples(layout: &RawLayout, file: &Vec<u8>, index: u64) -> Result<Vec<u8>> {
        let page = Page::raw(file, plane(index), layout, &Limits::default())?;
        let bytes = page.chunks[0].bytes.clone();
        let mut out = vec![0; page.description.slice_bytes().unwrap() as usize];
        let raw = &file[bytes.start as usize..bytes.end as usize];
        page.decode(0, raw, &mut Scratch::default(), &mut out)?;
        Ok(out)
    }

    #[test]
    fn planes_lie_behind_the_offset_or_before_the_end() {
        let file: Vec<u8> = (0..29).collect();
        let native = |first: u8| -> Vec<u8> {
            (first..first + 12)
                .step_by(2)
                .flat_map(|n| u16::from_be_bytes([n, n + 1]).to_ne_bytes())
                .collect()
        };
        assert_eq!(samples(&LAYOUT, &file, 0), Ok(native(5)));
        assert_eq!(samples(&LAYOUT, &file, 1), Ok(native(17)));
        let last = RawLayout { start: RawStart::BeforeEnd, planes: 1, ..LAYOUT };
        assert_eq!(samples(&last, &file, 0), Ok(native(17)));
        let little = RawLayout { big_endian: false, sample: SampleType::U8, ..LAYOUT };
        assert_eq!(samples(&little, &file, 3).unwrap(), [23, 24, 25, 26, 27, 28]);
    }

    #[test]
    fn a_plane_that_is_not_there_is_cut_off_wherever_it_should_be() {
        let file = vec![0; 28];
        let status = |layout: &RawLayout, index| samples(layout, &file, index).unwrap_err().status;
        assert_eq!(status(&LAYOUT, 1), Status::Truncated);
        assert_eq!(status(&LAYOUT, u64::MAX), Status::Truncated);
        let far = RawLayout { start: RawStart::At(u64::MAX - 3), ..LAYOUT };
        assert_eq!(status(&far, 0), Status::Truncated);
        for planes in [3, u64::MAX] {
            let last = RawLayout { start: RawStart::BeforeEnd, planes, ..LAYOUT };
            assert_eq!(status(&last, 0), Status::Truncated);
        }
    }

    #[test]
    fn a_file_holds_as_many_planes_as_asked_or_as_fit() {
        let planes = |planes, len| RawLayout { planes, ..LAYOUT }.planes(len, &Limits::default()).unwrap();
        assert_eq!(planes(0, 5 + 36), (3, 0));
        assert_eq!(planes(0, 5 + 36 + 11), (3, 11));
        assert_eq!(planes(2, 5 + 36), (2, 12));
        assert_eq!(planes(4, 5 + 36), (4, 0));
        let short = RawLayout { planes: 0, ..LAYOUT }.planes(5 + 11, &Limits::default());
        assert_eq!(short.unwrap_err().status, Status::Truncated);
    }

    #[test]
    fn sizes_are_checked_before_anything_else() {
        let status = |layout: RawLayout| layout.describe(&Limits::default()).unwrap_err().status;
        assert_eq!(status(RawLayout { width: 0, ..LAYOUT }), Status::Corrupt);
        assert_eq!(status(RawLayout { height: u32::MAX, ..LAYOUT }), Status::LimitExceeded);
        assert_eq!(status(RawLayout { width: 1 << 20, height: 1 << 20, ..LAYOUT }), Status::LimitExceeded);
        assert_eq!(status(RawLayout { channels: 0, ..LAYOUT }), Status::Corrupt);
        for channels in [65_536, u32::MAX] {
            assert_eq!(status(RawLayout { channels, ..LAYOUT }), Status::LimitExceeded);
        }
    }

    #[test]
    fn what_stands_behind_a_lone_image_is_told() {
        let page = |planes, len| {
            let layout = RawLayout { planes, ..LAYOUT };
            Page::raw(&vec![0; len], plane(0), &layout, &Limits::default()).unwrap().note
        };
        assert_eq!(page(1, 17), None);
        assert_eq!(page(2, 30), None);
        assert_eq!(page(1, 20).unwrap(), "the file goes on behind the image: 3 bytes are left out");
    }
}
