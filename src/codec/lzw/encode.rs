//! An encoder for the tests, which makes streams that no good encoder would.
#![forbid(unsafe_code)]

use std::collections::HashMap;

/// What a stream is like.
#[derive(Clone, Debug)]
pub struct Style {
    /// Of before TIFF 6.0.
    pub old: bool,
    /// Begins with a clear.
    pub clear: bool,
    /// Ends with an end code.
    pub end: bool,
    /// Strings in the table before it is cleared; more than fit: never.
    pub strings: usize,
}

/// As libtiff writes.
pub const USUAL: Style = Style { old: false, clear: true, end: true, strings: 4094 - 258 };

/// Codes on their way into bytes.
struct Writer {
    old: bool,
    bytes: Vec<u8>,
    bits: usize,
    /// Codes of strings since the last clear.
    codes: usize,
}

impl Writer {
    fn put(&mut self, code: usize) {
        // The reader's table lags by one string.
        let next = 258 + self.codes.saturating_sub(1).min(4096 - 258);
        let width = (9..12).find(|width| next + usize::from(!self.old) < 1 << width).unwrap_or(12);
        for index in 0..width {
            let place = self.bits % 8;
            if place == 0 {
                self.bytes.push(0);
            }
            let (from, to) = match self.old {
                true => (index, place),
                false => (width - 1 - index, 7 - place),
            };
            *self.bytes.last_mut().unwrap() |= ((code >> from & 1) as u8) << to;
            self.bits += 1;
        }
        self.codes = if code == 256 { 0 } else { self.codes + 1 };
    }
}

/// Encodes `data` in `style`.
pub fn encode(data: &[u8], style: &Style) -> Vec<u8> {
    let mut writer = Writer { old: style.old, bytes: Vec::new(), bits: 0, codes: 0 };
    if style.clear {
        writer.put(256);
    }
    // A string is a shorter one's code and a byte.
    let mut table: HashMap<(usize, u8), usize> = HashMap::new();
    let mut string = None;
    for &byte in data {
        let Some(known) = string else {
            string = Some(usize::from(byte));
            continue;
        };
        if let Some(&longer) = table.get(&(known, byte)) {
            string = Some(longer);
            continue;
        }
        writer.put(known);
        if table.len() < 4096 - 258 {
            table.insert((known, byte), 258 + table.len());
        }
        if table.len() >= style.strings {
            writer.put(256);
            table.clear();
        }
        string = Some(usize::from(byte));
    }
    if let Some(known) = string {
        writer.put(known);
    }
    if style.end {
        writer.put(257);
    }
    writer.bytes
}
