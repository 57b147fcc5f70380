//! What a file says beside its pixels.
#![forbid(unsafe_code)]

use super::{Format, ReadAt, sniff, tiff};
use crate::error::Result;

/// What a file says beside its pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Remarks {
    /// Pixels per unit along a row.
    pub x_resolution: Option<f64>,
    /// Pixels per unit along a column.
    pub y_resolution: Option<f64>,
    /// TIFF's ResolutionUnit: 1 none, 2 inch, 3 centimetre.
    pub resolution_unit: u64,
    /// TIFF's ImageDescription.
    pub description: Vec<u8>,
}

/// What a file says beside its pixels; so far only a TIFF says anything. Only the file
/// itself can fail: what is damaged says nothing.
pub(crate) fn remarks(source: &dyn ReadAt) -> Result<Remarks> {
    match sniff::format(source) {
        Ok(Format::Tiff) => match tiff::remarks(source) {
            Err(error) if error.os_error == 0 => Ok(Remarks::default()),
            remarks => remarks,
        },
        _ => Ok(Remarks::default()),
    }
}
