//! The header of a PBM, PGM, PPM, PAM or PFM.
#![forbid(unsafe_code)]

use super::pnm_text::is_blank;
use super::{ReadAt, Stored, errors};
use crate::error::{Error, Result};

/// Headers are a few lines; comments make some longer, but none this long.
const LONGEST: usize = 64 * 1024;

/// What kind of raster follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// P1, P4: bits.
    Bitmap,
    /// P2, P3, P5, P6: grey or color.
    Samples,
    /// P7: anything.
    Arbitrary,
    /// PF, Pf: color or grey in floating point, from the bottom up.
    Float,
}

/// What the header says.
pub struct Header {
    /// '1' to '7', 'F' or 'f'.
    pub number: u8,
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
    pub channels: u32,
    pub maxval: u32,
    /// What a PFM's samples are in units of; 1 in others.
    pub scale: f32,
    little_endian: bool,
    /// Where the raster begins.
    pub raster: u64,
}

impl Header {
    /// Reads it.
    pub fn read(source: &dyn ReadAt) -> Result<Header> {
        let mut start = vec![0; source.len().min(LONGEST as u64) as usize];
        source.read_at(0, &mut start).map_err(|error| errors::io_error("its header", &error))?;
        let number = start.get(1).copied().unwrap_or(0);
        let mut text = Text { bytes: &start, at: 2, ended_in_comment: false };
        let header = match number {
            b'7' => arbitrary(&mut text)?,
            b'F' | b'f' => float(&mut text, number)?,
            _ => plain(&mut text, number)?,
        };
        match header.maxval {
            1..=65_535 => Ok(header),
            other => Err(errors::corrupt(format!("a PNM with maxval {other}"))),
        }
    }

    /// Bytes of a row of a binary raster.
    fn row_bytes(&self) -> Option<u64> {
        let samples = u64::from(self.width).saturating_mul(self.channels.into());
        match self.number {
            b'4' => Some(samples.div_ceil(8)),
            b'5' | b'6' | b'7' if self.maxval > 255 => Some(samples.saturating_mul(2)),
            b'5' | b'6' | b'7' => Some(samples),
            b'F' | b'f' => Some(samples.saturating_mul(4)),
            _ => None,
        }
    }

    /// Where the rows of raw samples lie.
    pub fn stored(&self) -> Option<Stored> {
        let row = self.row_bytes().filter(|_| self.number != b'4')?;
        let wide = self.maxval > 255 || self.kind == Kind::Float;
        let swapped = wide && self.little_endian != cfg!(target_endian = "little");
        if self.kind == Kind::Float {
            let below_top = row.saturating_mul(u64::from(self.height).saturating_sub(1));
            let first = self.raster.saturating_add(below_top);
            return Some(Stored { first, row_step: -(row as i64), swapped });
        }
        Some(Stored { first: self.raster, row_step: row as i64, swapped })
    }

    /// Where the raster ends at the earliest: as text, a sample takes a byte, and
    /// another between it and the next but in bitmaps.
    pub fn least_end(&self) -> u64 {
        let samples = u64::from(self.width).saturating_mul(self.channels.into());
        let row =
            self.row_bytes().unwrap_or(if self.number == b'1' { samples } else { samples.saturating_mul(2) });
        let raster = row.saturating_mul(self.height.into());
        let last_blank = u64::from(matches!(self.number, b'2' | b'3'));
        self.raster.saturating_add(raster).saturating_sub(last_blank)
    }

    /// Whether another image follows the first, which binary kinds may have.
    pub fn more(&self, source: &dyn ReadAt) -> bool {
        let Some(row) = self.row_bytes() else { return false };
        let end = self.raster.saturating_add(row.saturating_mul(self.height.into()));
        let mut start = [0; 2];
        end < source.len() && source.read_at(end, &mut start).is_ok() && matches!(start, [b'P', b'1'..=b'7'])
    }
}

fn plain(text: &mut Text<'_>, number: u8) -> Result<Header> {
    let (width, height) = (text.number()?, text.number()?);
    let kind = if matches!(number, b'1' | b'4') { Kind::Bitmap } else { Kind::Samples };
    let maxval = if kind == Kind::Bitmap { 1 } else { text.number()? };
    // Netpbm skips such a comment, others take it for the first sample.
    if kind == Kind::Samples && text.ended_in_comment && matches!(number, b'5' | b'6') {
        return Err(errors::corrupt("a PNM with a comment right behind its maxval"));
    }
    let channels = if matches!(number, b'3' | b'6') { 3 } else { 1 };
    let raster = text.at as u64;
    Ok(Header { number, kind, width, height, channels, maxval, scale: 1.0, little_endian: false, raster })
}

