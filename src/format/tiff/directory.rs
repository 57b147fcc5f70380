//! One directory of a TIFF: its entries, and their values when asked for (TIFF
//! 6.0, section 2; BigTIFF has the same with wider numbers).
//!
//! A folder of small slices is mostly directories, so this is a plain table of
//! entries of one size; the crates that parse TIFF make a map of typed values of
//! it, which takes longer than reading the pixels.
#![forbid(unsafe_code)]

use super::header::Header;
use crate::error::{Error, Result, Status};
use crate::format::errors;
use crate::format::view::View;

/// Stands for a link back to an earlier directory. As an offset 0 is never a
/// page: in the file it marks the end of the chain.
pub(super) const LOOP: u64 = 0;

/// More entries than any writer makes; libtiff refuses more as well.
const MOST_ENTRIES: u64 = 65_535;
/// Most values of one tag: offsets of 8 million strips.
const MOST_VALUES: u64 = 8 << 20;

/// A directory as it stands in the file.
pub struct Directory {
    header: Header,
    entries: Vec<u8>,
    /// Offset of the next directory, 0 = none.
    pub next: u64,
}

/// One entry: what its values are, and where.
struct Entry<'a> {
    tag: u16,
    kind: u16,
    count: u64,
    /// The values themselves where they fit, else their offset.
    value: &'a [u8],
}

