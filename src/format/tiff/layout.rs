//! Tags -> what the image is and where its chunks lie.
#![forbid(unsafe_code)]

use super::support::{Samples, compression};
use super::tags::{Grid, Tags};
use crate::codec::bits;
use crate::error::Result;
use crate::format::errors::{corrupt, limit, unsupported};
use crate::format::{Chunk, Description, Format, Limits, Photometric, shape};
use crate::sample::SampleType;

/// The crate holds three copies of a row for this predictor, and aborts the
/// process when it cannot have them.
const MOST_FLOAT_PREDICTED_ROW: u64 = 64 << 20;

/// A page, ready to be decoded.
pub struct Layout {
    pub description: Description,
    pub chunks: Vec<Chunk>,
    pub coding: Coding,
}

/// How its chunks are coded.
pub struct Coding {
    pub compression: u64,
    pub bits: u32,
    pub inverted: bool,
    pub jpeg_tables: Option<Vec<u8>>,
    /// Size of a chunk in the file, padding included.
    pub chunk_width: u64,
    pub chunk_height: u64,
    /// Chunks at the edges are as large as the others.
    pub tiled: bool,
    /// Whether chunks hold YCbCr that becomes RGB.
    pub to_rgb: bool,
}

/// Lays out the chunks, checking sizes against limits and tags.
pub fn layout(tags: Tags, samples: &Samples, limits: &Limits) -> Result<Layout> {
    let jpeg = tags.compression == compression::JPEG;
    let to_rgb = jpeg && samples.photometric == Photometric::Ycbcr;
    let (width, height) = shape::dimensions(tags.width, tags.height, limits)?;
    let description = Description {
        format: Format::Tiff,
        width,
        height,
        channels: u32::try_from(tags.samples).unwrap_or(u32::MAX),
        sample: samples.kind,
        bits_stored: samples.bits,
        photometric: if to_rgb { Photometric::Rgb } else { samples.photometric },
        compression: tags.compression as u32,
        orientation: if (1..=8).contains(&tags.orientation) { tags.orientation as u32 } else { 1 },
        converted_to_rgb: to_rgb,
    };
    shape::check_bytes(&description, limits)?;
    let grid = Cells::of(&tags, width, height, limits)?;
    let coding = Coding {
        compression: tags.compression,
        bits: samples.bits,
        inverted: samples.photometric == Photometric::MinIsWhite && !jpeg,
        chunk_width: grid.width,
        chunk_height: grid.height,
        tiled: matches!(tags.grid, Grid::Tiles { .. }),
        to_rgb,
        jpeg_tables: None,
    };
    let full = check_chunk(&tags, samples, &grid, limits)?;
    let chunks = grid.chunks(&tags, &description, full)?;
    Ok(Layout { description, chunks, coding: Coding { jpeg_tables: tags.jpeg_tables, ..coding } })
}

/// Strips and tiles alike: cells of one size, the last ones cropped.
struct Cells {
    width: u64,
    height: u64,
    across: u64,
    down: u64,
    planes: u64,
}

/// Bytes of one row of a decoded chunk as it is packed in the file.
fn packed_row(tags: &Tags, samples: &Samples, width: u64) -> Option<u64> {
    let per_pixel = if tags.planar { 1 } else { tags.samples };
    bits::row_bytes(width.checked_mul(per_pixel)?, samples.bits)
}

/// Checks the decoded size of a chunk; returns the bytes of its packed row.
fn check_chunk(tags: &Tags, samples: &Samples, grid: &Cells, limits: &Limits) -> Result<u64> {
    let too_large = || {
        limit(format!("a chunk of {} x {} pixels is larger than the limits allow", grid.width, grid.height))
    };
    let row = packed_row(tags, samples, grid.width).ok_or_else(too_large)?;
    if row.checked_mul(grid.height).is_none_or(|bytes| bytes > limits.slice_bytes) {
        return Err(too_large());
    }
    if tags.predictor == 3 && row > MOST_FLOAT_PREDICTED_ROW {
        return Err(too_large());
    }
    let declared_rows = match tags.grid {
        Grid::Strips { rows } => rows,
        Grid::Tiles { height, .. } => height,
    };
    // The crate counts both in 16 bits, and takes RowsPerStrip at its word.
    if tags.compression == compression::FAX4 && grid.width.max(declared_rows) > 65_535 {
        return Err(unsupported("CCITT G4 with more than 65535 columns, or rows per strip"));
    }
    Ok(row)
}

impl Cells {
    fn of(tags: &Tags, width: u32, height: u32, limits: &Limits) -> Result<Cells> {
        let (columns, rows) = (u64::from(width), u64::from(height));
        let (width, height) = match tags.grid {
            Grid::Strips { rows: 0 } => return Err(corrupt("RowsPerStrip is 0")),
            Grid::Strips { rows: per_strip } => (columns, per_strip.min(rows)),
            Grid::Tiles { width: 0, .. } | Grid::Tiles { height: 0, .. } => {
                return Err(corrupt("TileWidth or TileLength is 0"));
            }
            Grid::Tiles { width, height } => {
                shape::dimensions(width, height, limits)?;
                (width, height)
            }
        };
        let planes = if tags.planar { tags.samples } else { 1 };
        Ok(Cells { width, height, across: columns.div_ceil(width), down: rows.div_ceil(height), planes })
    }

    fn chunks(&self, tags: &Tags, image: &Description, packed_row: u64) -> Result<Vec<Chunk>> {
        // No overflow: 2^20 x 2^20 cells of up to 65,535 channels.
        let count = u128::from(self.across) * u128::from(self.down) * u128::from(self.planes);
        let (offsets, counts) = (tags.offsets.len(), tags.byte_counts.len());
        if count != offsets as u128 || count != counts as u128 {
            return Err(corrupt(format!(
                "the image has {count} chunks, but the directory {offsets} offsets and {counts} byte counts"
            )));
        }
        let places = tags.offsets.iter().zip(&tags.byte_counts);
        Ok(places
            .enumerate()
            .map(|(index, (&offset, &bytes))| {
                let index = index as u64;
                let (column, row) = (index % self.across, index / self.across % self.down);
                let (x, y) = (column * self.width, row * self.height);
                let height = self.height.min(u64::from(image.height) - y);
                // Old writers leave the count of uncompressed strips 0.
                let bytes = match bytes {
                    0 if tags.compression == compression::NONE && offset > 0 => packed_row * height,
                    _ => bytes,
                };
                Chunk {
                    bytes: offset..offset.saturating_add(bytes),
                    x: x as u32,
                    y: y as u32,
                    width: self.width.min(u64::from(image.width) - x) as u32,
                    height: height as u32,
                    channel: if tags.planar { (index / self.across / self.down) as u32 } else { 0 },
                    channels: if tags.planar { 1 } else { image.channels },
                }
            })
            .collect())
    }
}

/// Whether samples are stored in fewer bits than a byte.
pub fn is_packed(coding: &Coding, kind: SampleType) -> bool {
    (coding.bits as usize) < kind.bytes() * 8
}
