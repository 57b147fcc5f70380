//! OME's axes: `DimensionOrder`, `SizeC`, `SizeZ`, `SizeT` of the first `Pixels`, and
//! the `TiffData` that say which directory a plane is in (OME schema 2016-06).
//!
//! Believed where the planes stand in the file in the order of the dimensions, as
//! almost all writers put them; another order is not known here.
#![forbid(unsafe_code)]

use roxmltree::Node;

use super::{Axes, Axis};

/// What the OME-XML of a file says; `samples` are those of a pixel, which OME counts
/// as channels.
pub(super) fn axes(description: &[u8], samples: u32) -> Option<Axes> {
    let text = std::str::from_utf8(description).ok()?.trim_end_matches('\0').trim();
    if !text.ends_with("OME>") {
        return None;
    }
    let document = roxmltree::Document::parse(text).ok()?;
    let pixels = document.descendants().find(|node| node.tag_name().name() == "Pixels")?;
    let order = pixels.attribute("DimensionOrder")?.strip_prefix("XY")?;
    let axis = |letter| {
        let (axis, size) = match letter {
            'C' => (Axis::C, number(&pixels, "SizeC")? / u64::from(samples.max(1))),
            'Z' => (Axis::Z, number(&pixels, "SizeZ")?),
            'T' => (Axis::T, number(&pixels, "SizeT")?),
            _ => return None,
        };
        (size > 0).then_some((axis, size))
    };
    let order: Vec<(Axis, u64)> = order.chars().map(axis).collect::<Option<_>>()?;
    let &[first, second, third] = order.as_slice() else { return None };
    let axes = Axes { order: [first, second, third], source: c"OME" };
    let mut data = pixels.children().filter(|node| node.tag_name().name() == "TiffData");
    data.all(|data| stands_in_order(&data, &axes, samples)).then_some(axes)
}

/// Whether a run of planes begins in the directory that the order of the dimensions
/// gives it.
fn stands_in_order(data: &Node, axes: &Axes, samples: u32) -> bool {
    let get = |key| number(data, key).unwrap_or(0);
    let first = |axis| match axis {
        Axis::C => get("FirstC") / u64::from(samples.max(1)),
        Axis::Z => get("FirstZ"),
        Axis::T => get("FirstT"),
    };
    let place = axes
        .order
        .iter()
        .rev()
        .try_fold(0_u64, |place, &(axis, count)| place.checked_mul(count)?.checked_add(first(axis)));
    place == Some(get("IFD"))
}

fn number(node: &Node, key: &str) -> Option<u64> {
    node.attribute(key)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ome(data: &str) -> Option<Axes> {
        let text = format!(
            "<OME><Image><Pixels DimensionOrder=\"XYZCT\" SizeC=\"2\" SizeZ=\"3\" SizeT=\"1\">{data}</Pixels>\
             </Image></OME>"
        );
        axes(text.as_bytes(), 1)
    }

    #[test]
    fn dimensions_are_taken_in_their_order() {
        let order = Some([(Axis::Z, 3), (Axis::C, 2), (Axis::T, 1)]);
        for data in [
            "",
            "<TiffData/>",
            "<TiffData IFD='0' PlaneCount='6'/>",
            "<TiffData FirstZ='1' FirstC='1' IFD='4'/>",
        ] {
            assert_eq!(ome(data).map(|axes| axes.order), order, "{data}");
        }
    }

    #[test]
    fn planes_in_another_order_are_not_known() {
        assert_eq!(ome("<TiffData FirstZ='1' FirstC='0' IFD='2'/>"), None);
        assert_eq!(axes(b"<OME><Pixels DimensionOrder='XYZ' SizeZ='3'/></OME>", 1), None);
    }

    #[test]
    fn samples_of_a_pixel_are_no_planes() {
        let text = b"<OME><Pixels DimensionOrder='XYCZT' SizeC='3' SizeZ='5' SizeT='1'/></OME>";
        assert_eq!(axes(text, 3).unwrap().order, [(Axis::C, 1), (Axis::Z, 5), (Axis::T, 1)]);
    }
}
