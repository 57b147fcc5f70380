//! Memory that a load takes beyond the buffer, and the threads that it leaves room for.
#![forbid(unsafe_code)]

/// What a slice like the first one makes and takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// Pieces of work.
    pub runs_per_slice: u64,
    /// Bytes for each thread: what it reads, and what a thread costs.
    pub per_thread: u64,
    /// Bytes for each thread that decodes: its tables, and what does not go straight
    /// into its place.
    pub per_worker: u64,
}

impl Needs {
    /// Bytes for so many threads, so many of which decode at a time.
    pub(super) fn bytes(&self, threads: u32, workers: u32) -> u64 {
        let threads = self.per_thread.saturating_mul(threads.into());
        threads.saturating_add(self.per_worker.saturating_mul(workers.into()))
    }

    /// The most threads and workers, of so many, for which there is room; `None`
    /// where there is none for a single thread.
    pub(super) fn fit(&self, room: u64, threads: u32, workers: u32) -> Option<(u32, u32)> {
        let times = |room: u64, bytes: u64, most: u32| (room / bytes.max(1)).min(most.into()) as u32;
        let workers = times(room, self.per_thread.saturating_add(self.per_worker), workers);
        let left = room.saturating_sub(self.per_worker.saturating_mul(workers.into()));
        (workers > 0).then(|| (times(left, self.per_thread, threads), workers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDS: Needs = Needs { runs_per_slice: 1, per_thread: 10, per_worker: 100 };

    #[test]
    fn threads_that_only_read_take_less() {
        assert_eq!(NEEDS.bytes(6, 2), 260);
        assert_eq!(NEEDS.fit(260, 100, 2), Some((6, 2)));
        assert_eq!(NEEDS.fit(259, 100, 2), Some((5, 2)));
        assert_eq!(NEEDS.fit(u64::MAX, 6, 2), Some((6, 2)));
    }

    #[test]
    fn the_last_to_go_is_the_only_worker() {
        assert_eq!(NEEDS.fit(219, 100, 2), Some((11, 1)));
        assert_eq!(NEEDS.fit(110, 100, 2), Some((1, 1)));
        assert_eq!(NEEDS.fit(109, 100, 2), None);
        assert_eq!(Needs { per_worker: u64::MAX, ..NEEDS }.fit(1 << 40, 4, 4), None);
    }
}
