//! A build without DICOM: what stands in its place says so.
#![forbid(unsafe_code)]

use std::convert::Infallible;

use super::errors::unsupported;
use super::{Chunk, Description, Limits, PageEntry, PageId, ReadAt, Scratch, SlicePlace, Stored};
use crate::error::{Error, Result};

/// No page can be opened.
pub struct DicomPage(Infallible);

/// What `open` never finds.
pub struct Opened {
    pub description: Description,
    pub chunks: Vec<Chunk>,
    pub note: Option<String>,
    pub page: DicomPage,
}

/// Only what says so at its beginning is known for one.
pub fn is_dicom(start: &[u8]) -> bool {
    start.get(128..132) == Some(b"DICM")
}

pub fn open(_: &dyn ReadAt, _: PageId, _: &Limits) -> Result<Opened> {
    Err(absent())
}

pub fn pages(_: &dyn ReadAt, _: &Limits) -> Result<Vec<PageEntry>> {
    Err(absent())
}

pub fn place(_: &dyn ReadAt) -> Result<SlicePlace> {
    Err(absent())
}

pub fn decode(
    page: &DicomPage,
    _: &Description,
    _: &Chunk,
    _: &[u8],
    _: &mut Scratch,
    _: &mut [u8],
) -> Result<()> {
    match page.0 {}
}

pub fn decode_memory(page: &DicomPage, _: &Description, _: &Chunk) -> u64 {
    match page.0 {}
}

impl DicomPage {
    pub fn stored(&self, _: &Description, _: &Chunk) -> Option<Stored> {
        match self.0 {}
    }
}

fn absent() -> Error {
    unsupported("DICOM, which this build of the library was made without")
}
