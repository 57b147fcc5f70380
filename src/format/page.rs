#![allow(missing_docs)]
use super::*;
use crate::error::{Error, Result, Status};
use std::sync::Arc;
pub struct Page {
    pub description: Description,
    pub chunks: Arc<[Chunk]>,
    pub note: Option<String>,
    source: Arc<dyn ReadAt>,
}
pub struct PageEntry {
    pub id: PageId,
    pub reduced: bool,
}
pub fn pages(_s: &Arc<dyn ReadAt>, _l: &Limits) -> Result<Vec<PageEntry>> {
    Ok(vec![PageEntry { id: PageId::FIRST, reduced: false }])
}
impl Page {
    pub fn open(source: Arc<dyn ReadAt>, _id: PageId, _l: &Limits) -> Result<Page> {
        let mut d = tiff::decoder::Decoder::new(std::io::Cursor::new(all(&source)?))
            .map_err(|e| Error::new(Status::Corrupt, e.to_string()))?;
        let (width, height) = d.dimensions().unwrap();
        let chunk = Chunk { bytes: 0..source.len(), x: 0, y: 0, width, height, channel: 0, channels: 1 };
        Ok(Page {
            description: Description {
                format: Format::Tiff,
                width,
                height,
                channels: 1,
                sample: SampleType::U16,
                bits_stored: 16,
                photometric: Photometric::MinIsBlack,
                compression: 1,
                orientation: 1,
                converted_to_rgb: false,
            },
            chunks: vec![chunk].into(),
            note: None,
            source,
        })
    }
    pub fn decode(&mut self, _i: usize, out: &mut Vec<u8>) -> Result<()> {
        let mut d = tiff::decoder::Decoder::new(std::io::Cursor::new(all(&self.source)?))
            .map_err(|e| Error::new(Status::Corrupt, e.to_string()))?;
        out.resize(self.description.slice_bytes().unwrap() as usize, 0);
        d.read_image_bytes(out).map_err(|e| Error::new(Status::Truncated, e.to_string()))
    }
    pub fn decode_memory(&self, _i: usize) -> u64 {
        4 << 20
    }
}
fn all(s: &Arc<dyn ReadAt>) -> Result<Vec<u8>> {
    let mut v = vec![0; s.len() as usize];
    s.read_at(0, &mut v).map_err(|e| Error::io("read", &e))?;
    Ok(v)
}
