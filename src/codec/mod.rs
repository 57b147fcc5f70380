//! A chunk's bytes -> samples. Knows nothing of files.
#![forbid(unsafe_code)]

pub(crate) mod bits;
pub(crate) mod jpeg_frame;
pub(crate) mod lzw;
pub(crate) mod order;
pub(crate) mod predictor;
pub(crate) mod ycbcr;
