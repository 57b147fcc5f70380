//! Pages, limits and failing disks: what `format` promises its engine.

mod support;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use support::pages::tiny::{size, tiff};
use support::pages::{assemble, open};
use zstack::format::{Limits, Page, PageId, ReadAt, Scratch, pages};
use zstack::stack::{OpenOptions, Stack};
use zstack::{Error, Status};

fn open_error(bytes: Vec<u8>, limits: &Limits) -> Error {
    match Page::open(&bytes, PageId::FIRST, limits) {
        Ok(_) => panic!("opened"),
        Err(error) => error,
    }
}

#[test]
fn threads_can_share_a_page() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Page>();
}

#[test]
fn fifty_thousand_pages_are_counted_at_once() {
    let one = (size(2, 2), vec![1, 2, 3, 4]);
    let file = tiff(&vec![one; 50_000]);
    let found = pages(&file, &Limits::default()).unwrap();
    assert_eq!(found.len(), 50_000);
    let last = Page::open(&file, found[49_999].id, &Limits::default()).unwrap();
    assert_eq!(assemble(&last, &file).unwrap(), [1, 2, 3, 4]);
    assert_eq!(last.note, None);
}

#[test]
fn pages_far_apart_cost_little_reading() {
    let one = (size(300, 300), vec![7; 90_000]);
    let counting = Disk::new(tiff(&vec![one; 20]), u64::MAX, 0);
    pages(&counting, &Limits::default()).unwrap();
    let read = counting.read.load(Ordering::Relaxed);
    assert!(read < 64 * 1024 + 20 * 4096 + 4096, "{read} bytes");
}

#[test]
fn a_bad_first_page_does_not_spoil_the_second() {
    let good = (size(3, 1), vec![5, 6, 7]);
    let unknown = ([size(3, 1), vec![(259, 77)]].concat(), vec![0, 1, 2]);
    let file = tiff(&[unknown, good]);
    let found = pages(&file, &Limits::default()).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].image.as_ref().unwrap_err().status, Status::Unsupported);
    let first = Page::open(&file, found[0].id, &Limits::default());
    assert_eq!(first.err().unwrap().status, Status::Unsupported);
    let second = Page::open(&file, found[1].id, &Limits::default()).unwrap();
    assert_eq!(assemble(&second, &file).unwrap(), [5, 6, 7]);
}

#[test]
fn thumbnails_and_masks_are_marked() {
    let page = |tag: u16, value: u32| ([size(1, 1), vec![(tag, value)]].concat(), vec![0]);
    let kinds = [(254, 0), (254, 1), (254, 2), (254, 4), (255, 1), (255, 2), (255, 3)];
    let file = tiff(&kinds.map(|(tag, value)| page(tag, value)));
    let reduced: Vec<bool> =
        pages(&file, &Limits::default()).unwrap().iter().map(|page| page.reduced).collect();
    assert_eq!(reduced, [false, true, false, true, false, true, false]);
}

