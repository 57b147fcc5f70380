//! The channel and the point in time that were asked for.
#![forbid(unsafe_code)]

use super::{Axes, Axis};
use crate::error::{Error, Result, Status};
use crate::stack::OpenOptions;

/// The places along channels and time that were asked for.
pub(in crate::stack) struct Places<'a> {
    axes: Option<&'a Axes>,
    asked: [(Axis, Option<u64>); 2],
}

impl Places<'_> {
    /// Refuses places that the file does not have.
    pub fn asked<'a>(options: &OpenOptions, axes: Option<&'a Axes>) -> Result<Places<'a>> {
        let asked = [(Axis::C, options.channel), (Axis::T, options.time)];
        for (axis, place) in asked {
            let Some(place) = place else { continue };
            let what = name(axis);
            let Some(axes) = axes else {
                let message = format!("the file does not say which of its pages are {what} {}", place + 1);
                return Err(Error::new(Status::Unsupported, message));
            };
            if place >= axes.count(axis) {
                let message = format!("{what} {} of a file that has {}", place + 1, axes.count(axis));
                return Err(Error::new(Status::OutOfRange, message));
            }
        }
        Ok(Places { axes, asked })
    }

    /// Why a page is none of them, if so.
    pub fn objection(&self, index: u64) -> Option<String> {
        let axes = self.axes?;
        self.asked.iter().find_map(|&(axis, place)| {
            let found = axes.place(axis, index);
            (found != place?).then(|| format!("it is {} {}", name(axis), found + 1))
        })
    }
}

fn name(axis: Axis) -> &'static str {
    match axis {
        Axis::C => "channel",
        Axis::Z => "depth",
        Axis::T => "time",
    }
}
