//! Which planes of a file are channels, depth and time: `zstack_get_axes`.

use std::ffi::c_char;

use super::error::zstack_error;
use super::growable::{Growable, Out, handle};
use super::guard::guard;
use super::open::zstack;
use super::text;
use crate::error::Status;
use crate::stack::Axis;

/// How the planes of the first file lie along channels, depth and time, as ImageJ or
/// OME-XML says in it; all planes of the file, whatever `channel` and `time` chose.
/// All-zero where nothing says so, or where what is said does not fit the file's
/// number of pages. The slices of a stack are in the order of the file.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_axes_info {
    /// sizeof(zstack_axes_info).
    pub struct_size: usize,
    /// Channels.
    pub channels: u64,
    /// Planes along z.
    pub depth: u64,
    /// Points in time.
    pub times: u64,
    /// Who says so: "ImageJ", "OME", or "". Static.
    pub source: *const c_char,
    /// The letters C, Z and T, the axis along which a page differs from the next one
    /// first: "CZT" is all channels of a plane, then the next plane.
    pub order: [c_char; 8],
}

// SAFETY: integers and pointers only, laid out without padding.
unsafe impl Growable for zstack_axes_info {
    const NAME: &'static str = "zstack_axes_info";
}

/// Fills `*axes` with which planes of the file are channels, depth and time. Any thread.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_get_axes(
    stack: *const zstack,
    axes: *mut zstack_axes_info,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let zstack { stack, .. } = handle(stack, "stack")?;
            let out = Out::new(axes)?;
            let axes = stack.axes.as_ref();
            let count = |axis| axes.map_or(0, |axes| axes.count(axis));
            let mut order = [0; 8];
            let letters: String =
                axes.iter().flat_map(|axes| axes.order).map(|(axis, _)| letter(axis)).collect();
            text::fill(&mut order, &letters);
            out.write(&zstack_axes_info {
                struct_size: 0,
                channels: count(Axis::C),
                depth: count(Axis::Z),
                times: count(Axis::T),
                source: axes.map_or(c"", |axes| axes.source).as_ptr(),
                order,
            });
            Ok(Status::Ok)
        })
    }
}

fn letter(axis: Axis) -> char {
    match axis {
        Axis::C => 'C',
        Axis::Z => 'Z',
        Axis::T => 'T',
    }
}
