//! Files of several pages: which pages are slices, and which are not.
#![forbid(unsafe_code)]

use super::axes::{self, Axes, Places};
use super::listing::Listed;
use super::open::source;
use super::{OpenOptions, Reason, parallel, planes};
use crate::error::{Error, Result, Status};
use crate::format::{self, Description, PageEntry, PageId, ReadAt};

/// What becomes of a page.
pub(super) enum PageSlice {
    Slice { id: PageId, known: Option<Error> },
    Rejected { page: u64, reason: Reason, message: String },
}

impl PageSlice {
    /// Index of the page, if it is a slice.
    pub(super) fn index(&self) -> Option<u64> {
        match self {
            PageSlice::Slice { id, .. } => Some(id.index),
            PageSlice::Rejected { .. } => None,
        }
    }
}

/// What a file of one or more pages holds.
pub(super) struct FilePages {
    pub pages: Vec<PageSlice>,
    pub axes: Option<Axes>,
}

/// An image that was asked for.
struct Asked<'a> {
    id: PageId,
    reduced: bool,
    broken_off: bool,
    image: &'a Result<Description>,
}

/// The pages of one file, in its own order: of those asked for, the ones that
/// have the shape of the first full one are slices.
pub(super) fn of_file(source: &dyn ReadAt, options: &OpenOptions) -> Result<FilePages> {
    if let Some(raw) = &options.raw {
        return Ok(FilePages { pages: planes::of_file(raw, source.len(), options)?, axes: None });
    }
    let entries = format::pages(source, &options.limits)?;
    let axes = axes_of(source, &entries)?;
    let places = Places::asked(options, axes.as_ref())?;
    let choices: Vec<_> = entries.iter().map(|entry| asked(entry, options, &places)).collect();
    let chosen = || choices.iter().flatten();
    if chosen().next().is_none() {
        let (pages, first, level) = (entries.len(), options.first_page, options.level);
        let message = format!("none of the file's {pages} pages has level {level} and index {first} or more");
        return Err(Error::new(Status::OutOfRange, message));
    }
    // Where nothing but thumbnails and masks was asked for, they are the images.
    let reduced_too = chosen().all(|image| image.reduced || image.broken_off);
    let mut full = chosen().filter(|image| reduced_too || !image.reduced).map(|image| image.image);
    let Some(shape) = full.clone().find_map(|image| image.as_ref().ok()) else {
        return Err(full
            .find_map(|image| image.clone().err())
            .unwrap_or_else(|| Error::new(Status::Empty, "the file holds no image")));
    };
    let mut pages = Vec::with_capacity(entries.len());
    for (entry, choice) in entries.iter().zip(&choices) {
        pages.push(match choice {
            Ok(image) => judge(image, shape, reduced_too),
            Err(message) => reject(entry.id, Reason::NotAskedFor, message.clone()),
        });
        pages.extend(other_levels(entry, options.level));
    }
    Ok(FilePages { pages, axes })
}

/// How the planes of a file lie along its axes; thumbnails are no planes.
fn axes_of(source: &dyn ReadAt, entries: &[PageEntry]) -> Result<Option<Axes>> {
    let planes = || entries.iter().filter(|entry| !entry.reduced && !entry.broken_off);
    match planes().find_map(|entry| entry.image.as_ref().ok()) {
        Some(image) if planes().nth(1).is_some() => {
            axes::of_file(source, planes().count() as u64, image.channels)
        }
        _ => Ok(None),
    }
}

/// The image of this page that was asked for, or why there is none.
fn asked<'a>(
    entry: &'a PageEntry,
    options: &OpenOptions,
    places: &Places,
) -> std::result::Result<Asked<'a>, String> {
    let past = entry.id.index.checked_sub(options.first_page);
    if past.is_none_or(|past| options.page_count.is_some_and(|count| past >= count.get())) {
        return Err("outside the pages asked for".to_owned());
    }
    if let Some(objection) = places.objection(entry.id.index) {
        return Err(objection);
    }
    let Some(below) = (options.level as usize).checked_sub(1) else {
        let PageEntry { id, reduced, broken_off, ref image, .. } = *entry;
        return Ok(Asked { id, reduced, broken_off, image });
    };
    let level = entry.levels.get(below).ok_or_else(|| format!("it has no level {}", options.level))?;
    let id = PageId { directory: Some(level.directory), ..entry.id };
    Ok(Asked { id, reduced: false, broken_off: false, image: &level.image })
}

/// The images below a page that were not asked for.
fn other_levels(entry: &PageEntry, asked: u32) -> impl Iterator<Item = PageSlice> {
    let levels = entry.levels.iter().zip(1..).filter(move |(_, level)| *level != asked);
    levels.map(|(image, level)| {
        let what = match &image.image {
            Ok(image) => shape_of(image),
            Err(error) => error.message.clone(),
        };
        reject(entry.id, Reason::Level, format!("level {level} of the page: {what}"))
    })
}

fn reject(id: PageId, reason: Reason, message: String) -> PageSlice {
    PageSlice::Rejected { page: id.index, reason, message }
}

/// Whether a page is a slice beside others of this shape.
fn judge(page: &Asked, shape: &Description, reduced_too: bool) -> PageSlice {
    let id = page.id;
    if page.reduced && !reduced_too {
        return reject(id, Reason::Thumbnail, "the file marks it as a thumbnail or mask".to_owned());
    }
    match page.image {
        // No page is lost there.
        Err(error) if page.broken_off => reject(id, Reason::Unreadable, error.message.clone()),
        Ok(image) if same_shape(image, shape) => PageSlice::Slice { id, known: None },
        Ok(image) => {
            let message = format!("it is {}, the first page {}", shape_of(image), shape_of(shape));
            reject(id, Reason::OtherShape, message)
        }
        // A kind of page that is not read here is none of the slices, which are.
        Err(error) if error.status == Status::Unsupported => {
            reject(id, Reason::Unreadable, error.message.clone())
        }
        // A damaged page keeps its place.
        Err(error) => PageSlice::Slice { id, known: Some(error.clone()) },
    }
}

fn shape_of(image: &Description) -> String {
    let parts = if image.complex { " parts of complex samples" } else { "" };
    format!("{} x {} x {} {}{parts}", image.width, image.height, image.channels, image.sample.name())
}

fn same_shape(a: &Description, b: &Description) -> bool {
    let key = |d: &Description| (d.width, d.height, d.channels, d.sample, d.complex, d.photometric);
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
        let pages = source(&files[index].path).and_then(|source| Ok(of_file(&source, options)?.pages));
        // A file that can't be read is one slice that fails where it is not known how
        // many it held.
        pages.unwrap_or_else(|error| {
            let (planes, error) =
                (options.raw.map_or(1, |raw| raw.planes.max(1)), error.at(&files[index].path));
            let slice = |plane| PageSlice::Slice { id: planes::plane_id(plane), known: Some(error.clone()) };
            (0..planes).map(slice).collect()
        })
    });
    all[known] = known_pages;
    all
}
