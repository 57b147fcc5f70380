//! What was asked for, checked and made whole.
#![forbid(unsafe_code)]

use super::options::LoadOptions;
use crate::error::{Error, Result, Status};
use crate::stack::Stack;

/// Most threads of either kind that can be asked for.
const MOST_THREADS: u32 = 1024;

/// First slice, step and number of slices.
pub(super) fn z_range(stack: &Stack, options: &LoadOptions) -> Result<(u64, u64, u64)> {
    let total = stack.slices.len() as u64;
    let first = options.z_first;
    let step = options.z_step.max(1);
    if first >= total {
        return Err(Error::new(
            Status::OutOfRange,
            format!("z_first is {first}, but the stack has {total} slices (0 to {})", total - 1),
        ));
    }
    let count = match options.z_count {
        0 => total - first,
        count if count <= total - first => count,
        count => {
            return Err(Error::new(
                Status::OutOfRange,
                format!(
                    "z_first {first} and z_count {count} reach past the end: the stack has {total} slices"
                ),
            ));
        }
    };
    Ok((first, step, count.div_ceil(step)))
}

/// Start and length of the region along one axis.
pub(super) fn span(
    start_name: &str,
    start: u32,
    length_name: &str,
    length: u32,
    full: u32,
) -> Result<(u32, u32)> {
    if start >= full || length > full - start {
        return Err(Error::new(
            Status::OutOfRange,
            format!(
                "{start_name} {start} and {length_name} {length} reach past the image, which is {full} wide there"
            ),
        ));
    }
    Ok((start, if length == 0 { full - start } else { length }))
}

/// Bytes from one row or slice to the next; `packed` where none were asked for.
pub(super) fn stride(name: &str, asked: u64, packed: u64, sample_bytes: u64) -> Result<u64> {
    if asked == 0 {
        return Ok(packed);
    }
    if asked < packed {
        return Err(Error::new(
            Status::InvalidArgument,
            format!("{name} is {asked} bytes, but what it spans needs {packed}"),
        ));
    }
    if !asked.is_multiple_of(sample_bytes) {
        return Err(Error::new(
            Status::BufferMisaligned,
            format!("{name} is {asked} bytes, which is no multiple of the sample's {sample_bytes}"),
        ));
    }
    Ok(asked)
}

/// A number of threads; `default` where none was asked for.
pub(super) fn threads(name: &str, value: u32, default: u32) -> Result<u32> {
    Ok(match within_reason(name, value)? {
        0 => default.max(1),
        value => value,
    })
}

/// A number of threads as it was asked for, 0 among them, but for senseless ones.
pub(crate) fn within_reason(name: &str, value: u32) -> Result<u32> {
    if value > MOST_THREADS {
        return Err(Error::new(
            Status::InvalidArgument,
            format!("{name} is {value}; at most {MOST_THREADS} can be asked for"),
        ));
    }
    Ok(value)
}

pub(super) fn too_large(what: &str) -> Error {
    Error::new(
        Status::LimitExceeded,
        format!("{what} is larger than this machine can address; load a region or a z range"),
    )
}
