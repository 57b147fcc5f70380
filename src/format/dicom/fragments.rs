//! Coded frames: fragments that follow each other as items of a sequence (PS3.5,
//! A.4), and the tables that say which of them begin a frame.
#![forbid(unsafe_code)]

use std::io::{Seek, SeekFrom};

use dicom_core::header::SequenceItemHeader;
use dicom_encoding::decode::Decode;
use dicom_encoding::decode::explicit_le::ExplicitVRLittleEndianDecoder;

use super::elements::{Elements, Pixels};
use crate::error::{Error, Result, Status};
use crate::format::errors::{corrupt, limit, truncated};
use crate::format::view::View;
use crate::format::{Limits, memory};

/// Bytes of an item's header.
pub(super) const HEADER: u64 = 8;
/// More fragments than this are no picture.
const MOST: u64 = 1 << 20;
/// Where the end marker of a JPEG is looked for: fill bytes may follow it.
const TAIL: u64 = 10;

/// One coded frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The header of its first fragment.
    pub at: u64,
    /// Behind its last one.
    pub end: u64,
    pub fragments: u64,
}

/// The item whose header is at `at`: bytes of its value; `None` is the end.
fn item(view: &mut View, at: u64) -> Result<Option<u64>> {
    view.seek(SeekFrom::Start(at)).map_err(|error| Error::io("read a fragment", &error))?;
    let header = ExplicitVRLittleEndianDecoder::default().decode_item_header(view);
    if let Some(failure) = view.take_failure() {
        return Err(failure);
    }
    match header {
        Ok(SequenceItemHeader::Item { len }) => {
            let length =
                len.get().ok_or_else(|| corrupt("a fragment of the DICOM's pixels has no length"))?;
            Ok(Some(length.into()))
        }
        Ok(SequenceItemHeader::SequenceDelimiter) => Ok(None),
        Ok(SequenceItemHeader::ItemDelimiter) => Err(corrupt("an end stands among the DICOM's fragments")),
        Err(_) if at.saturating_add(HEADER) > view.len() => Err(truncated("its image")),
        Err(_) => Err(corrupt("something that is no fragment stands among those of the DICOM's pixels")),
    }
}

/// All frames of coded pixels; `count` are promised.
pub fn frames(
    view: &mut View,
    elements: &Elements,
    pixels: &Pixels,
    count: u64,
    limits: &Limits,
) -> Result<Vec<Frame>> {
    let table = item(view, pixels.at)?.ok_or_else(|| corrupt("the DICOM's pixels have no fragments"))?;
    let first = pixels.at + HEADER + table;
    if let Some(frames) = extended(view, elements, first, limits)? {
        return Ok(frames);
    }
    let offsets = numbers::<4>(view, pixels.at + HEADER, table, limits)?;
    let fragments = fragments(view, first)?;
    let ends = if offsets.is_empty() {
        ends(view, &fragments, count)?
    } else {
        // A frame begins with the first fragment at its offset or behind.
        let begins =
            |frame: &u64| fragments.partition_point(|fragment| fragment.at < first.saturating_add(*frame));
        offsets.iter().skip(1).map(begins).chain([fragments.len()]).collect()
    };
    let mut frames = Vec::with_capacity(ends.len());
    let mut from = 0;
    for to in ends {
        let own = fragments.get(from..to).unwrap_or_default();
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            return Err(corrupt(
                "the DICOM's table of offsets is out of order, or has a frame without fragments",
            ));
        };
        frames.push(Frame { at: first.at, end: last.end, fragments: (to - from) as u64 });
        from = to;
    }
    Ok(frames)
}

/// The frame whose first fragment is at `at`.
pub fn frame(view: &mut View, at: u64, fragments: u64) -> Result<Frame> {
    let mut end = at;
    for _ in 0..fragments.min(MOST) {
        let length = item(view, end)?.ok_or_else(|| corrupt("the DICOM's fragments changed"))?;
        end = end.saturating_add(HEADER + length);
    }
    Ok(Frame { at, end, fragments })
}

/// The frames that an Extended Offset Table names: one fragment each.
fn extended(view: &mut View, elements: &Elements, first: u64, limits: &Limits) -> Result<Option<Vec<Frame>>> {
    let (Some(offsets), Some(lengths)) = (&elements.offsets, &elements.lengths) else {
        return Ok(None);
    };
    let offsets = numbers::<8>(view, offsets.start, offsets.end - offsets.start, limits)?;
    let lengths = numbers::<8>(view, lengths.start, lengths.end - lengths.start, limits)?;
    // As pydicom does with tables that do not fit each other.
    if offsets.is_empty() || offsets.len() != lengths.len() {
        return Ok(None);
    }
    let frame = |(&offset, &length): (&u64, &u64)| {
        let at = first.saturating_add(offset);
        let end = at.saturating_add(HEADER).saturating_add(length).saturating_add(length % 2);
        Frame { at, end, fragments: 1 }
    };
    Ok(Some(offsets.iter().zip(&lengths).map(frame).collect()))
}

