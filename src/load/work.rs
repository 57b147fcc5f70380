//! Who does what next: slices in the order of the load, each cut into runs.
#![forbid(unsafe_code)]

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use super::runs::Cut;
use super::sync::{Condvar, Mutex, lock};
use crate::format::Page;
use crate::machine::RegularFile;

/// A slice whose file is open and whose chunks are known.
#[derive(Debug)]
pub(super) struct OpenSlice {
    pub place: u64,
    pub file: Arc<RegularFile>,
    pub page: Page,
    /// Never empty.
    pub cut: Cut,
    /// Runs that have not ended.
    pub left: AtomicUsize,
    pub started: Instant,
}

/// One worker's next piece of work.
#[derive(Debug)]
pub(super) enum Task {
    /// Open the slice at this place, cut it into runs and do the first one.
    Open(u64),
    /// Do this run.
    Run(Arc<OpenSlice>, usize),
}

/// The answer to "what next?".
#[derive(Debug)]
pub(super) enum Turn {
    Task(Task),
    /// Nothing now, but a slice is being opened and may bring runs.
    Wait,
    /// Nothing more.
    Done,
}

/// The work of a load, handed out in its order.
#[derive(Debug)]
pub(super) struct Work {
    /// Places in the order in which they are read; `None` for the stack's own.
    order: Option<Vec<u64>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    next: u64,
    total: u64,
    /// Slices with runs that nobody took yet, and the next run of each.
    open: VecDeque<(Arc<OpenSlice>, usize)>,
    /// Slices being opened.
    opening: usize,
    /// Threads that sleep in `wait`.
    waiting: usize,
    stopped: bool,
}

impl Work {
    pub(super) fn new(total: u64, order: Option<Vec<u64>>) -> Work {
        Work {
            order,
            state: Mutex::new(State {
                next: 0,
                total,
                open: VecDeque::new(),
                opening: 0,
                waiting: 0,
                stopped: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// The next piece in order. Whoever gets `Task::Open` owes a call of
    /// `opened`.
    pub(super) fn take(&self) -> Turn {
        let mut state = lock(&self.state);
        if state.stopped {
            return Turn::Done;
        }
        if let Some((slice, run)) = state.open.pop_front() {
            if run + 1 < slice.cut.len() {
                state.open.push_front((slice.clone(), run + 1));
            }
            return Turn::Task(Task::Run(slice, run));
        }
        if state.next < state.total {
            state.next += 1;
            state.opening += 1;
            let next = state.next - 1;
            return Turn::Task(Task::Open(self.order.as_ref().map_or(next, |order| order[next as usize])));
        }
        if state.opening > 0 { Turn::Wait } else { Turn::Done }
    }

    /// A slice was opened, or failed to: its further runs are there to be taken.
    pub(super) fn opened(&self, slice: Option<&Arc<OpenSlice>>) {
        let mut state = lock(&self.state);
        state.opening -= 1;
        if let Some(slice) = slice.filter(|slice| slice.cut.len() > 1) {
            state.open.push_back((slice.clone(), 1));
        }
        if state.waiting > 0 {
            self.changed.notify_all();
        }
    }

    /// Sleeps until `take` would no longer say `Wait`.
    pub(super) fn wait(&self) {
        let mut state = lock(&self.state);
        while !state.stopped && state.open.is_empty() && state.next >= state.total && state.opening > 0 {
            state.waiting += 1;
            state = self.changed.wait(state).unwrap_or_else(|p| p.into_inner());
            state.waiting -= 1;
        }
    }

    /// Nothing more is handed out.
    pub(super) fn stop(&self) {
        lock(&self.state).stopped = true;
        self.changed.notify_all();
    }
}
