//! How large a voxel is: `zstack_get_voxel`.

use std::ffi::c_char;

use super::error::zstack_error;
use super::growable::{Growable, Out, handle};
use super::guard::guard;
use super::open::zstack;
use super::text;
use crate::error::Status;

/// How large a voxel is, in micrometres; 0 = not known. The texts belong to the stack.
///
/// Believed is, in this order and for each axis by itself: what scanners write
/// beside the slices of a folder (NRecon's .log, the .pcr and .pca of datos|x,
/// Nikon's .xtekct, unireconstruction.xml of RX Solutions), OME-XML, ImageJ's unit
/// and spacing, and TIFF's resolution tags, these of the first readable file. It is
/// that of the full pages, whatever `level` chose. Many
/// programs write a resolution of 72 per inch that means nothing: look at `source`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_voxel_info {
    /// sizeof(zstack_voxel_info).
    pub struct_size: usize,
    /// From a column to the next.
    pub x: f64,
    /// From a row to the next.
    pub y: f64,
    /// From a slice to the next.
    pub z: f64,
    /// Who says so, such as "NRecon's log (s_rec.log)"; "" where nothing is known.
    pub source: *const c_char,
    /// Who says something else, by more than a thousandth; NULL where nobody does.
    pub remark: *const c_char,
}

// SAFETY: floats, integers and pointers only, laid out without padding.
unsafe impl Growable for zstack_voxel_info {
    const NAME: &'static str = "zstack_voxel_info";
}

/// Fills `*voxel` with how large a voxel is. Any thread.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_get_voxel(
    stack: *const zstack,
    voxel: *mut zstack_voxel_info,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let zstack { stack, texts } = handle(stack, "stack")?;
            let out = Out::new(voxel)?;
            let voxel = &stack.voxel;
            out.write(&zstack_voxel_info {
                struct_size: 0,
                x: voxel.x.unwrap_or(0.0),
                y: voxel.y.unwrap_or(0.0),
                z: voxel.z.unwrap_or(0.0),
                source: texts.voxel_source.as_ptr(),
                remark: text::pointer(texts.voxel_remark.as_ref()),
            });
            Ok(Status::Ok)
        })
    }
}