/// A table of numbers of `N` bytes.
fn numbers<const N: usize>(view: &mut View, at: u64, bytes: u64, limits: &Limits) -> Result<Vec<u64>> {
    if bytes / N as u64 > limits.pages {
        return Err(limit(format!("the file holds more than {} frames, the limit", limits.pages)));
    }
    if at.saturating_add(bytes) > view.len() {
        return Err(truncated("its table of frames"));
    }
    let mut table = Vec::new();
    memory::resize(&mut table, bytes)?;
    view.fill("its table of frames", at, &mut table)?;
    let number = |bytes: &[u8; N]| bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte));
    Ok(table.as_chunks::<N>().0.iter().map(number).collect())
}

/// One fragment with its header.
#[derive(Clone, Copy)]
struct Fragment {
    at: u64,
    end: u64,
}

/// All fragments. The last one may be cut off by the end of the file, and the end
/// of the sequence be missing.
fn fragments(view: &mut View, first: u64) -> Result<Vec<Fragment>> {
    let mut found = Vec::new();
    let mut at = first;
    while at < view.len() {
        let Some(length) = item(view, at)? else { break };
        if found.len() as u64 == MOST {
            return Err(limit(format!("the DICOM's pixels are in more than {MOST} fragments")));
        }
        let end = at + HEADER + length;
        found.push(Fragment { at, end });
        at = end;
    }
    match found.is_empty() {
        true if first >= view.len() => Err(truncated("its image")),
        true => Err(corrupt("the DICOM's pixels have no fragments")),
        false => Ok(found),
    }
}

/// Without a table: how many fragments there are up to the end of each frame.
fn ends(view: &mut View, fragments: &[Fragment], count: u64) -> Result<Vec<usize>> {
    let all = fragments.len();
    if count == 1 {
        return Ok(vec![all]);
    }
    match count.cmp(&(all as u64)) {
        std::cmp::Ordering::Equal => Ok((1..=all).collect()),
        std::cmp::Ordering::Greater => Err(Error::new(
            Status::Truncated,
            format!("the DICOM has {all} fragments for its {count} frames"),
        )),
        std::cmp::Ordering::Less => {
            let mut ends = Vec::new();
            for (index, fragment) in fragments.iter().enumerate() {
                if has_end_marker(view, fragment)? {
                    ends.push(index + 1);
                }
            }
            if ends.len() as u64 == count && ends.last() == Some(&all) {
                return Ok(ends);
            }
            Err(corrupt(format!(
                "no table says which of the DICOM's {all} fragments make its {count} frames"
            )))
        }
    }
}

/// Whether a fragment ends as a JPEG, JPEG-LS or JPEG 2000 does.
fn has_end_marker(view: &mut View, fragment: &Fragment) -> Result<bool> {
    let from = (fragment.at + HEADER).max(fragment.end.saturating_sub(TAIL));
    let mut tail = [0; TAIL as usize];
    let tail = &mut tail[..(fragment.end - from) as usize];
    view.fill("its image", from, tail)?;
    Ok(tail.windows(2).any(|pair| pair == [0xFF, 0xD9]))
}

/// The coded bytes of the frame `raw`, without the headers of its fragments.
pub fn payload<'a>(raw: &'a [u8], joined: &'a mut Vec<u8>) -> Result<&'a [u8]> {
    let (first, mut rest) = split(raw)?;
    if rest.is_empty() {
        return Ok(first);
    }
    memory::resize(joined, raw.len() as u64)?;
    joined.clear();
    joined.extend_from_slice(first);
    while !rest.is_empty() {
        let (fragment, next) = split(rest)?;
        joined.extend_from_slice(fragment);
        rest = next;
    }
    Ok(joined)
}

/// The first fragment, and what follows.
fn split(raw: &[u8]) -> Result<(&[u8], &[u8])> {
    let Some(([0xFE, 0xFF, 0x00, 0xE0, length @ ..], rest)) = raw.split_first_chunk::<8>() else {
        return Err(if raw.len() < 8 {
            truncated("its image")
        } else {
            corrupt("no fragment begins where one should")
        });
    };
    let length = u32::from_le_bytes(*length) as usize;
    rest.split_at_checked(length).ok_or_else(|| truncated("its image"))
}
