//! Which errors of the system may pass by themselves.
#![forbid(unsafe_code)]

/// Whether trying again may help. Data that is there but wrong never is.
pub fn is_transient(os_error: i32) -> bool {
    #[cfg(unix)]
    const TRANSIENT: &[i32] = &[
        libc::EIO,
        libc::ESTALE,
        libc::EAGAIN,
        libc::EINTR,
        libc::EBUSY,
        libc::ETIMEDOUT,
        libc::ENETDOWN,
        libc::ENETUNREACH,
        libc::ENETRESET,
        libc::ECONNABORTED,
        libc::ECONNRESET,
        libc::ENOTCONN,
        libc::EHOSTDOWN,
        libc::EHOSTUNREACH,
        // Too many open files: others may close theirs meanwhile.
        libc::EMFILE,
        libc::ENFILE,
    ];
    // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_SEM_TIMEOUT,
    // ERROR_UNEXP_NET_ERR, ERROR_NETNAME_DELETED, ERROR_IO_DEVICE
    #[cfg(windows)]
    const TRANSIENT: &[i32] = &[32, 33, 121, 59, 64, 1117];
    TRANSIENT.contains(&os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_failing_disk_may_recover_and_a_missing_file_does_not_come_back() {
        assert!(is_transient(libc::EIO));
        assert!(is_transient(libc::ESTALE));
        assert!(!is_transient(libc::ENOENT));
        assert!(!is_transient(0));
    }
}
