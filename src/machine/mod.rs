//! The machine: all that depends on the platform.
//!
//! - `cores`: how many threads are of use
//! - `memory`, `cgroups`: how much a load may take
//! - `storage`, `filesystem`, `blocks`: what kind of storage is behind a path
//! - `file`: regular files, open for positioned reads
//! - `folder`: an open folder, whose files are opened by name
//! - `rows`: one read scattered over many rows
//! - `pages`: huge pages for a large destination
//! - `mappings`: what memory is made of
//! - `mounts`: which file systems are mounted where
//! - `transient`: which errors may pass by themselves
//! - `waits`: how often a thread has waited for something else than a core

#[cfg(target_os = "linux")]
mod blocks;
#[cfg(target_os = "linux")]
mod cgroups;
mod cores;
mod file;
#[cfg(target_os = "linux")]
mod filesystem;
mod folder;
#[cfg(all(test, target_os = "linux"))]
mod made_up;
#[cfg(target_os = "linux")]
mod mappings;
mod memory;
#[cfg(target_os = "linux")]
mod mounts;
mod pages;
mod rows;
mod storage;
mod transient;
mod waits;

pub use cores::cores;
pub use file::{RegularFile, inode, open_regular};
pub use folder::Folder;
pub use memory::memory_available;
pub use pages::{Advice, advise_huge_pages};
pub use storage::{Storage, storage};
pub use transient::is_transient;
pub use waits::waits;
