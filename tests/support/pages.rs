//! Pages opened from memory and put together chunk by chunk.

#[path = "tiny.rs"]
pub mod tiny;

use std::sync::Arc;

use zstack::Result;
use zstack::format::{Limits, Page, PageId};

pub fn open(bytes: Vec<u8>, id: PageId) -> Result<Page> {
    Page::open(Arc::new(bytes), id, &Limits::default())
}

/// Decodes all chunks and puts them where they belong.
pub fn assemble(page: &mut Page) -> Result<Vec<u8>> {
    let image = page.description.clone();
    let sample = image.sample.bytes();
    let mut whole = vec![0xA5; image.slice_bytes().unwrap() as usize];
    let mut out = Vec::new();
    for (index, chunk) in page.chunks.clone().iter().enumerate() {
        page.decode(index, &mut out)?;
        let run = chunk.channels as usize * sample;
        assert_eq!(out.len(), chunk.width as usize * chunk.height as usize * run);
        assert!(page.decode_memory(index) >= out.len() as u64);
        for (at, pixel) in out.chunks_exact(run).enumerate() {
            let (y, x) = (at / chunk.width as usize, at % chunk.width as usize);
            let (y, x) = (y + chunk.y as usize, x + chunk.x as usize);
            let place = (y * image.width as usize + x) * image.channels as usize + chunk.channel as usize;
            whole[place * sample..][..run].copy_from_slice(pixel);
        }
    }
    Ok(whole)
}
