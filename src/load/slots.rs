//! The cores that decode, and what each of them needs for it. Nobody decodes without
//! a slot, so there are no more tables and buffers than cores, however many threads
//! wait for their reads.
#![forbid(unsafe_code)]

use super::permits::{Permit, Permits};
use super::sync::{Mutex, lock};
use crate::format::Scratch;

/// Memory that serves one chunk after the other.
#[derive(Default)]
pub(super) struct Tools {
    pub pixels: Vec<u8>,
    pub scratch: Scratch,
}

/// The slots of a load.
pub(super) struct Slots {
    permits: Permits,
    idle: Mutex<Vec<Tools>>,
}

/// One slot, and its tools; given back when dropped.
pub(super) struct Slot<'a> {
    pub tools: Tools,
    slots: &'a Slots,
    _permit: Permit<'a>,
}

impl Slots {
    pub(super) fn new(count: usize) -> Slots {
        Slots { permits: Permits::new(count), idle: Mutex::default() }
    }

    /// Waits for a slot; `None` once the load is to end.
    pub(super) fn acquire(&self) -> Option<Slot<'_>> {
        let permit = self.permits.acquire()?;
        let tools = lock(&self.idle).pop().unwrap_or_default();
        Some(Slot { tools, slots: self, _permit: permit })
    }

    /// No more slots: whoever waits goes home.
    pub(super) fn close(&self) {
        self.permits.close();
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        lock(&self.slots.idle).push(std::mem::take(&mut self.tools));
    }
}

impl std::fmt::Debug for Slots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slots").field("permits", &self.permits).finish_non_exhaustive()
    }
}
