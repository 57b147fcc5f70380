//! PackBits (TIFF 6.0, section 9; compression 32773).
#![forbid(unsafe_code)]

use super::Fault;

/// Decodes `raw` into `out`, to its last byte.
pub fn decode(raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    let (mut from, mut to) = (0, 0);
    while to < out.len() {
        let short = Fault::Short { got: to };
        let &head = raw.get(from).ok_or(short)?;
        from += 1;
        let left = out.len() - to;
        match head {
            0..128 => {
                let count = usize::from(head) + 1;
                let literal = raw.get(from..from + count.min(left)).ok_or(short)?;
                out[to..to + literal.len()].copy_from_slice(literal);
                from += count;
                to += literal.len();
            }
            // No operation.
            128 => {}
            129.. => {
                let count = (257 - usize::from(head)).min(left);
                let &byte = raw.get(from).ok_or(short)?;
                out[to..to + count].fill(byte);
                from += 1;
                to += count;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of TIFF 6.0, section 9.
    const PACKED: [u8; 15] =
        [0xFE, 0xAA, 0x02, 0x80, 0x00, 0x2A, 0xFD, 0xAA, 0x03, 0x80, 0x00, 0x2A, 0x22, 0xF7, 0xAA];
    const PLAIN: [u8; 24] = [
        0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0xAA, 0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0x22, 0xAA, 0xAA, 0xAA,
        0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA,
    ];

    #[test]
    fn the_example_of_the_specification() {
        for len in 0..=PLAIN.len() {
            let mut out = vec![0; len];
            assert_eq!(decode(&PACKED, &mut out), Ok(()));
            assert_eq!(out, PLAIN[..len]);
        }
        assert_eq!(decode(&PACKED, &mut [0; 25]), Err(Fault::Short { got: 24 }));
    }

    #[test]
    fn a_cut_end_says_how_much_was_had() {
        assert_eq!(decode(&PACKED[..5], &mut [0; 24]), Err(Fault::Short { got: 3 }));
        assert_eq!(decode(&PACKED[..1], &mut [0; 24]), Err(Fault::Short { got: 0 }));
        assert_eq!(decode(&[128, 0, 7], &mut [0; 1]), Ok(()));
    }
}
