//! What several tests need.
#![allow(dead_code, missing_docs)]

pub mod tiny;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use zstack::Result;
use zstack::format::{Limits, Page, PageId};

/// The interpreter that has what tests/requirements.txt lists.
pub fn python() -> Command {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let path = std::env::var_os("ZSTACK_PYTHON").map(PathBuf::from);
    let path = path.unwrap_or_else(|| root.join("target/venv/bin/python"));
    assert!(
        path.exists(),
        "{} is missing: run scripts/test, which sets up the virtual environment",
        path.display()
    );
    let mut command = Command::new(path);
    command.current_dir(root).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

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
