//! ImageJ's axes: `channels=2`, `slices=3`, `frames=4` in its description, always
//! with the channel first; what is 1 is left out.
#![forbid(unsafe_code)]

use super::{Axes, Axis};

/// What the description of a file says, if ImageJ wrote it and it says anything.
pub(super) fn axes(description: &[u8]) -> Option<Axes> {
    let text = String::from_utf8_lossy(description);
    if !text.starts_with("ImageJ=") {
        return None;
    }
    let count = |key: &str| {
        let values = text.lines().filter_map(|line| line.split_once('='));
        values.filter(|(name, _)| *name == key).find_map(|(_, value)| value.trim().parse::<u64>().ok())
    };
    let named = ["channels", "slices", "frames"].map(count);
    let order = [Axis::C, Axis::Z, Axis::T].into_iter().zip(named.map(|count| count.unwrap_or(1).max(1)));
    let order: Vec<(Axis, u64)> = order.collect();
    named
        .iter()
        .any(Option::is_some)
        .then(|| Axes { order: [order[0], order[1], order[2]], source: c"ImageJ" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_one() {
        let found = axes(b"ImageJ=1.53t\nimages=8\nslices=4\nframes=2\n").unwrap();
        assert_eq!(found.order, [(Axis::C, 1), (Axis::Z, 4), (Axis::T, 2)]);
        assert_eq!(axes(b"ImageJ=1.53t\nimages=8\n"), None);
        assert_eq!(axes(b"slices=4\n"), None);
    }
}
