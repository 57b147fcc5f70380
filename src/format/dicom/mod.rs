//! DICOM: files of PS3.10, and data sets without its preamble.
//!
//! `start` finds the data set and its transfer syntax (`syntax`), `elements` walks
//! over its elements up to the pixels and keeps the few that matter, `samples` says
//! what these mean. `native` and `fragments` say where the frames lie; `page` puts
//! all together, and `decode` decodes a frame. `place` is for those who sort slices.
//!
//! Each frame is a page. Samples are the stored values: of BitsAllocated bits those
//! that count (BitsStored), extended by their sign, as pydicom gives them. Neither
//! the rescale slope nor a window, palette or overlay is applied.
#![forbid(unsafe_code)]

mod decode;
mod elements;
mod fragments;
mod inflated;
mod jpeg_frame;
mod native;
mod page;
mod place;
mod samples;
mod signs;
mod start;
mod syntax;
#[cfg(test)]
mod tests;

pub use decode::{decode, memory as decode_memory};
pub use page::{DicomPage, Opened, open, pages};
pub use place::place;
pub use signs::is_dicom;
