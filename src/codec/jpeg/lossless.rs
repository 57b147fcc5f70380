//! Lossless JPEG (ITU-T T.81, annex H): samples of 2 to 16 bits as differences to
//! a prediction from those on the left and above. Raw files of cameras (DNG) and
//! DICOM hold it.
#![forbid(unsafe_code)]

use super::codes::{Codes, NO_CODE};
use super::huffman::Bits;
use super::markers::Frame;
use super::scan::Scan;
use super::tables::{self, CUT, Tables};
use crate::codec::Fault;

/// Decodes `bytes`, whose frame is `frame`, to packed components in native byte
/// order: bytes if they have up to 8 bits.
pub fn decode(bytes: &[u8], frame: &Frame, out: &mut [u8]) -> Result<(), Fault> {
    let even = |part: &super::markers::Part| {
        (part.across, part.down) == (frame.parts[0].across, frame.parts[0].down)
    };
    if !frame.parts.iter().all(even) {
        return Err(Fault::Broken("a lossless JPEG with subsampled components"));
    }
    let mut tables = Tables::default();
    let mut missing: Vec<usize> = (0..frame.parts.len()).collect();
    let mut at = 2;
    while !missing.is_empty() {
        let segment = tables::segment(bytes, at)?;
        at = match segment.marker {
            0xD9 => return Err(CUT),
            0xDA => {
                let scan = Scan::read(segment.content, frame)?;
                let before = missing.len();
                missing.retain(|&component| scan.parts.iter().all(|part| part.component != component));
                if before - missing.len() != scan.parts.len() {
                    return Err(Fault::Broken("a lossless JPEG with a component twice"));
                }
                let rows = Rows::new(frame, &scan, &tables)?;
                match frame.sample_bytes() {
                    1 => rows.read(bytes, segment.end, out, |place: &mut [u8; 1], sample| {
                        *place = [sample as u8];
                    })?,
                    _ => rows.read(bytes, segment.end, out, |place: &mut [u8; 2], sample| {
                        *place = sample.to_ne_bytes();
                    })?,
                }
            }
            marker => {
                tables.take(marker, segment.content)?;
                segment.end
            }
        };
    }
    Ok(())
}

/// The rows of one scan.
struct Rows<'a> {
    frame: &'a Frame,
    scan: &'a Scan,
    codes: Vec<&'a Codes>,
    /// Rows between restart markers, 0 for none.
    restart: usize,
    /// What is predicted where nothing is known.
    middle: u16,
}

impl<'a> Rows<'a> {
    fn new(frame: &'a Frame, scan: &'a Scan, tables: &'a Tables<Codes>) -> Result<Rows<'a>, Fault> {
        let codes = |part: &super::scan::ScanPart| {
            tables.dc[part.dc & 3]
                .as_deref()
                .ok_or(Fault::Broken("a JPEG scan whose table of codes is not there"))
        };
        let (width, restart) = (usize::from(frame.width), usize::from(tables.restart));
        if !restart.is_multiple_of(width) {
            return Err(Fault::Broken("a lossless JPEG that restarts within a row"));
        }
        let middle = frame.bits.checked_sub(scan.low + 1);
        let middle = middle.ok_or(Fault::Broken("a lossless JPEG that drops more bits than it has"))?;
        Ok(Rows {
            frame,
            scan,
            codes: scan.parts.iter().map(codes).collect::<Result<_, _>>()?,
            restart: restart / width,
            middle: 1 << middle,
        })
    }

    /// Reads all rows, and returns where the scan ends.
    fn read<const BYTES: usize>(
        &self,
        bytes: &[u8],
        at: usize,
        out: &mut [u8],
        put: impl Fn(&mut [u8; BYTES], u16),
    ) -> Result<usize, Fault> {
        let (width, height) = (usize::from(self.frame.width), usize::from(self.frame.height));
        let channels = self.frame.parts.len();
        let samples = out.as_chunks_mut::<BYTES>().0;
        if samples.len() != width * height * channels {
            return Err(Fault::Broken("a JPEG of another size than the output"));
        }
        let largest = u16::MAX >> (8 * (2 - BYTES));
        let mut bits = Bits::new(bytes, at);
        let count = self.codes.len();
        let (mut above, mut row) = (vec![0_u16; width * count], vec![0_u16; width * count]);
        let mut marker = 0xD0;
        for (y, line) in samples.chunks_exact_mut(width * channels).enumerate() {
            let restarts = self.restart > 0 && y > 0 && y.is_multiple_of(self.restart);
            if restarts {
                if bits.marker()? != marker {
                    return Err(Fault::Broken("a JPEG whose restart markers are not in order"));
                }
                marker = 0xD0 | (marker + 1) & 7;
            }
            // The first row of all, and behind a restart, has nothing above.
            let known = if y == 0 || restarts { None } else { Some(&above[..]) };
            self.row(&mut bits, known, &mut row)?;
            if bits.ran_out() {
                return Err(CUT);
            }
            for (index, part) in self.scan.parts.iter().enumerate() {
                for (pixel, decoded) in line.chunks_exact_mut(channels).zip(row.chunks_exact(count)) {
                    let sample = decoded[index] << self.scan.low;
                    if sample > largest {
                        return Err(NO_CODE);
                    }
                    put(&mut pixel[part.component], sample);
                }
            }
            std::mem::swap(&mut above, &mut row);
        }
        bits.end()
    }

    /// Reads a row.
    fn row(&self, bits: &mut Bits, above: Option<&[u16]>, row: &mut [u16]) -> Result<(), Fault> {
        let count = self.codes.len();
        for at in 0..row.len() {
            let difference = difference(self.codes[at % count], bits)?;
            let prediction = match above {
                None if at < count => self.middle,
                None => row[at - count],
                Some(above) if at < count => above[at],
                Some(above) => predict(self.scan.first, row[at - count], above[at], above[at - count]),
            };
            row[at] = prediction.wrapping_add(difference);
        }
        Ok(())
    }
}

/// The next difference, as much of it as 16 bits hold.
#[inline(always)]
fn difference(codes: &Codes, bits: &mut Bits) -> Result<u16, Fault> {
    match codes.read(bits)? {
        size @ 0..16 => Ok(bits.signed(size.into()) as u16),
        16 => Ok(1 << 15),
        _ => Err(NO_CODE),
    }
}

/// From the sample on the left, that above, and that on the left of it (table H.1).
#[inline(always)]
fn predict(selection: usize, left: u16, above: u16, corner: u16) -> u16 {
    let (a, b, c) = (i32::from(left), i32::from(above), i32::from(corner));
    let prediction = match selection {
        1 => a,
        2 => b,
        3 => c,
        4 => a + b - c,
        5 => a + ((b - c) >> 1),
        6 => b + ((a - c) >> 1),
        _ => (a + b) >> 1,
    };
    prediction as u16
}
