//! What the axes of a NRRD are: samples of a pixel, columns, rows, and whatever
//! follows, which makes slices; and how far apart these are.
#![forbid(unsafe_code)]

use super::VoxelSize;
use super::text::{self, Fields, corrupt, unsupported};
use crate::error::Result;

/// The axes of an image.
#[derive(Debug)]
pub(super) struct Axes {
    /// The axis of the columns: 1 where the first one counts the samples of a pixel.
    pub first: usize,
    /// These samples are colours.
    pub color: bool,
    /// The axis behind the rows is one of space.
    has_z: bool,
}

impl Axes {
    pub(super) fn read(fields: &Fields, dimension: usize) -> Result<Axes> {
        let kinds: Vec<String> = match fields.get("kinds")? {
            Some(kinds) => kinds.split_whitespace().map(str::to_ascii_lowercase).collect(),
            None => Vec::new(),
        };
        if !kinds.is_empty() && kinds.len() != dimension {
            let message = format!("the header tells {} kinds of {dimension} axes", kinds.len());
            return Err(corrupt(message));
        }
        let directions = directions(fields.get("spacedirections")?.unwrap_or(""));
        let counts_samples = |axis: usize| match kinds.get(axis).map(String::as_str) {
            Some("domain" | "space" | "time") => false,
            // Where nothing is said of its kind, an axis without a direction is not one of space.
            None | Some("none" | "???") => directions.get(axis).is_some_and(Option::is_none),
            Some(_) => true,
        };
        let first = usize::from(counts_samples(0));
        if dimension < first + 2 {
            return Err(unsupported(format!("a NRRD with {} dimensions of space", dimension - first)));
        }
        if counts_samples(first) || counts_samples(first + 1) {
            return Err(unsupported(
                "a NRRD whose samples of a pixel do not follow each other; write it with that axis first, or last",
            ));
        }
        let has_z = dimension > first + 2
            && !counts_samples(first + 2)
            && kinds.get(first + 2).is_none_or(|kind| kind != "time");
        let color = kinds[..first.min(kinds.len())]
            .iter()
            .any(|kind| ["rgb-color", "rgba-color", "3-color", "4-color"].contains(&kind.as_str()));
        Ok(Axes { first, color, has_z })
    }
}

/// Distances between columns, rows and slices, where they are told.
pub(super) fn voxel(fields: &Fields, axes: &Axes) -> Option<VoxelSize> {
    let said = |key| fields.get(key).ok().flatten();
    let (all, units, unit_axes): (Vec<Option<f64>>, _, _) = match said("spacedirections") {
        Some(text) => {
            // Units of space have no word for axes that are not of space.
            (directions(text).into_iter().flatten().map(Some).collect(), said("spaceunits"), 0..3)
        }
        None => {
            let words = said("spacings")?.split_whitespace();
            let spacings = words.skip(axes.first).map(|word| word.parse().ok()).collect();
            (spacings, said("units"), axes.first..axes.first + 3)
        }
    };
    let mut size = [0, 1, 2].map(|axis| all.get(axis).copied().flatten().and_then(text::distance));
    if !axes.has_z {
        size[2] = None;
    }
    let units = quoted(units.unwrap_or(""));
    let mut told = unit_axes.take(if axes.has_z { 3 } else { 2 }).map(|axis| units.get(axis));
    let unit = told.next().flatten().filter(|unit| !unit.is_empty());
    // Units that differ from axis to axis have no place here.
    if told.any(|other| other != unit) {
        return None;
    }
    size.iter().any(Option::is_some).then(|| VoxelSize { size, unit: unit.cloned() })
}

/// Lengths of the vectors of `none (1,0,0) (0,1,0) (0,0,2)`.
fn directions(text: &str) -> Vec<Option<f64>> {
    let mut lengths = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let vector = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let (length, behind) = match vector {
            Some((vector, behind)) => {
                let squares = vector.split(',').map(|x| x.trim().parse().unwrap_or(f64::NAN).powi(2));
                (Some(squares.sum::<f64>().sqrt()), behind)
            }
            None => (None, rest.split_once(char::is_whitespace).map_or("", |(_, behind)| behind)),
        };
        lengths.push(length);
        rest = behind.trim_start();
    }
    lengths
}

/// The words of `"mm" "mm" "mm"`.
fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
