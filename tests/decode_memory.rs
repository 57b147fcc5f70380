//! `Page::decode_memory` against the memory that decoding really takes.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use support::python;
use zstack::format::{Limits, Page, PageId, Scratch};

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

fn grow(bytes: usize) {
    let now = NOW.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(now, Ordering::Relaxed);
}

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn decoding_takes_no_more_than_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let output = python().arg("tests/formats/large.py").arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut failures = Vec::new();
    let mut entries: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let file = std::fs::read(&path).unwrap();
        let page = Page::open(&file, PageId::FIRST, &Limits::default()).unwrap();
        for (index, chunk) in page.chunks.iter().enumerate() {
            let said = page.decode_memory(index);
            let raw = &file[chunk.bytes.start as usize..chunk.bytes.end as usize];
            let mut out = vec![0; chunk.decoded_bytes(&page.description) as usize];
            let mut scratch = Scratch::default();
            let before = NOW.load(Ordering::Relaxed);
            PEAK.store(before, Ordering::Relaxed);
            page.decode(index, raw, &mut scratch, &mut out).unwrap();
            let took = (PEAK.load(Ordering::Relaxed) - before) as u64;
            println!("{} {index}: took {took}, said {said}", path.file_name().unwrap().display());
            if took > said {
                failures.push(format!("{} chunk {index}: took {took}, said {said}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
