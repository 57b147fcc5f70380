//! Samples that are written as text.
#![forbid(unsafe_code)]

use super::errors;
use crate::error::Result;

/// Bytes that no sample ends with or begins with.
pub fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}

/// Numbers with blanks between them, into samples of one or two bytes.
pub fn numbers(text: &[u8], sample_bytes: usize, maxval: u32, out: &mut [u8]) -> Result<()> {
    let mut text = Raster { text };
    for sample in out.chunks_exact_mut(sample_bytes) {
        let value = text.number(maxval)?;
        match sample {
            [sample] => *sample = value as u8,
            wide => wide.copy_from_slice(&(value as u16).to_ne_bytes()),
        }
    }
    Ok(())
}

/// Digits 0 and 1, with blanks between them or none.
pub fn bits(text: &[u8], out: &mut [u8]) -> Result<()> {
    let mut text = Raster { text };
    for sample in out {
        *sample = match text.start()? {
            digit @ (b'0' | b'1') => digit - b'0',
            other => return Err(stray(other)),
        };
    }
    Ok(())
}

struct Raster<'a> {
    text: &'a [u8],
}

impl Raster<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&byte, rest) = self.text.split_first()?;
        self.text = rest;
        Some(byte)
    }

    /// The next byte that is neither blank nor in a comment.
    fn start(&mut self) -> Result<u8> {
        while let Some(byte) = self.next() {
            if byte == b'#' {
                self.comment();
            } else if !is_blank(byte) {
                return Ok(byte);
            }
        }
        Err(errors::truncated("its image"))
    }

    fn comment(&mut self) {
        while self.next().is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {}
    }

    fn number(&mut self, most: u32) -> Result<u32> {
        let mut value = 0;
        let mut byte = self.start()?;
        loop {
            if !byte.is_ascii_digit() {
                return Err(stray(byte));
            }
            value = value * 10 + u32::from(byte - b'0');
            if value > most {
                return Err(errors::corrupt(format!("a PNM sample above {most}")));
            }
            byte = match self.next() {
                None => return Ok(value),
                Some(b'#') => {
                    self.comment();
                    return Ok(value);
                }
                Some(blank) if is_blank(blank) => return Ok(value),
                Some(byte) => byte,
            };
        }
    }
}

fn stray(byte: u8) -> crate::error::Error {
    errors::corrupt(format!("{:?} among the samples of a PNM", char::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn numbers_are_parted_by_blanks_and_comments() {
        let mut out = [0; 4];
        numbers(b" 1\t20#no\n\x0b255\r\n0007 junk", 1, 255, &mut out).unwrap();
        assert_eq!(out, [1, 20, 255, 7]);
        let mut wide = [0; 4];
        numbers(b"65535 258", 2, 65_535, &mut wide).unwrap();
        assert_eq!([&wide[..2], &wide[2..]], [65_535_u16, 258].map(u16::to_ne_bytes));
    }

    #[test]
    fn bits_need_no_blanks() {
        let mut out = [9; 5];
        bits(b"01 1#0\n 0\n1", &mut out).unwrap();
        assert_eq!(out, [0, 1, 1, 0, 1]);
    }

    #[test]
    fn other_text_is_corrupt_and_too_little_of_it_truncated() {
        let status = |text: &[u8]| numbers(text, 1, 100, &mut [0; 2]).unwrap_err().status;
        for text in [&b"1 101"[..], b"1 -1", b"1 2x", b"1 99999999999999", b"1,2"] {
            assert_eq!(status(text), Status::Corrupt, "{text:?}");
        }
        for text in [&b""[..], b"1", b"1 ", b"1 # 2"] {
            assert_eq!(status(text), Status::Truncated, "{text:?}");
        }
        assert_eq!(bits(b"12", &mut [0; 2]).unwrap_err().status, Status::Corrupt);
        assert_eq!(bits(b"1 ", &mut [0; 2]).unwrap_err().status, Status::Truncated);
    }
}
