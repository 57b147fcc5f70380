//! CCITT fax codes (ITU-T T.4 and T.6) as TIFF has them: bits -> rows of black
//! and white.
//!
//! A row is coded in one dimension, as runs of white and black in turn, or in two:
//! where its color changes, seen from where that of the row above does. TIFF has
//! four ways to string rows together (TIFF 6.0, sections 10 and 11):
//!
//! - compression 2, rows of one dimension, each from a whole byte on;
//! - compression 32771, the same, each from a whole pair of bytes on;
//! - compression 3, T.4 ("group 3"), a mark before each row, and perhaps a bit that
//!   tells rows of one dimension from those of two;
//! - compression 4, T.6 ("group 4"), rows of two dimensions and nothing else.
//!
//! Marks are optional, as for libtiff: at the beginning, at the end, or all of them.
//! Where the code of T.4 or T.6 says that it ends, the rows that the image should have
//! besides are white, and so is the last one where only the code ends: scanners and fax
//! machines write such images, and all readers take them so. Where libtiff warns, and fills up or cuts
//! off a row that does not end at the image's edge, this is a fault.
#![forbid(unsafe_code)]

mod bits;
mod codes;
mod edges;
mod rows;

#[cfg(test)]
mod encode;
#[cfg(test)]
mod tests;

use super::Fault;
use edges::WIDEST;
use rows::{Rows, Stop};

/// How rows are coded and strung together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// TIFF compression 2.
    Rle,
    /// TIFF compression 32771.
    RleWords,
    /// TIFF compression 3.
    G3 {
        /// A bit before each row tells whether it is coded in two dimensions.
        two_dimensional: bool,
    },
    /// TIFF compression 4.
    G4,
}

/// Decodes rows of `width` pixels into `out`, eight to a byte, black as 1.
///
/// What fills up the last byte of a row is 0.
pub fn decode(raw: &[u8], coding: Coding, width: usize, out: &mut [u8]) -> Result<(), Fault> {
    if width > WIDEST {
        return Err(Fault::Broken("rows that are too long for fax codes"));
    }
    let row_bytes = width.div_ceil(8);
    let mut rows = Rows::new(raw, coding, width)?;
    let last = (out.len() / row_bytes.max(1)).saturating_sub(1);
    for (index, row) in out.chunks_exact_mut(row_bytes.max(1)).enumerate() {
        match rows.next_row() {
            Ok(edges) => edges.paint(row),
            Err(stop @ (Stop::Over | Stop::Behind)) if index > 0 && (stop == Stop::Over || index == last) => {
                out[index * row_bytes..].fill(0);
                return Ok(());
            }
            Err(Stop::End | Stop::Over | Stop::Behind) => {
                return Err(Fault::Short { got: index * row_bytes });
            }
            Err(Stop::Broken(why)) => return Err(Fault::Broken(why)),
        }
    }
    Ok(())
}

/// Upper bound of the memory that decoding rows of `width` pixels takes.
pub fn memory(width: u64) -> u64 {
    2 * edges::memory(width)
}
