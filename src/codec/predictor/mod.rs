//! Undoes the predictors of TIFF: differences -> samples.
//!
//! Both go row by row, each row beginning anew, so a row is in cache from its
//! first byte read to its last byte written.
#![forbid(unsafe_code)]

mod float;
mod horizontal;
mod plain;
#[cfg(test)]
mod tests;

pub use float::undo_float;
pub use horizontal::undo_horizontal;
