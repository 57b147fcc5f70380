//! The machine: all that depends on the platform.
//!
//! - `cores`: how many threads are of use
//! - `storage`: what kind of storage is behind a path
//! - `file`: regular files, open for positioned reads
//! - `rows`: one read scattered over many rows
//! - `pages`: huge pages for a large destination
//! - `mappings`: what memory is made of
//! - `transient`: which errors may pass by themselves

mod cores;
mod file;
#[cfg(target_os = "linux")]
mod mappings;
mod pages;
mod rows;
mod storage;
mod transient;

pub use cores::cores;
pub use file::{RegularFile, open_regular};
pub use pages::{Advice, advise_huge_pages};
pub use storage::{Storage, storage};
pub use transient::is_transient;
