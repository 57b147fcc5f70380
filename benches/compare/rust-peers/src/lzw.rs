//! TIFF's LZW (most significant bit first, widths change one code early), for
//! speed on sound streams.
//!
//! An entry of the table holds the first eight bytes of its string, so that most
//! strings are written by one wide store. The rest of a longer one is copied from
//! where the output has it already: each string was written there when its entry
//! was made. Codes are taken in runs of one width.

const CLEAR: usize = 256;
const FIRST: usize = 258;
const CODES: usize = 4096;

/// What may be read beyond the end of a stream.
pub const SLACK: usize = 8;

#[derive(Clone, Copy, Default)]
struct Entry {
    /// The first eight bytes, the first of them lowest.
    bytes: u64,
    /// Where the output has it.
    start: u32,
    len: u32,
}

pub struct Decoder(Box<[Entry; CODES]>);

impl Default for Decoder {
    fn default() -> Self {
        let mut table = Box::new([Entry::default(); CODES]);
        for byte in 0..256 {
            table[byte] = Entry { bytes: byte as u64, start: 0, len: 1 };
        }
        Self(table)
    }
}

impl Decoder {
    /// Fills `out` from a stream that [`SLACK`] bytes of anything follow.
    pub fn decode(&mut self, padded: &[u8], out: &mut [u8]) -> Result<(), &'static str> {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("bmi2") {
            // SAFETY: the processor has it.
            return unsafe { decode_bmi2(&mut self.0, padded, out) };
        }
        decode(&mut self.0, padded, out)
    }
}

/// The same with shifts that take any register for their distance.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "bmi2")]
fn decode_bmi2(table: &mut [Entry; CODES], padded: &[u8], out: &mut [u8]) -> Result<(), &'static str> {
    decode(table, padded, out)
}

#[inline(always)]
fn decode(table: &mut [Entry; CODES], padded: &[u8], out: &mut [u8]) -> Result<(), &'static str> {
    let (mut bit, mut at) = (0, 0);
    // From clear to clear.
    'clear: while at < out.len() {
        let first = code(padded, bit, 9).ok_or("the stream is too short")?;
        bit += 9;
        if first == CLEAR {
            continue;
        }
        if first > CLEAR {
            return Err("not a byte after a clear");
        }
        let mut last = Entry { start: at as u32, ..table[first] };
        at = write(out, at, last);
        let mut next = FIRST;
        for width in 9..=12 {
            let end = if width < 12 { (1 << width) - 1 } else { CODES };
            while next < end {
                if at >= out.len() {
                    return Ok(());
                }
                let code = code(padded, bit, width).ok_or("the stream is too short")?;
                bit += width;
                let entry = if code < next {
                    table[code]
                } else if code == next {
                    // The string that is only just being made: the last one and its own first byte.
                    Entry { bytes: appended(last, last.bytes), ..last.longer() }
                } else {
                    return Err("a code that is not in the table");
                };
                // Clear and end have no string.
                if entry.len == 0 {
                    if code == CLEAR {
                        continue 'clear;
                    }
                    return Err("the stream ends early");
                }
                table[next] = Entry { bytes: appended(last, entry.bytes), ..last.longer() };
                next += 1;
                last = Entry { start: at as u32, ..entry };
                at = write(out, at, entry);
            }
        }
        return Err("no clear when the table is full");
    }
    Ok(())
}

impl Entry {
    #[inline(always)]
    fn longer(self) -> Self {
        Self { len: self.len + 1, ..self }
    }
}

#[inline(always)]
fn code(padded: &[u8], bit: usize, width: usize) -> Option<usize> {
    let word = u64::from_be_bytes(*padded.get(bit / 8..)?.first_chunk()?);
    Some((word << (bit % 8) >> (64 - width)) as usize & (CODES - 1))
}

/// The first eight bytes of a string with the first of another behind it.
#[inline(always)]
fn appended(entry: Entry, other: u64) -> u64 {
    if entry.len < 8 { entry.bytes | (other & 0xff) << (8 * entry.len) } else { entry.bytes }
}

/// Writes a string, or what of it has room, and returns where it ends.
#[inline(always)]
fn write(out: &mut [u8], at: usize, entry: Entry) -> usize {
    let len = entry.len as usize;
    if let Some(place) = out.get_mut(at..at + 8) {
        place.copy_from_slice(&entry.bytes.to_le_bytes());
        if len > 8 {
            return write_long(out, at, entry);
        }
        return at + len;
    }
    write_last(out, at, entry)
}

#[inline(always)]
fn write_long(out: &mut [u8], at: usize, entry: Entry) -> usize {
    let (start, len) = (entry.start as usize, entry.len as usize);
    // By eights, each read after the one before was written. The string may
    // reach one byte into its own copy, which by then is there.
    let end = (at + len).min(out.len());
    let mut done = 8;
    while at + done + 8 <= out.len() && at + done < end {
        out.copy_within(start + done..start + done + 8, at + done);
        done += 8;
    }
    for place in at + done..end {
        out[place] = out[place - at + start];
    }
    end
}

#[cold]
#[inline(never)]
fn write_last(out: &mut [u8], at: usize, entry: Entry) -> usize {
    let end = (at + entry.len as usize).min(out.len());
    for place in at..end {
        let index = place - at;
        out[place] =
            if index < 8 { entry.bytes.to_le_bytes()[index] } else { out[entry.start as usize + index] };
    }
    end
}
