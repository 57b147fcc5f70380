//! A series of DICOM files: which files of a folder are the stack, and in what
//! order. Names say neither, so every header is read, once it is clear that the
//! folder is one of DICOM files.
//!
//! Slices are ordered by their position along the direction that they face; where
//! one of them says none, by their number in the series; where one lacks that, too,
//! by their names.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::family;
use super::listing::{Candidate, Listed};
use super::names;
use super::number::natural;
use super::open::source;
use super::voxel::{self, Said};
use super::{OpenOptions, Reason, Rejected, Slice, parallel};
use crate::error::{Error, Result, Status};
use crate::format::{ReadAt, SlicePlace, slice_place};

/// Files looked at to find out what a folder is one of.
const LOOKED_AT: usize = 8;
/// Positions nearer than this, in millimetres, are the same.
const SAME_POSITION: f64 = 1e-4;
/// The cosine of the angle below which two planes face the same direction: 1°.
const SAME_DIRECTION: f64 = 0.9998;

/// An image of a series.
struct Image {
    path: PathBuf,
    inode: Option<u64>,
    place: SlicePlace,
}

/// Whether these files are a DICOM series: most names may be those of DICOM files,
/// and one of the first few holds an image. Others cost no look.
pub(super) fn is_series(candidates: &[Candidate]) -> bool {
    let mut named: Vec<&Candidate> =
        candidates.iter().filter(|candidate| names::may_be_dicom(candidate.name())).collect();
    if named.is_empty() || named.len() * 2 < candidates.len() {
        return false;
    }
    named.sort_by(|a, b| natural(a.name(), b.name()));
    named.iter().take(LOOKED_AT).any(|candidate| matches!(look(&candidate.path), Ok(Some(_))))
}

fn look(path: &Path) -> Result<Option<SlicePlace>> {
    slice_place(&source(path)?)
}

/// What a series says of the size of a voxel, by its first slice and the last one.
pub(super) fn said(file: &dyn ReadAt, first: &Slice, slices: &[Slice]) -> Result<Vec<Said>> {
    let Some(place) = slice_place(file)? else { return Ok(Vec::new()) };
    let last = slices.last().filter(|last| last.path != first.path);
    // A last slice that cannot be read is told when it is loaded.
    let last = last.and_then(|last| look(&last.path).ok()?);
    Ok(voxel::dicom::said(&place, last.as_ref(), slices.len()))
}

/// The files of the largest series, in order. Everything else is rejected.
pub(super) fn choose(
    candidates: Vec<Candidate>,
    options: &OpenOptions,
    rejected: &mut Vec<Rejected>,
) -> Result<Vec<Listed>> {
    if options.first_number != 0 || options.last_number.is_some() {
        return Err(Error::new(
            Status::InvalidArgument,
            "first_number and last_number choose by the number in a name, but the slices of a DICOM series \
             are ordered by their position",
        ));
    }
    let images = read(candidates, options, rejected);
    let images = largest_series(images, rejected)?;
    let images = in_order(images, rejected)?;
    let listed = |Image { path, inode, .. }| Listed { path, number: None, inode, missing: false };
    Ok(images.into_iter().map(listed).collect())
}

fn reject(rejected: &mut Vec<Rejected>, path: PathBuf, reason: Reason, message: String) {
    rejected.push(Rejected { path, page: None, reason, message });
}

/// Reads every header.
fn read(candidates: Vec<Candidate>, options: &OpenOptions, rejected: &mut Vec<Rejected>) -> Vec<Image> {
    let mut asked = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        match family::not_asked(candidate.name(), options) {
            Some(why) => reject(rejected, candidate.path, Reason::NotAskedFor, why),
            None => asked.push(candidate),
        }
    }
    let places = parallel::map(asked.len(), options.workers, |index| look(&asked[index].path));
    let mut images = Vec::with_capacity(asked.len());
    for (Candidate { path, inode, .. }, place) in asked.into_iter().zip(places) {
        match place {
            Ok(Some(place)) => images.push(Image { path, inode, place }),
            Ok(None) => {
                let why = "an image, but no DICOM file; the stack is a DICOM series".to_owned();
                reject(rejected, path, Reason::OtherFamily, why);
            }
            Err(error) if error.status == Status::Unsupported => {
                reject(rejected, path, Reason::OtherType, error.message);
            }
            Err(error) => reject(rejected, path, Reason::Unreadable, error.message),
        }
    }
    // Whatever the folder's listing gave first is not first for us.
    images.sort_by(|a, b| {
        natural(a.path.as_os_str().as_encoded_bytes(), b.path.as_os_str().as_encoded_bytes())
    });
    images
}

