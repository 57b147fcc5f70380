//! The tags of a directory that describe its pixels.
#![forbid(unsafe_code)]

use super::directory::Directory;
use super::old_jpeg;
use super::picture_chunk::Wrapping;
use crate::codec::ycbcr_reference::Reference;
use crate::error::Result;
use crate::format::errors;
use crate::format::view::View;

/// Tag numbers (TIFF 6.0, appendix A, and the technotes).
mod tag {
    pub(super) const WIDTH: u16 = 256;
    pub(super) const HEIGHT: u16 = 257;
    pub(super) const BITS: u16 = 258;
    pub(super) const COMPRESSION: u16 = 259;
    pub(super) const PHOTOMETRIC: u16 = 262;
    pub(super) const FILL_ORDER: u16 = 266;
    pub(super) const STRIP_OFFSETS: u16 = 273;
    pub(super) const ORIENTATION: u16 = 274;
    pub(super) const SAMPLES: u16 = 277;
    pub(super) const ROWS_PER_STRIP: u16 = 278;
    pub(super) const STRIP_BYTE_COUNTS: u16 = 279;
    pub(super) const PLANAR: u16 = 284;
    pub(super) const T4_OPTIONS: u16 = 292;
    pub(super) const PREDICTOR: u16 = 317;
    pub(super) const TILE_WIDTH: u16 = 322;
    pub(super) const TILE_HEIGHT: u16 = 323;
    pub(super) const TILE_OFFSETS: u16 = 324;
    pub(super) const TILE_BYTE_COUNTS: u16 = 325;
    pub(super) const EXTRA_SAMPLES: u16 = 338;
    pub(super) const SAMPLE_FORMAT: u16 = 339;
    pub(super) const JPEG_TABLES: u16 = 347;
    pub(super) const YCBCR_COEFFICIENTS: u16 = 529;
    pub(super) const SUBSAMPLING: u16 = 530;
    pub(super) const DEPTH: u16 = 32997;
    pub(super) const REFERENCE_BLACK_WHITE: u16 = 532;
    pub(super) const LERC_PARAMETERS: u16 = 50674;
}

/// Where chunks lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// How many of them are neither grey nor color; looked at only where nothing else
    /// tells what the samples are.
    pub extra_samples: u64,
    pub planar: bool,
    pub t4_options: u64,
    pub predictor: u64,
    pub subsampling: Vec<u64>,
    pub grid: Grid,
    /// The file's numbers begin with their highest byte.
    pub big_endian: bool,
}

/// Where the bytes of the chunks lie.
pub struct Places {
    pub offsets: Vec<u64>,
    /// None where the directory has none.
    pub byte_counts: Vec<u64>,
    pub file_bytes: u64,
}

impl Places {
    /// The offsets in the order of the file.
    pub fn in_file_order(&self) -> Vec<u64> {
        let mut offsets = self.offsets.clone();
        offsets.sort_unstable();
        offsets
    }

    /// Bytes from an offset to the next one of these, or to the end of the file: as
    /// many as a chunk can have whose byte count is missing.
    pub fn room(&self, offset: u64, in_file_order: &[u64]) -> u64 {
        let later = in_file_order.partition_point(|&other| other <= offset);
        in_file_order.get(later).copied().unwrap_or(self.file_bytes).saturating_sub(offset)
    }
}

