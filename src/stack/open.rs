//! From a path to a stack: list, look at one header, describe.
#![forbid(unsafe_code)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::listing::{self, Listed, Listing};
use super::pages::{self, FilePages, PageSlice};
use super::voxel::{self, Said};
use super::{
    Axes, FirstSlice, Gap, OpenOptions, RawVolume, Rejected, Slice, Stack, page, series, verify, volume,
};
use crate::error::{Error, Result, Status};
use crate::format::{self, Format, PageId, Remarks};
use crate::machine::{self, RegularFile};

impl Stack {
    /// Opens a folder, one file with all its pages, a volume by its header, or, where
    /// no such path exists, a pattern such as `scan/s_*.tif`.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Stack> {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => assemble(path, listing::folder(path, options)?, options),
            Ok(found) if found.is_file() => {
                refuse_naming(options, "one file")?;
                let opened = assemble(path, listed(vec![path.to_owned()]), options);
                opened.map_err(|error| volume::explain(path, error))
            }
            Ok(_) => Err(Error::not_a_file(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && listing::is_glob(path) => {
                assemble(path, listing::glob(path, options)?, options)
            }
            Err(error) => Err(Error::io("open", &error).at(path)),
        }
    }

    /// Opens these files as one stack, in this order.
    pub fn open_list(paths: Vec<PathBuf>, options: &OpenOptions) -> Result<Stack> {
        refuse_naming(options, "a list of paths")?;
        let Some(first) = paths.first().cloned() else {
            return Err(Error::new(Status::Empty, "the list of paths is empty"));
        };
        assemble(&first, listed(paths), options)
    }

    /// Whether an image is what the slices of this stack are.
    pub fn check(&self, image: &crate::format::Description) -> Result<()> {
        let stack = &self.description;
        let shape = |d: &crate::format::Description| format!("{} x {} x {}", d.width, d.height, d.channels);
        if (image.width, image.height, image.channels) != (stack.width, stack.height, stack.channels) {
            return Err(Error::new(
                Status::ShapeMismatch,
                format!("it has {} samples, the stack {}", shape(image), shape(stack)),
            ));
        }
        if image.sample != stack.sample {
            return Err(Error::new(
                Status::TypeMismatch,
                format!("its samples are {}, the stack's are {}", image.sample.name(), stack.sample.name()),
            ));
        }
        if image.complex != stack.complex {
            let what = |complex| if complex { "complex" } else { "real" };
            let message =
                format!("its samples are {}, the stack's are {}", what(image.complex), what(stack.complex));
            return Err(Error::new(Status::TypeMismatch, message));
        }
        if image.photometric != stack.photometric {
            return Err(Error::new(
                Status::TypeMismatch,
                format!("its samples mean {:?}, the stack's {:?}", image.photometric, stack.photometric),
            ));
        }
        Ok(())
    }
}

/// The options that choose among names make no sense where names are given.
fn refuse_naming(options: &OpenOptions, what: &str) -> Result<()> {
    let naming = options.prefix.is_some()
        || options.extension.is_some()
        || options.first_number != 0
        || options.last_number.is_some()
        || options.keep_gaps;
    if naming {
        return Err(Error::new(
            Status::InvalidArgument,
            format!(
                "prefix, extension, first_number, last_number and keep_gaps choose among a folder's names; {what} is taken as it is"
            ),
        ));
    }
    Ok(())
}

fn listed(paths: Vec<PathBuf>) -> Listing {
    let files =
        paths.into_iter().map(|path| Listed { path, number: None, inode: None, missing: false }).collect();
    Listing { files, rejected: Vec::new(), gaps: Vec::new() }
}

/// Opens a file to look at its header.
pub(super) fn source(path: &Path) -> Result<RegularFile> {
    match machine::open_regular(path) {
        Ok(Some(file)) => Ok(file),
        Ok(None) => Err(Error::not_a_file(path)),
        Err(error) => Err(Error::io("open", &error).at(path)),
    }
}

/// Describes the listed files by the first readable one, and makes the stack.
fn assemble(root: &Path, listing: Listing, options: &OpenOptions) -> Result<Stack> {
    if let Some(volume) = volume::find(&listing.files, options)? {
        return volume::assemble(volume, listing.rejected, options);
    }
    let (described_by, first_pages, axes) = first_readable(&listing.files, options)?;
    let beside = voxel::scanners::said(&listing);
    let Listing { files, mut rejected, mut gaps } = listing;
    let mut raw = options.raw.map(|layout| RawVolume { layout, header: None });
    let slices = match first_pages {
        Some(first_pages) => {
            if options.keep_gaps {
                return Err(Error::new(
                    Status::InvalidArgument,
                    "these files hold several pages each, so a missing file is an unknown number of slices; \
                     open without keep_gaps",
                )
                .at(&files[described_by].path));
            }
            volume::check_total(&files, &first_pages, options)?;
            let all = pages::of_files(&files, described_by, first_pages, options);
            paged_slices(&files, all, &mut rejected, &mut gaps)
        }
        None => {
            if let Some(raw) = &mut raw {
                raw.layout.planes = 1;
            }
            files.into_iter().map(single_slice).collect()
        }
    };
    let mut stack = describe(root, slices, rejected, gaps, beside, raw, options)?;
    stack.axes = axes;
    Ok(stack)
}

