//! Which pages of a file become slices: all of one shape, a range, one alone, or
//! the levels below them.

mod support;

use std::fs;
use std::num::NonZeroU64;
use std::sync::Arc;

use support::pages::tiny::{self, size, tiff};
use zstack::load::{Job, LoadOptions};
use zstack::stack::{OpenOptions, Reason, Stack};
use zstack::{Result, Status};

/// NewSubfileType.
const KIND: u16 = 254;
/// SubIFDs.
const LEVELS: u16 = 330;

fn opened(file: &[u8], options: &OpenOptions) -> Result<Stack> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.tif");
    fs::write(&path, file).unwrap();
    Stack::open(&path, options)
}

fn indices(stack: &Stack) -> Vec<u64> {
    stack.slices.iter().map(|slice| slice.page.index).collect()
}

fn rejects(stack: &Stack) -> Vec<(u64, Reason, &str)> {
    stack.rejected.iter().map(|r| (r.page.unwrap(), r.reason, r.message.as_str())).collect()
}

fn page(width: u32, kind: u32) -> tiny::Page {
    ([size(width, 1), vec![(KIND, kind)]].concat(), vec![width as u8; width as usize])
}

/// A page of four columns and, below it, a level of two.
fn pyramid() -> Vec<u8> {
    let pages = |levels: u32| {
        let mut main = page(4, 0);
        main.0.push((LEVELS, levels));
        tiff(&[main, page(2, 1)])
    };
    // Where the second directory lies does not depend on what the first says.
    let plain = pages(0);
    let directory = |file: &[u8], link: usize| u32::from_le_bytes(file[link..link + 4].try_into().unwrap());
    let first = directory(&plain, 4) as usize;
    let entries = u16::from_le_bytes(plain[first..first + 2].try_into().unwrap()) as usize;
    let link = first + 2 + 12 * entries;
    let mut file = pages(directory(&plain, link));
    file[link..link + 4].fill(0);
    file
}

#[test]
fn a_page_is_opened_alone_whatever_the_others_are() {
    let file = tiff(&[page(4, 0), page(3, 0), page(2, 1), page(4, 0)]);
    for (index, width) in [(0, 4), (1, 3), (2, 2), (3, 4)] {
        let options =
            OpenOptions { first_page: index, page_count: NonZeroU64::new(1), ..OpenOptions::default() };
        let stack = opened(&file, &options).unwrap();
        assert_eq!(indices(&stack), [index]);
        assert_eq!(stack.description.width, width);
        assert_eq!(stack.rejected.len(), 3);
        assert!(stack.rejected.iter().all(|rejected| rejected.reason == Reason::NotAskedFor));
    }
}

#[test]
fn the_first_page_asked_for_gives_the_shape() {
    let file = tiff(&[page(4, 0), page(3, 0), page(4, 0), page(3, 0), page(3, 0)]);
    let options = OpenOptions { first_page: 1, page_count: NonZeroU64::new(3), ..OpenOptions::default() };
    let stack = opened(&file, &options).unwrap();
    assert_eq!(indices(&stack), [1, 3]);
    let reasons: Vec<_> = rejects(&stack).iter().map(|&(page, reason, _)| (page, reason)).collect();
    assert_eq!(reasons, [(0, Reason::NotAskedFor), (2, Reason::OtherShape), (4, Reason::NotAskedFor)]);
}

#[test]
fn pages_that_are_all_thumbnails_are_the_images() {
    let stack = opened(&tiff(&[page(4, 1)]), &OpenOptions::default()).unwrap();
    assert_eq!((indices(&stack), stack.description.width), (vec![0], 4));
    let stack = opened(&tiff(&[page(4, 1), page(4, 4), page(2, 1)]), &OpenOptions::default()).unwrap();
    assert_eq!(indices(&stack), [0, 1]);
}

#[test]
fn a_page_beyond_the_last_is_out_of_range() {
    let options = OpenOptions { first_page: 1, ..OpenOptions::default() };
    let error = opened(&tiff(&[page(4, 0)]), &options).unwrap_err();
    assert_eq!(error.status, Status::OutOfRange);
    assert_eq!(error.message, "none of the file's 1 pages has level 0 and index 1 or more");
}

#[test]
fn a_file_without_the_page_asked_for_is_a_slice_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let two = tiff(&[page(4, 0), page(4, 0)]);
    for (name, file) in [("s_1.tif", &two), ("s_2.tif", &tiff(&[page(4, 0)])), ("s_3.tif", &two)] {
        fs::write(folder.path().join(name), file).unwrap();
    }
    let options = OpenOptions { first_page: 1, ..OpenOptions::default() };
    let stack = Arc::new(Stack::open(folder.path(), &options).unwrap());
    let mut buffer = [0_u8; 12];
    // SAFETY: the buffer is as long as said and outlives the job.
    let job = unsafe { Job::start(&stack, &LoadOptions::default(), buffer.as_mut_ptr(), 12) };
    let report = job.unwrap().finish().report;
    let causes: Vec<_> = report.slices.iter().map(|s| s.cause.as_ref().map(|error| error.status)).collect();
    assert_eq!(causes, [None, Some(Status::OutOfRange), None]);
    assert_eq!(buffer, [4, 4, 4, 4, 0, 0, 0, 0, 4, 4, 4, 4]);
}

#[test]
fn the_level_of_a_pyramid_is_listed_and_opened_on_request() {
    let stack = opened(&pyramid(), &OpenOptions::default()).unwrap();
    assert_eq!(stack.description.width, 4);
    assert_eq!(rejects(&stack), [(0, Reason::Level, "level 1 of the page: 2 x 1 x 1 u8")]);

    let stack = opened(&pyramid(), &OpenOptions { level: 1, ..OpenOptions::default() }).unwrap();
    assert_eq!((indices(&stack), stack.description.width), (vec![0], 2));
    assert_eq!(rejects(&stack), []);

    let error = opened(&pyramid(), &OpenOptions { level: 2, ..OpenOptions::default() }).unwrap_err();
    assert_eq!(error.status, Status::OutOfRange);
}

#[test]
fn a_level_that_cannot_be_read_spoils_no_page() {
    let mut main = page(4, 0);
    main.0.push((LEVELS, 77_777));
    let stack = opened(&tiff(&[main]), &OpenOptions::default()).unwrap();
    assert_eq!(indices(&stack), [0]);
    let [(0, Reason::Level, message)] = rejects(&stack)[..] else { panic!("{:?}", stack.rejected) };
    assert!(message.contains("should lie at byte 77777"), "{message}");
}

#[test]
fn a_link_to_nowhere_behind_the_only_page_adds_no_slice_and_is_told() {
    let mut file = tiff(&[page(4, 0)]);
    let end = file.len() - 4;
    file[end..].copy_from_slice(&99_999_u32.to_le_bytes());
    let stack = opened(&file, &OpenOptions::default()).unwrap();
    assert_eq!(indices(&stack), [0]);
    let [(1, Reason::Unreadable, message)] = rejects(&stack)[..] else { panic!("{:?}", stack.rejected) };
    assert!(message.contains("should lie at byte 99999"), "{message}");
}

#[test]
fn a_folder_whose_files_begin_with_a_thumbnail_gives_the_pages_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["s_1.tif", "s_2.tif"] {
        fs::write(folder.path().join(name), tiff(&[page(2, 1), page(4, 0)])).unwrap();
    }
    let stack = Stack::open(folder.path(), &OpenOptions::default()).unwrap();
    assert_eq!((indices(&stack), stack.description.width), (vec![1, 1], 4));
}
