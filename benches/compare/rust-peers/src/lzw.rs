//! TIFF's LZW (most significant bit first, widths change one code early), for
//! speed on sound streams.
//!
//! An entry of the table holds the first eight bytes of its string, so that most
//! strings are written by one wide store. The rest of a longer one is copied from
//! where the output has it already: each string was written there when its entry
//! was made.

const CLEAR: usize = 256;
const END: usize = 257;
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
    pub fn decode(&mut self, padded: &[u8], out: &mut [u8]) -> Result<(), String> {
        let table = &mut *self.0;
        let bits = (padded.len() - SLACK) * 8;
        let (mut bit, mut width, mut next) = (0, 9, FIRST);
        let mut at = 0;
        // The last string; none after a clear.
        let mut last = Entry::default();
        while at < out.len() {
            if bit + width > bits {
                return Err("the stream is too short".to_owned());
            }
            let word = u64::from_be_bytes(padded[bit / 8..bit / 8 + 8].try_into().unwrap());
            let code = (word << (bit % 8) >> (64 - width)) as usize & (CODES - 1);
            bit += width;

            let entry = if code < next {
                if code == CLEAR {
                    (width, next, last) = (9, FIRST, Entry::default());
                    continue;
                }
                if code == END {
                    return Err("the stream ends early".to_owned());
                }
                table[code]
            } else {
                // The string that is only just being made: the last one and its own first byte.
                if code > next || last.len == 0 {
                    return Err("a code that is not in the table".to_owned());
                }
                Entry { bytes: appended(last, last.bytes), start: last.start, len: last.len + 1 }
            };
            if last.len > 0 && next < CODES {
                table[next] =
                    Entry { bytes: appended(last, entry.bytes), start: last.start, len: last.len + 1 };
                next += 1;
                // One code early.
                if next + 1 == 1 << width && width < 12 {
                    width += 1;
                }
            }
            last = Entry { start: at as u32, ..entry };
            at = write(out, at, entry);
        }
        Ok(())
    }
}

/// The first eight bytes of a string with the first of another behind it.
#[inline(always)]
fn appended(entry: Entry, other: u64) -> u64 {
    if entry.len < 8 { entry.bytes | (other & 0xff) << (8 * entry.len) } else { entry.bytes }
}

/// Writes a string, or what of it has room, and returns where it ends.
#[inline(always)]
fn write(out: &mut [u8], at: usize, entry: Entry) -> usize {
    let (start, len) = (entry.start as usize, entry.len as usize);
    if let Some(place) = out.get_mut(at..at + 8) {
        place.copy_from_slice(&entry.bytes.to_le_bytes());
        if len > 8 {
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
            return end;
        }
        return at + len;
    }
    let end = (at + len).min(out.len());
    for place in at..end {
        let index = place - at;
        out[place] = if index < 8 { entry.bytes.to_le_bytes()[index] } else { out[start + index] };
    }
    end
}
