//! `zstack_error`: the caller's own struct for what went wrong.

use std::ffi::c_char;

use super::growable::{Growable, Out};
use super::text;
use crate::error::{Error, Result};

/// Room for a path or a message, its NUL included.
pub const ZSTACK_ERROR_TEXT: usize = 1024;

/// What went wrong, where, and what to do about it where something can be done.
/// Owned by the caller, who sets
/// `struct_size` and passes a pointer, or NULL if the status alone will do. A
/// call whose error struct has a bad `struct_size` does nothing but return
/// ZSTACK_STATUS_STRUCT_SIZE. It is written when a call returns another status than ZSTACK_STATUS_OK,
/// ZSTACK_STATUS_PENDING or ZSTACK_STATUS_NO_MORE_EVENTS, and left alone
/// otherwise.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_error {
    /// sizeof(zstack_error).
    pub struct_size: usize,
    /// The status that the call returned, a zstack_status.
    pub status: i32,
    /// The system's error number (errno, GetLastError), 0 if it was not involved.
    pub os_error: i32,
    /// Index of the slice concerned, in the opened stack; -1 if none.
    pub slice: i64,
    /// The file or folder concerned, or "". A longer path is cut at its front.
    pub path: [c_char; ZSTACK_ERROR_TEXT],
    /// One or two sentences in UTF-8, without a line break at the end. A longer
    /// message is cut at its end.
    pub message: [c_char; ZSTACK_ERROR_TEXT],
}

// SAFETY: integers only, laid out without padding.
unsafe impl Growable for zstack_error {
    const NAME: &'static str = "zstack_error";
}

/// A caller's error struct, checked.
pub(super) struct Slot(Out<zstack_error>);

/// Checks a caller's error struct; `None` for NULL.
///
/// # Safety
/// `ptr` must be NULL or a struct as its documentation says.
pub(super) unsafe fn slot(ptr: *mut zstack_error) -> Result<Option<Slot>> {
    if ptr.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise is passed on.
    unsafe { Out::new(ptr) }.map(|out| Some(Slot(out)))
}

impl Slot {
    pub(super) fn write(self, error: &Error) {
        let mut value = zstack_error {
            struct_size: 0,
            status: error.status as i32,
            os_error: error.os_error,
            slice: error.slice.map_or(-1, |slice| slice as i64),
            path: [0; ZSTACK_ERROR_TEXT],
            message: [0; ZSTACK_ERROR_TEXT],
        };
        if let Some(path) = &error.path {
            let text = text::of_path(path);
            let bytes = text.to_bytes();
            text::copy(&mut value.path, &bytes[bytes.len().saturating_sub(ZSTACK_ERROR_TEXT - 1)..]);
        }
        text::fill(&mut value.message, &error.message);
        // A shorter struct may end inside a text, which must end all the same.
        let path_at = std::mem::offset_of!(zstack_error, path);
        let message_at = std::mem::offset_of!(zstack_error, message);
        let size = self.0.size();
        if size > message_at && size < size_of::<zstack_error>() {
            value.message[size - message_at - 1] = 0;
        } else if size > path_at && size < message_at {
            value.path[size - path_at - 1] = 0;
        }
        self.0.write(&value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn a_long_message_is_cut_between_characters() {
        // SAFETY: all-zero is a valid zstack_error.
        let mut error: zstack_error = unsafe { std::mem::zeroed() };
        error.struct_size = size_of::<zstack_error>();
        // SAFETY: `error` is a whole struct.
        let slot = unsafe { slot(&mut error) }.unwrap().unwrap();
        slot.write(&Error::new(Status::Io, "ä".repeat(1000)));
        let text: Vec<u8> = error.message.iter().map(|&c| c as u8).take_while(|&c| c != 0).collect();
        assert_eq!(String::from_utf8(text).unwrap(), "ä".repeat(511));
        assert_eq!(error.slice, -1);
    }
}