#[test]
fn a_file_of_nothing_but_thumbnails_is_a_stack_of_them() {
    let page = |value| ([size(1, 1), vec![(254, 1)]].concat(), vec![value]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("thumbnails.tif");
    std::fs::write(&path, tiff(&[page(3), page(4)])).unwrap();
    let stack = Stack::open(&path, &OpenOptions::default()).unwrap();
    assert_eq!((stack.slices.len(), stack.rejected.len()), (2, 0));
}

#[test]
fn a_chain_that_leads_back_ends_with_a_rejected_page() {
    let mut file = tiff(&[(size(1, 1), vec![3]), (size(1, 1), vec![4])]);
    let (first, end) = (file[4..8].to_vec(), file.len() - 4);
    let last = pages(&file, &Limits::default()).unwrap()[1].id.directory.unwrap() as usize;
    let entries = u16::from_le_bytes([file[last], file[last + 1]]) as usize;
    let next = last + 2 + 12 * entries;
    assert!(next <= end);
    file[next..next + 4].copy_from_slice(&first);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("circle.tif");
    std::fs::write(&path, file).unwrap();
    let stack = Stack::open(&path, &OpenOptions::default()).unwrap();
    assert!(stack.slices.iter().all(|slice| slice.known.is_none()));
    assert_eq!((stack.slices.len(), stack.rejected.len()), (2, 1));
    assert!(stack.rejected[0].message.contains("circle"), "{:?}", stack.rejected);
}

#[test]
fn a_link_to_nowhere_behind_the_only_page_is_a_rejected_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere.tif");
    for (before, bad_slices) in [(1, 0), (2, 1)] {
        let mut file = tiff(&vec![(size(1, 1), vec![3]); before]);
        let end = file.len() - 4;
        file[end..].copy_from_slice(&60_000_u32.to_le_bytes());
        std::fs::write(&path, file).unwrap();
        let stack = Stack::open(&path, &OpenOptions::default()).unwrap();
        let bad = stack.slices.iter().filter(|slice| slice.known.is_some()).count();
        assert_eq!((stack.slices.len() - bad, bad), (before, bad_slices));
        assert_eq!(stack.rejected.len(), 1 - bad_slices);
    }
}

