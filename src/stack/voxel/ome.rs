//! Voxel size by OME-XML, in the description of the first page of an OME-TIFF:
//! `<Pixels PhysicalSizeX="0.5" PhysicalSizeXUnit="mm">`, micrometres where no
//! unit is named (OME schema 2016-06).
#![forbid(unsafe_code)]

use super::Said;
use super::units::micrometres;

/// What the first image of the file says, if the description is OME-XML.
pub(super) fn said(description: &[u8]) -> Option<Said> {
    let text = std::str::from_utf8(description).ok()?.trim_end_matches('\0').trim();
    if !text.ends_with("OME>") {
        return None;
    }
    let document = roxmltree::Document::parse(text).ok()?;
    let pixels = document.descendants().find(|node| node.tag_name().name() == "Pixels")?;
    let size = |axis: &str| {
        let size: f64 = pixels.attribute(axis)?.trim().parse().ok()?;
        let unit = pixels.attribute(format!("{axis}Unit").as_str());
        Some(size * unit.map_or(Some(1.0), micrometres)?)
    };
    let axes = ["PhysicalSizeX", "PhysicalSizeY", "PhysicalSizeZ"].map(size);
    axes.iter().any(Option::is_some).then(|| Said::new("OME PhysicalSize", axes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_of_their_own() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">
            <Pixels PhysicalSizeX="0.5" PhysicalSizeY="2" PhysicalSizeYUnit="nm" PhysicalSizeZ="1.5"
             PhysicalSizeZUnit="pixel" SizeX="3"/></Image></OME>"#;
        assert_eq!(said(text.as_bytes()).unwrap().axes, [Some(0.5), Some(0.002), None]);
    }

    #[test]
    fn what_is_no_ome_xml_says_nothing() {
        for text in ["", "ImageJ=1.5\n", "<OME><Pixels PhysicalSizeX=\"1\"></OME>", "<OME><Pixels/></OME>"] {
            assert_eq!(said(text.as_bytes()), None, "{text}");
        }
    }
}
