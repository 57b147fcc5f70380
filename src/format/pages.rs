//! The images of a file, and what each of them is.
#![forbid(unsafe_code)]

use super::{Description, Format, Limits, Page, ReadAt, dicom, errors, sniff, tiff};
use crate::error::Result;

/// Which image of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageId {
    /// Index of the page in the file, from 0.
    pub index: u64,
    /// Offset of its TIFF directory, or of what holds a DICOM's frame; `None` for the
    /// first of whatever the file holds.
    pub directory: Option<u64>,
    /// Which of the images that follow each other behind that directory. Of a DICOM's
    /// frame in fragments, how many of these follow the first.
    pub plane: u64,
}

impl PageId {
    /// The first image of a file.
    pub const FIRST: PageId = PageId { index: 0, directory: None, plane: 0 };
}

/// An image of a file, as far as a look at all of them tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEntry {
    /// Which one.
    pub id: PageId,
    /// It is marked as a thumbnail or mask (TIFF 6.0, NewSubfileType).
    pub reduced: bool,
    /// It is no page but the end of a chain of directories that leads back, or from the
    /// only page to nowhere.
    pub broken_off: bool,
    /// What it is, or why it cannot be had. Where its bytes lie is not looked at.
    pub image: Result<Description>,
    /// The images below it (TIFF SubIFDs): smaller copies, for the most part.
    pub levels: Vec<Level>,
}

/// An image below a page of a TIFF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Offset of its directory.
    pub directory: u64,
    /// What it is, or why it cannot be had.
    pub image: Result<Description>,
}

/// All images of a file. Cheap: of a TIFF, the directories are walked once.
///
/// Where the chain of directories leads nowhere behind a good page, the last entry
/// stands for its end and says what is wrong.
pub fn pages(source: &dyn ReadAt, limits: &Limits) -> Result<Vec<PageEntry>> {
    match sniff::format(source)? {
        Format::Tiff => tiff::pages(source, limits),
        Format::Dicom => dicom::pages(source, limits),
        Format::Png | Format::Jpeg | Format::Bmp | Format::Pnm => {
            let image = Page::open(source, PageId::FIRST, limits)?.description;
            Ok(vec![PageEntry {
                id: PageId::FIRST,
                reduced: false,
                broken_off: false,
                image: Ok(image),
                levels: Vec::new(),
            }])
        }
        Format::Raw => Err(errors::raw_alone()),
    }
}
