//! Deflate in a zlib stream (TIFF compressions 8 and 32946, PNG), and without one (DICOM).
#![forbid(unsafe_code)]

use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::Decompressor;

use super::Fault;

/// What one chunk leaves for the next: the decompressor's tables.
#[derive(Default)]
pub struct Inflate {
    decompressor: Option<Decompressor>,
}

impl Inflate {
    /// Decodes `raw` into `out`, to its last byte.
    pub fn decode(&mut self, raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
        let decompressor = self.decompressor.get_or_insert_with(Decompressor::new);
        match decompressor.zlib_decompress(raw, out) {
            Ok(got) if got == out.len() => Ok(()),
            _ => decode_odd(raw, out),
        }
    }
}

/// Decodes the part of a stream without zlib's header (DICOM) that begins behind
/// `skip` bytes of its output.
#[cfg(feature = "dicom")]
pub fn part(raw: &[u8], skip: u64, out: &mut [u8]) -> Result<(), Fault> {
    let mut decoder = Decompress::new(false);
    let mut skipped = [0; 32 * 1024];
    loop {
        let (from, done) = (decoder.total_in() as usize, decoder.total_out());
        let room = match done.checked_sub(skip) {
            Some(to) => &mut out[to as usize..],
            None => &mut skipped[..(skip - done).min(32 * 1024) as usize],
        };
        if room.is_empty() {
            return Ok(());
        }
        let status = decoder.decompress(&raw[from..], room, FlushDecompress::None);
        let moved = (decoder.total_in() as usize, decoder.total_out()) != (from, done);
        let got = decoder.total_out().saturating_sub(skip) as usize;
        match status {
            Ok(_) if got == out.len() => return Ok(()),
            Ok(Status::Ok) if moved => {}
            Ok(_) => return Err(Fault::Short { got }),
            Err(_) => return Err(Fault::Broken("its deflate stream is damaged")),
        }
    }
}

/// libdeflate wants a whole stream and room for all of it. This takes a stream
/// that is longer than its pixels, as some writers fill up the last strip, and
/// tells one that is cut off from one that is damaged.
fn decode_odd(raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    let mut decoder = Decompress::new(true);
    loop {
        let (from, to) = (decoder.total_in() as usize, decoder.total_out() as usize);
        if to == out.len() {
            return Ok(());
        }
        match decoder.decompress(&raw[from..], &mut out[to..], FlushDecompress::None) {
            Ok(Status::Ok) if (decoder.total_in(), decoder.total_out()) != (from as u64, to as u64) => {}
            Ok(_) if decoder.total_out() == out.len() as u64 => {}
            Ok(_) => return Err(Fault::Short { got: decoder.total_out() as usize }),
            Err(_) => return Err(Fault::Broken("its deflate stream is damaged")),
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "dicom")]
    use std::io::Write;

    use super::*;

    /// A literal, then a match of three bytes at a distance of two: one byte lies in
    /// front of the output. Codes are the fixed ones of RFC 1951.
    const FAR: [u8; 4] = [0x73, 0x04, 0x42, 0x00];

    #[test]
    fn a_match_in_front_of_the_output_is_damage() {
        let stream = [&[0x78, 0x9C][..], &FAR, &[0, 0, 0, 0]].concat();
        assert!(matches!(Inflate::default().decode(&stream, &mut [0; 4]), Err(Fault::Broken(_))));
        #[cfg(feature = "dicom")]
        assert!(matches!(part(&FAR, 0, &mut [0; 4]), Err(Fault::Broken(_))));
    }

    #[cfg(feature = "dicom")]
    #[test]
    fn a_part_of_a_stream_is_that_of_its_output() {
        let plain: Vec<u8> = (0..200_000_u64).map(|i| ((i * i) >> 7) as u8).collect();
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&plain).unwrap();
        let raw = encoder.finish().unwrap();
        for (skip, length) in
            [(0, 200_000), (0, 0), (1, 5), (32_768, 70_000), (100_001, 99_999), (200_000, 0)]
        {
            let mut out = vec![0; length];
            assert_eq!(part(&raw, skip as u64, &mut out), Ok(()), "{skip} {length}");
            assert!(out == plain[skip..skip + length], "{skip} {length}");
        }
        assert_eq!(part(&raw, 199_999, &mut [0; 2]), Err(Fault::Short { got: 1 }));
        assert_eq!(part(&raw, 300_000, &mut [0; 2]), Err(Fault::Short { got: 0 }));
        assert_eq!(part(&raw[..raw.len() / 2], 199_990, &mut [0; 9]), Err(Fault::Short { got: 0 }));
        assert!(matches!(part(&[0xFF; 40], 0, &mut [0; 9]), Err(Fault::Broken(_))));
    }
}
