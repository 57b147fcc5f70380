//! What a stack is: `zstack_get_info`, `_slice`, `_rejected`, `_gap`.

use std::ffi::c_char;

use super::error::zstack_error;
use super::growable::{Growable, Out, handle};
use super::guard::guard;
use super::open::zstack;
use super::text;
use crate::error::{Error, Result, Status};

/// What a stack is. Shape and type are those of its first readable slice.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_info {
    /// sizeof(zstack_info).
    pub struct_size: usize,
    /// Slices, kept gaps among them.
    pub slices: u64,
    /// Bytes of one packed slice: width x height x channels x sample_bytes.
    pub slice_bytes: u64,
    /// Files and pages left out: see zstack_get_rejected.
    pub rejected: u64,
    /// Runs of missing numbers: see zstack_get_gap.
    pub gaps: u64,
    /// Slices known to be bad: kept gaps, and what `verify` found.
    pub known_bad: u64,
    /// Index of the slice that the rest of this struct comes from.
    pub described_by: u64,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples per pixel, interleaved in the buffer; the two parts of a complex one
    /// count as two.
    pub channels: u32,
    /// Type of a sample in the buffer, a zstack_sample_type.
    pub sample_type: i32,
    /// Bytes of a sample in the buffer.
    pub sample_bytes: u32,
    /// Bits of a sample in the file; fewer than in the buffer where bits were
    /// unpacked, each sample to its own number, not scaled. Of a complex sample, those
    /// of each part.
    pub bits_stored: u32,
    /// What a sample means in the buffer, a zstack_photometric.
    pub photometric: i32,
    /// File format, a zstack_format.
    pub format: i32,
    /// TIFF compression number (1 none, 5 LZW, 7 JPEG, 8 deflate, ...); 0 for
    /// other formats.
    pub compression: u32,
    /// Orientation as a TIFF, or the Exif of a JPEG, declares it, 1 to 8 (TIFF 6.0);
    /// 1 where none is declared. Left to you, unless `upright` was asked for: 1 then.
    pub orientation: u32,
    /// 1 = the YCbCr of a JPEG, or palette indices, are turned into RGB.
    pub converted_to_rgb: u32,
    /// 1 = all slices are pages of one file.
    pub one_file: u32,
    /// Storage as the system describes it, a zstack_storage.
    pub storage: i32,
    /// 1 = each sample of the file is complex, and two channels: its real part, then
    /// its imaginary one.
    pub complex_samples: u32,
    /// 1 = grey whose 0 is white was inverted, as `invert_white` asked.
    pub inverted: u32,
    /// The orientation that images are turned from, as `upright` asked; 0 = they stand
    /// as in the file.
    pub turned: u32,
}

// SAFETY: integers only, laid out without padding.
unsafe impl Growable for zstack_info {
    const NAME: &'static str = "zstack_info";
}

/// One slice of a stack. The texts belong to the stack.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_slice_info {
    /// sizeof(zstack_slice_info).
    pub struct_size: usize,
    /// Its file; for a kept gap, the name that the missing file would have. Never NULL.
    pub path: *const c_char,
    /// What is known against it; NULL where `status` is OK.
    pub message: *const c_char,
    /// Page in the file, from 0.
    pub page: u64,
    /// Number in its name; -1 = none, INT64_MAX = that or more.
    pub number: i64,
    /// ZSTACK_STATUS_OK, MISSING for a kept gap, or what `verify` found.
    pub status: i32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: integers and pointers only, laid out without padding.
unsafe impl Growable for zstack_slice_info {
    const NAME: &'static str = "zstack_slice_info";
}

/// A file or page that is no slice of the stack. The texts belong to the stack.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_rejected_info {
    /// sizeof(zstack_rejected_info).
    pub struct_size: usize,
    /// The file.
    pub path: *const c_char,
    /// The reason in words; never NULL.
    pub message: *const c_char,
    /// The page in the file, from 0; -1 = the whole file.
    pub page: i64,
    /// The kind of reason, a zstack_reason.
    pub reason: i32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: integers and pointers only, laid out without padding.
unsafe impl Growable for zstack_rejected_info {
    const NAME: &'static str = "zstack_rejected_info";
}

