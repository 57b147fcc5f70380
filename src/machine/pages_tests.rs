//! Real mappings and made-up settings of the system.

use std::fs;
use std::os::fd::AsRawFd;
use std::path::Path;

use super::linux::advise;
use super::*;

const MIB: usize = 1 << 20;

/// A mapping of the process, undone when dropped.
struct Mapping {
    address: usize,
    len: usize,
}

impl Mapping {
    fn new(len: usize, flags: libc::c_int, file: Option<&fs::File>) -> Mapping {
        let rights = libc::PROT_READ | libc::PROT_WRITE;
        let fd = file.map_or(-1, |file| file.as_raw_fd());
        // SAFETY: no address is asked for, so no mapping of others is replaced.
        let address = unsafe { libc::mmap(std::ptr::null_mut(), len, rights, flags, fd, 0) };
        assert_ne!(address, libc::MAP_FAILED, "mmap: {}", std::io::Error::last_os_error());
        Mapping { address: address as usize, len }
    }

    fn anonymous(len: usize) -> Mapping {
        Mapping::new(len, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, None)
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: mapped by `new` and used by nobody else.
        unsafe { libc::munmap(self.address as *mut libc::c_void, self.len) };
    }
}

/// A system with these settings.
fn settings(enabled: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("hpage_pmd_size"), "2097152\n").unwrap();
    fs::write(dir.path().join("enabled"), enabled).unwrap();
    dir
}

fn advise_mapping(mapping: &Mapping) -> Advice {
    advise(mapping.address, mapping.len, settings("always [madvise] never\n").path())
}

/// Whether the kernel notes that huge pages are wanted at this address.
fn is_noted(address: usize) -> bool {
    let text = fs::read_to_string("/proc/self/smaps").unwrap();
    let mut inside = false;
    for line in text.lines() {
        if let Some((start, end)) = line.split(' ').next().and_then(|word| word.split_once('-')) {
            let number = |text| usize::from_str_radix(text, 16).unwrap();
            inside = (number(start)..number(end)).contains(&address);
        } else if let Some(flags) = line.strip_prefix("VmFlags:").filter(|_| inside) {
            return flags.split(' ').any(|flag| flag == "hg");
        }
    }
    panic!("no mapping at {address:x}");
}

#[test]
fn whole_huge_pages_inside_a_buffer_are_advised_and_no_byte_beyond() {
    let mapping = Mapping::anonymous(64 * MIB);
    let huge = mapping.address.next_multiple_of(2 * MIB);
    let advice = advise(huge + 4096, 20 * MIB, settings("always [madvise] never\n").path());
    assert_eq!(
        advice,
        Advice::Advised(18 * MIB),
        "the kernel needs CONFIG_TRANSPARENT_HUGEPAGE: without it no huge pages can be advised"
    );
    assert!(!is_noted(huge + 4096));
    assert!(is_noted(huge + 2 * MIB));
    assert!(is_noted(huge + 20 * MIB - 1));
    assert!(!is_noted(huge + 20 * MIB));
}

#[test]
fn an_allocation_is_plain_memory_and_keeps_its_contents() {
    let buffer = vec![7_u8; 32 * MIB];
    let advice = advise(buffer.as_ptr() as usize, buffer.len(), settings("[always] madvise never\n").path());
    assert!(matches!(advice, Advice::Advised(bytes) if bytes >= 28 * MIB), "{advice}");
    assert!(buffer.iter().all(|&byte| byte == 7));
}

#[test]
fn files_and_shared_memory_are_left_alone() {
    let file = tempfile::tempfile().unwrap();
    file.set_len(32 * MIB as u64).unwrap();
    // SAFETY: the name is NUL-terminated; the descriptor made is owned by the File.
    let memory = unsafe {
        let fd = libc::memfd_create(c"frame".as_ptr(), 0);
        assert!(fd >= 0, "memfd_create: {}", std::io::Error::last_os_error());
        <fs::File as std::os::fd::FromRawFd>::from_raw_fd(fd)
    };
    memory.set_len(32 * MIB as u64).unwrap();
    for mapping in [
        Mapping::new(32 * MIB, libc::MAP_PRIVATE, Some(&file)),
        Mapping::new(32 * MIB, libc::MAP_SHARED, Some(&file)),
        Mapping::new(32 * MIB, libc::MAP_PRIVATE, Some(&memory)),
        Mapping::new(32 * MIB, libc::MAP_SHARED, Some(&memory)),
        Mapping::new(32 * MIB, libc::MAP_SHARED | libc::MAP_ANONYMOUS, None),
    ] {
        assert_eq!(advise_mapping(&mapping), Advice::NotPlain);
        assert!(!is_noted(mapping.address.next_multiple_of(2 * MIB)));
    }
}

#[test]
fn addresses_that_are_not_mapped_are_refused_and_odd_lengths_do_not_overflow() {
    let made_up = settings("[always] madvise never\n");
    assert_eq!(advise(0, 64 * MIB, made_up.path()), Advice::NotPlain);
    assert_eq!(advise(usize::MAX - 64 * MIB, 128 * MIB, made_up.path()), Advice::NotPlain);
    assert_eq!(advise(usize::MAX - 100, 64 * MIB, made_up.path()), Advice::TooSmall);
    assert_eq!(advise(4096, usize::MAX, made_up.path()), Advice::NotPlain);
}

#[test]
fn small_buffers_are_not_worth_asking() {
    assert_eq!(advise_huge_pages(0x1000_0000, 0), Advice::TooSmall);
    assert_eq!(advise_mapping(&Mapping::anonymous(MIB)), Advice::TooSmall);
}

#[test]
fn the_settings_of_the_system_are_heeded() {
    let mapping = Mapping::anonymous(32 * MIB);
    let ask = |settings: &Path| advise(mapping.address, mapping.len, settings);

    assert_eq!(ask(tempfile::tempdir().unwrap().path()), Advice::NotOffered);
    let system = settings("always madvise [never]\n");
    assert_eq!(ask(system.path()), Advice::SwitchedOff);
    assert!(!is_noted(mapping.address + 16 * MIB));

    // The setting for this size of page goes before the one for all.
    let own = system.path().join("hugepages-2048kB");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("enabled"), "always [inherit] madvise never\n").unwrap();
    assert_eq!(ask(system.path()), Advice::SwitchedOff);
    fs::write(own.join("enabled"), "always inherit [madvise] never\n").unwrap();
    assert!(matches!(ask(system.path()), Advice::Advised(_)));
    fs::write(own.join("enabled"), "always inherit madvise [never]\n").unwrap();
    fs::write(system.path().join("enabled"), "[always] madvise never\n").unwrap();
    assert_eq!(ask(system.path()), Advice::SwitchedOff);
}

#[test]
fn nonsense_in_the_settings_is_no_offer() {
    for size in ["", "0\n", "3000000\n", "-1\n", "many\n"] {
        let system = settings("[always] madvise never\n");
        fs::write(system.path().join("hpage_pmd_size"), size).unwrap();
        assert_eq!(advise(0, 64 * MIB, system.path()), Advice::NotOffered, "{size:?}");
    }
    assert_eq!(advise(0, 64 * MIB, settings("always\n").path()), Advice::SwitchedOff);
}

#[test]
fn many_threads_may_ask_at_once_while_others_map_and_unmap() {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let mapping = Mapping::anonymous(16 * MIB);
                    let advice = advise_mapping(&mapping);
                    assert!(matches!(advice, Advice::Advised(_)), "{advice}");
                    let _small = Mapping::anonymous(4096);
                }
            });
        }
    });
}
