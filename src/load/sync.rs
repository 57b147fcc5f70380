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

/// Tries every interleaving of up to three preemptions, which finds what real
/// schedules do wrong, in seconds rather than hours.
#[cfg(all(test, zstack_model))]
pub(super) fn model(body: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(body);
}
