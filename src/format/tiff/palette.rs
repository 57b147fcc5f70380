//! The colors of a TIFF's palette (TIFF 6.0, section 5): all reds, then all greens,
//! then all blues, of 16 bits each.
#![forbid(unsafe_code)]

use super::directory::Directory;
use super::header::Header;
use crate::error::Result;
use crate::format::errors::corrupt;
use crate::format::view::View;
use crate::format::{PageId, ReadAt};

const COLOR_MAP: u16 = 320;

/// Reads them, as colors of 8 bits.
pub fn palette(source: &dyn ReadAt, id: PageId) -> Result<Vec<[u8; 3]>> {
    let header = Header::read(source)?;
    let mut view = View::new(source);
    let directory = Directory::read(&mut view, &header, id.directory.unwrap_or(header.first))?;
    let numbers = directory.numbers(&mut view, COLOR_MAP)?.unwrap_or_default();
    let count = numbers.len() / 3;
    if count == 0 {
        return Err(corrupt("the image has palette indices but no palette"));
    }
    // Old writers stored 8 bits as they were, which libtiff guesses in the same way.
    let shift = if numbers.iter().all(|&number| number < 256) { 0 } else { 8 };
    let color = |index| [0, count, 2 * count].map(|channel| (numbers[channel + index] >> shift) as u8);
    Ok((0..count).map(color).collect())
}
