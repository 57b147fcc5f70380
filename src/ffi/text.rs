//! Text across the ABI: NUL-terminated, UTF-8 or, for paths on Unix, any bytes.

use std::ffi::{CStr, CString, c_char};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result, Status};

/// A caller's path.
///
/// # Safety
/// `ptr` must be NULL or NUL-terminated.
pub(super) unsafe fn path(ptr: *const c_char, name: &str) -> Result<PathBuf> {
    // SAFETY: the caller's promise is passed on.
    let text = unsafe { bytes(ptr)? }
        .ok_or_else(|| Error::new(Status::InvalidArgument, format!("{name} is NULL")))?;
    if text.is_empty() {
        return Err(Error::new(Status::InvalidArgument, format!("{name} is empty")));
    }
    path_of(text).ok_or_else(|| Error::new(Status::InvalidArgument, format!("{name} is not UTF-8")))
}

/// A caller's text as bytes; `None` for NULL.
///
/// # Safety
/// As `path`; the text must outlive the result.
pub(super) unsafe fn bytes<'a>(ptr: *const c_char) -> Result<Option<&'a [u8]>> {
    if ptr.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, so NUL-terminated by the caller's promise.
    Ok(Some(unsafe { CStr::from_ptr(ptr) }.to_bytes()))
}

#[cfg(unix)]
fn path_of(text: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(text)))
}

#[cfg(not(unix))]
fn path_of(text: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(text).ok().map(PathBuf::from)
}

/// A path as the caller's kind of text.
pub(super) fn of_path(path: &Path) -> Arc<CStr> {
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec();
    #[cfg(not(unix))]
    let bytes = path.to_string_lossy().into_owned().into_bytes();
    of_bytes(bytes).into()
}

/// Text without the NULs that C could not see past.
pub(super) fn of_bytes(mut bytes: Vec<u8>) -> CString {
    bytes.retain(|&byte| byte != 0);
    // The bytes hold no NUL any more, so this cannot fail.
    CString::new(bytes).unwrap_or_default()
}

/// Paths of many slices as C text; pages of one file share theirs.
pub(super) fn of_paths<'a>(paths: impl Iterator<Item = &'a Path>) -> Vec<Arc<CStr>> {
    let mut texts: Vec<Arc<CStr>> = Vec::with_capacity(paths.size_hint().0);
    let mut last: Option<&Path> = None;
    for path in paths {
        let text = match (last, texts.last()) {
            (Some(same), Some(text)) if same == path => text.clone(),
            _ => of_path(path),
        };
        texts.push(text);
        last = Some(path);
    }
    texts
}

/// As much of a text as there is room for, cut between characters, its NUL behind
/// it. `room` holds zeros.
pub(super) fn fill(room: &mut [c_char], text: &str) {
    let mut end = text.len().min(room.len() - 1);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    copy(room, &text.as_bytes()[..end]);
}

/// Bytes as C has them.
pub(super) fn copy(to: &mut [c_char], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from as c_char;
    }
}

/// Pointer to a text that may be absent: NULL then.
pub(super) fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(std::ptr::null(), |text| text.as_ptr())
}
