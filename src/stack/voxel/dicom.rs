//! Voxel size by DICOM: `PixelSpacing`, and along z the positions of the first and
//! the last slice, or what the first states as the distance of slices (PS3.3, C.7.6.2).
#![forbid(unsafe_code)]

use super::Said;
use crate::format::SlicePlace;

/// What a series says whose first and last slice of `count` lie so.
pub(in crate::stack) fn said(first: &SlicePlace, last: Option<&SlicePlace>, count: usize) -> Vec<Said> {
    let micrometres = |size: Option<f64>| size.map(|size| size * 1e3);
    let between = || {
        let normal = first.normal?;
        let distance = last?.along(&normal)? - first.along(&normal)?;
        (count > 1).then(|| distance.abs() / (count - 1) as f64)
    };
    let [y, x] = first.spacing.map_or([None; 2], |spacing| spacing.map(Some));
    vec![
        Said::new("DICOM positions", [None, None, micrometres(between())]),
        Said::new("DICOM spacing", [micrometres(x), micrometres(y), micrometres(first.slice_spacing)]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_for_more_than_what_is_stated() {
        let place = |z: f64| SlicePlace {
            series: String::new(),
            instance: None,
            position: Some([5.0, 5.0, z]),
            normal: Some([0.0, 0.0, 1.0]),
            spacing: Some([0.5, 0.25]),
            slice_spacing: Some(3.0),
            slope: None,
            intercept: None,
        };
        let found = said(&place(10.0), Some(&place(4.0)), 4);
        assert_eq!(found[0].axes, [None, None, Some(2000.0)]);
        assert_eq!(found[1].axes, [Some(250.0), Some(500.0), Some(3000.0)]);
        assert_eq!(said(&place(1.0), None, 1)[0].axes, [None; 3]);
    }
}
