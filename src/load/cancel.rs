//! Asking a load to stop, from any thread.
#![forbid(unsafe_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A token that cancels every load it was given to, now or later. Clones are
/// the same token.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A token that nobody has used yet.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Asks to stop. The load returns within the time of the reads and chunks
    /// in flight.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether anyone asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
