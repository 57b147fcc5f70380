//! The same work on many items, on several cores, joined before it returns.
#![forbid(unsafe_code)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::machine;

/// `work(0)`, `work(1)`, ... up to `count`, in that order of results. The calling
/// thread works too, so that it goes on even when no thread can be started.
pub(super) fn map<T: Send>(count: usize, workers: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let workers = if workers == 0 { machine::cores() } else { workers }.min(count).max(1);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(count));
    let take_turns = || {
        let mut mine = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            mine.push((index, work(index)));
        }
        results.lock().unwrap_or_else(|p| p.into_inner()).append(&mut mine);
    };
    std::thread::scope(|scope| {
        // Where a thread is refused, the others do its share.
        let start = |_| {
            let name = crate::load::THREAD_NAME.to_owned();
            std::thread::Builder::new().name(name).spawn_scoped(scope, take_turns).ok()
        };
        let threads: Vec<_> = (1..workers).filter_map(start).collect();
        take_turns();
        // A scope waits for the work only; joining waits for the threads' end.
        for thread in threads {
            let _ = thread.join();
        }
    });
    let mut results = results.into_inner().unwrap_or_else(|p| p.into_inner());
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
