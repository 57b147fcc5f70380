//! Reading every header before anything is loaded.
#![forbid(unsafe_code)]

use super::open::source;
use super::{Stack, parallel};

/// Marks each slice that can't be read or differs from the stack.
pub(super) fn verify(stack: &mut Stack, workers: usize) {
    let found = parallel::map(stack.slices.len(), workers, |index| {
        let slice = &stack.slices[index];
        if slice.known.is_some() {
            return None;
        }
        let checked = source(&slice.path)
            .and_then(|source| stack.page(&source, slice))
            .and_then(|page| stack.check(&page.description));
        checked.err().map(|error| error.at(&slice.path).in_slice(index as u64))
    });
    for (slice, error) in stack.slices.iter_mut().zip(found) {
        if error.is_some() {
            slice.known = error;
        }
    }
}
