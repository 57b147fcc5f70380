//! Cores that this process may use.
#![forbid(unsafe_code)]

/// Cores that this process may use: affinity and, on Linux, the cgroup quota.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}
