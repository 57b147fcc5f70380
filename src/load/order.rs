//! In which order slices are read. On a disk with a head it is that in which their
//! files were made, which is how they mostly lie there: a program that writes slices
//! in parallel, or copies a folder as it is listed, leaves them in another order than
//! that of their names.
#![forbid(unsafe_code)]

use super::plan::Plan;
use crate::machine::Storage;
use crate::stack::Stack;

/// So many slices may change places with each other, and no slice further: whoever
/// shows slices as they come still sees the stack grow from its beginning.
pub(super) const WINDOW: usize = 64;

/// Whether a load of `stack` has another order than the stack's own.
pub(super) fn differs(stack: &Stack, plan: &Plan) -> bool {
    let falls = |place: u64| inode(stack, plan, place) < inode(stack, plan, place - 1);
    let inside_window = |place: &u64| !place.is_multiple_of(WINDOW as u64);
    stack.storage == Storage::Rotational
        && !stack.one_file
        && (1..plan.slices).filter(inside_window).any(falls)
}

/// The places of a load in the order in which they are read; `None` for the
/// stack's own.
pub(super) fn of(stack: &Stack, plan: &Plan) -> Option<Vec<u64>> {
    plan.by_inode.then(|| {
        let mut order: Vec<u64> = (0..plan.slices).collect();
        for window in order.chunks_mut(WINDOW) {
            window.sort_by_key(|&place| inode(stack, plan, place));
        }
        order
    })
}

fn inode(stack: &Stack, plan: &Plan, place: u64) -> Option<u64> {
    stack.slices[plan.slice_at(place) as usize].inode
}
