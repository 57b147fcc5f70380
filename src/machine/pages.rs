//! Huge pages for a large destination. A load into fresh memory spends more time
//! on page faults than on reading: 512 MiB take 131,072 faults with pages of
//! 4 KiB and 256 with pages of 2 MiB.

use std::fmt;

/// What came of advising the system to use huge pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// The system was advised for this many bytes.
    Advised(usize),
    /// Too small to gain anything.
    TooSmall,
    /// Not known to be plain memory of this process: a file, shared memory or
    /// device memory may be behind it.
    NotPlain,
    /// The system has no huge pages that come and go by themselves.
    NotOffered,
    /// They are switched off, for the system or for this process.
    SwitchedOff,
    /// The system refused, with this error number.
    Refused(i32),
    /// Nothing is known of huge pages on this platform.
    NotHere,
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Advice::Advised(bytes) => write!(f, "huge pages advised for {bytes} bytes"),
            Advice::TooSmall => f.write_str("too small for huge pages"),
            Advice::NotPlain => f.write_str("no huge pages: the buffer is not plain private memory"),
            Advice::NotOffered => f.write_str("the system offers no huge pages"),
            Advice::SwitchedOff => f.write_str("huge pages are switched off"),
            Advice::Refused(error) => write!(f, "huge pages refused (error {error})"),
            Advice::NotHere => f.write_str("huge pages are not asked for on this platform"),
        }
    }
}

/// Advises the system to use huge pages for the whole ones within `len` bytes
/// from `address` on, if that is plain memory. What stands there is not changed;
/// the advice lasts as long as the mapping. May be called by many threads at once.
#[cfg(not(target_os = "linux"))]
pub fn advise_huge_pages(_address: usize, _len: usize) -> Advice {
    Advice::NotHere
}

/// Advises the system to use huge pages for the whole ones within `len` bytes
/// from `address` on, if that is plain memory. What stands there is not changed;
/// the advice lasts as long as the mapping. May be called by many threads at once.
#[cfg(target_os = "linux")]
pub fn advise_huge_pages(address: usize, len: usize) -> Advice {
    linux::advise(address, len, std::path::Path::new("/sys/kernel/mm/transparent_hugepage"))
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::path::Path;

    use super::Advice;
    use crate::machine::mappings;

    /// Below it nothing is gained. Measured, with the call counted in: reading
    /// 3 MiB takes 1.02 times the time it takes without, 4 MiB 0.76, 8 MiB 0.62,
    /// 64 MiB 0.48.
    const LEAST: usize = 4 << 20;

    /// As `advise_huge_pages`, with the folder of the system's settings.
    pub(super) fn advise(address: usize, len: usize, settings: &Path) -> Advice {
        if len < LEAST {
            return Advice::TooSmall;
        }
        let Some(page) = page_size(settings) else { return Advice::NotOffered };
        let start = address.checked_next_multiple_of(page).unwrap_or(usize::MAX);
        let end = address.saturating_add(len) / page * page;
        if start >= end {
            return Advice::TooSmall;
        }
        if is_switched_off(settings, page) {
            return Advice::SwitchedOff;
        }
        let maps = fs::File::open("/proc/self/maps");
        let plain = maps.and_then(|maps| mappings::is_plain(start as u64..end as u64, maps));
        if !plain.unwrap_or(false) {
            return Advice::NotPlain;
        }
        // SAFETY: MADV_HUGEPAGE changes neither the contents nor the rights of
        // any memory, whatever stands at these addresses, only how the kernel
        // backs it; the addresses are not read or written here.
        let code = unsafe { libc::madvise(start as *mut libc::c_void, end - start, libc::MADV_HUGEPAGE) };
        match code {
            0 => Advice::Advised(end - start),
            _ => Advice::Refused(io::Error::last_os_error().raw_os_error().unwrap_or(0)),
        }
    }

    /// Size of a huge page; `None` where the system has none.
    fn page_size(settings: &Path) -> Option<usize> {
        let text = fs::read_to_string(settings.join("hpage_pmd_size")).ok()?;
        text.trim_ascii_end().parse().ok().filter(|size: &usize| size.is_power_of_two())
    }

    fn is_switched_off(settings: &Path, page: usize) -> bool {
        // Newer systems have a setting for each size of page, which may be
        // "inherit"; the one for all then counts, as on older systems.
        let own = settings.join(format!("hugepages-{}kB/enabled", page / 1024));
        let chosen = |path: &Path| Some(word_in_brackets(&fs::read_to_string(path).ok()?)?.to_owned());
        let setting = chosen(&own)
            .filter(|word| word != "inherit")
            .or_else(|| chosen(&settings.join("enabled")))
            .unwrap_or_default();
        (setting != "always" && setting != "madvise") || is_switched_off_for_process()
    }

    /// Of `always [madvise] never`, the one in force.
    fn word_in_brackets(text: &str) -> Option<&str> {
        Some(text.split_once('[')?.1.split_once(']')?.0)
    }

    fn is_switched_off_for_process() -> bool {
        let unused: libc::c_ulong = 0;
        // SAFETY: PR_GET_THP_DISABLE takes no pointers and changes nothing.
        let answer = unsafe { libc::prctl(libc::PR_GET_THP_DISABLE, unused, unused, unused, unused) };
        // 3 is "off except where advised"; what is not known is left to madvise.
        answer == 1
    }
}

#[cfg(all(test, target_os = "linux"))]
#[path = "pages_tests.rs"]
mod tests;
