//! What is changed on the way from file to buffer, where that was asked for: palette
//! indices become colors, white becomes the largest number, the image stands upright.
#![forbid(unsafe_code)]

use super::page::Page;
use super::{
    Chunk, Description, Limits, PageId, Photometric, ReadAt, Scratch, errors, memory, palette, shape,
};
use crate::error::Result;
use crate::sample::SampleType;

/// What is to be changed. Samples come as stored by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conversions {
    /// Palette indices become red, green and blue of 8 bits.
    pub palette_to_rgb: bool,
    /// Grey whose 0 is white becomes grey whose 0 is black.
    pub invert_white: bool,
    /// The image is flipped and turned as its orientation says.
    pub upright: bool,
}

/// A page whose samples are changed after they are decoded.
pub(super) struct Converted {
    plain: Page,
    colors: Vec<[u8; 3]>,
    /// The largest number, where numbers are inverted.
    white: Option<u64>,
    turn: Turn,
}

/// How stored rows and columns become shown ones (TIFF 6.0, Orientation): exchanged,
/// then mirrored.
#[derive(Clone, Copy, Default)]
struct Turn {
    exchanged: bool,
    mirrored_x: bool,
    mirrored_y: bool,
}

impl Turn {
    fn of(orientation: u32) -> Turn {
        Turn {
            exchanged: orientation >= 5,
            mirrored_x: matches!(orientation, 2 | 3 | 6 | 7),
            mirrored_y: matches!(orientation, 3 | 4 | 7 | 8),
        }
    }

    /// The place of a chunk in an image that is shown `width` x `height` pixels large.
    fn chunk(self, chunk: &Chunk, width: u32, height: u32) -> Chunk {
        let mut turned = chunk.clone();
        if self.exchanged {
            (turned.x, turned.y) = (chunk.y, chunk.x);
            (turned.width, turned.height) = (chunk.height, chunk.width);
        }
        if self.mirrored_x {
            turned.x = width - turned.x - turned.width;
        }
        if self.mirrored_y {
            turned.y = height - turned.y - turned.height;
        }
        // What lies beyond the image's edges is left out.
        (turned.decoded_width, turned.decoded_height) = (turned.width, turned.height);
        turned
    }

    /// Column and row in the file of a pixel of a chunk that is shown `width` x `height`.
    fn stored(self, x: u32, y: u32, width: u32, height: u32) -> (u32, u32) {
        let x = if self.mirrored_x { width - 1 - x } else { x };
        let y = if self.mirrored_y { height - 1 - y } else { y };
        if self.exchanged { (y, x) } else { (x, y) }
    }
}

/// The page with the changes that apply to it; itself where none does.
pub(super) fn convert(
    plain: Page,
    source: &dyn ReadAt,
    id: PageId,
    asked: &Conversions,
    limits: &Limits,
) -> Result<Page> {
    let stored = &plain.description;
    let mut image = stored.clone();
    let mut colors = Vec::new();
    if asked.palette_to_rgb && stored.photometric == Photometric::Palette {
        if stored.channels != 1 || !matches!(stored.sample, SampleType::U8 | SampleType::U16) {
            return Err(errors::unsupported(format!(
                "colors for {} channels of {} indices",
                stored.channels,
                stored.sample.name()
            )));
        }
        colors = palette(source, id)?;
        image.channels = 3;
        (image.sample, image.bits_stored) = (SampleType::U8, 8);
        image.photometric = Photometric::Rgb;
        image.converted_to_rgb = true;
    }
    let mut white = None;
    if asked.invert_white && stored.photometric == Photometric::MinIsWhite {
        use SampleType::*;
        if !matches!(stored.sample, U8 | U16 | U32 | U64) {
            let sample = stored.sample.name();
            return Err(errors::unsupported(format!(
                "inverting {sample} samples, which have no largest number"
            )));
        }
        white = Some(u64::MAX >> (64 - stored.bits_stored.clamp(1, 64)));
        image.photometric = Photometric::MinIsBlack;
        image.inverted = true;
    }
    let mut turn = Turn::default();
    if asked.upright && stored.orientation != 1 {
        turn = Turn::of(stored.orientation);
        if turn.exchanged {
            (image.width, image.height) = (stored.height, stored.width);
        }
        (image.turned, image.orientation) = (stored.orientation, 1);
    }
    if image == *stored {
        return Ok(plain);
    }
    shape::check_bytes(&image, limits)?;
    let mut chunks: Vec<Chunk> =
        plain.chunks.iter().map(|chunk| turn.chunk(chunk, image.width, image.height)).collect();
    if !colors.is_empty() {
        chunks.iter_mut().for_each(|chunk| chunk.channels = 3);
    }
    let note = plain.note.clone();
    Ok(Page::converted(image, chunks, note, Converted { plain, colors, white, turn }))
}

