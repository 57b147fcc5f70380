//! Tags -> what the image is and where its chunks lie.
#![forbid(unsafe_code)]

use super::support::{self, Samples, compression};
use super::tags::{Grid, Places, Tags};
use crate::codec::bits;
use crate::codec::ycbcr_units::Units;
use crate::error::Result;
use crate::format::errors::{corrupt, limit};
use crate::format::{Chunk, Description, Format, Limits, Photometric, shape};

/// What the image is, its sizes checked against the limits.
pub fn describe(tags: &Tags, samples: &Samples, limits: &Limits) -> Result<Description> {
    let jpeg = matches!(tags.compression, compression::JPEG | compression::OLD_JPEG);
    // Subsampled chroma cannot be given as stored.
    let to_rgb = (jpeg || support::units(tags).is_some()) && samples.photometric == Photometric::Ycbcr;
    let (width, height) = shape::dimensions(tags.width, tags.height, limits)?;
    let description = Description {
        format: Format::Tiff,
        width,
        height,
        channels: u32::try_from(tags.samples.saturating_mul(samples.parts())).unwrap_or(u32::MAX),
        complex: samples.complex,
        sample: samples.kind,
        bits_stored: samples.bits,
        photometric: if to_rgb { Photometric::Rgb } else { samples.photometric },
        compression: tags.compression as u32,
        orientation: if (1..=8).contains(&tags.orientation) { tags.orientation as u32 } else { 1 },
        converted_to_rgb: to_rgb,
        inverted: false,
        turned: 0,
    };
    shape::check_bytes(&description, limits)?;
    Ok(description)
}

/// Strips and tiles alike: cells of one size, the last ones cropped.
pub struct Cells {
    pub width: u64,
    pub height: u64,
    /// Bytes of a row of a cell as it is packed in the file.
    pub row_bytes: u64,
    across: u64,
    down: u64,
    planes: u64,
    /// Channels that a sample of the file is.
    parts: u64,
    units: Option<Units>,
    /// Cells at the edges are as large as the others.
    padded: bool,
}

impl Cells {
    /// Lays out the cells, checking sizes against limits and tags.
    pub fn of(tags: &Tags, image: &Description, limits: &Limits) -> Result<Cells> {
        let (columns, rows) = (u64::from(image.width), u64::from(image.height));
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
        let too_large =
            || limit(format!("a chunk of {width} x {height} pixels is larger than the limits allow"));
        let parts = if image.complex { 2 } else { 1 };
        let per_pixel = if tags.planar { parts } else { tags.samples.saturating_mul(parts) };
        let row_bytes = width
            .checked_mul(per_pixel)
            .and_then(|samples| bits::row_bytes(samples, image.bits_stored))
            .ok_or_else(too_large)?;
        // Decoded, samples of fewer bits than a byte take one each.
        let decoded = width.saturating_mul(per_pixel).saturating_mul(image.sample.bytes() as u64);
        if decoded.checked_mul(height).is_none_or(|bytes| bytes > limits.slice_bytes) {
            return Err(too_large());
        }
        Ok(Cells {
            width,
            height,
            row_bytes,
            across: columns.div_ceil(width),
            down: rows.div_ceil(height),
            planes: if tags.planar { tags.samples } else { 1 },
            parts,
            units: support::units(tags),
            padded: matches!(tags.grid, Grid::Tiles { .. }),
        })
    }

    /// Bytes of so many rows of a cell as they are packed in the file.
    fn bytes(&self, rows: u64) -> u64 {
        match self.units {
            Some(units) => units.bytes(self.width, rows),
            None => self.row_bytes * rows,
        }
    }

    /// The chunks, with their places in the file.
    pub fn chunks(&self, tags: &Tags, image: &Description, places: &Places) -> Result<Vec<Chunk>> {
        // No overflow: 2^20 x 2^20 cells of up to 65,535 channels.
        let count = u128::from(self.across) * u128::from(self.down) * u128::from(self.planes);
        let (offsets, counts) = (places.offsets.len(), places.byte_counts.len());
        // Writers that ran out of rows leave some more; without byte counts the
        // offsets have to do.
        if count > offsets as u128 || counts > 0 && count > counts as u128 {
            return Err(corrupt(format!(
                "the image has {count} chunks, but the directory {offsets} offsets and {counts} byte counts"
            )));
        }
        let mut chunks = Vec::with_capacity(count as usize);
        let (mut next, mut in_file_order) = (0, None);
        for plane in 0..self.planes {
            for row in 0..self.down {
                for column in 0..self.across {
                    let (offset, bytes) = (places.offsets[next], places.byte_counts.get(next).copied());
                    next += 1;
                    let (x, y) = (column * self.width, row * self.height);
                    let height = self.height.min(u64::from(image.height) - y);
                    let rows = if self.padded { self.height } else { height };
                    let bytes = match bytes.unwrap_or(0) {
                        0 if offset == 0 => 0,
                        _ if offset == 0 => return Err(corrupt("a chunk cannot lie at byte 0")),
                        stated if tags.compression == compression::NONE => {
                            let needed = self.bytes(rows);
                            if self.units.is_some() && stated >= self.row_bytes * rows && stated > needed {
                                return Err(corrupt(
                                    "a chunk of subsampled YCbCr has the bytes of a whole one",
                                ));
                            }
                            // As libtiff does: what the samples take is known, and no
                            // other strip could have them.
                            if stated == 0 || stated > needed || count == 1 { needed } else { stated }
                        }
                        0 => places.room(offset, in_file_order.get_or_insert_with(|| places.in_file_order())),
                        stated => stated,
                    };
                    chunks.push(Chunk {
                        bytes: offset..offset.saturating_add(bytes),
                        x: x as u32,
                        y: y as u32,
                        width: self.width.min(u64::from(image.width) - x) as u32,
                        height: height as u32,
                        decoded_width: self.width as u32,
                        decoded_height: rows as u32,
                        channel: if tags.planar { (plane * self.parts) as u32 } else { 0 },
                        channels: if tags.planar { self.parts as u32 } else { image.channels },
                    });
                }
            }
        }
        Ok(chunks)
    }

    /// Bytes of the whole image in the file, where its chunks are uncompressed and
    /// follow each other.
    pub fn contiguous_bytes(&self, tags: &Tags, chunks: &[Chunk]) -> Option<u64> {
        let size = |chunk: &Chunk| self.bytes(chunk.height.into());
        let follow =
            chunks.windows(2).all(|pair| pair[0].bytes.start + size(&pair[0]) == pair[1].bytes.start);
        let plain = tags.compression == compression::NONE && !self.padded && follow;
        plain.then(|| chunks.iter().map(size).sum())
    }
}
