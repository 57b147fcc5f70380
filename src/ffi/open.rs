//! `zstack_open`, `zstack_open_list`, `zstack_free`: the handle of a stack.

use std::ffi::{CStr, CString, c_char};
use std::sync::Arc;

use super::error::zstack_error;
use super::growable::required;
use super::guard::{guard, guard_or};
use super::options::{self, zstack_open_options};
use super::text;
use crate::error::{Error, Result, Status};
use crate::stack::{OpenOptions, Stack};

/// An opened stack. It never changes: any number of threads may use it at once,
/// also to load from it. Free it with zstack_free once no call uses it.
pub struct zstack {
    pub(super) stack: Arc<Stack>,
    pub(super) texts: Arc<Texts>,
}

/// The texts of a stack as C wants them; they live as long as any handle that
/// gives them out.
pub(super) struct Texts {
    /// Path of each slice.
    pub slices: Vec<Arc<CStr>>,
    /// What is known against each slice.
    pub known: Vec<Option<CString>>,
    /// Path and reason of each reject.
    pub rejected: Vec<(Arc<CStr>, CString)>,
    /// Who says how large a voxel is.
    pub voxel_source: CString,
    /// Who says something else.
    pub voxel_remark: Option<CString>,
}

impl Texts {
    fn of(stack: &Stack) -> Texts {
        let c_text = |message: &str| text::of_bytes(message.as_bytes().to_vec());
        Texts {
            slices: text::of_paths(stack.slices.iter().map(|slice| slice.path.as_path())),
            known: stack.slices.iter().map(|s| s.known.as_ref().map(|e| c_text(&e.message))).collect(),
            rejected: stack.rejected.iter().map(|r| (text::of_path(&r.path), c_text(&r.message))).collect(),
            voxel_source: c_text(&stack.voxel.source),
            voxel_remark: stack.voxel.remark.as_deref().map(c_text),
        }
    }
}

/// Opens the stack at `path`: a folder, one file (all its pages of one shape), a
/// raw volume, or, where no such file or folder exists, a pattern such as
/// "scan/s_*.tif". Cheap: one listing of the folder, no look at each file, one
/// header.
///
/// A raw volume is opened by its header: MetaImage (.mhd, .mha), NRRD (.nhdr, .nrrd)
/// or VGStudio's .vgi, or by a folder in which that is the largest family of names,
/// alone. Its slices are the planes of the data file, or files, that the header
/// names; these are looked for beside it, in its own folder and below. A name that
/// leads out of there counts by its last part. Data that are compressed, or text,
/// are UNSUPPORTED. Raw samples without a header are opened with
/// zstack_open_options.raw_sample_type.
///
/// `path` is UTF-8; on Unix any bytes but NUL will do. `options` may be NULL.
/// On success `*stack` is a handle to free with zstack_free; otherwise it is
/// left alone. What was left out, and why, is told by zstack_get_rejected, gaps
/// in the numbering by zstack_get_gap.
///
/// Returns OK; INVALID_ARGUMENT, STRUCT_SIZE; NOT_FOUND, PERMISSION_DENIED, IO,
/// NOT_A_FILE; EMPTY, AMBIGUOUS; OUT_OF_RANGE when no file has a page asked for; UNSUPPORTED, CORRUPT, TRUNCATED when no slice
/// can be read at all; LIMIT_EXCEEDED, OUT_OF_MEMORY; INTERNAL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_open(
    path: *const c_char,
    options: *const zstack_open_options,
    stack: *mut *mut zstack,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let out = required(stack, "stack")?;
            let path = text::path(path, "path")?;
            let options = options::open(options)?;
            hand_over(Stack::open(&path, &options)?, out)
        })
    }
}

/// Opens the images at `count` paths as one stack, in the order given. Every
/// path is a slice (or, when the first is a file of several pages, all pages of
/// every file): one that can't be read fails when it is loaded, and shifts none.
///
/// Names are not grouped: prefix, numbers and keep_gaps must be unset, and no
/// extension either. Otherwise as zstack_open; EMPTY when `count` is 0.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_open_list(
    paths: *const *const c_char,
    count: usize,
    options: *const zstack_open_options,
    stack: *mut *mut zstack,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let out = required(stack, "stack")?;
            let options = options::open(options)?;
            let paths = list(paths, count, &options)?;
            hand_over(Stack::open_list(paths, &options)?, out)
        })
    }
}

/// # Safety
/// `paths` must be NULL or hold `count` texts.
unsafe fn list(
    paths: *const *const c_char,
    count: usize,
    options: &OpenOptions,
) -> Result<Vec<std::path::PathBuf>> {
    if count == 0 {
        return Err(Error::new(Status::Empty, "the list of paths is empty"));
    }
    if paths.is_null() {
        return Err(Error::new(Status::InvalidArgument, "paths is NULL"));
    }
    if count as u64 > options.limits.files {
        return Err(Error::new(
            Status::LimitExceeded,
            format!("the list has {count} paths, more than max_files, {}", options.limits.files),
        ));
    }
    // SAFETY: not NULL, so `count` pointers by the caller's promise.
    let pointers = unsafe { std::slice::from_raw_parts(paths, count) };
    let path = |(n, &p): (usize, &*const c_char)| {
        // SAFETY: each is a text by the caller's promise.
        unsafe { text::path(p, &format!("paths[{n}]")) }
    };
    pointers.iter().enumerate().map(path).collect()
}

/// # Safety
/// `out` must be writable.
unsafe fn hand_over(stack: Stack, out: *mut *mut zstack) -> Result<Status> {
    let texts = Arc::new(Texts::of(&stack));
    let handle = Box::new(zstack { stack: Arc::new(stack), texts });
    // SAFETY: the caller's promise.
    unsafe { out.write(Box::into_raw(handle)) };
    Ok(Status::Ok)
}

/// Frees a stack and every text that its functions gave out. NULL is fine. A job
/// that still loads from it goes on, and so do reports.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_free(stack: *mut zstack) {
    guard_or((), || {
        if !stack.is_null() {
            // SAFETY: the handle came from `hand_over` and is freed once.
            drop(unsafe { Box::from_raw(stack) });
        }
    });
}
