//! Raw volumes as stacks: the planes of their files, in order.
#![forbid(unsafe_code)]

use std::collections::HashSet;
use std::path::Path;

use super::listing::Listed;
use super::open::describe;
use super::pages::PageSlice;
use super::sidecar::{Found, Volume};
use super::{OpenOptions, RawVolume, Rejected, Slice, Stack, names, planes, voxel};
use crate::error::{Error, Result, Status};

/// So many files are tried in turn for one that can be opened.
pub(super) const TRIED: usize = 1000;

/// The volume whose header is the file to open, if it is one.
pub(super) fn find(files: &[Listed], options: &OpenOptions) -> Result<Option<Volume>> {
    let first = files.iter().find(|file| !file.missing);
    let is_image =
        |file: &Listed| file.path.file_name().is_some_and(|name| names::is_image(name.as_encoded_bytes()));
    let Some(first) = first.filter(|first| options.raw.is_none() && !is_image(first)) else {
        return Ok(None);
    };
    let Some(header) = Found::at(&first.path) else { return Ok(None) };
    if files.len() > 1 {
        let message = format!(
            "the first of {} files is the header of a volume, which makes a stack of its own; open one by its path",
            files.len()
        );
        return Err(Error::new(Status::Ambiguous, message).at(&first.path));
    }
    header.read(&options.limits).map(Some)
}

/// The stack of a volume.
pub(super) fn assemble(volume: Volume, mut rejected: Vec<Rejected>, options: &OpenOptions) -> Result<Stack> {
    planes::refuse_choice(options)?;
    let Volume { header, layout, files, rest, voxel } = volume;
    let said = voxel.iter().filter_map(|voxel| voxel::of_header(&header, voxel)).collect();
    // What a folder's listing took for a file of another type.
    let data: HashSet<&Path> = files.iter().map(|file| file.as_path()).collect();
    rejected.retain(|other| !data.contains(other.path.as_path()));
    if let Some(PageSlice::Rejected { page, reason, message }) = planes::rest_of(layout.planes, rest) {
        rejected.push(Rejected { path: files[0].clone(), page: Some(page), reason, message });
    }
    let planes = |path| {
        (0..layout.planes).map(move |plane| Slice {
            path: std::path::PathBuf::clone(path),
            page: planes::plane_id(plane),
            number: None,
            inode: None,
            known: None,
        })
    };
    let slices = files.iter().flat_map(planes).collect();
    let raw = RawVolume { layout, header: Some(header.clone()) };
    describe(&header, slices, rejected, Vec::new(), said, Some(raw), options)
}

/// Refuses more slices of raw files than there may be files or pages: their number is
/// asked for, not found.
pub(super) fn check_total(files: &[Listed], of_first: &[PageSlice], options: &OpenOptions) -> Result<()> {
    let most = options.limits.files.max(options.limits.pages);
    let all = (files.len() as u64).saturating_mul(of_first.len() as u64);
    if options.raw.is_some() && all > most {
        let message = format!("{} files of raw samples make {all} slices; the limit is {most}", files.len());
        return Err(Error::new(Status::LimitExceeded, message));
    }
    Ok(())
}

/// What to do about a file that looks like the data of a volume.
pub(super) fn explain(path: &Path, mut error: Error) -> Error {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    let is_data = ["raw", "vol", "zraw", "img"].iter().any(|known| extension == *known);
    if error.status == Status::Unsupported && is_data {
        error.message +=
            "; raw samples are opened by their header (.mhd, .nhdr, .vgi), or with the raw_ options";
    }
    error
}
