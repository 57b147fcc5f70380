//! Headers of raw volumes: a text beside the data, or in front of them, that says
//! how they lie. One parser for each kind turns the text into a `Header`; here it
//! becomes a `Volume`: these files, each with so many planes of one layout.
//!
//! A header is a text of at most a mebibyte. What it says is believed only as far
//! as the files bear it out; of two contradicting things neither is.
#![forbid(unsafe_code)]

mod metaimage;
mod names;
mod nrrd;
mod nrrd_axes;
mod text;
mod vgi;

use std::path::{Path, PathBuf};

use self::text::{Text, corrupt, unsupported};
use super::open::source;
use crate::error::{Error, Result};
use crate::format::{self, Limits, Photometric, RawLayout, RawStart, ReadAt};
use crate::machine::RegularFile;
use crate::sample::SampleType;

/// Distances between the middles of neighbouring voxels.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct VoxelSize {
    /// Along x, y and z; `None` where that is not told.
    pub size: [Option<f64>; 3],
    /// Their unit in the header's own word, if it has one.
    pub unit: Option<String>,
}

/// Kinds of headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    MetaImage,
    Nrrd,
    Vgi,
}

/// What a header says.
#[derive(Debug)]
struct Header {
    width: u64,
    height: u64,
    slices: u64,
    channels: u32,
    sample: SampleType,
    photometric: Photometric,
    big_endian: bool,
    start: Start,
    files: Files,
    voxel: Option<VoxelSize>,
}

/// Where the data begin in each of their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// Behind the first bytes, then so many lines, then so many bytes.
    Behind {
        from: u64,
        lines: u64,
        bytes: u64,
    },
    BeforeEnd,
}

/// Which files hold the data.
#[derive(Debug, PartialEq, Eq)]
enum Files {
    /// The header's own.
    Own,
    One(String),
    /// Each as many slices as the others.
    Each(Vec<String>),
}

/// A file that is the header of a volume.
pub(super) struct Found {
    path: PathBuf,
    file: RegularFile,
    kind: Kind,
}

/// The volume that a header describes.
#[derive(Debug)]
pub(super) struct Volume {
    pub header: PathBuf,
    pub layout: RawLayout,
    /// In order, each with `layout.planes` planes.
    pub files: Vec<PathBuf>,
    /// Bytes behind the last plane of the only file.
    pub rest: u64,
    pub voxel: Option<VoxelSize>,
}

impl Start {
    fn at(bytes: u64) -> Start {
        Start::Behind { from: 0, lines: 0, bytes }
    }
}

impl Found {
    /// Looks whether a file is the header of a volume. What cannot be opened is none.
    pub(super) fn at(path: &Path) -> Option<Found> {
        let file = source(path).ok()?;
        let mut start = [0; 8];
        let length = file.len().min(start.len() as u64) as usize;
        file.read_exact_at(&mut start[..length], 0).ok()?;
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        let kind = match extension.to_str() {
            _ if start.starts_with(b"NRRD") => Kind::Nrrd,
            _ if start.starts_with(b"ObjectTy") => Kind::MetaImage,
            _ if start.starts_with(b"{volume") => Kind::Vgi,
            // An image under a wrong name is an image.
            Some("mhd" | "mha") if !format::is_known(&file) => Kind::MetaImage,
            Some("vgi") if !format::is_known(&file) => Kind::Vgi,
            _ => return None,
        };
        Some(Found { path: path.to_owned(), file, kind })
    }

    /// Reads it.
    pub(super) fn read(&self, limits: &Limits) -> Result<Volume> {
        let text = Text::read(&self.file)?;
        let header = match self.kind {
            Kind::MetaImage => metaimage::parse(&text, limits),
            Kind::Nrrd => nrrd::parse(&text, limits),
            Kind::Vgi => vgi::parse(&text, limits),
        };
        header.and_then(|header| self.volume(header, limits)).map_err(|error| error.at(&self.path))
    }

    fn volume(&self, header: Header, limits: &Limits) -> Result<Volume> {
        let small = |size: u64| u32::try_from(size).unwrap_or(u32::MAX);
        let mut layout = RawLayout {
            width: small(header.width),
            height: small(header.height),
            channels: header.channels,
            sample: header.sample,
            photometric: header.photometric,
            big_endian: header.big_endian,
            start: RawStart::BeforeEnd,
            planes: header.slices,
        };
        layout.describe(limits)?;
        let files = match &header.files {
            Files::Own => vec![self.path.clone()],
            Files::One(name) => vec![names::beside(&self.path, name)?],
            Files::Each(names) => {
                let files: Result<_> = names.iter().map(|name| names::beside(&self.path, name)).collect();
                files?
            }
        };
        if files.len() as u64 > limits.files {
            let message =
                format!("the header names {} files, more than max_files, {}", files.len(), limits.files);
            return Err(Error::new(crate::Status::LimitExceeded, message));
        }
        let count = files.len() as u64;
        if count == 0 || !header.slices.is_multiple_of(count) {
            return Err(corrupt(format!(
                "the header names {count} files of data for {} slices",
                header.slices
            )));
        }
        layout.planes = header.slices / count;
        let only = match files.as_slice() {
            [only] => Some(self.data_file(only)?),
            _ => None,
        };
        layout.start = start(header.start, only.as_ref()).map_err(|error| error.at(&files[0]))?;
        let rest = only.map_or(Ok(0), |file| layout.planes(file.len(), limits).map(|(_, rest)| rest))?;
        Ok(Volume { header: self.path.clone(), layout, files, rest, voxel: header.voxel })
    }

    /// The only file with data.
    fn data_file(&self, path: &Path) -> Result<RegularFile> {
        source(path).map_err(|mut error| {
            if *path != self.path {
                error.message += &format!("; it holds the data of {}", self.path.display());
            }
            error
        })
    }
}

/// The first byte of the data; lines are counted in the only file.
fn start(start: Start, only: Option<&RegularFile>) -> Result<RawStart> {
    let Start::Behind { from, lines, bytes } = start else { return Ok(RawStart::BeforeEnd) };
    let behind_lines = match (lines, only) {
        (0, _) => from,
        (_, Some(file)) => skip_lines(file, from, lines)?,
        (_, None) => return Err(unsupported("lines to be skipped in each of several files of data")),
    };
    let at = behind_lines.checked_add(bytes);
    at.map(RawStart::At).ok_or_else(|| corrupt("the data begin behind any file's end"))
}

/// Where a file goes on behind so many lines.
fn skip_lines(file: &RegularFile, from: u64, count: u64) -> Result<u64> {
    let view = Behind { file, from: from.min(file.len()) };
    let text = Text::read(&view)?;
    let mut lines = text.lines();
    for skipped in 0..count {
        if lines.next()?.is_none() {
            return Err(corrupt(format!("{count} lines are to be skipped, but there are {skipped}")));
        }
    }
    Ok(from + lines.offset())
}

/// A file from some byte on.
struct Behind<'a> {
    file: &'a RegularFile,
    from: u64,
}

impl ReadAt for Behind<'_> {
    fn len(&self) -> u64 {
        self.file.len() - self.from
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        self.file.read_exact_at(buf, self.from.saturating_add(offset))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
