//! zstack opens a stack of images, loads it in parallel straight into a buffer
//! that the caller owns, and reports progress.
//!
//! Data flows one way: open -> plan -> read -> decode -> place -> report.
//!
//! - [`stack`]: what a stack is: naming, discovery, description
//! - [`mod@format`]: a file's bytes -> what the image is, and its chunks
//! - `codec`: a chunk's bytes -> samples
//! - [`load`]: plan, schedule, permits, workers, placing, repair, report
//! - [`machine`]: cores and storage; all that depends on the platform
//! - `ffi`: the C ABI, described in `include/zstack.h`

#[cfg(panic = "abort")]
compile_error!(
    "zstack must be built with panic = \"unwind\": a panic has to stop at the C ABI, not end the host"
);

mod codec;
mod error;
mod ffi;
pub mod format;
pub mod load;
pub mod machine;
mod sample;
pub mod stack;

pub use error::{Error, Result, Status};
pub use sample::SampleType;

/// What the benchmarks of codecs measure. Not for callers: it may change at any time.
#[doc(hidden)]
pub mod bench_support {
    pub use crate::codec::byte_order::swap;
    pub use crate::codec::fax;
    pub use crate::codec::lzw;
    pub use crate::codec::predictor::{undo_float, undo_horizontal};
}

/// The message of a caught panic.
fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| s.to_string());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown panic".to_owned())
}
