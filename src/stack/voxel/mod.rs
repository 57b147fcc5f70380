//! How large a voxel is, and who says so: what scanners write beside their slices
//! first, then what stands in the first file. What nobody says stays unknown.
#![forbid(unsafe_code)]

pub(super) mod dicom;
pub(super) mod ini;
mod ome;
pub(super) mod scanners;
mod tags;
mod units;

use std::path::Path;

use super::sidecar::VoxelSize;
use crate::format::Remarks;

/// Two sizes that differ by less are the same, rounded.
const SAME: f64 = 1e-3;

/// The size of a voxel in micrometres along x (columns), y (rows) and z (slices);
/// `None` where it is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voxel {
    /// From a column to the next.
    pub x: Option<f64>,
    /// From a row to the next.
    pub y: Option<f64>,
    /// From a slice to the next.
    pub z: Option<f64>,
    /// Who says so; empty where nothing is known.
    pub source: String,
    /// Who says something else.
    pub remark: Option<String>,
}

/// What one source says, in micrometres.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    by: String,
    axes: [Option<f64>; 3],
}

impl Said {
    /// Keeps what can be a size.
    fn new(by: impl Into<String>, axes: [Option<f64>; 3]) -> Said {
        let size = |axis: Option<f64>| axis.filter(|size| size.is_finite() && *size > 0.0);
        Said { by: by.into(), axes: axes.map(size) }
    }
}

/// What is said of a stack by texts beside its files, and then by the first file.
/// What makes no sense says nothing.
pub(super) fn of_stack(beside: &[Said], remarks: &Remarks) -> Voxel {
    let mut said = beside.to_vec();
    said.extend(ome::said(&remarks.description));
    said.extend(tags::said(remarks));
    weigh(&said)
}

/// What the header of a raw volume says. ITK, whose formats these are for the most
/// part, takes sizes without a unit for millimetres.
pub(super) fn of_header(header: &Path, voxel: &VoxelSize) -> Option<Said> {
    let name = header.file_name()?.to_string_lossy().into_owned();
    let (by, unit) = match &voxel.unit {
        Some(unit) => (name, units::micrometres(unit)?),
        None => (format!("{name}, which names no unit, taken as millimetres"), 1e3),
    };
    Some(Said::new(by, voxel.size.map(|size| size.map(|size| size * unit))))
}

/// The first to say something of an axis is believed; who differs is named.
fn weigh(said: &[Said]) -> Voxel {
    let mut sizes: [Option<(f64, &str)>; 3] = [None; 3];
    let mut objections = Vec::new();
    for source in said {
        for (axis, name) in [(0, "x"), (1, "y"), (2, "z")] {
            let Some(size) = source.axes[axis] else { continue };
            match sizes[axis] {
                None => sizes[axis] = Some((size, &source.by)),
                Some((first, _)) if (size / first - 1.0).abs() <= SAME => {}
                Some((first, by)) => {
                    objections.push(format!("{name} is {first} um by {by}, but {size} um by {}", source.by))
                }
            }
        }
    }
    let mut sources: Vec<&str> = Vec::new();
    for (_, by) in sizes.iter().flatten() {
        if !sources.contains(by) {
            sources.push(by);
        }
    }
    let [x, y, z] = sizes.map(|size| size.map(|(size, _)| size));
    let remark = (!objections.is_empty()).then(|| objections.join("; "));
    Voxel { x, y, z, source: sources.join("; "), remark }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_source_of_each_axis_is_believed_and_others_are_named() {
        let log = Said::new("log", [Some(10.0), Some(10.0), None]);
        let tags = Said::new("tags", [Some(10.001), Some(20.0), Some(30.0)]);
        let voxel = weigh(&[log, tags]);
        assert_eq!([voxel.x, voxel.y, voxel.z], [Some(10.0), Some(10.0), Some(30.0)]);
        assert_eq!(voxel.source, "log; tags");
        assert_eq!(voxel.remark.as_deref(), Some("y is 10 um by log, but 20 um by tags"));
    }

    #[test]
    fn what_cannot_be_a_size_is_unknown() {
        let odd = Said::new("odd", [Some(0.0), Some(-1.0), Some(f64::NAN)]);
        assert_eq!(weigh(&[odd]), Voxel::default());
    }
}
