//! zstack opens a stack of images, loads it in parallel straight into a buffer
//! that the caller owns, and reports progress.

mod error;
pub mod format;
mod sample;
pub mod stack;

pub use error::{Error, Result, Status};
pub use sample::SampleType;
