//! `zstack_cancel`: a token to stop loads with, from any thread.

use super::guard::guard_or;
use crate::load::Cancel;

/// A token that cancels every load that it was given to, running or to come.
/// Any thread may use it at any time. Free it with zstack_cancel_free.
pub struct zstack_cancel(pub(super) Cancel);

/// A new token, to be freed with zstack_cancel_free; NULL when there is no memory.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_cancel_new() -> *mut zstack_cancel {
    guard_or(std::ptr::null_mut(), || Box::into_raw(Box::new(zstack_cancel(Cancel::new()))))
}

/// Cancels; returns at once. The loads return within the time of the reads and
/// chunks in flight, with ZSTACK_STATUS_CANCELLED. One that has dealt with all
/// its slices by then returns as if nothing had been asked. NULL is ignored. Not
/// for signal handlers: set a flag there, and return non-zero from on_progress.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_cancel_request(cancel: *const zstack_cancel) {
    guard_or((), || {
        // SAFETY: the caller's promise.
        if let Some(cancel) = unsafe { cancel.as_ref() } {
            cancel.0.cancel();
        }
    });
}

/// 1 once zstack_cancel_request was called, 0 before and for NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_cancel_is_requested(cancel: *const zstack_cancel) -> i32 {
    // SAFETY: the caller's promise.
    guard_or(0, || unsafe { cancel.as_ref() }.is_some_and(|cancel| cancel.0.is_cancelled()).into())
}

/// Frees a token; loads that it was given to go on as they are. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_cancel_free(cancel: *mut zstack_cancel) {
    guard_or((), || {
        if !cancel.is_null() {
            // SAFETY: the token came from `zstack_cancel_new` and is freed once.
            drop(unsafe { Box::from_raw(cancel) });
        }
    });
}
