//! What a stack is: which files, in which order, and every file left out.
#![forbid(unsafe_code)]

mod axes;
mod family;
mod listing;
mod names;
mod number;
mod open;
mod pages;
mod parallel;
mod planes;
mod series;
mod sidecar;
mod verify;
mod volume;
mod voxel;

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::format::{Conversions, Description, Limits, Page, PageId, RawLayout, ReadAt};
use crate::machine::Storage;

pub use axes::{Axes, Axis};
use listing::Listing;
pub use voxel::Voxel;

/// How to open a stack. `Default` is right for a folder with one scan in it.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Only names that begin with this. A family whose prefix is exactly this
    /// wins over longer ones.
    pub prefix: Option<Vec<u8>>,
    /// Only names with this extension, without the dot, in either case.
    pub extension: Option<String>,
    /// Lowest number taken.
    pub first_number: u64,
    /// Highest number taken; `None` = no upper bound.
    pub last_number: Option<u64>,
    /// Missing numbers become missing slices, so that z stays true.
    pub keep_gaps: bool,
    /// Read every header now, in parallel, and mark the slices that differ.
    pub verify: bool,
    /// Threads for `verify`; 0 = decide.
    pub workers: usize,
    /// Sizes to refuse.
    pub limits: Limits,
    /// What to change on the way from file to buffer.
    pub conversions: Conversions,
    /// Index of the first page taken from each file.
    pub first_page: u64,
    /// Pages taken from there; `None` = all to the end.
    pub page_count: Option<NonZeroU64>,
    /// 0 = the pages themselves; n = the n-th image below each (TIFF SubIFDs).
    pub level: u32,
    /// Only this channel of a file whose metadata names channels, from 0.
    pub channel: Option<u64>,
    /// Only this point in time of a file whose metadata names them, from 0.
    pub time: Option<u64>,
    /// The files are raw samples that lie so, whatever they look like; of any name.
    pub raw: Option<RawLayout>,
}

/// Why a file or page is no slice of the stack.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A readable type, but another family of names (prefix or suffix), or another
    /// DICOM series.
    OtherFamily = 1,
    /// Not an image type that this library reads.
    OtherType = 2,
    /// Left by a file manager: Thumbs.db, .DS_Store, ._*, desktop.ini.
    Junk = 3,
    /// A scanner's preview: *_spr.*
    Preview = 4,
    /// A hidden file: its name begins with a dot.
    Hidden = 5,
    /// A folder.
    Directory = 6,
    /// A FIFO, socket or device.
    NotAFile = 7,
    /// A symbolic link whose target does not exist.
    DanglingLink = 8,
    /// The same number as another file of the family, or of a DICOM series the same
    /// position.
    Duplicate = 9,
    /// Outside the prefix, extension or numbers asked for.
    NotAskedFor = 10,
    /// A page marked as a thumbnail or mask (TIFF 6.0, NewSubfileType).
    Thumbnail = 11,
    /// A page of another shape or type than the first.
    OtherShape = 12,
    /// A page that cannot be read; the message says why.
    Unreadable = 13,
    /// An image below a page (TIFF SubIFDs): a smaller copy, as in a pyramid, or
    /// the full one behind a preview. The open option `level` takes it.
    Level = 14,
}

/// cbindgen:ignore
impl Reason {
    /// All reasons.
    pub const ALL: [Reason; 14] = [
        Reason::OtherFamily,
        Reason::OtherType,
        Reason::Junk,
        Reason::Preview,
        Reason::Hidden,
        Reason::Directory,
        Reason::NotAFile,
        Reason::DanglingLink,
        Reason::Duplicate,
        Reason::NotAskedFor,
        Reason::Thumbnail,
        Reason::OtherShape,
        Reason::Unreadable,
        Reason::Level,
    ];
}

/// A file or page left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file.
    pub path: PathBuf,
    /// The page in it; `None` = the whole file.
    pub page: Option<u64>,
    /// The kind of reason.
    pub reason: Reason,
    /// The reason in words.
    pub message: String,
}

/// A run of numbers missing from a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// First missing number; `u64::MAX` stands for anything beyond.
    pub first: u64,
    /// Last missing number.
    pub last: u64,
    /// Index of the slice that follows the gap.
    pub before: usize,
}

/// One slice of a stack.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Its file; for a kept gap, the name that the missing file would have.
    pub path: PathBuf,
    /// Which image of the file.
    pub page: PageId,
    /// The number in its name, if any; `u64::MAX` stands for anything beyond.
    pub number: Option<u64>,
    /// The number of its file in the file system, where the folder's listing told.
    pub inode: Option<u64>,
    /// Why it cannot be had, as far as known at open: a kept gap, or what
    /// `verify` found.
    pub known: Option<Error>,
}

/// What raw samples are, which do not say it themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct RawVolume {
    /// How they lie in each file.
    pub layout: RawLayout,
    /// The header that tells it; `None` where the options did.
    pub header: Option<PathBuf>,
}

/// The slice that a stack is described by.
#[derive(Clone, Debug)]
pub struct FirstSlice {
    /// Its index.
    pub index: usize,
    /// Length of its file.
    pub file_bytes: u64,
    /// The image itself.
    pub page: Arc<Page>,
}

/// An opened stack; immutable.
#[derive(Clone, Debug)]
pub struct Stack {
    /// What every slice is, taken from the first readable one.
    pub description: Description,
    /// The slices in order.
    pub slices: Vec<Slice>,
    /// Everything left out.
    pub rejected: Vec<Rejected>,
    /// Missing numbers.
    pub gaps: Vec<Gap>,
    /// What the first readable slice tells about the work; the description is its own.
    pub first: FirstSlice,
    /// All slices are pages of one file.
    pub one_file: bool,
    /// How the planes of its first file lie along channels, depth and time, all of
    /// them, chosen or not; `None` where nothing says so.
    pub axes: Option<Axes>,
    /// How large a voxel is.
    pub voxel: Voxel,
    /// Kind of storage that it lies on, as the system describes it.
    pub storage: Storage,
    /// The limits that it was opened with.
    pub limits: Limits,
    /// What is changed on the way from file to buffer.
    pub conversions: Conversions,
    /// What its slices are, where they are raw samples.
    pub raw: Option<RawVolume>,
}

impl Stack {
    /// Opens the image of a slice in its file.
    pub(crate) fn page(&self, file: &dyn ReadAt, slice: &Slice) -> Result<Page> {
        page(file, slice, self.raw.as_ref(), &self.conversions, &self.limits)
    }
}

/// Opens the image of a slice, which says itself what it is, or is raw.
fn page(
    file: &dyn ReadAt,
    slice: &Slice,
    raw: Option<&RawVolume>,
    conversions: &Conversions,
    limits: &Limits,
) -> Result<Page> {
    match raw {
        Some(raw) => Page::raw(file, slice.page, &raw.layout, limits),
        None => Page::open(file, slice.page, limits)?.convert(file, slice.page, conversions, limits),
    }
}
