//! A data set that is deflated as a whole: its elements, from no more of it than
//! they need.
#![forbid(unsafe_code)]

use flate2::{Decompress, FlushDecompress, Status as Progress};

use super::elements::{self, Elements, Extent};
use super::syntax::Encoding;
use crate::error::{Result, Status};
use crate::format::errors::{corrupt, io_error, limit};
use crate::format::view::View;
use crate::format::{ReadAt, memory};

/// Enough for most; more is inflated when it is not.
const FIRST: u64 = 64 * 1024;
/// What stands in front of the pixels is never longer.
const MOST: u64 = 64 << 20;
const READ: u64 = 64 * 1024;

/// The elements of the data set that is deflated from `at` on. Places in it are
/// those of the inflated bytes.
pub fn elements(source: &dyn ReadAt, at: u64, encoding: Encoding) -> Result<Elements> {
    let mut plain = Vec::new();
    let mut wanted = FIRST;
    loop {
        let is_whole = inflate(source, at, wanted, &mut plain)?;
        let found = elements::read(&mut View::new(&plain), 0, encoding, Extent::All);
        let in_vain = match &found {
            Ok(found) => found.pixels.is_none(),
            Err(error) => error.status == Status::Truncated,
        };
        if is_whole || !in_vain {
            return found;
        }
        wanted *= 4;
        if wanted > MOST {
            return Err(limit(format!("more than {MOST} bytes stand in front of the DICOM's pixels")));
        }
    }
}

/// Fills `plain` with the first `wanted` bytes; `true` when there are no more.
fn inflate(source: &dyn ReadAt, mut at: u64, wanted: u64, plain: &mut Vec<u8>) -> Result<bool> {
    memory::resize(plain, wanted)?;
    let mut decoder = Decompress::new(false);
    let mut packed = Vec::new();
    loop {
        let to = decoder.total_out() as usize;
        if to == plain.len() {
            return Ok(false);
        }
        memory::resize(&mut packed, READ.min(source.len().saturating_sub(at)))?;
        packed.truncate(READ.min(source.len().saturating_sub(at)) as usize);
        source.read_at(at, &mut packed).map_err(|error| io_error("its header", &error))?;
        let before = decoder.total_in();
        let progress = decoder
            .decompress(&packed, &mut plain[to..], FlushDecompress::None)
            .map_err(|_| corrupt("the DICOM's deflate stream is damaged"))?;
        let read = decoder.total_in() - before;
        at += read;
        let is_stuck = read == 0 && decoder.total_out() as usize == to;
        if progress == Progress::StreamEnd || is_stuck {
            plain.truncate(decoder.total_out() as usize);
            return Ok(true);
        }
    }
}
