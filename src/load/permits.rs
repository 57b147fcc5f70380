//! A budget of permits: reads in flight, or cores that decode.
#![forbid(unsafe_code)]

use super::sync::{Condvar, Mutex, lock};

/// At most `limit` permits are out at any time. The limit can be moved: where
/// more are out than it allows, they stay good, and none is given until fewer are.
#[derive(Debug)]
pub(super) struct Permits {
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Debug)]
struct State {
    limit: usize,
    out: usize,
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
            state: Mutex::new(State { limit, out: 0, waiting: 0, closed: false }),
            returned: Condvar::new(),
        }
    }

    /// Waits for a permit; `None` once the budget is closed.
    pub(super) fn acquire(&self) -> Option<Permit<'_>> {
        let mut state = lock(&self.state);
        while state.out >= state.limit && !state.closed {
            state.waiting += 1;
            state = self.returned.wait(state).unwrap_or_else(|p| p.into_inner());
            state.waiting -= 1;
        }
        if state.closed {
            return None;
        }
        state.out += 1;
        Some(Permit(self))
    }

    /// From now on at most `limit` permits are given.
    pub(super) fn set_limit(&self, limit: usize) {
        lock(&self.state).limit = limit;
        self.returned.notify_all();
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
        state.out -= 1;
        // Whoever waits could not have it where the limit was lowered. To wake
        // nobody costs a call into the system all the same.
        if state.waiting > 0 && state.out < state.limit {
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
                assert_eq!(lock(&permits.state).out, 0);
            });
        }
    }

    #[test]
    fn a_limit_that_climbs_lets_those_in_who_wait() {
        super::super::sync::model(|| {
            let permits = Arc::new(Permits::new(1));
            let held = permits.acquire();
            let waiters: Vec<_> = (0..2)
                .map(|_| {
                    let permits = permits.clone();
                    thread::spawn(move || assert!(permits.acquire().is_some()))
                })
                .collect();
            permits.set_limit(2);
            // The permit held stays out: the waiters share the one that is new.
            for waiter in waiters {
                waiter.join().unwrap();
            }
            drop(held);
            assert_eq!(lock(&permits.state).out, 0);
        });
    }

    #[test]
    fn a_limit_that_falls_is_kept_once_those_out_are_back_and_nobody_is_forgotten() {
        super::super::sync::model(|| {
            let permits = Arc::new(Permits::new(2));
            let out = Arc::new(AtomicUsize::new(0));
            let held = permits.acquire();
            let workers: Vec<_> = (0..2)
                .map(|_| {
                    let (permits, out) = (permits.clone(), out.clone());
                    thread::spawn(move || {
                        let permit = permits.acquire().expect("never closed here");
                        // The one held here is the other.
                        assert!(out.fetch_add(1, Ordering::SeqCst) < 2);
                        out.fetch_sub(1, Ordering::SeqCst);
                        drop(permit);
                    })
                })
                .collect();
            permits.set_limit(1);
            drop(held);
            for worker in workers {
                worker.join().unwrap();
            }
            let (first, state) = (permits.acquire(), lock(&permits.state));
            assert!(first.is_some() && state.out == 1 && state.limit == 1);
            drop(state);
        });
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
