//! The destination as the floor's threads share it.

use std::slice;

/// Memory that several threads write, each its own part.
pub struct Dest {
    start: *mut u8,
    len: usize,
}

// SAFETY: only `part` leads to the memory, and its callers never overlap.
unsafe impl Sync for Dest {}

impl Dest {
    /// # Safety
    /// `start` leads to `len` bytes that nobody else uses while this lives.
    pub unsafe fn new(start: *mut u8, len: usize) -> Self {
        Self { start, len }
    }

    /// A part to write into. Its bytes may hold anything.
    ///
    /// # Safety
    /// No two parts that live at the same time overlap.
    #[expect(clippy::mut_from_ref, reason = "the parts are disjoint by the caller's promise")]
    pub unsafe fn part(&self, offset: usize, len: usize) -> &mut [u8] {
        assert!(offset.checked_add(len).is_some_and(|end| end <= self.len), "a part beyond the destination");
        // SAFETY: inside the memory by the check above, exclusive by the caller's promise.
        unsafe { slice::from_raw_parts_mut(self.start.add(offset), len) }
    }
}
