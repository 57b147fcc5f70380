//! Files of several pages: which pages are slices, and which are not.
#![forbid(unsafe_code)]

use super::listing::Listed;
use super::open::source;
use super::{OpenOptions, Reason, parallel};
use crate::error::{Error, Result, Status};
use crate::format::{self, Description, Limits, PageEntry, PageId, ReadAt};

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
pub(super) fn of_file(source: &dyn ReadAt, limits: &Limits) -> Result<Vec<PageSlice>> {
    let entries = format::pages(source, limits)?;
    let mut full = entries.iter().filter(|entry| !entry.reduced).map(|entry| &entry.image);
    let Some(shape) = full.clone().find_map(|image| image.as_ref().ok()) else {
        return Err(full.find_map(|image| image.clone().err()).unwrap_or_else(|| {
            Error::new(Status::Empty, "all pages of the file are marked as thumbnails or masks")
        }));
    };
    if let [only] = entries.as_slice() {
        return Ok(vec![PageSlice::Slice { id: only.id, known: None }]);
    }
    Ok(entries.iter().map(|entry| judge(entry, shape)).collect())
}

/// Whether a page is a slice beside others of this shape.
fn judge(entry: &PageEntry, shape: &Description) -> PageSlice {
    let id = entry.id;
    let reject = |reason, message| PageSlice::Rejected { page: id.index, reason, message };
    if entry.reduced {
        return reject(Reason::Thumbnail, "the file marks it as a thumbnail or mask".to_owned());
    }
    match &entry.image {
        Ok(image) if same_shape(image, shape) => PageSlice::Slice { id, known: None },
        Ok(d) => {
            let found = format!("{} x {} x {} {}", d.width, d.height, d.channels, d.sample.name());
            let first =
                format!("{} x {} x {} {}", shape.width, shape.height, shape.channels, shape.sample.name());
            reject(Reason::OtherShape, format!("it is {found}, the first page {first}"))
        }
        // A kind of page that is not read here is none of the slices, which are.
        Err(error) if error.status == Status::Unsupported => {
            reject(Reason::Unreadable, error.message.clone())
        }
        // A damaged page keeps its place.
        Err(error) => PageSlice::Slice { id, known: Some(error.clone()) },
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
