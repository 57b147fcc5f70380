//! Width, height and size of an image against the limits.
#![forbid(unsafe_code)]

use super::errors::{corrupt, limit};
use super::{Description, Limits};
use crate::error::Result;

/// Width and height, neither 0 nor above the limit.
pub fn dimensions(width: u64, height: u64, limits: &Limits) -> Result<(u32, u32)> {
    if width == 0 || height == 0 {
        return Err(corrupt(format!("an image of {width} x {height} pixels")));
    }
    let too_large =
        || limit(format!("{width} x {height} pixels, the limit is {} each way", limits.dimension));
    if width.max(height) > limits.dimension {
        return Err(too_large());
    }
    let fit = |size: u64| u32::try_from(size).map_err(|_| too_large());
    Ok((fit(width)?, fit(height)?))
}

/// The decoded size, below the limit.
pub fn check_bytes(image: &Description, limits: &Limits) -> Result<()> {
    match image.slice_bytes() {
        Some(bytes) if bytes <= limits.slice_bytes => Ok(()),
        _ => Err(limit(format!(
            "{} x {} pixels with {} channels of {} are more than {} bytes, the limit",
            image.width,
            image.height,
            image.channels,
            image.sample.name(),
            limits.slice_bytes
        ))),
    }
}
