//! What a TIFF says beside its pixels: resolution and description.
#![forbid(unsafe_code)]

use super::directory::Directory;
use super::header::Header;
use crate::error::Result;
use crate::format::view::View;
use crate::format::{ReadAt, Remarks};

const DESCRIPTION: u16 = 270;
const X_RESOLUTION: u16 = 282;
const Y_RESOLUTION: u16 = 283;
const RESOLUTION_UNIT: u16 = 296;

/// OME-XML of ten thousand planes has a few megabytes.
const LONGEST_DESCRIPTION: u64 = 16 << 20;

/// Reads them from the first directory. Only the file itself can fail: a tag that
/// makes no sense says nothing.
pub fn remarks(source: &dyn ReadAt) -> Result<Remarks> {
    let header = Header::read(source)?;
    let mut view = View::new(source);
    let directory = Directory::read(&mut view, &header, header.first)?;
    let unit = said(directory.number(&mut view, RESOLUTION_UNIT))?;
    Ok(Remarks {
        x_resolution: said(directory.rational(&mut view, X_RESOLUTION))?,
        y_resolution: said(directory.rational(&mut view, Y_RESOLUTION))?,
        // Inch is the default of TIFF 6.0.
        resolution_unit: unit.unwrap_or(2),
        description: said(directory.bytes(&mut view, DESCRIPTION, LONGEST_DESCRIPTION))?.unwrap_or_default(),
    })
}

fn said<T>(found: Result<Option<T>>) -> Result<Option<T>> {
    match found {
        Err(error) if error.os_error == 0 => Ok(None),
        found => found,
    }
}
