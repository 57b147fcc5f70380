//! TIFF 6.0 and BigTIFF: the `tiff` crate reads tags and decodes chunks; the
//! chain of directories, the geometry and what is refused are ours.
#![forbid(unsafe_code)]

mod chain;
mod decode;
mod layout;

use std::sync::Arc;

use tiff::decoder::{Decoder, Limits as TiffLimits};
use tiff::tags::Tag;

use self::layout::Layout;
use super::errors::from_tiff;
use super::page::PageEntry;
use super::view::View;
use super::{Chunk, Description, Limits, PageId, ReadAt};
use crate::error::{Error, Result, Status};

/// One page, ready to be decoded.
pub(super) struct Tiff {
    source: Arc<dyn ReadAt>,
    decoder: Decoder<View>,
    layout: Layout,
    /// Chunks as the crate gives them: bits packed.
    packed: Vec<u8>,
    /// A JPEG chunk, looked through before it is decoded.
    raw: Vec<u8>,
}

/// All pages of a file.
pub(super) fn pages(source: &Arc<dyn ReadAt>, limits: &Limits) -> Result<Vec<PageEntry>> {
    chain::walk(source.clone(), limits)
}

/// Opens a page: its description, its chunks, and a remark.
pub(super) fn open(
    source: Arc<dyn ReadAt>,
    id: PageId,
    limits: &Limits,
) -> Result<(Tiff, Description, Vec<Chunk>, Option<String>)> {
    let mut view = View::new(source.clone());
    if let Some(directory) = id.directory {
        // The crate begins with the first directory of a file, and gives up
        // where that one is odd. So it is shown a file that begins with ours.
        let (at, bytes) = chain::first_directory(&*source, directory)?;
        view = view.patched(at, bytes);
    }
    let mut decoder = Decoder::new(view).map_err(from_tiff)?.with_limits(TiffLimits::unlimited());
    let (layout, description) = layout::read(&mut decoder)?;
    limits.check(&description)?;
    let chunks = layout::chunks(&mut decoder, &layout, &description)?;
    let more = decoder.more_images();
    if id.index == 0 && !more {
        refuse_hidden_stack(&mut decoder)?;
    }
    let note = (more && id.directory.is_none())
        .then(|| "the file holds further pages; only the first is loaded".to_owned());
    let tiff = Tiff { source, decoder, layout, packed: Vec::new(), raw: Vec::new() };
    Ok((tiff, description, chunks, note))
}

/// ImageJ writes stacks whose further images follow the first one's pixels
/// without directories. Loading the first alone would lose the others in silence.
fn refuse_hidden_stack(decoder: &mut Decoder<View>) -> Result<()> {
    let description = match decoder.find_tag(Tag::ImageDescription).map_err(from_tiff)? {
        Some(value) => value.into_string().unwrap_or_default(),
        None => return Ok(()),
    };
    if !description.starts_with("ImageJ=") {
        return Ok(());
    }
    let images =
        description.lines().find_map(|line| line.strip_prefix("images=")?.trim().parse::<u64>().ok());
    match images {
        Some(images) if images > 1 => Err(Error::new(
            Status::Unsupported,
            format!(
                "an ImageJ stack of {images} images behind one directory is not supported; save it with a directory for each image"
            ),
        )),
        _ => Ok(()),
    }
}
