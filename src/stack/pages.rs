//! Files of several pages: which pages are slices, and which are not.
#![forbid(unsafe_code)]

use std::sync::Arc;

use super::listing::Listed;
use super::open::source;
use super::{OpenOptions, Reason, parallel};
use crate::error::{Error, Result, Status};
use crate::format::{self, Description, Limits, Page, PageEntry, PageId, ReadAt};

/// What becomes of a page.
pub(super) enum PageSlice {
    Slice { id: PageId, known: Option<Error> },
    Rejected { page: u64, reason: Reason, message: String },
}

impl PageSlice {
    pub(super) fn is_slice(&self) -> bool {
        matches!(self, PageSlice::Slice { .. })
    }
}

/// The pages of one file, in its own order: those of the shape of its first
/// full page are slices.
pub(super) fn of_file(source: &Arc<dyn ReadAt>, limits: &Limits) -> Result<Vec<PageSlice>> {
    let entries = format::pages(source, limits)?;
    let full = |entry: &&PageEntry| !entry.reduced;
    let open = |id| Page::open(source.clone(), id, limits);
    let mut first_error = None;
    let mut shape: Option<Description> = None;
    for entry in entries.iter().filter(full) {
        match open(entry.id) {
            Ok(page) => {
                shape = Some(page.description);
                break;
            }
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    let Some(shape) = shape else {
        return Err(first_error.unwrap_or_else(|| {
            Error::new(Status::Empty, "all pages of the file are marked as thumbnails or masks")
        }));
    };
    if entries.len() == 1 {
        return Ok(vec![PageSlice::Slice { id: entries[0].id, known: None }]);
    }
    Ok(entries.iter().map(|entry| judge(entry, &shape, open(entry.id))).collect())
}

/// Whether a page is a slice beside others of this shape.
fn judge(entry: &PageEntry, shape: &Description, page: Result<Page>) -> PageSlice {
    let id = entry.id;
    let reject = |reason, message| PageSlice::Rejected { page: id.index, reason, message };
    if entry.reduced {
        return reject(Reason::Thumbnail, "the file marks it as a thumbnail or mask".to_owned());
    }
    match page {
        Ok(page) if same_shape(&page.description, shape) => PageSlice::Slice { id, known: None },
        Ok(page) => {
            let d = &page.description;
            let found = format!("{} x {} x {} {}", d.width, d.height, d.channels, d.sample.name());
            let first =
                format!("{} x {} x {} {}", shape.width, shape.height, shape.channels, shape.sample.name());
            reject(Reason::OtherShape, format!("it is {found}, the first page {first}"))
        }
        // A kind of page that is not read here is none of the slices, which are.
        Err(error) if error.status == Status::Unsupported => reject(Reason::Unreadable, error.message),
        // A damaged page keeps its place.
        Err(error) => PageSlice::Slice { id, known: Some(error) },
    }
}

fn same_shape(a: &Description, b: &Description) -> bool {
    let key = |d: &Description| (d.width, d.height, d.channels, d.sample, d.photometric);
    key(a) == key(b)
}

/// The pages of many files; those of one of them are known.
pub(super) fn of_files(
    files: &[Listed],
    known: usize,
    known_pages: Vec<PageSlice>,
    options: &OpenOptions,
) -> Vec<Vec<PageSlice>> {
    let mut all = parallel::map(files.len(), options.workers, |index| {
        if index == known {
            return Vec::new();
        }
        let pages = source(&files[index].path).and_then(|source| of_file(&source, &options.limits));
        // A file that can't be read is one slice that fails; how many it held
        // is not known.
        pages.unwrap_or_else(|error| {
            vec![PageSlice::Slice { id: PageId::FIRST, known: Some(error.at(&files[index].path)) }]
        })
    });
    all[known] = known_pages;
    all
}
