//! Raw files: how many planes they hold, and what is behind the last one.
#![forbid(unsafe_code)]

use super::pages::PageSlice;
use super::{OpenOptions, Reason};
use crate::error::{Error, Result, Status};
use crate::format::{PageId, RawLayout};

/// The planes of a raw file of `len` bytes. What is left behind the last one is told.
pub(super) fn of_file(raw: &RawLayout, len: u64, options: &OpenOptions) -> Result<Vec<PageSlice>> {
    refuse_choice(options)?;
    let limits = &options.limits;
    let (planes, rest) = raw.planes(len, limits)?;
    if planes > limits.pages {
        let message = format!("the file holds more than {} slices; max_pages is the limit", limits.pages);
        return Err(Error::new(Status::LimitExceeded, message));
    }
    let slices = (0..planes).map(|plane| PageSlice::Slice { id: plane_id(plane), known: None });
    Ok(slices.chain(rest_of(planes, rest)).collect())
}

/// Which plane of a raw file.
pub(super) fn plane_id(plane: u64) -> PageId {
    PageId { index: plane, directory: None, plane }
}

/// What is said of the bytes behind the last plane of a file.
pub(super) fn rest_of(planes: u64, rest: u64) -> Option<PageSlice> {
    let message = format!("{rest} bytes behind the last slice are no whole one");
    (rest > 0).then_some(PageSlice::Rejected { page: planes, reason: Reason::Unreadable, message })
}

/// The options that choose among the pages of an image file make no sense here.
pub(super) fn refuse_choice(options: &OpenOptions) -> Result<()> {
    let pages = (options.first_page, options.page_count, options.level) != (0, None, 0);
    if pages || options.channel.is_some() || options.time.is_some() {
        return Err(Error::new(
            Status::InvalidArgument,
            "first_page, page_count, level, channel and time choose among the pages of a file; \
             a raw volume has slices, chosen when they are loaded (z_first, z_count)",
        ));
    }
    Ok(())
}
