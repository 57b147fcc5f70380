//! Five bytes of choices and a payload -> a PNG whose checksums are right.
//!
//! The bytes are width, height, bit depth, color type, and flags: bit 0 interlaced,
//! bit 1 that the payload is the filtered rows rather than their deflate stream,
//! bit 2 that there is a palette of 256 colors, bit 3 that the stream is cut in two
//! chunks. `scripts/fuzz-seeds` writes the same.

/// `None` where `data` has no room for the choices.
pub fn wrap(data: &[u8]) -> Option<Vec<u8>> {
    let (choices, payload) = data.split_at_checked(5)?;
    let flag = |bit: u8| choices[4] & bit != 0;
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(u32::from(choices[0]).to_be_bytes());
    header.extend(u32::from(choices[1]).to_be_bytes());
    header.extend([choices[2], choices[3], 0, 0, u8::from(flag(1))]);
    chunk(&mut file, b"IHDR", &header);
    if flag(4) {
        chunk(&mut file, b"PLTE", &[0x5A; 768]);
    }
    let stream = if flag(2) { stored(payload) } else { payload.to_vec() };
    let cut = if flag(8) { stream.len() / 2 } else { stream.len() };
    chunk(&mut file, b"IDAT", &stream[..cut]);
    if cut < stream.len() {
        chunk(&mut file, b"IDAT", &stream[cut..]);
    }
    chunk(&mut file, b"IEND", &[]);
    Some(file)
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], bytes: &[u8]) {
    file.extend((bytes.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(name);
    file.extend(bytes);
    let sum = crc(&file[start..]);
    file.extend(sum.to_be_bytes());
}

/// A zlib stream of stored blocks.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(0xFFFF).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler(bytes).to_be_bytes());
    stream
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

fn adler(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1, 0), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65521;
        (low, (high + low) % 65521)
    });
    high << 16 | low
}
