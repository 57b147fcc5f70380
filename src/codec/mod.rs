//! A chunk's bytes -> samples. Knows nothing of files.
#![forbid(unsafe_code)]

pub mod bits;
pub mod jpeg;
pub mod ycbcr;