/// A run of numbers that no file has.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_gap_info {
    /// sizeof(zstack_gap_info).
    pub struct_size: usize,
    /// First missing number; UINT64_MAX = that or more.
    pub first: u64,
    /// Last missing number.
    pub last: u64,
    /// Index of the slice that has the next number.
    pub before: u64,
}

// SAFETY: integers only, laid out without padding.
unsafe impl Growable for zstack_gap_info {
    const NAME: &'static str = "zstack_gap_info";
}

/// Fills `*info` with what the stack is. Any thread.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_get_info(
    stack: *const zstack,
    info: *mut zstack_info,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let stack = &handle(stack, "stack")?.stack;
            let out = Out::new(info)?;
            let image = &stack.description;
            out.write(&zstack_info {
                struct_size: 0,
                slices: stack.slices.len() as u64,
                slice_bytes: image.slice_bytes().unwrap_or(u64::MAX),
                rejected: stack.rejected.len() as u64,
                gaps: stack.gaps.len() as u64,
                known_bad: stack.slices.iter().filter(|s| s.known.is_some()).count() as u64,
                described_by: stack.first.index as u64,
                width: image.width,
                height: image.height,
                channels: image.channels,
                sample_type: image.sample as i32,
                sample_bytes: image.sample.bytes() as u32,
                bits_stored: image.bits_stored,
                photometric: image.photometric as i32,
                format: image.format as i32,
                compression: image.compression,
                orientation: image.orientation,
                converted_to_rgb: image.converted_to_rgb.into(),
                one_file: stack.one_file.into(),
                storage: stack.storage as i32,
                complex_samples: image.complex.into(),
                inverted: image.inverted.into(),
                turned: image.turned,
            });
            Ok(Status::Ok)
        })
    }
}

/// Fills `*slice` with what is known of slice `index`, from 0. Any thread.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_get_slice(
    stack: *const zstack,
    index: u64,
    slice: *mut zstack_slice_info,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let zstack { stack, texts } = handle(stack, "stack")?;
            let out = Out::new(slice)?;
            let slice = nth(&stack.slices, index, "slices")?;
            let index = index as usize;
            out.write(&zstack_slice_info {
                struct_size: 0,
                path: texts.slices[index].as_ptr(),
                message: text::pointer(texts.known[index].as_ref()),
                page: slice.page.index,
                number: slice.number.map_or(-1, |n| n.min(i64::MAX as u64) as i64),
                status: slice.known.as_ref().map_or(Status::Ok, |e| e.status) as i32,
                reserved: 0,
            });
            Ok(Status::Ok)
        })
    }
}

/// Fills `*rejected` with file or page `index` (from 0) that was left out, and
/// why. Any thread.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_get_rejected(
    stack: *const zstack,
    index: u64,
    rejected: *mut zstack_rejected_info,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let zstack { stack, texts } = handle(stack, "stack")?;
            let out = Out::new(rejected)?;
            let rejected = nth(&stack.rejected, index, "rejected files")?;
            let (path, message) = &texts.rejected[index as usize];
            out.write(&zstack_rejected_info {
                struct_size: 0,
                path: path.as_ptr(),
                message: message.as_ptr(),
                page: rejected.page.map_or(-1, |page| page as i64),
                reason: rejected.reason as i32,
                reserved: 0,
            });
            Ok(Status::Ok)
        })
    }
}

/// Fills `*gap` with run `index` (from 0) of missing numbers. Any thread.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_get_gap(
    stack: *const zstack,
    index: u64,
    gap: *mut zstack_gap_info,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let stack = &handle(stack, "stack")?.stack;
            let out = Out::new(gap)?;
            let gap = nth(&stack.gaps, index, "gaps")?;
            let before = gap.before as u64;
            out.write(&zstack_gap_info { struct_size: 0, first: gap.first, last: gap.last, before });
            Ok(Status::Ok)
        })
    }
}

/// Element `index` of a list, or `OutOfRange`.
pub(super) fn nth<'a, T>(list: &'a [T], index: u64, what: &str) -> Result<&'a T> {
    usize::try_from(index).ok().and_then(|i| list.get(i)).ok_or_else(|| {
        Error::new(
            Status::OutOfRange,
            format!("index {index} is past the end: there are {} {what}", list.len()),
        )
    })
}