impl Directory {
    /// Reads the directory at `offset`.
    pub fn read(view: &mut View, header: &Header, offset: u64) -> Result<Directory> {
        let what = "a directory of the TIFF";
        if offset == LOOP {
            return Err(errors::corrupt("the chain of TIFF directories runs in a circle here"));
        }
        let length = view.len();
        // Classic TIFF has offsets of 32 bits.
        let reach = if header.big_tiff { u64::MAX } else { u32::MAX.into() };
        if offset >= length {
            return Err(Error::new(
                Status::Truncated,
                format!(
                    "the file ends at byte {length}, before its TIFF directory, which should lie at byte {offset}"
                ),
            ));
        }
        if offset < header.len() || offset > reach {
            return Err(errors::corrupt(format!("a TIFF directory cannot lie at byte {offset}")));
        }
        let count_bytes = if header.big_tiff { 8 } else { 2 };
        let mut number = [0; 8];
        view.fill(what, offset, &mut number[..count_bytes])?;
        let count = if header.big_tiff { header.u64(&number) } else { header.u16(&number).into() };
        if count == 0 || count > MOST_ENTRIES {
            return Err(errors::corrupt(format!(
                "the TIFF directory at byte {offset} claims {count} entries"
            )));
        }
        let table = count as usize * entry_bytes(header);
        let start = offset + count_bytes as u64;
        // The last bytes of a file may be missing: where they would say that no
        // directory follows.
        let cut = start + table as u64 <= length && length < start + (table + header.word()) as u64;
        let mut entries = vec![0; if cut { table } else { table + header.word() }];
        view.fill(what, start, &mut entries)?;
        let next = if cut { 0 } else { header.number(&entries[table..]) };
        entries.truncate(table);
        Ok(Directory { header: *header, entries, next })
    }

    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let header = self.header;
        self.entries.chunks_exact(entry_bytes(&header)).map(move |entry| Entry {
            tag: header.u16(entry),
            kind: header.u16(&entry[2..]),
            count: header.number(&entry[4..]),
            value: &entry[4 + header.word()..],
        })
    }

    /// The entry of a tag that has values: where it is there twice, the first one, as
    /// other readers have it.
    fn entry(&self, tag: u16) -> Option<Entry<'_>> {
        self.entries().find(|entry| entry.tag == tag && entry.count > 0)
    }

    /// The file's numbers begin with their highest byte.
    pub fn big_endian(&self) -> bool {
        self.header.big_endian
    }

    /// Whether a tag is there and has values.
    pub fn contains(&self, tag: u16) -> bool {
        self.entry(tag).is_some()
    }

    /// The file's numbers begin with their highest byte.
    pub fn is_big_endian(&self) -> bool {
        self.header.big_endian
    }

    /// Marked as a thumbnail or mask.
    pub fn is_reduced(&self) -> bool {
        let value = |tag| {
            let entry = self.entry(tag)?;
            Some(if entry.kind == 3 {
                self.header.u16(entry.value).into()
            } else {
                self.header.u32(entry.value)
            })
        };
        // NewSubfileType: bit 0 is a thumbnail, bit 2 a mask. SubfileType of
        // before 1992: 2 is a thumbnail.
        value(254).is_some_and(|bits| bits & 0b101 != 0) || value(255) == Some(2)
    }

    /// The first value of a tag, as a whole number.
    pub fn number(&self, view: &mut View, tag: u16) -> Result<Option<u64>> {
        Ok(self.numbers_of(view, tag, 1)?.and_then(|numbers| numbers.first().copied()))
    }

    /// The first value of a tag that is a fraction or a float.
    pub fn rational(&self, view: &mut View, tag: u16) -> Result<Option<f64>> {
        let Some(entry) = self.entry(tag) else { return Ok(None) };
        let header = &self.header;
        // RATIONAL, FLOAT, DOUBLE
        let size = match entry.kind {
            5 | 12 => 8,
            11 => 4,
            _ => return Ok(None),
        };
        let bytes = self.values(view, &entry, size, size.saturating_mul(entry.count))?;
        Ok(Some(match entry.kind {
            5 => f64::from(header.u32(&bytes)) / f64::from(header.u32(&bytes[4..])),
            11 => f32::from_bits(header.u32(&bytes)).into(),
            _ => f64::from_bits(header.u64(&bytes)),
        }))
    }

    /// The first value of a tag whose absence is no fault; one that cannot be read is
    /// none, as libtiff has it.
    pub fn optional(&self, view: &mut View, tag: u16) -> Result<Option<u64>> {
        match self.number(view, tag) {
            Err(error) if error.os_error == 0 => Ok(None),
            found => found,
        }
    }

    /// All values of a tag, as whole numbers.
    pub fn numbers(&self, view: &mut View, tag: u16) -> Result<Option<Vec<u64>>> {
        self.numbers_of(view, tag, MOST_VALUES)
    }

    fn numbers_of(&self, view: &mut View, tag: u16, most: u64) -> Result<Option<Vec<u64>>> {
        let Some(entry) = self.entry(tag) else { return Ok(None) };
        let header = self.header;
        // BYTE, SHORT, LONG, IFD, LONG8, IFD8, and those with signs.
        let size = match entry.kind {
            1 | 6 => 1,
            3 | 8 => 2,
            4 | 9 | 13 => 4,
            16..=18 => 8,
            kind => {
                return Err(errors::corrupt(format!(
                    "TIFF tag {tag} has type {kind}, where whole numbers belong"
                )));
            }
        };
        if entry.count > MOST_VALUES {
            return Err(errors::limit(format!("TIFF tag {tag} claims {} values", entry.count)));
        }
        let bytes =
            self.values(view, &entry, entry.count.min(most) * size as u64, entry.count * size as u64)?;
        let values = bytes.chunks_exact(size);
        let negative = |value: &[u8]| value[if header.big_endian { 0 } else { size - 1 }] > 127;
        if matches!(entry.kind, 6 | 8 | 9 | 17) && values.clone().any(negative) {
            return Err(errors::corrupt(format!("TIFF tag {tag} has a negative value")));
        }
        Ok(Some(match size {
            1 => values.map(|v| v[0].into()).collect(),
            2 => values.map(|v| header.u16(v).into()).collect(),
            4 => values.map(|v| header.u32(v).into()).collect(),
            _ => values.map(|v| header.u64(v)).collect(),
        }))
    }

    /// All values of a tag of fractions, which may be whole, `None` where it is something else: who has
    /// no use for it does without.
    pub fn fractions(&self, view: &mut View, tag: u16) -> Result<Option<Vec<f32>>> {
        let Some(entry) = self.entry(tag).filter(|entry| entry.count < 64) else {
            return Ok(None);
        };
        if matches!(entry.kind, 3 | 4) {
            return Ok(self.numbers(view, tag)?.map(|all| all.iter().map(|&number| number as f32).collect()));
        }
        if entry.kind != 5 {
            return Ok(None);
        }
        let bytes = self.values(view, &entry, entry.count * 8, entry.count * 8)?;
        let fraction = |pair: &[u8]| self.header.u32(pair) as f32 / self.header.u32(&pair[4..]) as f32;
        Ok(Some(bytes.chunks_exact(8).map(fraction).collect()))
    }

    /// The values of a tag of bytes, `most` of them at the most.
    pub fn bytes(&self, view: &mut View, tag: u16, most: u64) -> Result<Option<Vec<u8>>> {
        let Some(entry) = self.entry(tag) else { return Ok(None) };
        // BYTE, ASCII, SBYTE, UNDEFINED
        if !matches!(entry.kind, 1 | 2 | 6 | 7) {
            return Err(errors::corrupt(format!(
                "TIFF tag {tag} has type {}, where bytes belong",
                entry.kind
            )));
        }
        self.values(view, &entry, entry.count.min(most), entry.count).map(Some)
    }

    /// The first `wanted` of `size` bytes of values.
    fn values(&self, view: &mut View, entry: &Entry, wanted: u64, size: u64) -> Result<Vec<u8>> {
        if size <= self.header.word() as u64 {
            return Ok(entry.value[..wanted as usize].to_vec());
        }
        let offset = self.header.number(entry.value);
        if wanted > view.len().saturating_sub(offset) {
            return Err(errors::truncated(&format!("TIFF tag {}", entry.tag)));
        }
        let mut bytes = vec![0; wanted as usize];
        view.fill("a TIFF tag", offset, &mut bytes)?;
        Ok(bytes)
    }
}

fn entry_bytes(header: &Header) -> usize {
    4 + 2 * header.word()
}
