//! Buffers whose size comes from a file: running out of memory is an error.
#![forbid(unsafe_code)]

use crate::error::{Error, Result, Status};

/// Makes `buffer` exactly `bytes` long. What stood in it before may stay.
pub fn resize(buffer: &mut Vec<u8>, bytes: u64) -> Result<()> {
    let none = || Error::new(Status::OutOfMemory, format!("no memory for a buffer of {bytes} bytes"));
    let len = usize::try_from(bytes).map_err(|_| none())?;
    buffer.try_reserve_exact(len.saturating_sub(buffer.len())).map_err(|_| none())?;
    buffer.resize(len, 0);
    Ok(())
}

/// Whether `bytes` can be had at all, asked before a crate that would abort.
pub fn probe(bytes: u64) -> Result<()> {
    let none = || Error::new(Status::OutOfMemory, format!("no memory for {bytes} bytes of working space"));
    let len = usize::try_from(bytes).map_err(|_| none())?;
    Vec::<u8>::new().try_reserve_exact(len).map_err(|_| none())
}