/// The first file that can be read, and its pages unless its slice is its first
/// page, as in a folder of single images.
fn first_readable(
    files: &[Listed],
    options: &OpenOptions,
) -> Result<(usize, Option<Vec<PageSlice>>, Option<Axes>)> {
    let mut first_error = None;
    for (index, file) in files.iter().enumerate().filter(|(_, file)| !file.missing) {
        let pages = source(&file.path).and_then(|source| pages::of_file(&source, options));
        match pages {
            Ok(FilePages { pages, axes }) => {
                let mut slices = pages.iter().filter_map(PageSlice::index);
                let chosen = options.level != 0 || options.channel.is_some() || options.time.is_some();
                let only_first = !chosen && slices.next() == Some(0) && slices.next().is_none();
                // One file is shown with all its pages, the odd ones rejected.
                let expand = !only_first || files.len() == 1;
                return Ok((index, expand.then_some(pages), axes));
            }
            Err(error) => {
                first_error.get_or_insert(error.at(&file.path));
            }
        }
    }
    Err(first_error.unwrap_or_else(|| Error::new(Status::Empty, "there is no file to open")))
}

fn single_slice(file: Listed) -> Slice {
    let known = file.missing.then(|| {
        let number = file.number.map_or_else(String::new, |n| format!(" {n}"));
        Error::new(Status::Missing, format!("number{number} is missing: there is no such file"))
            .at(&file.path)
    });
    Slice { path: file.path, page: PageId::FIRST, number: file.number, inode: file.inode, known }
}

/// Slices of files with several pages each; gaps now lie before other slices.
fn paged_slices(
    files: &[Listed],
    pages: Vec<Vec<PageSlice>>,
    rejected: &mut Vec<Rejected>,
    gaps: &mut [Gap],
) -> Vec<Slice> {
    let mut slices = Vec::new();
    let mut starts = Vec::with_capacity(files.len());
    for (file, pages) in files.iter().zip(pages) {
        starts.push(slices.len());
        for page in pages {
            match page {
                PageSlice::Slice { id, known } => {
                    slices.push(Slice {
                        path: file.path.clone(),
                        page: id,
                        number: file.number,
                        inode: file.inode,
                        known,
                    });
                }
                PageSlice::Rejected { page, reason, message } => {
                    rejected.push(Rejected { path: file.path.clone(), page: Some(page), reason, message });
                }
            }
        }
    }
    for gap in gaps {
        gap.before = starts[gap.before];
    }
    slices
}

/// Takes the description from the first readable slice, and verifies the others if
/// that is asked for.
pub(super) fn describe(
    root: &Path,
    slices: Vec<Slice>,
    rejected: Vec<Rejected>,
    gaps: Vec<Gap>,
    beside: Vec<Said>,
    raw: Option<RawVolume>,
    options: &OpenOptions,
) -> Result<Stack> {
    let mut first_error = None;
    // Where the first of some planes behind each other cannot be had, no other can.
    // The files of a raw volume are only named, so that it may be that none is there.
    let most = if raw.is_some() { volume::TRIED } else { usize::MAX };
    let mut tried: Option<&Path> = None;
    for (index, slice) in slices.iter().enumerate().filter(|(_, slice)| slice.known.is_none()).take(most) {
        if slice.page.plane > 0 && tried == Some(&slice.path) {
            continue;
        }
        tried = Some(&slice.path);
        let opened = source(&slice.path).and_then(|source| {
            let file_bytes = source.len();
            let page = page(&source, slice, raw.as_ref(), &options.conversions, &options.limits)?;
            let mut beside = beside.clone();
            if page.description.format == Format::Dicom {
                beside.extend(series::said(&source, slice, &slices)?);
            }
            let remarks = if raw.is_some() { Remarks::default() } else { format::remarks(&source)? };
            let mut voxel = voxel::of_stack(&beside, &remarks);
            if page.description.turned >= 5 {
                std::mem::swap(&mut voxel.x, &mut voxel.y);
            }
            Ok((page, file_bytes, voxel))
        });
        match opened {
            Ok((page, file_bytes, voxel)) => {
                let mut stack = Stack {
                    one_file: slices.len() > 1 && slices.iter().all(|s| s.path == slice.path),
                    storage: machine::storage(&slice.path),
                    description: page.description.clone(),
                    first: FirstSlice { index, file_bytes, page: Arc::new(page) },
                    slices,
                    rejected,
                    gaps,
                    axes: None,
                    voxel,
                    limits: options.limits,
                    conversions: options.conversions,
                    raw,
                };
                if options.verify {
                    verify::verify(&mut stack, options.workers);
                }
                return Ok(stack);
            }
            Err(error) => {
                first_error.get_or_insert(error.at(&slice.path).in_slice(index as u64));
            }
        }
    }
    Err(first_error.unwrap_or_else(|| Error::new(Status::Empty, "no slice can be read").at(root)))
}
