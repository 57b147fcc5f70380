//! A JPEG inside a TIFF (TIFF technote 2).
#![forbid(unsafe_code)]

use super::page::TiffPage;
use crate::codec::jpeg::{self, Frame, Process};
use crate::error::Result;
use crate::format::errors::{self, corrupt, unsupported};
use crate::format::guard::guard;
use crate::format::{Chunk, Description, Photometric, Scratch, memory};
use crate::sample::SampleType;

/// Decodes one into `out`.
pub fn decode(
    page: &TiffPage,
    image: &Description,
    chunk: &Chunk,
    raw: &[u8],
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    if let Some(headers) = &page.old_jpeg {
        memory::join(&mut scratch.raw, &headers.of(chunk.decoded_height), raw, 0)?;
        return decode_joined(page, image, chunk, scratch, out);
    }
    // Tables come as a JPEG of their own: without its end they go between the
    // start marker and the rest of the chunk.
    let tables = page.jpeg_tables.as_deref().unwrap_or(&[]);
    let tables = tables.strip_suffix(&[0xFF, 0xD9]).unwrap_or(tables);
    let Some(rest) = raw.strip_prefix(&[0xFF, 0xD8]) else {
        return Err(corrupt("a chunk of the image is no JPEG"));
    };
    let head: &[u8] = if tables.len() > 2 { tables } else { &[0xFF, 0xD8] };
    memory::join(&mut scratch.raw, head, rest, 0)?;
    decode_joined(page, image, chunk, scratch, out)
}

/// Decodes the JPEG in `scratch.raw`, its tables in front.
fn decode_joined(
    page: &TiffPage,
    image: &Description,
    chunk: &Chunk,
    scratch: &mut Scratch,
    out: &mut [u8],
) -> Result<()> {
    let bytes = &scratch.raw;
    let mut frame = jpeg::frame(bytes)?;
    check_shape(page, chunk, &frame)?;
    check_samples(image, &frame)?;
    if page.to_rgb && frame.process == Process::Lossless {
        return Err(unsupported("YCbCr in a lossless JPEG"));
    }
    // The tags say which color it is, but for two that the JPEG itself may have.
    frame.ycbcr = page.to_rgb && page.reference.is_none();
    frame.repeated = page.old_jpeg.is_some();
    frame.ycck &= image.photometric == Photometric::Cmyk;
    let (width, height) = (u64::from(frame.width), u64::from(frame.height));
    memory::probe(jpeg::memory(width, height, frame.components.into(), frame.is_whole()))?;
    // The last JPEG may have fewer rows than a tile, or more than a strip.
    let samples = width as usize * height as usize * usize::from(frame.components);
    let bytes_of_sample = frame.sample_bytes();
    let failed = |fault| errors::from_fault("a chunk of the image", fault);
    let same = bytes_of_sample == image.sample.bytes();
    if same && samples * bytes_of_sample == out.len() {
        guard(|| jpeg::decode(bytes, &frame, out).map_err(failed))?;
        convert(page, &frame, out);
        return Ok(());
    }
    memory::resize(&mut scratch.packed, (samples * bytes_of_sample) as u64)?;
    let decoded = &mut scratch.packed[..];
    guard(|| jpeg::decode(bytes, &frame, decoded).map_err(failed))?;
    convert(page, &frame, decoded);
    let pixels = usize::from(frame.components);
    let (from, to) = match frame.process {
        Process::Lossless => (decoded.len(), out.len()),
        _ => (
            frame.width as usize * pixels * bytes_of_sample,
            chunk.decoded_width as usize * pixels * image.sample.bytes(),
        ),
    };
    for (line, row) in out.chunks_mut(to).zip(decoded.chunks(from)) {
        if same {
            let common = line.len().min(row.len());
            line[..common].copy_from_slice(&row[..common]);
        } else {
            for (place, &sample) in line.as_chunks_mut::<2>().0.iter_mut().zip(row) {
                *place = u16::from(sample).to_ne_bytes();
            }
        }
    }
    Ok(())
}

fn convert(page: &TiffPage, frame: &Frame, samples: &mut [u8]) {
    match &page.reference {
        Some(reference) => reference.to_rgb(samples),
        None => jpeg::convert(frame, samples),
    }
}

/// Checks that the JPEG's samples fill the chunk's rows.
fn check_shape(page: &TiffPage, chunk: &Chunk, frame: &Frame) -> Result<()> {
    let (width, height) = (u64::from(chunk.decoded_width), u64::from(frame.height));
    let row = u64::from(frame.width) * u64::from(frame.components);
    // Raw files of cameras split a row of one component into columns of several,
    // or two rows lie side by side: only the order of the samples counts.
    let (wanted, rows) = (width * u64::from(chunk.channels), u64::from(chunk.decoded_height));
    if frame.process == Process::Lossless && row * height == wanted * rows {
        return Ok(());
    }
    let same_row = match frame.process {
        Process::Lossless => row == wanted,
        _ => (u64::from(chunk.width)..=width).contains(&frame.width.into()),
    };
    let most = if page.old_jpeg.is_some() { u64::MAX } else { page.cell_height };
    if !same_row || !(u64::from(chunk.height)..=most).contains(&height) {
        return Err(corrupt(format!(
            "a chunk holds a JPEG of {} x {} pixels where {width} x {} belong",
            frame.width, frame.height, chunk.height
        )));
    }
    if frame.process != Process::Lossless && u32::from(frame.components) != chunk.channels {
        return Err(corrupt(format!(
            "a chunk holds a JPEG of {} components where {} belong",
            frame.components, chunk.channels
        )));
    }
    Ok(())
}

/// Checks that the JPEG's samples are those that the tags promise.
fn check_samples(image: &Description, frame: &Frame) -> Result<()> {
    let (bits, stored) = (u32::from(frame.bits), image.bits_stored);
    // What is lossless may have fewer bits: the numbers are the same.
    let fits = bits == stored
        || frame.process == Process::Lossless
            && bits < stored
            && matches!(image.sample, SampleType::U8 | SampleType::U16);
    if !fits {
        return Err(unsupported(format!("a JPEG of {bits} bits in a TIFF of {stored}")));
    }
    Ok(())
}
