//! A chunk's bytes -> samples. Knows nothing of files.
#![forbid(unsafe_code)]
#![allow(dead_code)]
pub mod bits;
pub mod jpeg;
pub mod ycbcr;

/// Why bytes do not decode to what should be in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// They end before the output is full.
    Short {
        /// Bytes of output that were had.
        got: usize,
    },
    /// They contradict their format; what is wrong.
    Broken(&'static str),
}
