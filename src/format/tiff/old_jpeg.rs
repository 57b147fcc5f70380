//! JPEG as TIFF 6.0 had it (section 22, compression 6), which every program read in
//! another way.
//!
//! Either a JPEG lies somewhere in the file (JPEGInterchangeFormat), with its scan
//! or with its headers only, or there are but tables of codes and steps, each with
//! an offset of its own. Strips hold the bytes of scans, each one as if it followed
//! a restart. As libtiff does, headers are put in front of each.
#![forbid(unsafe_code)]

use super::directory::Directory;
use super::support::compression;
use super::tags::Tags;
use crate::codec::jpeg;
use crate::error::{Result, Status};
use crate::format::errors::{corrupt, truncated, unsupported};
use crate::format::view::View;
use crate::format::{Chunk, Description};

const PROCESS: u16 = 512;
const STREAM: u16 = 513;
const STREAM_BYTES: u16 = 514;
const RESTART: u16 = 515;
const STEPS: u16 = 519;
const DC_CODES: u16 = 520;
const AC_CODES: u16 = 521;

/// More than the headers of any JPEG take.
const MOST_HEADERS: u64 = 1 << 20;

/// The headers of a JPEG, up to where its scan begins.
pub struct Headers {
    bytes: Vec<u8>,
    /// Where they say the height.
    height: usize,
    /// The scan holds the whole image, however many rows the headers say.
    alone: bool,
}

impl Headers {
    /// Those for a scan of so many rows.
    pub fn of(&self, rows: u32) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        if let (false, Ok(rows)) = (self.alone, u16::try_from(rows)) {
            bytes[self.height..self.height + 2].copy_from_slice(&rows.to_be_bytes());
        }
        bytes
    }

    /// How many bytes they are.
    pub fn len(&self) -> u64 {
        self.bytes.len() as u64
    }
}

/// Fills in what writers left out, as libtiff does.
pub fn amend(tags: &mut Tags, has_samples: bool, has_bits: bool) {
    if tags.compression != compression::OLD_JPEG {
        return;
    }
    // It is never RGB, whatever the tag says.
    if matches!(tags.photometric, None | Some(2)) {
        tags.photometric = Some(6);
    }
    if !has_samples {
        tags.samples = if tags.photometric == Some(6) { 3 } else { 1 };
    }
    if !has_bits {
        tags.bits = vec![8];
    }
}

/// Reads the headers, and says anew where the scans of `chunks` lie.
pub fn read(
    view: &mut View,
    directory: &Directory,
    tags: &Tags,
    image: &Description,
    chunks: &mut [Chunk],
) -> Result<Headers> {
    let process = directory.number(view, PROCESS)?.unwrap_or(1);
    let stream = directory.number(view, STREAM)?.filter(|&offset| offset > 0);
    let first = chunks.first().map_or(0, |chunk| chunk.bytes.start);
    let mut stream = match stream {
        Some(offset) if starts_jpeg(view, offset)? => Some(offset),
        _ => None,
    };
    if stream.is_none() && chunks.len() == 1 && starts_jpeg(view, first)? {
        stream = Some(first);
    }
    let Some(offset) = stream else {
        if process != 1 {
            return Err(unsupported(format!("old-style JPEG of process {process}")));
        }
        return of_tables(view, directory, tags, image, chunks);
    };
    let stated = directory.number(view, STREAM_BYTES)?.unwrap_or(0);
    // Headers of a JPEG, and the strips behind them.
    if stated > 0 && first >= offset.saturating_add(stated) {
        return of_headers(view, (offset, stated), chunks);
    }
    match chunks {
        [only] => of_stream(view, (offset, stated), only),
        _ => Err(unsupported("old-style JPEG whose strips lie in its headers")),
    }
}

fn starts_jpeg(view: &mut View, offset: u64) -> Result<bool> {
    let mut start = [0; 2];
    if offset.saturating_add(2) > view.len() {
        return Ok(false);
    }
    view.fill("a JPEG", offset, &mut start)?;
    Ok(start == [0xFF, 0xD8])
}

/// From a JPEG that lies at `offset` with the one scan that there is.
fn of_stream(view: &mut View, (offset, stated): (u64, u64), chunk: &mut Chunk) -> Result<Headers> {
    let room = view.len().saturating_sub(offset).min(MOST_HEADERS);
    let bytes = headers(room, |bytes| view.fill("the JPEG of the directory", offset, bytes))?;
    let scan = offset + bytes.len() as u64;
    // The strip is the JPEG, or its scan, or begins somewhere in its headers; where
    // both lengths make no sense, it goes on to the end of the file.
    let end = chunk.bytes.end.max(offset.saturating_add(stated)).min(view.len());
    chunk.bytes = scan..if end > scan { end } else { view.len() };
    Ok(Headers { height: height_at(&bytes)?, bytes, alone: true })
}

