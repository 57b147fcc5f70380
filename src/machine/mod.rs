//! The machine: all that depends on the platform.
//!
//! - `cores`: how many threads are of use
//! - `storage`: what kind of storage is behind a path
//! - `file`: regular files, open for positioned reads
//! - `rows`: one read scattered over many rows
//! - `transient`: which errors may pass by themselves

mod cores;
mod file;
mod rows;
mod storage;
mod transient;

pub use cores::cores;
pub use file::{RegularFile, open_regular};
pub use storage::{Storage, storage};
pub use transient::is_transient;
