//! A little-endian TIFF written tag by tag.

/// Tags (number, value) and the strip of a page.
pub type Page = (Vec<(u16, u32)>, Vec<u8>);

/// Pages of 8-bit grey, unless their tags say otherwise.
pub fn tiff(pages: &[Page]) -> Vec<u8> {
    let mut file = b"II\x2a\0\0\0\0\0".to_vec();
    let mut link = 4;
    for (tags, strip) in pages {
        let offset = file.len() as u32;
        file.extend(strip);
        file.resize(file.len().next_multiple_of(2), 0);
        let directory = file.len() as u32;
        file[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        let mut all: Vec<(u16, u32)> = vec![(258, 8), (262, 1), (273, offset), (279, strip.len() as u32)];
        for &(tag, value) in tags {
            all.retain(|(other, _)| *other != tag);
            all.push((tag, value));
        }
        all.sort();
        file.extend((all.len() as u16).to_le_bytes());
        for (tag, value) in all {
            file.extend(tag.to_le_bytes());
            file.extend(4_u16.to_le_bytes());
            file.extend(1_u32.to_le_bytes());
            file.extend(value.to_le_bytes());
        }
        link = file.len();
        file.extend([0; 4]);
    }
    file
}

/// Width and height.
pub fn size(width: u32, height: u32) -> Vec<(u16, u32)> {
    vec![(256, width), (257, height)]
}
