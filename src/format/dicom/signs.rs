//! What a DICOM file begins with: the preamble of PS3.10, or at once its elements.
#![forbid(unsafe_code)]

/// The preamble's length; the letters "DICM" follow it.
pub(super) const PREAMBLE: usize = 128;
/// Values at the beginning of a data set are short.
const LONGEST_FIRST: usize = 1024;

/// Whether the first bytes of a file are those of a DICOM file; 132 tell for sure.
pub fn is_dicom(start: &[u8]) -> bool {
    start.get(PREAMBLE..PREAMBLE + 4) == Some(b"DICM") || start.starts_with(b"DICM\x02\0") || is_bare(start)
}

/// A data set, or the file's meta information, without a preamble: an element of
/// group 2 or 8 whose length makes sense, and behind it another one with a higher
/// number.
fn is_bare(start: &[u8]) -> bool {
    let big = start.first() == Some(&0);
    let Some((first, length)) = element(start, big) else { return false };
    if !matches!(first >> 16, 2 | 8) || first & 0xFFFF > 0x20 || length > LONGEST_FIRST {
        return false;
    }
    match start.get(length..).filter(|rest| rest.len() >= 12) {
        // Longer than what is looked at: its own numbers must do.
        None => start.len() >= PREAMBLE + 4,
        Some(rest) => {
            element(rest, big).is_some_and(|(second, _)| second > first && matches!(second >> 16, 2 | 4 | 8))
        }
    }
}

/// The number of the element at the beginning of `bytes`, and how long it is with
/// its header.
fn element(bytes: &[u8], big: bool) -> Option<(u32, usize)> {
    let u16_at = |at: usize| {
        let bytes = [*bytes.get(at)?, *bytes.get(at + 1)?];
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let u32_at = |at: usize| {
        let (first, second) = (u32::from(u16_at(at)?), u32::from(u16_at(at + 2)?));
        Some(if big { first << 16 | second } else { second << 16 | first })
    };
    let tag = u32::from(u16_at(0)?) << 16 | u32::from(u16_at(2)?);
    let (header, length) = match [*bytes.get(4)?, *bytes.get(5)?] {
        [b'O', b'B' | b'W'] | [b'S', b'Q'] | [b'U', b'N' | b'T'] => {
            (12, u32_at(8).filter(|_| u16_at(6) == Some(0))?)
        }
        letters if letters.iter().all(u8::is_ascii_uppercase) => (8, u32::from(u16_at(6)?)),
        // Without letters, the length has four bytes; big endian has them always.
        _ if big => return None,
        _ => (8, u32_at(4)?),
    };
    let whole = usize::try_from(length).ok()?.checked_add(header)?;
    length.is_multiple_of(2).then_some((tag, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preamble_or_elements_in_order_are_dicom_and_the_beginnings_of_others_are_not() {
        let preamble = [vec![0; 128], b"DICM".to_vec()].concat();
        assert!(is_dicom(&preamble));
        assert!(!is_dicom(&preamble[..131]));
        let meta = b"\x02\0\0\0UL\x04\0\x10\0\0\0\x02\0\x01\0OB\0\0\x02\0\0\0\0\x01";
        assert!(is_dicom(meta));
        let explicit = b"\x08\0\x05\0CS\x0a\0ISO_IR 100\x08\0\x08\0CS\x04\0ORIG";
        let big = b"\0\x08\0\x05CS\0\x0aISO_IR 100\0\x08\0\x08CS\0\x04ORIG";
        let implicit = b"\x08\0\x05\0\x0a\0\0\0ISO_IR 100\x08\0\x08\0\x04\0\0\0ORIG";
        let grouped = b"\x08\0\0\0\x04\0\0\0\x10\0\0\0\x08\0\x01\0\x04\0\0\0\0\0\0\0";
        for bytes in [&explicit[..], big, implicit, grouped] {
            assert!(is_dicom(bytes), "{bytes:02x?}");
            let mut backwards = bytes.to_vec();
            backwards[bytes.len() - 10] ^= 0x40;
            backwards[bytes.len() - 12] ^= 0x40;
            assert!(!is_dicom(&backwards), "{backwards:02x?}");
        }
        for other in [&[0; 132][..], &[8; 132], b"\x08\0\x08\0\x08\0\x08\0\x08\0\x08\0\x08\0", b"", b"DICM"] {
            assert!(!is_dicom(other), "{other:02x?}");
        }
    }
}
