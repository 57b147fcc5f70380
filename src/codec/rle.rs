//! RLE Lossless of DICOM (PS3.5, Annex G): each byte of a sample is an image of
//! its own, packed as PackBits, the highest byte first.
#![forbid(unsafe_code)]

use super::{Fault, packbits};

/// The number of segments, and room for the places of fifteen.
const HEADER: usize = 64;
const MOST_SEGMENTS: usize = 15;

/// Decodes the frame `raw` into packed pixels of `channels` samples of
/// `sample_bytes`, in the machine's own byte order. `plane` is room for one byte
/// of each sample.
pub fn decode(
    raw: &[u8],
    channels: usize,
    sample_bytes: usize,
    plane: &mut [u8],
    out: &mut [u8],
) -> Result<(), Fault> {
    let header = raw.get(..HEADER).ok_or(Fault::Short { got: 0 })?;
    let number = |index: usize| {
        let at = index * 4;
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]) as usize
    };
    let segments = channels * sample_bytes;
    if number(0) != segments || segments > MOST_SEGMENTS {
        return Err(Fault::Broken("its number of RLE segments is not that of the bytes of a pixel"));
    }
    for segment in 0..segments {
        let from = number(1 + segment);
        let to = if segment + 1 < segments { number(2 + segment) } else { raw.len() };
        if from < HEADER || to < from {
            return Err(Fault::Broken("its RLE segments are out of order"));
        }
        // The last segments of a frame that is cut off.
        let packed = raw.get(from..to.min(raw.len())).ok_or(Fault::Short { got: 0 })?;
        packbits::decode(packed, plane)?;
        let (channel, byte) = (segment / sample_bytes, segment % sample_bytes);
        let byte = if cfg!(target_endian = "big") { byte } else { sample_bytes - 1 - byte };
        let first = channel * sample_bytes + byte;
        for (pixel, &byte) in out.chunks_exact_mut(segments).zip(plane.iter()) {
            pixel[first] = byte;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of these segments.
    fn frame(segments: &[&[u8]]) -> Vec<u8> {
        let mut bytes = (segments.len() as u32).to_le_bytes().to_vec();
        let mut at = HEADER as u32;
        for segment in segments {
            bytes.extend(at.to_le_bytes());
            at += segment.len() as u32;
        }
        bytes.resize(HEADER, 0);
        segments.iter().for_each(|segment| bytes.extend(*segment));
        bytes
    }

    #[test]
    fn the_highest_byte_comes_first_and_channels_are_apart() {
        // Three pixels of two samples of 16 bits.
        let raw = frame(&[&[254, 1], &[2, 10, 11, 12, 0], &[254, 2], &[128, 254, 20]]);
        let mut out = [0; 12];
        decode(&raw, 2, 2, &mut [0; 3], &mut out).unwrap();
        let found: Vec<u16> = out.chunks(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect();
        assert_eq!(found, [0x10A, 0x214, 0x10B, 0x214, 0x10C, 0x214]);
    }

    #[test]
    fn what_is_cut_or_contradicts_itself_is_a_fault() {
        let raw = frame(&[&[2, 1, 2, 3]]);
        let run = |raw: &[u8]| decode(raw, 1, 1, &mut [0; 3], &mut [0; 3]);
        assert_eq!(run(&raw), Ok(()));
        for cut in 0..raw.len() {
            assert!(matches!(run(&raw[..cut]), Err(Fault::Short { .. })), "{cut}");
        }
        assert!(matches!(run(&frame(&[&[0, 1], &[0, 1]])), Err(Fault::Broken(_))));
        let mut backwards = raw.clone();
        backwards[4] = 3;
        assert!(matches!(run(&backwards), Err(Fault::Broken(_))));
        backwards[4..8].fill(0xFF);
        assert!(run(&backwards).is_err());
    }
}