/// From the first bytes of a JPEG; what its headers lack stands in front of the
/// scan of the first strip.
fn of_headers(view: &mut View, (offset, stated): (u64, u64), chunks: &mut [Chunk]) -> Result<Headers> {
    let Some(first) = chunks.first_mut() else {
        return Err(corrupt("an old-style JPEG of no strips"));
    };
    let stated = stated.min(MOST_HEADERS);
    let strip = first.bytes.clone();
    let room = stated + (strip.end.min(view.len()).saturating_sub(strip.start)).min(MOST_HEADERS);
    let bytes = headers(room, |bytes| {
        let (head, rest) = bytes.split_at_mut(bytes.len().min(stated as usize));
        view.fill("the headers of a JPEG", offset, head)?;
        view.fill("the first strip", strip.start, rest)
    })?;
    first.bytes.start += (bytes.len() as u64).saturating_sub(stated);
    Ok(Headers { height: height_at(&bytes)?, bytes, alone: chunks.len() == 1 })
}

/// As many of the bytes that `fill` gives, `room` at the most, as there are in front
/// of the first scan.
fn headers(room: u64, mut fill: impl FnMut(&mut [u8]) -> Result<()>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut wanted = 4096;
    let frame = loop {
        bytes.resize(room.min(wanted) as usize, 0);
        fill(&mut bytes)?;
        match jpeg::frame(&bytes) {
            Err(error) if error.status == Status::Truncated && wanted < room => wanted *= 8,
            found => break found?,
        }
    };
    let length = bytes.get(frame.scan..).and_then(|rest| rest.first_chunk());
    let length = length.ok_or_else(|| truncated("its JPEG"))?;
    bytes.truncate(frame.scan + usize::from(u16::from_be_bytes(*length)));
    Ok(bytes)
}

/// Where the frame header says the height.
fn height_at(bytes: &[u8]) -> Result<usize> {
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        match marker {
            0xFF => at += 1,
            0xC0..=0xC3 | 0xC9 | 0xCA => return Ok(at + 5),
            0x01 | 0xD0..=0xD7 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    Err(corrupt("an old-style JPEG without a frame"))
}

/// From tables that lie about in the file.
fn of_tables(
    view: &mut View,
    directory: &Directory,
    tags: &Tags,
    image: &Description,
    chunks: &[Chunk],
) -> Result<Headers> {
    let components = image.channels as usize;
    if tags.planar || !matches!(components, 1 | 3) {
        return Err(unsupported(format!("old-style JPEG of {components} samples per pixel in tables")));
    }
    let mut offsets = |tag: u16| -> Result<Vec<u64>> {
        let all = directory.numbers(view, tag)?.unwrap_or_default();
        match all.get(..components) {
            Some(offsets) => Ok(offsets.to_vec()),
            None => Err(corrupt(format!("old-style JPEG with {} tables in tag {tag}", all.len()))),
        }
    };
    let (steps, dc, ac) = (offsets(STEPS)?, offsets(DC_CODES)?, offsets(AC_CODES)?);
    let mut bytes = vec![0xFF, 0xD8];
    for (id, &offset) in (0..).zip(&steps) {
        let mut table = [id; 65];
        view.fill("a table of steps", offset, &mut table[1..])?;
        put_segment(&mut bytes, 0xDB, &table);
    }
    for (id, offset) in (0..).zip(dc).chain((0x10..).zip(ac)) {
        let mut table = vec![id; 17];
        view.fill("a table of codes", offset, &mut table[1..])?;
        let symbols = table[1..].iter().map(|&count| usize::from(count)).sum::<usize>();
        table.resize(17 + symbols, 0);
        view.fill("a table of codes", offset.saturating_add(16), &mut table[17..])?;
        put_segment(&mut bytes, 0xC4, &table);
    }
    let restart = directory.number(view, RESTART)?.unwrap_or(0);
    put_segment(&mut bytes, 0xDD, &(restart as u16).to_be_bytes());
    let width = u16::try_from(chunks.first().map_or(0, |chunk| chunk.decoded_width));
    let width = width.map_err(|_| corrupt("an old-style JPEG wider than any JPEG"))?;
    let mut frame = vec![8, 0, 0];
    frame.extend(width.to_be_bytes());
    frame.push(components as u8);
    let sampling = match tags.subsampling[..] {
        [across @ (1 | 2 | 4), down @ (1 | 2 | 4)] => (across << 4 | down) as u8,
        _ => return Err(corrupt(format!("old-style JPEG subsampled by {:?}", tags.subsampling))),
    };
    for id in 0..components as u8 {
        frame.extend([id, if id == 0 && components > 1 { sampling } else { 0x11 }, id]);
    }
    let height = bytes.len() + 5;
    put_segment(&mut bytes, 0xC0, &frame);
    let mut scan = vec![components as u8];
    scan.extend((0..components as u8).flat_map(|id| [id, id << 4 | id]));
    scan.extend([0, 63, 0]);
    put_segment(&mut bytes, 0xDA, &scan);
    Ok(Headers { bytes, height, alone: false })
}

fn put_segment(bytes: &mut Vec<u8>, marker: u8, content: &[u8]) {
    bytes.extend([0xFF, marker]);
    bytes.extend((content.len() as u16 + 2).to_be_bytes());
    bytes.extend(content);
}
