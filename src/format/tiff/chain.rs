//! The chain of directories of a TIFF, walked once.
#![forbid(unsafe_code)]

use std::collections::HashSet;

use super::directory::{Directory, LOOP};
use super::header::Header;
use super::page;
use crate::error::{Error, Result};
use crate::format::view::View;
use crate::format::{Level, Limits, PageEntry, PageId, ReadAt, errors};

/// All pages of a TIFF. A bad link behind a good page ends the chain with an
/// entry that says so, so that nothing is lost in silence.
pub fn pages(source: &dyn ReadAt, limits: &Limits) -> Result<Vec<PageEntry>> {
    let header = Header::read(source)?;
    let mut view = View::new(source);
    let mut pages = Vec::new();
    let mut seen = HashSet::new();
    let mut offset = header.first;
    let mut below = 0;
    while offset != 0 {
        let index = pages.len() as u64;
        if index + below >= limits.pages {
            return Err(too_many(limits));
        }
        let mut id = PageId { index, directory: Some(offset), plane: 0 };
        if !seen.insert(offset) {
            id.directory = Some(LOOP);
            offset = LOOP;
        }
        match Directory::read(&mut view, &header, offset) {
            Ok(directory) => {
                let reduced = directory.is_reduced();
                let found = page::describe(&mut view, &directory, limits);
                let levels = levels(&mut view, &header, &directory, limits)?;
                below += levels.len() as u64;
                pages.push(PageEntry { id, reduced, broken_off: false, image: found, levels });
                offset = directory.next;
            }
            // The system's failures may be gone at the next try: no verdict on the file.
            Err(error) if index == 0 || error.os_error != 0 => return Err(error),
            Err(error) => {
                let levels = Vec::new();
                // Behind the only page, careless writers leave a link to anywhere. Behind
                // several, it is a page that is lost.
                let broken_off = index == 1 || offset == LOOP;
                pages.push(PageEntry { id, reduced: false, broken_off, image: Err(error), levels });
                break;
            }
        }
    }
    if let [only] = pages.as_slice()
        && only.image.is_ok()
    {
        add_planes(&mut view, &header, &mut pages, limits)?;
    }
    Ok(pages)
}

/// The images below a page. None of them spoils it, and they have no further ones.
fn levels(view: &mut View, header: &Header, directory: &Directory, limits: &Limits) -> Result<Vec<Level>> {
    const SUB_IFDS: u16 = 330;
    let offsets = match directory.numbers(view, SUB_IFDS) {
        Ok(offsets) => offsets.unwrap_or_default(),
        Err(error) if error.os_error != 0 => return Err(error),
        Err(error) => return Ok(vec![Level { directory: LOOP, image: Err(error) }]),
    };
    if offsets.len() as u64 > limits.pages {
        return Err(too_many(limits));
    }
    let level = |offset| {
        let found = Directory::read(view, header, offset)
            .and_then(|directory| page::describe(view, &directory, limits));
        match found {
            Err(error) if error.os_error != 0 => Err(error),
            image => Ok(Level { directory: offset, image }),
        }
    };
    offsets.into_iter().map(level).collect()
}

/// The further images that follow the only directory's without one of their own.
fn add_planes(view: &mut View, header: &Header, pages: &mut Vec<PageEntry>, limits: &Limits) -> Result<()> {
    let directory = Directory::read(view, header, header.first)?;
    let planes = page::planes(view, &directory, limits)?;
    if planes > limits.pages {
        return Err(too_many(limits));
    }
    for plane in 1..planes {
        let id = PageId { index: plane, plane, ..pages[0].id };
        pages.push(PageEntry { id, ..pages[0].clone() });
    }
    Ok(())
}

fn too_many(limits: &Limits) -> Error {
    errors::limit(format!("the file holds more than {} pages, the limit", limits.pages))
}
