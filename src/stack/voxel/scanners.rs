//! Voxel size by the text that a scanner's program writes beside the slices.
//!
//! A new kind is one more line in `READERS` and a function from its text to sizes.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};

use super::super::Listing;
use super::Said;
use super::ini::{self, number};
use crate::machine;

/// No such text is longer; only its beginning is read.
const LONGEST: u64 = 1 << 20;

/// Micrometres along x, y and z.
type Axes = [Option<f64>; 3];

struct Reader {
    /// The end of its file's name, in lower case.
    suffix: &'static str,
    /// What it is called in `Voxel::source`.
    what: &'static str,
    axes: fn(&str) -> Axes,
}

/// The kinds that are known; what tells of the reconstruction stands before what
/// tells of the scan.
const READERS: [Reader; 5] = [
    Reader { suffix: ".log", what: "NRecon's log", axes: nrecon },
    Reader { suffix: ".pcr", what: "datos|x reconstruction", axes: phoenix_volume },
    Reader { suffix: ".pca", what: "datos|x acquisition", axes: phoenix_scan },
    Reader { suffix: ".xtekct", what: "Nikon XTekCT", axes: nikon },
    Reader { suffix: RX_FILE, what: "RX Solutions reconstruction", axes: rx_solutions },
];

const RX_FILE: &str = "unireconstruction.xml";
/// RX Solutions puts slices into folders of this name, beside that file.
const RX_FOLDER: &str = "Slices";

/// What the texts beside the first slice say, each kind once.
pub(in crate::stack) fn said(listing: &Listing) -> Vec<Said> {
    let Some(first) = listing.files.first() else { return Vec::new() };
    let mut beside: Vec<PathBuf> = listing.rejected.iter().map(|rejected| rejected.path.clone()).collect();
    if let Some(folder) = first.path.parent()
        && folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(RX_FOLDER))
        && let Some(above) = folder.parent()
    {
        beside.push(above.join(RX_FILE));
    }
    let said = |reader: &Reader| {
        let path = choose(&beside, reader.suffix, &name(&first.path))?;
        let axes = (reader.axes)(&text(path)?);
        let by = format!("{} ({})", reader.what, path.file_name()?.to_string_lossy());
        axes.iter().any(Option::is_some).then(|| Said::new(by, axes))
    };
    READERS.iter().filter_map(said).collect()
}

/// The text of this kind that belongs to a slice: the one whose name the slice's
/// begins with, or the only one.
fn choose<'a>(beside: &'a [PathBuf], suffix: &str, slice: &str) -> Option<&'a Path> {
    let of_kind: Vec<(&PathBuf, String)> =
        beside.iter().filter_map(|path| Some((path, name(path).strip_suffix(suffix)?.to_owned()))).collect();
    let named_alike = of_kind.iter().filter(|(_, stem)| slice.starts_with(stem));
    let best = named_alike.max_by_key(|(_, stem)| stem.len());
    let only = || if let [only] = of_kind.as_slice() { Some(only) } else { None };
    best.or_else(only).map(|(path, _)| path.as_path())
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The beginning of a text; `None` where it cannot be read: it is no slice.
fn text(path: &Path) -> Option<String> {
    let file = machine::open_regular(path).ok()??;
    let mut bytes = vec![0; file.len().min(LONGEST) as usize];
    file.read_exact_at(&mut bytes, 0).ok()?;
    Some(ini::text(&bytes))
}

fn nrecon(text: &str) -> Axes {
    let get = |key| number(text, "Reconstruction", key);
    let pixel = get("Pixel Size (um)");
    let step = get("Section to Section Step").unwrap_or(1.0);
    [pixel, pixel, pixel.map(|pixel| pixel * step)]
}

fn phoenix_volume(text: &str) -> Axes {
    [number(text, "VolumeData", "VoxelSizeRec").map(|size| size * 1e3); 3]
}

fn phoenix_scan(text: &str) -> Axes {
    // The detector's columns turn round the axis, so they give x and y; its rows give z.
    let get = |key| number(text, "Geometry", key).map(|size| size * 1e3);
    let (x, y) = (get("VoxelSizeX"), get("VoxelSizeY"));
    [x, x, y.or(x)]
}

fn nikon(text: &str) -> Axes {
    ["VoxelSizeX", "VoxelSizeY", "VoxelSizeZ"].map(|key| number(text, "XTekCT", key).map(|size| size * 1e3))
}

fn rx_solutions(text: &str) -> Axes {
    let Ok(document) = roxmltree::Document::parse(text) else { return [None; 3] };
    let inside_volume = |node: &roxmltree::Node| {
        node.has_tag_name("voxelSize") && node.parent().is_some_and(|parent| parent.has_tag_name("volume"))
    };
    let size = document.descendants().find(inside_volume);
    ["X", "Y", "Z"].map(|axis| Some(size?.attribute(axis)?.trim().parse::<f64>().ok()? * 1e3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nrecon_gives_the_pixel_of_the_reconstruction_not_of_the_camera() {
        let text = "[Acquisition]\nImage Pixel Size (um)=11.5\nPixel Size (um)=99\n\
                    [Reconstruction]\nSection to Section Step=2\nPixel Size (um)=7.25\n";
        assert_eq!(nrecon(text), [Some(7.25), Some(7.25), Some(14.5)]);
        assert_eq!(nrecon("[Acquisition]\nImage Pixel Size (um)=11.5\n"), [None; 3]);
    }

    #[test]
    fn scanners_that_measure_in_millimetres() {
        assert_eq!(phoenix_volume("[VolumeData]\nVoxelSizeRec=0.0625\n"), [Some(62.5); 3]);
        let scan = phoenix_scan("[Geometry]\nVoxelSizeX=0.5\nVoxelSizeY=0.25\n");
        assert_eq!(scan, [Some(500.0), Some(500.0), Some(250.0)]);
        let text = "[XTekCT]\nVoxelSizeX=0.5\nVoxelSizeY=0.25\nVoxelSizeZ=0.125\n";
        assert_eq!(nikon(text), [Some(500.0), Some(250.0), Some(125.0)]);
        let text = "<unireconstruction><conebeam><voxelSize X=\"9\"/><volume><size X=\"3\"/>\
                    <voxelSize X=\"0.5\" Y=\"0.5\" Z=\"0.25\"/></volume></conebeam></unireconstruction>";
        assert_eq!(rx_solutions(text), [Some(500.0), Some(500.0), Some(250.0)]);
        assert_eq!(rx_solutions("<volume>"), [None; 3]);
    }

    #[test]
    fn the_text_named_like_the_slices_is_theirs() {
        let paths = ["a_rec.log", "a_rec_b.log", "other.log", "one.pcr"].map(PathBuf::from);
        let chosen = |suffix, slice| choose(&paths, suffix, slice).map(Path::to_path_buf);
        assert_eq!(chosen(".log", "a_rec0001.bmp"), Some(paths[0].clone()));
        assert_eq!(chosen(".log", "a_rec_b0001.bmp"), Some(paths[1].clone()));
        assert_eq!(chosen(".log", "z0001.bmp"), None);
        assert_eq!(chosen(".pcr", "z0001.bmp"), Some(paths[3].clone()));
    }
}
