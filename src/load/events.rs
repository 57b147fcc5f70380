//! The way from the workers to the calling thread. Workers never wait here.
#![forbid(unsafe_code)]

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::sync::{Condvar, Mutex, lock};

/// A queue that many push to and one drains, in order of pushing.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    closed: bool,
}

/// What a look into the queue gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<T> {
    /// The oldest item.
    Item(T),
    /// Nothing within the time given.
    Nothing,
    /// Nothing, and nothing will come.
    Closed,
}

impl<T> Queue<T> {
    pub(super) fn new() -> Queue<T> {
        Queue { state: Mutex::new(State { items: VecDeque::new(), closed: false }), changed: Condvar::new() }
    }

    pub(super) fn push(&self, item: T) {
        lock(&self.state).items.push_back(item);
        self.changed.notify_one();
    }

    /// No more items will come; those inside can still be taken.
    pub(super) fn close(&self) {
        lock(&self.state).closed = true;
        self.changed.notify_all();
    }

    /// The oldest item, waiting until `deadline` for one; `None` waits for ever.
    pub(super) fn next(&self, deadline: Option<Instant>) -> Next<T> {
        let mut state = lock(&self.state);
        loop {
            if let Some(item) = state.items.pop_front() {
                return Next::Item(item);
            }
            if state.closed {
                return Next::Closed;
            }
            state = match deadline {
                None => self.changed.wait(state).unwrap_or_else(|p| p.into_inner()),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left == Duration::ZERO {
                        return Next::Nothing;
                    }
                    let waited = self.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(|p| p.into_inner()).0
                }
            };
        }
    }

    /// Whether the last item was pushed, taken or not.
    pub(super) fn is_closed(&self) -> bool {
        lock(&self.state).closed
    }
}

#[cfg(all(test, zstack_model))]
mod model {
    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    #[test]
    fn every_item_arrives_once_and_the_end_is_seen() {
        super::super::sync::model(|| {
            let queue = Arc::new(Queue::new());
            let pushers: Vec<_> = (0..2)
                .map(|n| {
                    let queue = queue.clone();
                    thread::spawn(move || queue.push(n))
                })
                .collect();
            let closer = {
                let queue = queue.clone();
                thread::spawn(move || {
                    for pusher in pushers {
                        pusher.join().unwrap();
                    }
                    queue.close();
                })
            };
            let mut seen = Vec::new();
            while let Next::Item(n) = queue.next(None) {
                seen.push(n);
            }
            closer.join().unwrap();
            seen.sort_unstable();
            assert_eq!(seen, [0, 1]);
            assert_eq!(queue.next(None), Next::Closed);
        });
    }
}
