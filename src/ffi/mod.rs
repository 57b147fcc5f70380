//! The C ABI, described for its users in `include/zstack.h`, which is made
//! from this module.
//!
//! Conventions, the same for every export:
//! - it runs inside `guard`, so that no panic leaves it;
//! - NULL is an answer: a missing required pointer is `InvalidArgument`;
//! - structs begin with `struct_size` and pass through `growable`;
//! - outputs are checked before the work and written after it.
//!
//! Raw pointers from outside are used here and nowhere else.
#![allow(non_camel_case_types)]

mod api;
mod axes;
mod cancel;
mod error;
mod growable;
mod guard;
mod info;
mod job;
mod load;
mod names;
mod open;
mod options;
mod plan;
mod report;
mod text;
mod voxel;

/// The ABI that this header describes. It grows only when something that worked
/// would break; new functions, fields and constants do not change it.
pub const ZSTACK_ABI: u32 = 1;
