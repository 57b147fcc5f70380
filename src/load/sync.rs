//! The locks that the load is built on: the standard ones, or the model
//! checker's when built with `--cfg zstack_model`.
#![forbid(unsafe_code)]

#[cfg(zstack_model)]
pub(super) use loom::sync::{Condvar, Mutex, MutexGuard};
#[cfg(not(zstack_model))]
pub(super) use std::sync::{Condvar, Mutex, MutexGuard};

/// Locks even after a panic elsewhere: every update under these locks is a
/// single assignment or push, so there is no half-made state to fear.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
