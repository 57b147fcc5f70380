//! What zstack is measured against and that isn't Python, as a shared library
//! that `native.py` calls through ctypes.
//!
//! - [`floor`]: what the machine can do at best, on files whose layout is known.
//!   Its codecs are [`lzw`], libdeflate, zstd, and what [`predict`] and [`png`]
//!   undo.
//! - [`crates`]: what most would write in Rust: a crate that decodes, and rayon.
//!
//! Everything takes the destination from outside, so that all readers are given
//! memory of the same kind.

mod crates;
mod dest;
mod floor;
mod lzw;
mod png;
mod predict;

use std::ffi::{CString, OsStr, c_char};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::{ptr, slice};

use dest::Dest;
use floor::{Chunk, Item, Plan};

/// Splits paths that are put together with a NUL between them.
fn paths(joined: &[u8]) -> Vec<PathBuf> {
    joined.split(|&byte| byte == 0).map(|path| PathBuf::from(OsStr::from_bytes(path))).collect()
}

/// NULL when all went well; otherwise the cause, kept for the life of the process.
fn cause(outcome: Result<(), String>) -> *const c_char {
    outcome.map_or_else(
        |cause| CString::new(cause).unwrap_or_default().into_raw().cast_const(),
        |()| ptr::null(),
    )
}

/// A plan for [`floor_load`], kept for the life of the process.
///
/// # Safety
/// Each pointer leads to as many elements as the count after it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn floor_plan(
    joined: *const u8,
    joined_len: usize,
    items: *const Item,
    items_len: usize,
    chunks: *const Chunk,
    chunks_len: usize,
    codec: u32,
    predictor: u32,
    sample_bytes: u32,
) -> *const Plan {
    // SAFETY: the caller's promise.
    let (joined, items, chunks) = unsafe {
        (
            slice::from_raw_parts(joined, joined_len),
            slice::from_raw_parts(items, items_len),
            slice::from_raw_parts(chunks, chunks_len),
        )
    };
    Box::into_raw(Box::new(Plan::new(paths(joined), items, chunks, codec, predictor, sample_bytes)))
}

/// Loads by a plan in two threads.
///
/// # Safety
/// `plan` comes from [`floor_plan`]; `dest` has `dest_len` bytes that nobody else
/// uses meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn floor_load(plan: *const Plan, dest: *mut u8, dest_len: usize) -> *const c_char {
    // SAFETY: the caller's promise.
    cause(unsafe { (*plan).load(&Dest::new(dest, dest_len)) })
}

/// Loads one image per path, or all pages of a single path, with `image` or
/// `tiff` and rayon.
///
/// # Safety
/// `joined` has `joined_len` bytes; `dest` has `dest_len` bytes that nobody else
/// uses meanwhile, all of them initialised or never read before they are written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crates_load(
    with_tiff: bool,
    joined: *const u8,
    joined_len: usize,
    dest: *mut u8,
    dest_len: usize,
    slices: usize,
) -> *const c_char {
    // SAFETY: the caller's promise.
    let (paths, dest) = unsafe {
        (paths(slice::from_raw_parts(joined, joined_len)), slice::from_raw_parts_mut(dest, dest_len))
    };
    cause(if with_tiff { crates::tiff(&paths, dest, slices) } else { crates::image(&paths, dest, slices) })
}
