//! Where the slice of a DICOM file lies among others, and what its numbers mean.
#![forbid(unsafe_code)]

use dicom_core::Tag;

use super::{page, samples};
use crate::error::Result;
use crate::format::{ReadAt, SlicePlace};

const SERIES: Tag = Tag(0x0020, 0x000E);
const INSTANCE: Tag = Tag(0x0020, 0x0013);
const POSITION: Tag = Tag(0x0020, 0x0032);
const ORIENTATION: Tag = Tag(0x0020, 0x0037);
const SPACING: Tag = Tag(0x0028, 0x0030);
const IMAGER_SPACING: Tag = Tag(0x0018, 0x1164);
const SLICE_SPACING: Tag = Tag(0x0018, 0x0088);
const SLOPE: Tag = Tag(0x0028, 0x1053);
const INTERCEPT: Tag = Tag(0x0028, 0x1052);

/// Reads it from the file's header; an error where the file holds no image.
pub fn place(source: &dyn ReadAt) -> Result<SlicePlace> {
    let head = page::head(source)?;
    samples::pixels(&head.start, &head.elements)?;
    let elements = &head.elements;
    let one = |tag| elements.decimals(tag).map(|[value]| value);
    Ok(SlicePlace {
        series: elements.text(SERIES).unwrap_or_default(),
        instance: elements.text(INSTANCE).and_then(|number| number.parse().ok()),
        position: elements.decimals(POSITION),
        normal: elements.decimals(ORIENTATION).and_then(normal),
        spacing: elements.decimals(SPACING).or_else(|| elements.decimals(IMAGER_SPACING)),
        slice_spacing: one(SLICE_SPACING),
        slope: one(SLOPE),
        intercept: one(INTERCEPT),
    })
}

/// What stands upright on a row and a column, of length 1.
fn normal([a, b, c, d, e, f]: [f64; 6]) -> Option<[f64; 3]> {
    let cross = [b * f - c * e, c * d - a * f, a * e - b * d];
    let length = cross.iter().map(|part| part * part).sum::<f64>().sqrt();
    (length > 0.0 && length.is_finite()).then(|| cross.map(|part| part / length))
}
