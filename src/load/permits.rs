//! A budget of permits: reads in flight, or cores that decode.
#![forbid(unsafe_code)]

use super::sync::{Condvar, Mutex, lock};

/// At most `limit` permits are out at any time.
#[derive(Debug)]
pub(super) struct Permits {
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Debug)]
struct State {
    free: usize,
    /// Threads that sleep in `acquire`.
    waiting: usize,
    closed: bool,
}

/// One permit; given back when dropped.
#[derive(Debug)]
pub(super) struct Permit<'a>(&'a Permits);

impl Permits {
    pub(super) fn new(limit: usize) -> Permits {
        Permits {
            state: Mutex::new(State { free: limit, waiting: 0, closed: false }),
            returned: Condvar::new(),
        }
    }

    /// Waits for a permit; `None` once the budget is closed.
    pub(super) fn acquire(&self) -> Option<Permit<'_>> {
        let mut state = lock(&self.state);
        while state.free == 0 && !state.closed {
            state.waiting += 1;
            state = self.returned.wait(state).unwrap_or_else(|p| p.into_inner());
            state.waiting -= 1;
        }
        if state.closed {
            return None;
        }
        state.free -= 1;
        Some(Permit(self))
    }

    /// No more permits: whoever waits goes home. Those that are out stay good.
    pub(super) fn close(&self) {
        lock(&self.state).closed = true;
        self.returned.notify_all();
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.free += 1;
        // To wake nobody costs a call into the system all the same.
        if state.waiting > 0 {
            self.0.returned.notify_one();
        }
    }
}

#[cfg(all(test, zstack_model))]
mod model {
    use super::*;
    use loom::sync::Arc;
    use loom::sync::atomic::{AtomicUsize, Ordering};
    use loom::thread;

    #[test]
    fn never_more_than_the_limit_and_nobody_is_forgotten() {
        for limit in 1..=2 {
            super::super::sync::model(move || {
                let permits = Arc::new(Permits::new(limit));
                let out = Arc::new(AtomicUsize::new(0));
                let workers: Vec<_> = (0..2)
                    .map(|_| {
                        let (permits, out) = (permits.clone(), out.clone());
                        thread::spawn(move || {
                            let permit = permits.acquire().expect("never closed here");
                            assert!(out.fetch_add(1, Ordering::SeqCst) < limit);
                            out.fetch_sub(1, Ordering::SeqCst);
                            drop(permit);
                        })
                    })
                    .collect();
                drop(permits.acquire());
                for worker in workers {
                    worker.join().unwrap();
                }
                assert_eq!(lock(&permits.state).free, limit);
            });
        }
    }

    #[test]
    fn closing_wakes_whoever_waits() {
        super::super::sync::model(|| {
            let permits = Arc::new(Permits::new(1));
            let held = permits.acquire();
            let waiters: Vec<_> = (0..2)
                .map(|_| {
                    let permits = permits.clone();
                    thread::spawn(move || drop(permits.acquire()))
                })
                .collect();
            permits.close();
            for waiter in waiters {
                waiter.join().unwrap();
            }
            drop(held);
            assert!(permits.acquire().is_none());
        });
    }
}
