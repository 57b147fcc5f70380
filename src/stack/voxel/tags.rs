//! Voxel size by the tags of a TIFF: its resolution (TIFF 6.0, section 8), with
//! ImageJ's words on unit and spacing in the description where it wrote the file.
#![forbid(unsafe_code)]

use super::Said;
use super::units::micrometres;
use crate::format::Remarks;

/// What the tags say.
pub(super) fn said(remarks: &Remarks) -> Option<Said> {
    let description = String::from_utf8_lossy(&remarks.description);
    let is_imagej = description.starts_with("ImageJ=");
    let value = |key: &str| {
        let lines = description.lines().take_while(|_| is_imagej);
        lines.filter_map(|line| line.split_once('=')).find(|(name, _)| *name == key).map(|(_, value)| value)
    };
    let by_tag = match remarks.resolution_unit {
        2 => Some(25_400.0),
        3 => Some(10_000.0),
        _ => None,
    };
    let unit = value("unit").map_or(by_tag, micrometres)?;
    let per_pixel = |resolution: Option<f64>| resolution.map(|pixels| unit / pixels);
    let spacing = value("spacing").and_then(|spacing| spacing.trim().parse::<f64>().ok());
    // ImageJ mirrors an axis by a negative spacing.
    let z = spacing.map(|spacing| spacing.abs() * unit);
    let by = if is_imagej { "ImageJ's resolution and spacing" } else { "XResolution and YResolution" };
    Some(Said::new(by, [per_pixel(remarks.x_resolution), per_pixel(remarks.y_resolution), z]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remarks(unit: u64, per_unit: f64, description: &str) -> Remarks {
        Remarks {
            x_resolution: Some(per_unit),
            y_resolution: Some(2.0 * per_unit),
            resolution_unit: unit,
            description: description.as_bytes().to_vec(),
        }
    }

    #[test]
    fn pixels_per_inch_or_centimetre_become_micrometres() {
        assert_eq!(said(&remarks(3, 1000.0, "")).unwrap().axes, [Some(10.0), Some(5.0), None]);
        assert_eq!(said(&remarks(2, 25.4, "")).unwrap().axes, [Some(1000.0), Some(500.0), None]);
        assert_eq!(said(&remarks(3, 0.0, "")).unwrap().axes, [None; 3]);
    }

    #[test]
    fn a_resolution_without_a_unit_says_nothing() {
        assert_eq!(said(&remarks(1, 72.0, "spacing=2\nunit=mm\n")), None);
    }

    #[test]
    fn imagej_names_its_own_unit_and_the_spacing() {
        let description = "ImageJ=1.53t\nimages=5\nunit=\\u00B5m\nspacing=-2.5\n";
        let found = said(&remarks(1, 4.0, description)).unwrap();
        assert_eq!(found.axes, [Some(0.25), Some(0.125), Some(2.5)]);
        assert_eq!(said(&remarks(1, 4.0, "ImageJ=1.53t\nunit=pixel\nspacing=2\n")), None);
    }
}
