//! Listing a folder once, with no look at the files themselves.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use super::family::{self, Member};
use super::number::natural;
use super::{Gap, OpenOptions, Reason, Rejected, names, series};
use crate::error::{Error, Result, Status};
use crate::machine;

/// A file of the stack, in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub path: PathBuf,
    pub number: Option<u64>,
    pub inode: Option<u64>,
    /// A kept gap: there is no such file.
    pub missing: bool,
}

/// A file of readable type in a folder.
pub(super) struct Candidate {
    pub path: PathBuf,
    pub inode: Option<u64>,
    /// What speaks against it, unless it is a DICOM file.
    pub unless_dicom: Option<(Reason, String)>,
}

impl Candidate {
    pub(super) fn name(&self) -> &[u8] {
        bytes(self.path.file_name().unwrap_or_default())
    }
}

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub files: Vec<Listed>,
    pub rejected: Vec<Rejected>,
    pub gaps: Vec<Gap>,
}

/// Whether a path could be a pattern.
pub(super) fn is_glob(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().iter().any(|byte| b"*?[".contains(byte))
}

/// The dominant family of a folder.
pub(super) fn folder(dir: &Path, options: &OpenOptions) -> Result<Listing> {
    one_folder(dir, None, options)
}

/// The files that match a pattern. Wildcards may stand in any component.
pub(super) fn glob(pattern: &Path, options: &OpenOptions) -> Result<Listing> {
    let refuse = |status, message: String| Error::new(status, message).at(pattern);
    let (Some(parent), Some(name)) = (pattern.parent(), pattern.file_name()) else {
        return Err(refuse(Status::InvalidArgument, "a pattern must end in a file name".to_owned()));
    };
    let matcher = ::glob::Pattern::new(&name.to_string_lossy())
        .map_err(|error| refuse(Status::InvalidArgument, format!("malformed pattern: {error}")))?;
    // It follows links in circles, which no limit of ours could stop.
    if parent.as_os_str().as_encoded_bytes().windows(2).any(|pair| pair == b"**") {
        return Err(refuse(Status::InvalidArgument, "** is not supported in a pattern".to_owned()));
    }
    let mut folders: Vec<PathBuf> = if is_glob(parent) {
        let found = ::glob::glob(&parent.to_string_lossy())
            .map_err(|error| refuse(Status::InvalidArgument, format!("malformed pattern: {error}")))?;
        found.filter_map(|path| path.ok()).filter(|path| path.is_dir()).collect()
    } else if parent.as_os_str().is_empty() {
        vec![PathBuf::from(".")]
    } else {
        vec![parent.to_owned()]
    };
    match folders.as_slice() {
        [] => Err(refuse(Status::NotFound, "no folder matches the pattern".to_owned())),
        [only] => one_folder(only, Some(&matcher), options).map_err(|error| error.at(pattern)),
        _ => {
            folders.sort_by(|a, b| natural(bytes(a.as_os_str()), bytes(b.as_os_str())));
            many_folders(&folders, &matcher, options).map_err(|error| error.at(pattern))
        }
    }
}

fn bytes(text: &OsStr) -> &[u8] {
    text.as_encoded_bytes()
}

fn one_folder(dir: &Path, pattern: Option<&::glob::Pattern>, options: &OpenOptions) -> Result<Listing> {
    let mut listing = Listing::default();
    let mut candidates = candidates(dir, pattern, options, &mut listing.rejected)?;
    if series::is_series(&candidates) {
        listing.files =
            series::choose(candidates, options, &mut listing.rejected).map_err(|error| error.at(dir))?;
        listing.rejected.sort_by(|a, b| a.path.cmp(&b.path));
        return match listing.files.is_empty() {
            true => Err(nothing(&listing.rejected, pattern, options).at(dir)),
            false => Ok(listing),
        };
    }
    reject_unless_dicom(&mut candidates, &mut listing.rejected);
    if candidates.is_empty() {
        return Err(nothing(&listing.rejected, pattern, options).at(dir));
    }
    let names: Vec<&[u8]> = candidates.iter().map(Candidate::name).collect();
    let family = family::choose(&names, options).map_err(|error| error.at(dir))?;
    for (index, reason, message) in family.rejected {
        let path = candidates[index].path.clone();
        listing.rejected.push(Rejected { path, page: None, reason, message });
    }
    if family.members.is_empty() {
        return Err(nothing(&listing.rejected, pattern, options).at(dir));
    }
    listing.files = family
        .members
        .into_iter()
        .map(|member| match member {
            Member::Name(index, number) => {
                let Candidate { path, inode, .. } = &candidates[index];
                Listed { path: path.clone(), number, inode: *inode, missing: false }
            }
            Member::Gap(name, number) => {
                Listed { path: dir.join(os_string(name)), number: Some(number), inode: None, missing: true }
            }
        })
        .collect();
    listing.gaps = family.gaps;
    listing.rejected.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listing)
}

/// All readable files of several folders, one folder after the other.
fn many_folders(folders: &[PathBuf], pattern: &::glob::Pattern, options: &OpenOptions) -> Result<Listing> {
    let mut listing = Listing::default();
    let mut all = Vec::new();
    for dir in folders {
        let mut candidates = candidates(dir, Some(pattern), options, &mut listing.rejected)?;
        candidates.sort_by(|a, b| natural(a.name(), b.name()));
        all.append(&mut candidates);
        if all.len() as u64 > options.limits.files {
            return Err(too_many(options));
        }
    }
    listing.files = if series::is_series(&all) {
        series::choose(all, options, &mut listing.rejected)?
    } else {
        reject_unless_dicom(&mut all, &mut listing.rejected);
        let listed = |Candidate { path, inode, .. }| Listed { path, number: None, inode, missing: false };
        all.into_iter().map(listed).collect()
    };
    if listing.files.is_empty() {
        return Err(nothing(&listing.rejected, Some(pattern), options));
    }
    Ok(listing)
}