#[test]
fn two_real_channels_are_no_complex_one() {
    let complex = ([size(1, 1), vec![(258, 64), (339, 6)]].concat(), vec![0; 8]);
    let real = ([size(1, 1), vec![(258, 32), (277, 2), (339, 3)]].concat(), vec![0; 8]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("both.tif");
    std::fs::write(&path, tiff(&[complex.clone(), real.clone(), complex])).unwrap();
    let stack = Stack::open(&path, &OpenOptions::default()).unwrap();
    assert!(stack.description.complex);
    assert_eq!((stack.slices.len(), stack.rejected.len()), (2, 1));
    let message = &stack.rejected[0].message;
    assert_eq!(message, "it is 1 x 1 x 2 f32, the first page 1 x 1 x 2 f32 parts of complex samples");
    let page = open(&tiff(&[real]), PageId::FIRST).unwrap();
    let error = stack.check(&page.description).unwrap_err();
    assert_eq!(
        (error.status, error.message.as_str()),
        (Status::TypeMismatch, "its samples are real, the stack's are complex")
    );
}

#[test]
fn orientation_is_declared() {
    for (stored, declared) in [(1, 1), (6, 6), (8, 8), (0, 1), (9, 1)] {
        let page =
            open(&tiff(&[([size(1, 1), vec![(274, stored)]].concat(), vec![0])]), PageId::FIRST).unwrap();
        assert_eq!(page.description.orientation, declared);
    }
}

#[test]
fn limits_hold() {
    let file = || tiff(&[(size(10, 10), vec![0; 100]), (size(10, 10), vec![0; 100])]);
    let limits = Limits { pages: 1, ..Limits::default() };
    assert_eq!(pages(&file(), &limits).unwrap_err().status, Status::LimitExceeded);
    for limits in
        [Limits { dimension: 9, ..Limits::default() }, Limits { slice_bytes: 99, ..Limits::default() }]
    {
        for bytes in [file(), [b"P5 10 10 255\n".to_vec(), vec![0; 100]].concat()] {
            assert_eq!(open_error(bytes, &limits).status, Status::LimitExceeded);
        }
    }
}

#[test]
fn a_tile_or_samples_beyond_the_limits_take_no_memory() {
    let tile = |width, height| {
        let tags = vec![(322, width), (323, height), (324, 8), (325, 4)];
        let mut tags = [size(2, 2), tags].concat();
        tags.extend([(273, 0), (279, 0)]);
        tags
    };
    for tags in [tile(1 << 20, 1 << 20), tile(u32::MAX, 1), tile(1 << 19, 1 << 19)] {
        let mut file = tiff(&[(tags, vec![1, 2, 3, 4])]);
        // The strip tags must go for the tile tags to count.
        for tag in [273_u16, 279] {
            let at = file.windows(4).position(|bytes| bytes == [tag.to_le_bytes(), [4, 0]].concat()).unwrap();
            file[at..at + 2].copy_from_slice(&(tag + 40_000).to_le_bytes());
        }
        assert_eq!(open_error(file, &Limits::default()).status, Status::LimitExceeded);
    }
    let many = [size(1000, 1000), vec![(277, 65_535)]].concat();
    assert_eq!(open_error(tiff(&[(many, vec![0])]), &Limits::default()).status, Status::LimitExceeded);
}

#[test]
fn a_strip_past_the_end_is_truncated_only_when_decoded() {
    for compression in [5, 7, 8, 50_000] {
        let tags = [size(10, 10), vec![(259, compression), (279, u32::MAX)]].concat();
        let file = tiff(&[(tags, vec![0; 100])]);
        let page = open(&file, PageId::FIRST).unwrap();
        assert_eq!(page.description.width, 10);
        let there = &file[page.chunks[0].bytes.start as usize..];
        let error = page.decode(0, there, &mut Scratch::default(), &mut [0; 100]).unwrap_err();
        assert_eq!(error.status, Status::Truncated);
    }
    // Stored samples that are there are there, whatever the count says.
    let tags = [size(10, 10), vec![(279, u32::MAX)]].concat();
    let file = tiff(&[(tags, vec![7; 100])]);
    let page = open(&file, PageId::FIRST).unwrap();
    let decode = |there: &[u8]| page.decode(0, there, &mut Scratch::default(), &mut [0; 100]);
    assert_eq!(decode(&file[8..108]), Ok(()));
    assert_eq!(decode(&file[8..107]).unwrap_err().status, Status::Truncated);
}

#[test]
fn a_single_image_has_no_second_page() {
    let id = PageId { index: 1, directory: Some(8), plane: 0 };
    let error = open(&b"P5 1 1 255\n\x07".to_vec(), id).err().unwrap();
    assert_eq!(error.status, Status::OutOfRange);
}

/// A disk that fails with `code` beyond `good` bytes.
struct Disk {
    bytes: Vec<u8>,
    good: u64,
    code: i32,
    read: AtomicUsize,
}

impl Disk {
    fn new(bytes: Vec<u8>, good: u64, code: i32) -> Disk {
        Disk { bytes, good, code, read: AtomicUsize::new(0) }
    }
}

impl ReadAt for Disk {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.read.fetch_add(buf.len(), Ordering::Relaxed);
        if offset + buf.len() as u64 > self.good {
            return Err(io::Error::from_raw_os_error(self.code));
        }
        self.bytes.read_at(offset, buf)
    }
}

/// Whatever fails first, its number must come through every decoder.
#[test]
fn failures_of_the_disk_keep_their_number() {
    const STALE: i32 = 116;
    let mut files = vec![[b"P5 300 300 255\n".to_vec(), vec![0; 90_000]].concat()];
    for compression in [1, 4, 5, 7, 8, 32_773, 50_000] {
        let mut tags = [size(300, 300), vec![(259, compression)]].concat();
        if compression == 4 {
            tags.push((258, 1));
        }
        files.push(tiff(&[(tags, vec![0x80; 90_000])]));
    }
    for file in files {
        for good in (0..file.len() as u64).step_by(7_001) {
            let disk = Disk::new(file.clone(), good, STALE);
            let result = Page::open(&disk, PageId::FIRST, &Limits::default());
            if let Err(error) = result {
                assert_eq!((error.status, error.os_error), (Status::Io, STALE), "{error}");
            }
            let counted = pages(&disk, &Limits::default());
            if let Err(error) = counted {
                assert_eq!((error.status, error.os_error), (Status::Io, STALE), "{error}");
            }
        }
    }
}
