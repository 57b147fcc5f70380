//! BMP: true color, and palette indices as stored.
#![forbid(unsafe_code)]

use super::bmp_header::{Header, Packing};
use super::bmp_masks::{self, Color};
use super::whole::{Decode, Opened};
use super::{Description, Format, Photometric, ReadAt, Scratch, Stored, bmp_runs, errors};
use crate::codec::bits;
use crate::error::Result;
use crate::sample::SampleType;

/// Tables.
const WORKING: u64 = 4 * 1024;

/// Reads the headers and the palette.
pub fn open(source: &dyn ReadAt) -> Result<Opened> {
    let header = Header::read(source)?;
    let pixels = Pixels::new(&header)?;
    let (channels, photometric) = match &pixels {
        Pixels::Indices | Pixels::Runs => (1, photometric(&header)),
        Pixels::Colors => (3, Photometric::Rgb),
        Pixels::Masked(colors) => (colors.len() as u32, Photometric::Rgb),
    };
    let description = Description {
        format: Format::Bmp,
        width: header.width,
        height: header.height,
        channels,
        complex: false,
        sample: SampleType::U8,
        bits_stored: if channels == 1 { header.bits } else { 8 },
        photometric,
        compression: 0,
        orientation: 1,
        converted_to_rgb: false,
        inverted: false,
        turned: 0,
    };
    let note = match &pixels {
        Pixels::Masked(colors) if header.bits == 16 || colors.iter().any(|color| color.bits < 8) => {
            let bits: Vec<String> = colors.iter().map(|color| color.bits.to_string()).collect();
            Some(format!("samples of {} bits are scaled to 8", bits.join(", ")))
        }
        Pixels::Masked(colors) if colors.len() == 3 => Some(
            "the fourth byte of each BMP pixel, which its header leaves undefined, is left out".to_owned(),
        ),
        _ => None,
    };
    let rows = Rows::new(&header);
    if !matches!(pixels, Pixels::Runs) && rows.end() > source.len() {
        return Err(errors::truncated("its image"));
    }
    Ok(Opened { description, note, decoder: Box::new(Bmp { bits: header.bits, pixels, rows }) })
}

/// Grey when the palette is the ramp that a grey image of so many bits has.
fn photometric(header: &Header) -> Photometric {
    let white = (1_u32 << header.bits) - 1;
    let ramp = |color: &[u8; 3], index: usize| *color == [(index as u32 * 255 / white) as u8; 3];
    let is_ramp = header.palette.iter().enumerate().all(|(index, color)| ramp(color, index));
    if is_ramp { Photometric::MinIsBlack } else { Photometric::Palette }
}

/// What a pixel is.
enum Pixels {
    /// An index of up to 8 bits.
    Indices,
    /// The same, in runs.
    Runs,
    /// Blue, green, red.
    Colors,
    /// A number with colors in some of its bits.
    Masked(Vec<Color>),
}

impl Pixels {
    fn new(header: &Header) -> Result<Pixels> {
        Ok(match (header.packing, header.bits) {
            (Packing::Runs, _) => Pixels::Runs,
            (_, 16 | 32) => Pixels::Masked(bmp_masks::colors(header.masks)?),
            (_, 24) => Pixels::Colors,
            _ => Pixels::Indices,
        })
    }
}

/// Where the rows lie in the file.
struct Rows {
    first: u64,
    /// Bytes of a row, and from one to the next.
    bytes: u64,
    step: u64,
    height: u64,
    top_down: bool,
}

impl Rows {
    fn new(header: &Header) -> Rows {
        let (bytes, step) = header.row_bytes();
        let height = header.height.into();
        Rows { first: header.pixels, bytes, step, height, top_down: header.top_down }
    }

    /// Where the last one ends; what fills it up may be missing.
    fn end(&self) -> u64 {
        self.from(self.height.saturating_sub(1)).saturating_add(self.bytes)
    }

    /// Where row `index` of the file begins.
    fn from(&self, index: u64) -> u64 {
        self.first.saturating_add(self.step.saturating_mul(index))
    }

    /// Row `y` of the image.
    fn row<'a>(&self, raw: &'a [u8], y: u64) -> Result<&'a [u8]> {
        let from = self.from(if self.top_down { y } else { self.height - 1 - y });
        let range = usize::try_from(from).ok().zip(usize::try_from(from.saturating_add(self.bytes)).ok());
        range.and_then(|(from, to)| raw.get(from..to)).ok_or_else(|| errors::truncated("its image"))
    }

    fn stored(&self) -> Stored {
        let step = self.step as i64;
        match self.top_down {
            true => Stored { first: self.first, row_step: step, swapped: false },
            false => Stored { first: self.from(self.height - 1), row_step: -step, swapped: false },
        }
    }
}

struct Bmp {
    bits: u32,
    pixels: Pixels,
    rows: Rows,
}

impl Decode for Bmp {
    fn decode(&self, image: &Description, raw: &[u8], _: &mut Scratch, out: &mut [u8]) -> Result<()> {
        let width = image.width as usize;
        if matches!(self.pixels, Pixels::Runs) {
            let data = usize::try_from(self.rows.first).ok().and_then(|first| raw.get(first..));
            let data = data.ok_or_else(|| errors::truncated("its image"))?;
            let decoded = bmp_runs::decode(data, self.bits, width, self.rows.top_down, out);
            return decoded.map_err(|fault| errors::from_fault("the BMP", fault));
        }
        for (y, out) in out.chunks_exact_mut(width * image.channels as usize).enumerate() {
            let row = self.rows.row(raw, y as u64)?;
            match &self.pixels {
                Pixels::Masked(colors) => bmp_masks::unpack(colors, self.bits as usize / 8, row, out),
                Pixels::Colors => {
                    out.copy_from_slice(row);
                    out.chunks_exact_mut(3).for_each(|pixel| pixel.swap(0, 2));
                }
                _ => bits::unpack(row, row.len(), width, self.bits, 1, out),
            }
        }
        Ok(())
    }

    fn memory(&self, _: &Description) -> u64 {
        if self.stored().is_some() { 0 } else { WORKING }
    }

    fn stored(&self) -> Option<Stored> {
        (self.bits == 8 && matches!(self.pixels, Pixels::Indices)).then(|| self.rows.stored())
    }
}
