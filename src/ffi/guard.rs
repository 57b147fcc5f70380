//! The one gate of every export: a panic stops here and becomes a status.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Once, OnceLock};

use super::error::{self, zstack_error};
use crate::error::{Error, Result, Status};

thread_local! {
    /// Calls of ours on this thread, one inside another.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// A library does not print. The hook is silent about panics on our threads and
/// inside our calls, which all become statuses, and passes any other on.
fn hush() {
    type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;
    // In a static, so that the hook itself takes no memory, which would be lost
    // each time the library is unloaded.
    static OTHERS: OnceLock<Hook> = OnceLock::new();
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        OTHERS.get_or_init(std::panic::take_hook);
        std::panic::set_hook(Box::new(|info| {
            let ours = DEPTH.get() > 0
                || std::thread::current()
                    .name()
                    .is_some_and(|name| name.starts_with(crate::load::THREAD_NAME));
            if let Some(others) = OTHERS.get().filter(|_| !ours) {
                others(info);
            }
        }));
    });
}

/// Runs an export's body, catching what unwinds.
fn caught<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    hush();
    DEPTH.set(DEPTH.get() + 1);
    let result = catch_unwind(AssertUnwindSafe(body));
    DEPTH.set(DEPTH.get() - 1);
    result.unwrap_or_else(|panic| {
        let message = format!("the library failed: {}; please report this", crate::panic_message(&*panic));
        // Its drop may panic as well; forgetting it costs a few bytes.
        std::mem::forget(panic);
        Err(Error::new(Status::Internal, message))
    })
}

/// For exports that return a status and take a `zstack_error`.
///
/// # Safety
/// `error` must be NULL or point to a struct as `zstack_error` describes it.
pub(super) unsafe fn guard(error: *mut zstack_error, body: impl FnOnce() -> Result<Status>) -> Status {
    // SAFETY: the caller's promise is passed on.
    let slot = match caught(|| unsafe { error::slot(error) }) {
        Ok(slot) => slot,
        Err(refused) => return refused.status,
    };
    match caught(body) {
        Ok(status) => status,
        Err(failure) => {
            if let Some(slot) = slot {
                slot.write(&failure);
            }
            failure.status
        }
    }
}

/// For exports without a status: `otherwise` is returned after a panic.
pub(super) fn guard_or<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    caught(|| Ok(body())).unwrap_or(otherwise)
}