/// The images of the series that has most of them; a tie is an error.
fn largest_series(images: Vec<Image>, rejected: &mut Vec<Rejected>) -> Result<Vec<Image>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for image in &images {
        *counts.entry(image.place.series.clone()).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let first_of = |series: &str| images.iter().find(|image| image.place.series == series);
    let mut first: Vec<&str> = counts.iter().filter(|one| *one.1 == most).map(|one| one.0.as_str()).collect();
    first.sort_unstable();
    if first.len() > 1 {
        let examples: Vec<String> = first
            .iter()
            .take(4)
            .filter_map(|series| first_of(series))
            .map(|image| file_name(&image.path))
            .collect();
        return Err(Error::new(
            Status::Ambiguous,
            format!(
                "{} DICOM series are equally large ({most} images each), those of {}; open a pattern or a list \
                 of files that belong to one",
                first.len(),
                examples.join(", ")
            ),
        ));
    }
    let Some(chosen) = first.first().map(|series| (*series).to_owned()) else { return Ok(images) };
    let (stack, others): (Vec<Image>, Vec<Image>) =
        images.into_iter().partition(|image| image.place.series == chosen);
    for Image { path, place, .. } in others {
        let count = counts[&place.series];
        let why = format!("belongs to another DICOM series ({count} images); the stack's has {most}");
        reject(rejected, path, Reason::OtherFamily, why);
    }
    Ok(stack)
}

/// Puts the images of a series in order.
fn in_order(mut images: Vec<Image>, rejected: &mut Vec<Rejected>) -> Result<Vec<Image>> {
    if images.iter().all(|image| image.place.position.is_some() && image.place.normal.is_some()) {
        return by_position(images, rejected);
    }
    if images.iter().all(|image| image.place.instance.is_some()) {
        images.sort_by_key(|image| image.place.instance);
    }
    Ok(images)
}

/// Sorts along the direction that most of them face. Of images at one position, that
/// with the lowest number stays.
fn by_position(images: Vec<Image>, rejected: &mut Vec<Rejected>) -> Result<Vec<Image>> {
    let mut directions: Vec<([f64; 3], Vec<Image>)> = Vec::new();
    for image in images {
        let normal = image.place.normal.unwrap_or_default();
        let same =
            |known: &[f64; 3]| known.iter().zip(&normal).map(|(a, b)| a * b).sum::<f64>() >= SAME_DIRECTION;
        match directions.iter_mut().find(|(known, _)| same(known)) {
            Some((_, images)) => images.push(image),
            None => directions.push((normal, vec![image])),
        }
    }
    directions.sort_by_key(|(_, images)| std::cmp::Reverse(images.len()));
    if let [(_, first), (_, second), ..] = directions.as_slice()
        && first.len() == second.len()
    {
        return Err(Error::new(
            Status::Ambiguous,
            format!(
                "the images of the DICOM series face {} directions, {} and {} among them; open a pattern or a \
                 list of files that face one",
                directions.len(),
                file_name(&first[0].path),
                file_name(&second[0].path)
            ),
        ));
    }
    let mut directions = directions.into_iter();
    let Some((normal, images)) = directions.next() else { return Ok(Vec::new()) };
    for image in directions.flat_map(|(_, images)| images) {
        let why = "it faces another direction than the stack's slices, as a scout image does";
        reject(rejected, image.path, Reason::OtherFamily, why.to_owned());
    }
    let step = |image: &Image| (image.place.along(&normal).unwrap_or(0.0) / SAME_POSITION).round();
    let mut images: Vec<(f64, Image)> = images.into_iter().map(|image| (step(&image), image)).collect();
    images.sort_by(|(a, one), (b, other)| {
        a.total_cmp(b).then_with(|| one.place.instance.cmp(&other.place.instance))
    });
    let mut kept: Vec<(f64, Image)> = Vec::with_capacity(images.len());
    for (at, image) in images {
        match kept.last() {
            Some((same, first)) if *same == at => {
                let why = format!("lies at the same position as {}, which is kept", file_name(&first.path));
                reject(rejected, image.path, Reason::Duplicate, why);
            }
            _ => kept.push((at, image)),
        }
    }
    Ok(kept.into_iter().map(|(_, image)| image).collect())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
