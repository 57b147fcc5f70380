//! The frame header of a JPEG (ITU T.81, B.2.2), and whether its end is there.
#![forbid(unsafe_code)]

/// What a frame header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub width: u32,
    pub height: u32,
    pub components: u32,
    pub precision: u32,
    /// The start-of-frame marker, 0xc0 to 0xcf: the coding process.
    pub process: u8,
    /// Transform flag of the Adobe marker, if there is one.
    pub adobe_transform: Option<u8>,
}

/// Walks the markers of a JPEG up to its first scan; `None` when the frame
/// header is not among them.
pub(crate) fn frame(jpeg: &[u8]) -> Option<Frame> {
    let mut frame: Option<Frame> = None;
    let mut adobe = None;
    let mut rest = jpeg.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let marker = match rest {
            // Fill bytes may stand before any marker.
            [0xff, 0xff, ..] => {
                rest = &rest[1..];
                continue;
            }
            [0xff, marker, ..] => *marker,
            _ => break,
        };
        let Some(length) = rest.get(2..4).map(|l| usize::from(u16::from_be_bytes([l[0], l[1]]))) else {
            break;
        };
        let Some(body) = rest.get(4..2 + length) else { break };
        match (marker, body) {
            (0xc0..=0xcf, &[precision, h1, h2, w1, w2, components, ..])
                if !matches!(marker, 0xc4 | 0xc8 | 0xcc) =>
            {
                frame = Some(Frame {
                    width: u16::from_be_bytes([w1, w2]).into(),
                    height: u16::from_be_bytes([h1, h2]).into(),
                    components: components.into(),
                    precision: precision.into(),
                    process: marker,
                    adobe_transform: None,
                });
            }
            (0xee, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => {
                adobe = Some(*transform)
            }
            (0xda, _) => break,
            _ => {}
        }
        rest = &rest[2 + length..];
    }
    frame.map(|frame| Frame { adobe_transform: adobe, ..frame })
}

/// Whether a JPEG has its end marker. Entropy-coded data never holds these two
/// bytes, so one near the end of the data is the real one.
pub(crate) fn has_end(jpeg: &[u8]) -> bool {
    let tail = &jpeg[jpeg.len().saturating_sub(64 << 10)..];
    tail.windows(2).any(|pair| pair == [0xff, 0xd9])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_is_found_behind_other_segments() {
        let mut jpeg = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xee, 0, 14];
        jpeg.extend(b"Adobe\0\x64\0\0\0\0\x01");
        jpeg.extend([0xff, 0xc2, 0, 17, 8, 0, 5, 1, 0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        let found = frame(&jpeg).unwrap();
        assert_eq!((found.width, found.height, found.components), (256, 5, 3));
        assert_eq!((found.process, found.adobe_transform), (0xc2, Some(1)));
        assert!(!has_end(&jpeg));
        jpeg.extend([0xff, 0xd9]);
        assert!(has_end(&jpeg));
        assert_eq!(frame(&jpeg[..6]), None);
    }
}