impl Converted {
    /// Decodes a chunk as it is stored, and changes it on the way into `out`.
    pub(super) fn decode(
        &self,
        index: usize,
        raw: &[u8],
        scratch: &mut Scratch,
        image: &Description,
        out: &mut [u8],
    ) -> Result<()> {
        let chunk = &self.plain.chunks[index];
        let mut decoded = std::mem::take(&mut scratch.converted);
        let result = memory::resize(&mut decoded, chunk.decoded_bytes(&self.plain.description))
            .and_then(|()| self.plain.decode(index, raw, scratch, &mut decoded))
            .and_then(|()| self.place(chunk, &decoded, image, out));
        scratch.converted = decoded;
        result
    }

    /// What `decode` takes beside the chunk's bytes and its result.
    pub(super) fn decode_memory(&self, index: usize) -> u64 {
        let decoded = self.plain.chunks[index].decoded_bytes(&self.plain.description);
        self.plain.decode_memory(index).saturating_add(decoded)
    }

    fn place(&self, chunk: &Chunk, decoded: &[u8], image: &Description, out: &mut [u8]) -> Result<()> {
        let sample = self.plain.description.sample.bytes();
        let from = chunk.channels as usize * sample;
        let to = if self.colors.is_empty() { from } else { 3 * image.sample.bytes() };
        let shown = self.turn.chunk(chunk, image.width, image.height);
        let mut pixels = out.chunks_exact_mut(to);
        for y in 0..shown.height {
            for (x, pixel) in (0..shown.width).zip(&mut pixels) {
                let (column, row) = self.turn.stored(x, y, shown.width, shown.height);
                let at = (row as usize * chunk.decoded_width as usize + column as usize) * from;
                let stored = &decoded[at..at + from];
                match (self.white, self.colors.is_empty()) {
                    (_, false) => pixel.copy_from_slice(&self.color(stored)?),
                    (None, true) => pixel.copy_from_slice(stored),
                    (Some(white), true) => invert(stored, sample, white, pixel),
                }
            }
        }
        Ok(())
    }

    fn color(&self, index: &[u8]) -> Result<[u8; 3]> {
        let index = match *index {
            [index] => usize::from(index),
            [a, b] => usize::from(u16::from_ne_bytes([a, b])),
            _ => usize::MAX,
        };
        self.colors.get(index).copied().ok_or_else(|| {
            errors::corrupt(format!("a pixel has color {index} of a palette of {}", self.colors.len()))
        })
    }
}

/// Turns white, the largest number, into 0 and 0 into it.
fn invert(stored: &[u8], sample: usize, white: u64, out: &mut [u8]) {
    for (from, to) in stored.chunks_exact(sample).zip(out.chunks_exact_mut(sample)) {
        // A sample is one's complement of itself in as many bits as are stored.
        let white = white.to_le_bytes();
        for (at, (from, to)) in from.iter().zip(to).enumerate() {
            let place = if cfg!(target_endian = "little") { at } else { sample - 1 - at };
            *to = from ^ white[place];
        }
    }
}