/// Files of readable type in a folder; the others are rejected.
fn candidates(
    dir: &Path,
    pattern: Option<&::glob::Pattern>,
    options: &OpenOptions,
    rejected: &mut Vec<Rejected>,
) -> Result<Vec<Candidate>> {
    let failed = |error| Error::io("list the folder", &error).at(dir);
    let matching = ::glob::MatchOptions { require_literal_leading_dot: true, ..Default::default() };
    let mut candidates = Vec::new();
    for (count, entry) in fs::read_dir(dir).map_err(failed)?.enumerate() {
        if count as u64 >= options.limits.files {
            return Err(too_many(options).at(dir));
        }
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        if pattern.is_some_and(|pattern| !pattern.matches_with(&name.to_string_lossy(), matching)) {
            continue;
        }
        // The listing itself tells the kind; only links cost a look.
        let objection = match entry.file_type() {
            Ok(kind) => wrong_kind(&kind, &entry.path())
                .or_else(|| names::objection(bytes(&name), options.raw.is_some())),
            Err(error) => Some((Reason::Unreadable, format!("what it is cannot be told: {error}"))),
        };
        let candidate =
            |unless_dicom| Candidate { path: entry.path(), inode: machine::inode(&entry), unless_dicom };
        match objection {
            Some(other) if other.0 == Reason::OtherType && names::may_be_dicom(bytes(&name)) => {
                candidates.push(candidate(Some(other)));
            }
            Some((reason, message)) => {
                rejected.push(Rejected { path: entry.path(), page: None, reason, message })
            }
            None => candidates.push(candidate(None)),
        }
    }
    Ok(candidates)
}

/// Where there is no DICOM series, a name must tell that a file is an image.
fn reject_unless_dicom(candidates: &mut Vec<Candidate>, rejected: &mut Vec<Rejected>) {
    for Candidate { path, unless_dicom, .. } in candidates.extract_if(.., |one| one.unless_dicom.is_some()) {
        let objection = unless_dicom.map(|(reason, message)| Rejected { path, page: None, reason, message });
        rejected.extend(objection);
    }
}

/// Why something that is listed is no file, if so.
fn wrong_kind(kind: &FileType, path: &Path) -> Option<(Reason, String)> {
    let target = match kind.is_symlink() {
        false => *kind,
        true => match fs::metadata(path) {
            Ok(target) => target.file_type(),
            Err(error) => return Some((Reason::DanglingLink, format!("a link that leads nowhere: {error}"))),
        },
    };
    if target.is_dir() {
        Some((Reason::Directory, "a folder".to_owned()))
    } else if !target.is_file() {
        Some((Reason::NotAFile, "a FIFO, socket or device".to_owned()))
    } else {
        None
    }
}

fn too_many(options: &OpenOptions) -> Error {
    Error::new(
        Status::LimitExceeded,
        format!("there are more files than max_files, {}; raise it to open them all", options.limits.files),
    )
}

/// Nothing to open: says what was there instead.
fn nothing(rejected: &[Rejected], pattern: Option<&::glob::Pattern>, options: &OpenOptions) -> Error {
    if rejected.is_empty() {
        return match pattern {
            Some(pattern) => Error::new(Status::NotFound, format!("no file matches {pattern}")),
            None => Error::new(Status::Empty, "the folder is empty"),
        };
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for one in rejected {
        *kinds.entry(kind_of(one.reason)).or_default() += 1;
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    Error::new(
        Status::Empty,
        format!(
            "no image to open among {} entries: {}; {}",
            rejected.len(),
            kinds.join(", "),
            asked(options).unwrap_or_else(|| images(options).to_owned())
        ),
    )
}

/// What would have been opened.
fn images(options: &OpenOptions) -> &'static str {
    match options.raw {
        Some(_) => "raw samples may have any name but these",
        None => {
            "images are .tif, .png, .jpg, .bmp, .pgm and their kin, headers of volumes .mhd, .mha, .nrrd, .nhdr, .vgi"
        }
    }
}

/// What the options ask of a name, if anything.
fn asked(options: &OpenOptions) -> Option<String> {
    let mut asked = Vec::new();
    if let Some(prefix) = &options.prefix {
        asked.push(format!("prefix \"{}\"", String::from_utf8_lossy(prefix)));
    }
    if let Some(extension) = &options.extension {
        asked.push(format!("extension \"{extension}\""));
    }
    match (options.first_number, options.last_number) {
        (0, None) => {}
        (first, None) => asked.push(format!("numbers from {first} on")),
        (first, Some(last)) => asked.push(format!("numbers from {first} to {last}")),
    }
    (!asked.is_empty()).then(|| format!("asked for were: {}", asked.join(", ")))
}

fn kind_of(reason: Reason) -> &'static str {
    match reason {
        Reason::OtherType => "of other types",
        Reason::Directory => "folders",
        Reason::Hidden | Reason::Junk => "hidden or junk",
        Reason::Preview => "previews",
        Reason::NotAskedFor => "not asked for",
        _ => "that are no files",
    }
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> std::ffi::OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> std::ffi::OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
#[path = "listing_tests.rs"]
mod tests;
