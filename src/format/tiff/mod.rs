//! TIFF and BigTIFF: directories and their chunks.
//!
//! `header` and `directory` read what stands in the file, `chain` walks all
//! directories, `tags` says what one means, `support` what of it can be given as
//! stored, `layout` where its chunks lie; `page` puts these together and `decode`
//! decodes a chunk, with `own` and `jpeg_chunk` for those that hold more than bytes.
//! `remarks` is what a file says beside its pixels, `palette` its colors.
#![forbid(unsafe_code)]

mod chain;
mod decode;
mod directory;
mod header;
mod imagej;
mod jpeg_chunk;
mod layout;
mod old_jpeg;
mod own;
mod page;
mod palette;
mod picture_chunk;
mod png_chunk;
mod remarks;
mod support;
mod tags;

pub use chain::pages;
pub use decode::{decode, memory as decode_memory};
pub use page::{Opened, TiffPage, open};
pub use palette::palette;
pub use remarks::remarks;
