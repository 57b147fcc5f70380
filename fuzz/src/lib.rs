//! What the fuzz targets share: limits, and decoding a whole file twice.
//!
//! `tiff` and `png` wrap bytes so that they reach a codec: a fuzzer that has to
//! find directories and checksums by itself seldom gets that far.

pub mod png;
pub mod tiff;

use zstack::format::{Limits, Page, PageId, Scratch, pages};

/// Most decoded bytes of a slice. Small, since all of it is filled and compared.
pub const SLICE_BYTES: u64 = 4 << 20;

/// Small limits, so that a run takes no time for what it merely claims.
pub fn limits() -> Limits {
    Limits { pages: 16, slice_bytes: SLICE_BYTES, ..Limits::default() }
}

/// Lets the panics of other people's decoders pass: `format::guard` makes errors of
/// them, and they would end every run at its first. All others abort, caught or not.
pub fn only_our_panics() {
    let all = std::env::var_os("ZSTACK_FUZZ_ALL_PANICS").is_some();
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let foreign = panic.location().is_some_and(|place| place.file().contains("/registry/src/"));
        if all || !foreign {
            abort(panic);
        }
    }));
}

/// Opens every page, levels among them, and decodes none.
pub fn open(file: &Vec<u8>) -> Vec<Page> {
    let Ok(entries) = pages(file, &limits()) else { return Vec::new() };
    let levels = entries.iter().flat_map(|entry| {
        let id = move |directory| PageId { index: entry.id.index, directory: Some(directory), plane: 0 };
        entry.levels.iter().map(move |level| id(level.directory))
    });
    let ids = entries.iter().map(|entry| entry.id).chain(levels);
    ids.filter_map(|id| Page::open(file, id, &limits()).ok()).collect()
}

/// Decodes every chunk of every page.
pub fn decode(file: &Vec<u8>) {
    let mut used = Scratch::default();
    for page in open(file) {
        for index in 0..page.chunks.len() {
            decode_chunk(&page, index, file, &mut used);
        }
    }
}

/// Decodes a chunk twice, into buffers that hold something else before and with
/// scratch that was used and that was not: what comes out is the same, and
/// complete, or it is an error.
fn decode_chunk(page: &Page, index: usize, file: &[u8], used: &mut Scratch) {
    let chunk = &page.chunks[index];
    let bytes = chunk.decoded_bytes(&page.description);
    assert!(bytes <= SLICE_BYTES, "a chunk of {bytes} bytes, above the limit");
    let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(file.len());
    let raw = &file[at(chunk.bytes.start)..at(chunk.bytes.end)];
    let mut first = vec![0x00; bytes as usize];
    let mut second = vec![0xFF; bytes as usize];
    let once = page.decode(index, raw, used, &mut first);
    let again = page.decode(index, raw, &mut Scratch::default(), &mut second);
    assert_eq!(once, again, "chunk {index} of {:?}", page.description);
    if once.is_ok() {
        let differs = first.iter().zip(&second).position(|(one, other)| one != other);
        assert_eq!(differs, None, "chunk {index} of {:?} is not written there", page.description);
    }
}
