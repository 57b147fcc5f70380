//! What memory is made of, read from Linux's list of the process's mappings,
//! one a line, by address: `start-end rwxp offset device inode  name`.
#![forbid(unsafe_code)]

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

/// The kernel hands out one page of lines a read, however much is asked for.
const PAGE: usize = 4096;

/// Whether all of `range` is plain memory: private, to be read and written, with
/// no file behind it. `maps` is /proc/self/maps.
///
/// `[heap]` is plain, as an allocation of many megabytes may lie there: glibc
/// raises its limit for mappings of their own to up to 32 MiB. So is
/// `[anon:name]`, plain memory that its allocator gave a name. Stacks are not,
/// as far as the system names them, nor is shared memory of any kind.
pub(super) fn is_plain(range: Range<u64>, maps: impl Read) -> io::Result<bool> {
    let mut maps = BufReader::with_capacity(PAGE, maps);
    let mut line = Vec::new();
    let mut known = range.start;
    while known < range.end {
        line.clear();
        maps.read_until(b'\n', &mut line)?;
        let Some(extent) = extent(&line) else { return Ok(false) };
        // Mappings may be joined or split by other threads while the list is
        // read: a line may overlap the one before, but none is left out.
        if extent.end <= known {
            continue;
        }
        if extent.start > known || !is_private_and_nameless(&line) {
            return Ok(false);
        }
        known = extent.end;
    }
    Ok(true)
}

/// The addresses of a line; `None` at the end of the list.
fn extent(line: &[u8]) -> Option<Range<u64>> {
    let (start, rest) = hexadecimal(line)?;
    let (end, rest) = hexadecimal(rest.strip_prefix(b"-")?)?;
    rest.starts_with(b" ").then_some(start..end)
}

/// A number and what follows it.
fn hexadecimal(text: &[u8]) -> Option<(u64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let number = str::from_utf8(&text[..digits]).ok()?;
    Some((u64::from_str_radix(number, 16).ok()?, &text[digits..]))
}

fn is_private_and_nameless(line: &[u8]) -> bool {
    let mut fields = line.trim_ascii_end().split(|&byte| byte == b' ').filter(|field| !field.is_empty());
    let (_addresses, rights) = (fields.next(), fields.next());
    let (_offset, _device, inode) = (fields.next(), fields.next(), fields.next());
    let name = fields.next().unwrap_or_default();
    rights == Some(b"rw-p")
        && inode == Some(b"0")
        && (name.is_empty() || name == b"[heap]" || name.starts_with(b"[anon:"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAPS: &str = "\
55d0c0a00000-55d0c0a02000 r--p 00000000 fe:00 1183                       /usr/bin/viewer
55d0c0b00000-55d0c1b00000 rw-p 00000000 00:00 0                          [heap]
7f0000000000-7f0010000000 rw-p 00000000 00:00 0 
7f0010000000-7f0020000000 rw-p 00000000 00:00 0                          [anon:glibc: malloc]
7f0020000000-7f0030000000 ---p 00000000 00:00 0 
7f0040000000-7f0050000000 rw-p 00000000 fe:00 99                         /data/stack.raw
7f0050000000-7f0060000000 rw-s 00000000 00:01 1033                       /dev/zero (deleted)
7f0060000000-7f0070000000 rw-p 00000000 00:01 2044                       /memfd:frame (deleted)
7f0070000000-7f0080000000 rw-p 00000000 00:0f 3055                       /anon_hugepage (deleted)
7f0080000000-7f0090000000 rw-p 00000000 00:00 0                          [anon_shmem:pool]
7f0090000000-7f00a0000000 rw-s 00000000 00:01 0 
7f00a0000000-7f00b0000000 rwxp 00000000 00:00 0 
7ffd13a00000-7ffd23a21000 rw-p 00000000 00:00 0                          [stack]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
";

    fn plain(range: Range<u64>) -> bool {
        is_plain(range, MAPS.as_bytes()).unwrap()
    }

    #[test]
    fn anonymous_memory_and_the_heap_are_plain_also_across_mappings() {
        assert!(plain(0x55d0_c0b0_0000..0x55d0_c1b0_0000));
        assert!(plain(0x7f00_0000_0000..0x7f00_1000_0000));
        assert!(plain(0x7f00_0fff_0000..0x7f00_1fff_f000));
    }

    #[test]
    fn files_shared_memory_code_and_the_stack_are_not_plain() {
        for start in (0x7f00_2000_0000..0x7f00_b000_0000).step_by(0x1000_0000) {
            assert!(!plain(start..start + 0x1000), "{start:x}");
        }
        assert!(!plain(0x7ffd_13a0_0000..0x7ffd_13a0_1000));
    }

    #[test]
    fn memory_with_a_hole_or_beyond_the_list_is_not_plain() {
        assert!(!plain(0x7f00_1fff_f000..0x7f00_2000_1000));
        assert!(!plain(0x1000..0x2000));
        assert!(!plain(0x55d0_c1af_f000..0x55d0_c1b0_1000));
        assert!(!plain(0xffff_ffff_ffff_0000..0xffff_ffff_ffff_f000));
    }

    #[test]
    fn a_line_that_is_no_mapping_ends_the_list() {
        for text in ["", "\n", "rw-p", "1000", "1000-", "1000-2000", "1000-20000000000000000 rw-p 0 00:00 0"]
        {
            assert!(!is_plain(0x1000..0x2000, text.as_bytes()).unwrap(), "{text}");
        }
    }

    #[test]
    fn a_mapping_that_grew_while_the_list_was_read_counts_once() {
        let maps = "1000-3000 rw-p 0 00:00 0\n1000-5000 rw-p 0 00:00 0\n2000-4000 r--p 0 00:00 0\n";
        assert!(is_plain(0x1000..0x5000, maps.as_bytes()).unwrap());
        assert!(!is_plain(0x1000..0x5001, maps.as_bytes()).unwrap());
    }

    proptest! {
        #[test]
        fn a_range_is_plain_when_each_of_its_pages_is(
            pages in prop::collection::vec(0..4_u8, 1..60),
            start in 0..60_u64,
            len in 1..8_u64,
            long_names in any::<bool>(),
        ) {
            let line = |(page, kind): (usize, &u8)| {
                let name = if long_names { "x".repeat(5000) } else { "x".to_owned() };
                let what = match kind {
                    0 => return String::new(),
                    1 => "rw-p 00000000 00:00 0".to_owned(),
                    2 => "rw-s 00000000 00:00 0".to_owned(),
                    _ => format!("rw-p 00000000 08:01 7 /{name}"),
                };
                format!("{:x}-{:x} {what}\n", page * 4096, (page + 1) * 4096)
            };
            let maps: String = pages.iter().enumerate().map(line).collect();
            let expected = (start..start + len).all(|page| pages.get(page as usize) == Some(&1));
            let range = start * 4096..(start + len) * 4096;
            prop_assert_eq!(is_plain(range, maps.as_bytes()).unwrap(), expected);
        }
    }
}
