//! Which planes of a file are channels, slices in depth and points in time, as far
//! as its metadata says.
#![forbid(unsafe_code)]

mod imagej;
mod ome;
mod places;

use std::ffi::CStr;

pub(super) use places::Places;

use crate::error::Result;
use crate::format::{self, ReadAt};

/// One of the axes along which planes lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Channels.
    C,
    /// Depth.
    Z,
    /// Time.
    T,
}

/// How the planes of a file lie along its axes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axes {
    /// The axes and the number of planes along each; the one along which a plane
    /// differs from the next stands first.
    pub order: [(Axis, u64); 3],
    /// Who says so.
    pub source: &'static CStr,
}

impl Axes {
    /// Planes along an axis.
    pub fn count(&self, axis: Axis) -> u64 {
        self.order.iter().filter(|(other, _)| *other == axis).map(|(_, count)| count).product()
    }

    /// Where plane `index` of the file lies along an axis, from 0.
    pub fn place(&self, axis: Axis, index: u64) -> u64 {
        let mut rest = index;
        for (other, count) in self.order {
            if other == axis {
                return rest % count;
            }
            rest /= count;
        }
        0
    }

    fn planes(&self) -> Option<u64> {
        self.order.iter().try_fold(1_u64, |planes, (_, count)| planes.checked_mul(*count))
    }
}

/// The axes of a file that holds `planes` planes of `samples` samples per pixel.
/// What does not add up to as many planes is not believed. Only the file itself can
/// fail.
pub(super) fn of_file(source: &dyn ReadAt, planes: u64, samples: u32) -> Result<Option<Axes>> {
    let description = format::remarks(source)?.description;
    let said = imagej::axes(&description).or_else(|| ome::axes(&description, samples));
    Ok(said.filter(|axes| axes.planes() == Some(planes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_counted_along_the_first_axis_first() {
        let axes = Axes { order: [(Axis::C, 2), (Axis::Z, 3), (Axis::T, 4)], source: c"a test" };
        assert_eq!(axes.planes(), Some(24));
        assert_eq!([Axis::C, Axis::Z, Axis::T].map(|axis| axes.place(axis, 17)), [1, 2, 2]);
        assert_eq!([Axis::C, Axis::Z, Axis::T].map(|axis| axes.count(axis)), [2, 3, 4]);
        let endless = Axes { order: [(Axis::C, u64::MAX), (Axis::Z, 3), (Axis::T, 4)], source: c"a test" };
        assert_eq!(endless.planes(), None);
    }
}
