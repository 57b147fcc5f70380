//! Where a slice lies in space and what its numbers mean, as far as a format says
//! it for each file. Of the formats here, DICOM does.
#![forbid(unsafe_code)]

use super::{Format, ReadAt, dicom, sniff};
use crate::error::Result;

/// Slices are evenly spaced when no distance differs from the others by more.
const EVEN: f64 = 0.01;

/// What a file says of its place in a series. Lengths are in millimetres. Nothing of
/// it is applied to samples.
#[derive(Clone, Debug, PartialEq)]
pub struct SlicePlace {
    /// The series that the slice belongs to; empty when that is not said.
    pub series: String,
    /// Its number in the series.
    pub instance: Option<i64>,
    /// The centre of its first pixel.
    pub position: Option<[f64; 3]>,
    /// The direction that its plane faces, of length 1.
    pub normal: Option<[f64; 3]>,
    /// From a row to the next, and from a column to the next.
    pub spacing: Option<[f64; 2]>,
    /// From a slice to the next, as the file states it; positions are better.
    pub slice_spacing: Option<f64>,
    /// What a sample is to be multiplied by.
    pub slope: Option<f64>,
    /// What is to be added then.
    pub intercept: Option<f64>,
}

impl SlicePlace {
    /// How far along a direction the slice lies.
    pub fn along(&self, normal: &[f64; 3]) -> Option<f64> {
        Some(self.position?.iter().zip(normal).map(|(part, normal)| part * normal).sum())
    }
}

/// What a file says of its place; `None` where its format says nothing of the kind.
pub fn slice_place(source: &dyn ReadAt) -> Result<Option<SlicePlace>> {
    match sniff::format(source)? {
        Format::Dicom => dicom::place(source).map(Some),
        Format::Tiff | Format::Png | Format::Jpeg | Format::Bmp | Format::Pnm | Format::Raw => Ok(None),
    }
}

/// The distance from each slice to the next, in order, where it is the same
/// throughout.
pub fn slice_distance(along: &[f64]) -> Option<f64> {
    let (first, last) = (along.first()?, along.last()?);
    let mean = (last - first) / (along.len() - 1) as f64;
    let is_even = |pair: &[f64]| (pair[1] - pair[0] - mean).abs() <= EVEN * mean.abs();
    (mean.is_finite() && mean != 0.0 && along.windows(2).all(is_even)).then_some(mean.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_told_only_where_it_is_the_same_throughout() {
        assert_eq!(slice_distance(&[1.0, 3.5, 6.0]), Some(2.5));
        assert_eq!(slice_distance(&[6.0, 3.5, 1.0]), Some(2.5));
        assert_eq!(slice_distance(&[1.0, 3.5, 8.5]), None);
        assert_eq!(slice_distance(&[2.0, 2.0]), None);
        assert_eq!(slice_distance(&[1.0]), None);
        assert_eq!(slice_distance(&[]), None);
    }
}
