//! Buffers whose size comes from a file: running out of memory is an error.
#![forbid(unsafe_code)]

use super::errors;
use crate::error::{Error, Result, Status};

/// Makes `buffer` exactly `bytes` long. What stood in it before may stay.
pub fn resize(buffer: &mut Vec<u8>, bytes: u64) -> Result<()> {
    let none = || Error::new(Status::OutOfMemory, format!("no memory for a buffer of {bytes} bytes"));
    let len = usize::try_from(bytes).map_err(|_| none())?;
    buffer.try_reserve_exact(len.saturating_sub(buffer.len())).map_err(|_| none())?;
    buffer.resize(len, 0);
    Ok(())
}

/// Makes `buffer` the bytes of `head`, followed by those of `raw` from `start` on.
pub fn join(buffer: &mut Vec<u8>, head: &[u8], raw: &[u8], start: u64) -> Result<()> {
    let rest = usize::try_from(start).ok().and_then(|start| raw.get(start..));
    let rest = rest.ok_or_else(|| errors::truncated("its image"))?;
    resize(buffer, (head.len() + rest.len()) as u64)?;
    buffer[..head.len()].copy_from_slice(head);
    buffer[head.len()..].copy_from_slice(rest);
    Ok(())
}

/// Whether `bytes` can be had at all, asked before a crate that would abort.
pub fn probe(bytes: u64) -> Result<()> {
    let none = || Error::new(Status::OutOfMemory, format!("no memory for {bytes} bytes of working space"));
    let len = usize::try_from(bytes).map_err(|_| none())?;
    Vec::<u8>::new().try_reserve_exact(len).map_err(|_| none())
}
