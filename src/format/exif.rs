//! The orientation in an Exif segment, which is a small TIFF.
#![forbid(unsafe_code)]

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// Orientation 1 to 8, if there is one.
pub fn orientation(exif: &[u8]) -> Option<u32> {
    let big_endian = match exif.get(..4)? {
        [b'I', b'I', 42, 0] => false,
        [b'M', b'M', 0, 42] => true,
        _ => return None,
    };
    let number = |at: usize, width: usize| {
        let bytes = exif.get(at..at.checked_add(width)?)?;
        let append = |number: usize, &byte: &u8| number << 8 | usize::from(byte);
        Some(if big_endian { bytes.iter().fold(0, append) } else { bytes.iter().rev().fold(0, append) })
    };
    let directory = number(4, 4)?;
    for index in 0..number(directory, 2)? {
        let entry = directory.saturating_add(2 + index * 12);
        if number(entry, 2)? == usize::from(ORIENTATION) {
            let value = number(entry.saturating_add(8), 2)?;
            let valid = number(entry.saturating_add(2), 2)? == usize::from(SHORT) && (1..=8).contains(&value);
            return valid.then_some(value as u32);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_byte_orders_and_nonsense() {
        let little = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let big = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(6));
        assert_eq!(orientation(big), Some(8));
        for cut in 0..little.len() - 6 {
            assert_eq!(orientation(&little[..cut]), None, "{cut}");
        }
        assert_eq!(orientation(b"MM\0\x2a\xff\xff\xff\xff"), None);
    }
}