impl Tags {
    /// Reads them from `directory`.
    pub fn read(view: &mut View, directory: &Directory) -> Result<Tags> {
        let width = required(view, directory, tag::WIDTH, "ImageWidth")?;
        let height = required(view, directory, tag::HEIGHT, "ImageLength")?;
        let samples = directory.number(view, tag::SAMPLES)?.unwrap_or(1);
        let planar = match directory.number(view, tag::PLANAR)? {
            None | Some(1) => false,
            // It says nothing then.
            _ if samples == 1 => false,
            Some(2) => true,
            Some(other) => {
                return Err(errors::corrupt(format!("PlanarConfiguration is {other}, not 1 or 2")));
            }
        };
        let any = |tags: [u16; 2]| tags.iter().any(|&tag| directory.contains(tag));
        let strips = any([tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS]);
        let tiles = any([tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS]);
        let grid = match (strips, tiles) {
            // The places of tiles stand in the tags of strips in files of before TIFF 6.0.
            (true, false) if !any([tag::TILE_WIDTH, tag::TILE_HEIGHT]) => {
                Grid::Strips { rows: directory.number(view, tag::ROWS_PER_STRIP)?.unwrap_or(height) }
            }
            (true, false) | (false, true) => Grid::Tiles {
                width: required(view, directory, tag::TILE_WIDTH, "TileWidth")?,
                height: required(view, directory, tag::TILE_HEIGHT, "TileLength")?,
            },
            (true, true) => return Err(errors::corrupt("the directory holds both strips and tiles")),
            (false, false) => return Err(errors::corrupt("the directory holds neither strips nor tiles")),
        };
        let photometric = directory.optional(view, tag::PHOTOMETRIC)?;
        // Some list more values than there are samples.
        let per_sample = |mut values: Vec<u64>| {
            values.truncate(samples.clamp(1, u16::MAX.into()) as usize);
            values
        };
        let extra_samples = match photometric {
            Some(_) => 0,
            None => directory.numbers(view, tag::EXTRA_SAMPLES)?.map_or(0, |all| all.len() as u64),
        };
        let mut tags = Tags {
            width,
            height,
            bits: directory.numbers(view, tag::BITS)?.map_or_else(|| vec![1], per_sample),
            formats: directory.numbers(view, tag::SAMPLE_FORMAT)?.map_or_else(|| vec![1], per_sample),
            compression: directory.number(view, tag::COMPRESSION)?.unwrap_or(1),
            photometric,
            fill_order: directory.optional(view, tag::FILL_ORDER)?.unwrap_or(1),
            orientation: directory.optional(view, tag::ORIENTATION)?.unwrap_or(1),
            samples,
            extra_samples,
            planar,
            t4_options: directory.optional(view, tag::T4_OPTIONS)?.unwrap_or(0),
            predictor: directory.optional(view, tag::PREDICTOR)?.unwrap_or(1),
            subsampling: directory.numbers(view, tag::SUBSAMPLING)?.unwrap_or_else(|| vec![2, 2]),
            grid,
            big_endian: directory.is_big_endian(),
        };
        old_jpeg::amend(&mut tags, directory.contains(tag::SAMPLES), directory.contains(tag::BITS));
        Ok(tags)
    }

    /// Reads where the chunks lie.
    pub fn places(&self, view: &mut View, directory: &Directory) -> Result<Places> {
        let mut either = |strips, tiles| {
            let tag = if directory.contains(tiles) { tiles } else { strips };
            directory.numbers(view, tag).map(Option::unwrap_or_default)
        };
        Ok(Places {
            offsets: either(tag::STRIP_OFFSETS, tag::TILE_OFFSETS)?,
            byte_counts: either(tag::STRIP_BYTE_COUNTS, tag::TILE_BYTE_COUNTS)?,
            file_bytes: view.len(),
        })
    }
}

/// Images that a directory claims behind each other in depth (SGI's ImageDepth).
pub fn depth(view: &mut View, directory: &Directory) -> Result<u64> {
    Ok(directory.optional(view, tag::DEPTH)?.unwrap_or(1))
}

/// How YCbCr becomes RGB; what is not said is as in TIFF 6.0, section 21, but for
/// chroma without head room, as libtiff has it.
pub fn reference(view: &mut View, directory: &Directory) -> Result<Reference> {
    let luma = directory.fractions(view, tag::YCBCR_COEFFICIENTS)?;
    let luma = luma.and_then(|all| all.first_chunk().copied()).unwrap_or([0.299, 0.587, 0.114]);
    let codes = directory.fractions(view, tag::REFERENCE_BLACK_WHITE)?;
    let codes = codes.and_then(|all| all.first_chunk().copied());
    Ok(Reference::new(luma, codes.unwrap_or([0.0, 255.0, 128.0, 255.0, 128.0, 255.0])))
}

/// The tables that JPEG chunks share (TIFF technote 2).
pub fn jpeg_tables(view: &mut View, directory: &Directory) -> Result<Option<Vec<u8>>> {
    directory.bytes(view, tag::JPEG_TABLES, u64::MAX)
}

/// What the bytes of LERC chunks are wrapped in: the second of their parameters.
pub fn wrapping(view: &mut View, directory: &Directory) -> Result<Wrapping> {
    let parameters = directory.numbers(view, tag::LERC_PARAMETERS)?.unwrap_or_default();
    match parameters.get(1) {
        None | Some(0) => Ok(Wrapping::None),
        Some(1) => Ok(Wrapping::Deflate),
        Some(2) => Ok(Wrapping::Zstd),
        Some(other) => Err(errors::unsupported(format!("LERC with additional compression {other}"))),
    }
}

fn required(view: &mut View, directory: &Directory, tag: u16, name: &str) -> Result<u64> {
    directory.number(view, tag)?.ok_or_else(|| errors::corrupt(format!("the directory has no {name}")))
}
