//! Pages opened from memory and put together chunk by chunk.

#[path = "tiny.rs"]
pub mod tiny;

use zstack::Result;
use zstack::format::{Limits, Page, PageId, Scratch};

pub fn open(bytes: &Vec<u8>, id: PageId) -> Result<Page> {
    Page::open(bytes, id, &Limits::default())
}

/// Decodes all chunks and puts them where they belong.
pub fn assemble(page: &Page, file: &[u8]) -> Result<Vec<u8>> {
    let image = &page.description;
    let sample = image.sample.bytes();
    let mut whole = vec![0xA5; image.slice_bytes().unwrap() as usize];
    let mut scratch = Scratch::default();
    for (index, chunk) in page.chunks.iter().enumerate() {
        let mut out = vec![0x5A; chunk.decoded_bytes(image) as usize];
        let range = chunk.bytes.start as usize..(chunk.bytes.end as usize).min(file.len());
        page.decode(index, file.get(range).unwrap_or(&[]), &mut scratch, &mut out)?;
        let run = chunk.channels as usize * sample;
        for (at, pixel) in out.chunks_exact(run).enumerate() {
            let (y, x) = (at / chunk.decoded_width as usize, at % chunk.decoded_width as usize);
            if x >= chunk.width as usize || y >= chunk.height as usize {
                continue;
            }
            let (y, x) = (y + chunk.y as usize, x + chunk.x as usize);
            let place = (y * image.width as usize + x) * image.channels as usize + chunk.channel as usize;
            whole[place * sample..][..run].copy_from_slice(pixel);
        }
    }
    Ok(whole)
}