/// Width, height and a factor, which is negative where the bytes are little-endian.
fn float(text: &mut Text<'_>, number: u8) -> Result<Header> {
    let (width, height) = (text.number()?, text.number()?);
    let word = text.word()?;
    let scale: f32 = match word.parse() {
        Ok(scale) if scale != 0.0 && f32::is_finite(scale) => scale,
        _ => return Err(errors::corrupt(format!("a PFM with a factor of {word:?}"))),
    };
    Ok(Header {
        number,
        kind: Kind::Float,
        width,
        height,
        channels: if number == b'F' { 3 } else { 1 },
        maxval: 1,
        scale: scale.abs(),
        little_endian: scale < 0.0,
        raster: text.at as u64,
    })
}

fn arbitrary(text: &mut Text<'_>) -> Result<Header> {
    let mut values = [0; 4];
    let mut kind = String::new();
    text.line()?;
    loop {
        let line = text.line()?;
        let (name, value) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        let slot = match name {
            "ENDHDR" => break,
            "WIDTH" => 0,
            "HEIGHT" => 1,
            "DEPTH" => 2,
            "MAXVAL" => 3,
            "TUPLTYPE" => {
                kind = value.trim().to_owned();
                continue;
            }
            _ if name.is_empty() || name.starts_with('#') => continue,
            other => {
                return Err(errors::unsupported(format!("PAM with a header line {other:?}")));
            }
        };
        values[slot] =
            value.trim().parse().map_err(|_| errors::corrupt(format!("a PAM whose {name} is {value:?}")))?;
    }
    let [width, height, channels, maxval] = values;
    let expected = match kind.as_str() {
        "" => channels,
        "BLACKANDWHITE" | "GRAYSCALE" => 1,
        "BLACKANDWHITE_ALPHA" | "GRAYSCALE_ALPHA" => 2,
        "RGB" => 3,
        "RGB_ALPHA" => 4,
        other => {
            return Err(errors::unsupported(format!("PAM with tuple type {other:?}")));
        }
    };
    if channels != expected {
        return Err(errors::corrupt(format!("a PAM of depth {channels} with tuple type {kind}")));
    }
    if !(1..=4).contains(&channels) {
        return Err(errors::unsupported(format!("PAM of depth {channels}")));
    }
    Ok(Header {
        number: b'7',
        kind: Kind::Arbitrary,
        width,
        height,
        channels,
        maxval,
        scale: 1.0,
        little_endian: false,
        raster: text.at as u64,
    })
}

struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The last byte stood for a comment.
    ended_in_comment: bool,
}

impl Text<'_> {
    /// The next byte; a comment counts as the end of its line, as in Netpbm.
    fn byte(&mut self) -> Result<u8> {
        let next = |at: usize| self.bytes.get(at).copied().ok_or_else(|| self.ended());
        let mut byte = next(self.at)?;
        let mut at = self.at + 1;
        let comment = byte == b'#';
        while comment && !matches!(byte, b'\n' | b'\r') {
            byte = next(at)?;
            at += 1;
        }
        self.at = at;
        self.ended_in_comment = comment;
        Ok(byte)
    }

    /// A word and the one white space behind it.
    fn word(&mut self) -> Result<String> {
        let mut word = String::new();
        loop {
            match self.byte()? {
                blank if is_blank(blank) && word.is_empty() => {}
                blank if is_blank(blank) => return Ok(word),
                byte => word.push(char::from(byte)),
            }
        }
    }

    /// A number and the one white space behind it.
    fn number(&mut self) -> Result<u32> {
        let mut digits = String::new();
        loop {
            match self.byte()? {
                digit @ b'0'..=b'9' => digits.push(char::from(digit)),
                blank if is_blank(blank) => {
                    if !digits.is_empty() {
                        break;
                    }
                }
                other => {
                    return Err(errors::corrupt(format!(
                        "a PNM header with {:?} in a number",
                        char::from(other)
                    )));
                }
            }
        }
        digits.parse().map_err(|_| errors::corrupt(format!("a PNM header with the number {digits}")))
    }

    /// A line without its end and outer blanks.
    fn line(&mut self) -> Result<String> {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let length = rest.iter().position(|&byte| byte == b'\n').ok_or_else(|| self.ended())?;
        self.at += length + 1;
        Ok(String::from_utf8_lossy(&rest[..length]).trim().to_owned())
    }

    fn ended(&self) -> Error {
        if self.bytes.len() < LONGEST {
            errors::truncated("its header")
        } else {
            errors::corrupt(format!("a PNM header of more than {LONGEST} bytes"))
        }
    }
}
