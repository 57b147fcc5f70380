//! A chunk's bytes -> samples. Knows nothing of files.
#![forbid(unsafe_code)]

pub(crate) mod bits;
pub(crate) mod jpeg_frame;
pub(crate) mod order;
pub(crate) mod ycbcr;
