//! The header of a PBM, PGM, PPM or PAM.
#![forbid(unsafe_code)]

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
}

/// What the header says.
pub struct Header {
    /// '1' to '7'.
    pub number: u8,
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
    pub channels: u32,
    pub maxval: u32,
    /// Where the raster begins.
    pub raster: u64,
}

impl Header {
    /// Reads it.
    pub fn read(source: &dyn ReadAt) -> Result<Header> {
        let mut start = vec![0; source.len().min(LONGEST as u64) as usize];
        source.read_at(0, &mut start).map_err(|error| errors::io_error("its header", &error))?;
        let number = start.get(1).copied().unwrap_or(0);
        let mut text = Text { bytes: &start, at: 2 };
        let header = if number == b'7' { arbitrary(&mut text)? } else { plain(&mut text, number)? };
        match header.maxval {
            1..=65_535 => Ok(header),
            other => Err(errors::corrupt(format!("a PNM with maxval {other}"))),
        }
    }

    /// The same header with another maxval, in the shortest form.
    pub fn with_maxval(&self, maxval: u32) -> Vec<u8> {
        let (width, height) = (self.width, self.height);
        match self.kind {
            Kind::Bitmap => format!("P{}\n{width} {height}\n", char::from(self.number)),
            Kind::Samples => format!("P{}\n{width} {height}\n{maxval}\n", char::from(self.number)),
            Kind::Arbitrary => {
                let depth = self.channels;
                let kind = ["GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"][depth as usize - 1];
                format!("P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {depth}\nMAXVAL {maxval}\nTUPLTYPE {kind}\nENDHDR\n")
            }
        }
        .into_bytes()
    }

    /// Bytes of a row of a binary raster.
    fn row_bytes(&self) -> Option<u64> {
        let samples = u64::from(self.width).saturating_mul(self.channels.into());
        match self.number {
            b'4' => Some(samples.div_ceil(8)),
            b'5' | b'6' | b'7' if self.maxval > 255 => Some(samples.saturating_mul(2)),
            b'5' | b'6' | b'7' => Some(samples),
            _ => None,
        }
    }

    /// Where the rows of raw samples lie.
    pub fn stored(&self) -> Option<Stored> {
        let row_step = self.row_bytes().filter(|_| self.number != b'4')? as i64;
        let swapped = self.maxval > 255 && cfg!(target_endian = "little");
        Some(Stored { first: self.raster, row_step, swapped })
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
    let channels = if matches!(number, b'3' | b'6') { 3 } else { 1 };
    Ok(Header { number, kind, width, height, channels, maxval, raster: text.at as u64 })
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
        raster: text.at as u64,
    })
}

struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Text<'_> {
    /// The next byte; a comment counts as the end of its line, as in Netpbm.
    fn byte(&mut self) -> Result<u8> {
        let next = |at: usize| self.bytes.get(at).copied().ok_or_else(|| self.ended());
        let mut byte = next(self.at)?;
        let mut at = self.at + 1;
        if byte == b'#' {
            while !matches!(byte, b'\n' | b'\r') {
                byte = next(at)?;
                at += 1;
            }
        }
        self.at = at;
        Ok(byte)
    }

    /// A number and the one white space behind it.
    fn number(&mut self) -> Result<u32> {
        let mut digits = String::new();
        loop {
            match self.byte()? {
                digit @ b'0'..=b'9' => digits.push(char::from(digit)),
                blank if blank.is_ascii_whitespace() || blank == 0x0B => {
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
