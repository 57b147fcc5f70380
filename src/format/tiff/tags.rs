//! The tags of a directory that describe its pixels.
#![forbid(unsafe_code)]

use tiff::decoder::{Decoder, IfdDecoder};
use tiff::tags::Tag;

use crate::error::{Error, Result};
use crate::format::errors;
use crate::format::view::View;

/// Enough of an ImageDescription to find ImageJ's `images=N` in it.
const DESCRIPTION_BYTES: u64 = 4096;

/// Where chunks lie.
pub enum Grid {
    /// Strips of so many rows.
    Strips { rows: u64 },
    /// Tiles of this size.
    Tiles { width: u64, height: u64 },
}

/// Values as they stand in the file; absent ones have TIFF 6.0's defaults.
pub struct Tags {
    pub width: u64,
    pub height: u64,
    pub bits: Vec<u64>,
    pub formats: Vec<u64>,
    pub compression: u64,
    pub photometric: Option<u64>,
    pub fill_order: u64,
    pub orientation: u64,
    pub samples: u64,
    pub planar: bool,
    pub predictor: u64,
    pub subsampling: Vec<u64>,
    pub jpeg_tables: Option<Vec<u8>>,
    pub grid: Grid,
    pub offsets: Vec<u64>,
    pub byte_counts: Vec<u64>,
    /// ImageJ's `images=N`, 0 when there is none.
    pub imagej_images: u64,
}

impl Tags {
    /// Reads them from `directory`.
    pub fn read(decoder: &mut Decoder<View>, directory: &tiff::Directory) -> Result<Tags> {
        let mut ifd = decoder.read_directory_tags(directory);
        let width = required(&mut ifd, Tag::ImageWidth)?;
        let height = required(&mut ifd, Tag::ImageLength)?;
        let planar = match number(&mut ifd, Tag::PlanarConfiguration)? {
            None | Some(1) => false,
            Some(2) => true,
            Some(other) => {
                return Err(errors::corrupt(format!("PlanarConfiguration is {other}, not 1 or 2")));
            }
        };
        let strips = [Tag::StripOffsets, Tag::StripByteCounts];
        let tiles = [Tag::TileOffsets, Tag::TileByteCounts];
        let (grid, [offsets, byte_counts]) = match (any(directory, strips), any(directory, tiles)) {
            (true, false) => {
                let rows = number(&mut ifd, Tag::RowsPerStrip)?.unwrap_or(height);
                (Grid::Strips { rows }, strips)
            }
            (false, true) => {
                let width = required(&mut ifd, Tag::TileWidth)?;
                let height = required(&mut ifd, Tag::TileLength)?;
                (Grid::Tiles { width, height }, tiles)
            }
            (true, true) => {
                return Err(errors::corrupt("the directory holds both strips and tiles"));
            }
            (false, false) => {
                return Err(errors::corrupt("the directory holds neither strips nor tiles"));
            }
        };
        Ok(Tags {
            width,
            height,
            bits: numbers(&mut ifd, Tag::BitsPerSample)?.unwrap_or_else(|| vec![1]),
            formats: numbers(&mut ifd, Tag::SampleFormat)?.unwrap_or_else(|| vec![1]),
            compression: number(&mut ifd, Tag::Compression)?.unwrap_or(1),
            photometric: number(&mut ifd, Tag::PhotometricInterpretation)?,
            fill_order: number(&mut ifd, Tag::FillOrder)?.unwrap_or(1),
            orientation: number(&mut ifd, Tag::Orientation)?.unwrap_or(1),
            samples: number(&mut ifd, Tag::SamplesPerPixel)?.unwrap_or(1),
            planar,
            predictor: number(&mut ifd, Tag::Predictor)?.unwrap_or(1),
            subsampling: numbers(&mut ifd, Tag::ChromaSubsampling)?.unwrap_or_else(|| vec![2, 2]),
            jpeg_tables: jpeg_tables(&mut ifd)?,
            grid,
            offsets: numbers(&mut ifd, offsets)?.unwrap_or_default(),
            byte_counts: numbers(&mut ifd, byte_counts)?
                .ok_or_else(|| errors::corrupt(format!("the directory has no {byte_counts:?}")))?,
            imagej_images: imagej_images(&mut ifd)?,
        })
    }
}

fn any(directory: &tiff::Directory, tags: [Tag; 2]) -> bool {
    tags.iter().any(|&tag| directory.contains(tag))
}

fn failed(tag: Tag, error: tiff::TiffError) -> Error {
    errors::from_tiff(&format!("tag {tag:?}"), error)
}

fn number(ifd: &mut IfdDecoder<'_>, tag: Tag) -> Result<Option<u64>> {
    ifd.find_tag_unsigned(tag).map_err(|error| failed(tag, error))
}

fn numbers(ifd: &mut IfdDecoder<'_>, tag: Tag) -> Result<Option<Vec<u64>>> {
    ifd.find_tag_unsigned_vec(tag).map_err(|error| failed(tag, error))
}

fn required(ifd: &mut IfdDecoder<'_>, tag: Tag) -> Result<u64> {
    number(ifd, tag)?.ok_or_else(|| errors::corrupt(format!("the directory has no {tag:?}")))
}

fn jpeg_tables(ifd: &mut IfdDecoder<'_>) -> Result<Option<Vec<u8>>> {
    let tag = Tag::JPEGTables;
    let Some(value) = ifd.find_tag(tag).map_err(|error| failed(tag, error))? else {
        return Ok(None);
    };
    value.into_u8_vec().map(Some).map_err(|error| failed(tag, error))
}

/// ImageJ writes a stack too large for TIFF, or any with its fast writer, as one
/// directory and a promise: `ImageJ=1.53t\nimages=100\n`.
fn imagej_images(ifd: &mut IfdDecoder<'_>) -> Result<u64> {
    let tag = Tag::ImageDescription;
    let Some(entry) = ifd.find_entry(tag) else {
        return Ok(0);
    };
    // Raw, since the crate refuses text that is not ASCII.
    let mut text = vec![0; entry.count().min(DESCRIPTION_BYTES) as usize];
    // A text that is not there spoils no pixel. A failing disk is remembered by
    // the view, and the caller asks it.
    if ifd.find_tag_bytes(tag, &mut text, 0).is_err() {
        return Ok(0);
    }
    let text = String::from_utf8_lossy(&text);
    if !text.starts_with("ImageJ=") {
        return Ok(0);
    }
    let images = text.lines().find_map(|line| line.strip_prefix("images="));
    Ok(images.and_then(|count| count.trim().parse().ok()).unwrap_or(0))
}
