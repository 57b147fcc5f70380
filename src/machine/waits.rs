//! How often a thread has waited for something else than a core.

/// How often the calling thread gave up its core by itself: for a disk, a
/// network, a lock. `None` where the system does not count it.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
pub fn waits() -> Option<u64> {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: getrusage writes a whole rusage to memory that is ours and large
    // enough, or returns something else than 0.
    let usage = unsafe {
        if libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr()) != 0 {
            return None;
        }
        usage.assume_init()
    };
    u64::try_from(usage.ru_nvcsw).ok()
}

/// How often the calling thread gave up its core by itself: this system does not
/// count it for a thread.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
pub fn waits() -> Option<u64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn sleep_is_counted() {
        let before = waits().unwrap();
        std::thread::sleep(Duration::from_millis(1));
        assert!(waits().unwrap() > before);
    }
}
