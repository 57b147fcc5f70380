//! The oracle of the tests: the same, bit by bit and byte by byte.
#![forbid(unsafe_code)]

use crate::codec::Fault;

/// Bits of `raw`, of old streams the lowest of each byte first.
fn code(raw: &[u8], old: bool, bit: usize, width: usize) -> Option<usize> {
    let mut code = 0;
    for index in 0..width {
        let byte = raw.get((bit + index) / 8)?;
        let place = (bit + index) % 8;
        match old {
            true => code |= usize::from(byte >> place & 1) << index,
            false => code = code << 1 | usize::from(byte >> (7 - place) & 1),
        }
    }
    Some(code)
}

/// Fills `out` from `raw`.
pub fn decode(raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    let old = raw.len() > 1 && raw[0] == 0 && raw[1] % 2 == 1;
    let mut table: Vec<Vec<u8>> = (0..258).map(|code| vec![code as u8]).collect();
    let mut last = Vec::new();
    let (mut bit, mut got) = (0, 0);
    while got < out.len() {
        // What new streams call early is one code sooner than what old ones do.
        let width = match table.len() + usize::from(!old) {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        let code = code(raw, old, bit, width).ok_or(Fault::Short { got })?;
        bit += width;
        if code == 257 {
            return Err(Fault::Short { got });
        }
        if code == 256 {
            table.truncate(258);
            last.clear();
            continue;
        }
        let string = match table.get(code) {
            Some(string) => string.clone(),
            None if code == table.len() && !last.is_empty() => [&last[..], &last[..1]].concat(),
            None => return Err(Fault::Broken("an LZW code that is not in the table yet")),
        };
        if table.len() < 4096 && !last.is_empty() {
            last.push(string[0]);
            table.push(last);
        }
        for byte in string.iter().take(out.len() - got) {
            out[got] = *byte;
            got += 1;
        }
        last = string;
    }
    Ok(())
}
