//! The floor: what this machine can do at best with files of this kind.
//!
//! Where everything lies is known beforehand. Two threads take one item after the
//! other: open, one positioned read, close; decode with the fastest codec there
//! is; undo the predictor while the samples are in cache. There is no check of
//! the headers, no progress, no report.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::dest::Dest;
use crate::{lzw, png, predict};

const THREADS: usize = 2;
/// Bytes are swapped in pieces of this size, which stay in the second-level cache.
const PIECE: usize = 256 << 10;

/// A range of a file that is read at once.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Item {
    file: u64,
    offset: u64,
    bytes: u64,
    /// Where uncompressed samples go.
    dest: u64,
    first_chunk: u64,
    chunks: u64,
}

/// A strip or tile inside an item.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Chunk {
    /// From the start of the item.
    offset: u64,
    bytes: u64,
    dest: u64,
    rows: u64,
    row_bytes: u64,
    /// From row to row in the destination.
    stride: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Codec {
    Raw,
    Swapped,
    Lzw,
    Deflate,
    Zstd,
    /// Rows from the bottom to the top.
    Flipped,
    /// The item is what one PNG holds in its IDAT chunks, headers in between.
    Png,
    /// The same by another decoder, which is the faster on some streams.
    PngByFdeflate,
}

const CODECS: [Codec; 8] = [
    Codec::Raw,
    Codec::Swapped,
    Codec::Lzw,
    Codec::Deflate,
    Codec::Zstd,
    Codec::Flipped,
    Codec::Png,
    Codec::PngByFdeflate,
];

pub struct Plan {
    paths: Vec<PathBuf>,
    items: Vec<Item>,
    chunks: Vec<Chunk>,
    codec: Codec,
    predictor: u32,
    sample_bytes: usize,
}

/// What a thread keeps from item to item.
#[derive(Default)]
struct Scratch {
    read: Vec<u8>,
    decoded: Vec<u8>,
    summed: Vec<u8>,
    lzw: lzw::Decoder,
    deflate: Deflate,
    zstd: Option<zstd_safe::DCtx<'static>>,
}

impl Plan {
    pub fn new(
        paths: Vec<PathBuf>,
        items: &[Item],
        chunks: &[Chunk],
        codec: u32,
        predictor: u32,
        sample_bytes: u32,
    ) -> Self {
        let codec = CODECS[codec as usize];
        Self {
            paths,
            items: items.to_vec(),
            chunks: chunks.to_vec(),
            codec,
            predictor,
            sample_bytes: sample_bytes as usize,
        }
    }

    pub fn load(&self, dest: &Dest) -> Result<(), String> {
        // One file is opened once; of many, each for its own item.
        let shared = if let [path] = &self.paths[..] { Some(open(path)?) } else { None };
        let next = AtomicUsize::new(0);
        let work = || {
            let mut scratch = Scratch::default();
            while let Some(item) = self.items.get(next.fetch_add(1, Ordering::Relaxed)) {
                match &shared {
                    Some(file) => self.item(file, item, dest, &mut scratch)?,
                    None => self.item(&open(&self.paths[item.file as usize])?, item, dest, &mut scratch)?,
                }
            }
            Ok(())
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..THREADS).map(|_| scope.spawn(work)).collect();
            let own = work();
            others.into_iter().fold(own, |all, other| all.and(other.join().expect("the floor panicked")))
        })
    }

    fn item(&self, file: &File, item: &Item, dest: &Dest, scratch: &mut Scratch) -> Result<(), String> {
        let (offset, bytes, start) = (item.offset, item.bytes as usize, item.dest as usize);
        match self.codec {
            Codec::Raw => {
                // SAFETY: each item has its own part of the destination.
                let part = unsafe { dest.part(start, bytes) };
                file.read_exact_at(part, offset).map_err(said)
            }
            Codec::Swapped => {
                for first in (0..bytes).step_by(PIECE) {
                    // SAFETY: each item has its own part of the destination.
                    let piece = unsafe { dest.part(start + first, PIECE.min(bytes - first)) };
                    file.read_exact_at(piece, offset + first as u64).map_err(said)?;
                    predict::swap_u16(piece);
                }
                Ok(())
            }
            _ => {
                let Scratch { read, .. } = scratch;
                if read.len() < bytes + lzw::SLACK {
                    read.resize(bytes + lzw::SLACK, 0);
                }
                file.read_exact_at(&mut read[..bytes], offset).map_err(said)?;
                let chunks = &self.chunks[item.first_chunk as usize..][..item.chunks as usize];
                chunks.iter().try_for_each(|chunk| self.chunk(chunk, dest, scratch))
            }
        }
    }

    fn chunk(&self, chunk: &Chunk, dest: &Dest, scratch: &mut Scratch) -> Result<(), String> {
        let [offset, bytes, start, rows, row_bytes, stride] =
            [chunk.offset, chunk.bytes, chunk.dest, chunk.rows, chunk.row_bytes, chunk.stride]
                .map(|it| it as usize);
        let Scratch { read, decoded, summed, lzw, deflate, zstd } = scratch;
        let padded = &mut read[offset..offset + bytes + lzw::SLACK];
        // SAFETY: each row of each chunk has its own part of the destination.
        let row = |index: usize| unsafe { dest.part(start + index * stride, row_bytes) };
        match self.codec {
            Codec::Flipped => {
                for (index, from) in padded[..bytes].chunks_exact(row_bytes).enumerate() {
                    row(rows - 1 - index).copy_from_slice(from);
                }
                return Ok(());
            }
            Codec::Png | Codec::PngByFdeflate => {
                decoded.resize(rows * (row_bytes + 1), 0);
                let stream = png::joined(&mut padded[..bytes]);
                match self.codec {
                    Codec::Png => deflate.zlib(stream, decoded)?,
                    _ => fdeflate(stream, decoded)?,
                }
                // SAFETY: each PNG has its own part of the destination.
                let image = unsafe { dest.part(start, rows * row_bytes) };
                png::unfilter_u16(decoded, image, row_bytes);
                return Ok(());
            }
            _ => {}
        }
        // Rows that follow each other are decoded into place, others by way of the scratch.
        let in_place = stride == row_bytes;
        let out = if in_place {
            // SAFETY: each chunk has its own part of the destination.
            unsafe { dest.part(start, rows * row_bytes) }
        } else {
            decoded.resize(rows * row_bytes, 0);
            &mut decoded[..]
        };
        match self.codec {
            Codec::Lzw => lzw.decode(padded, out)?,
            Codec::Deflate => deflate.zlib(&padded[..bytes], out)?,
            _ => {
                let context = zstd.get_or_insert_with(zstd_safe::DCtx::create);
                context
                    .decompress(out, &padded[..bytes])
                    .map_err(|code| zstd_safe::get_error_name(code).to_owned())?;
            }
        }
        match (self.predictor, self.sample_bytes) {
            (2, 2) => out.chunks_exact_mut(row_bytes).for_each(predict::sum_u16),
            (3, 4) => out.chunks_exact_mut(row_bytes).for_each(|row| predict::floats(row, summed)),
            (0 | 1, _) => {}
            other => return Err(format!("the floor has no predictor {other:?}")),
        }
        if !in_place {
            out.chunks_exact(row_bytes)
                .enumerate()
                .for_each(|(index, from)| row(index).copy_from_slice(from));
        }
        Ok(())
    }
}

fn open(path: &PathBuf) -> Result<File, String> {
    File::open(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn said(error: std::io::Error) -> String {
    error.to_string()
}

fn fdeflate(mut stored: &[u8], out: &mut [u8]) -> Result<(), String> {
    let (mut decoder, mut at) = (fdeflate::Decompressor::new(), 0);
    while !decoder.is_done() {
        let (taken, given) = decoder.read(stored, out, at, true).map_err(|error| format!("{error:?}"))?;
        if taken == 0 && given == 0 {
            return Err("fdeflate has more than is expected".to_owned());
        }
        (stored, at) = (&stored[taken..], at + given);
    }
    if at == out.len() { Ok(()) } else { Err("fdeflate has less than is expected".to_owned()) }
}

struct Deflate(*mut libdeflate_sys::libdeflate_decompressor);

impl Default for Deflate {
    fn default() -> Self {
        // SAFETY: no preconditions; NULL is refused below.
        let handle = unsafe { libdeflate_sys::libdeflate_alloc_decompressor() };
        assert!(!handle.is_null(), "no memory");
        Self(handle)
    }
}

impl Drop for Deflate {
    fn drop(&mut self) {
        // SAFETY: it came from libdeflate_alloc_decompressor, and goes only here.
        unsafe { libdeflate_sys::libdeflate_free_decompressor(self.0) }
    }
}

impl Deflate {
    fn zlib(&mut self, stored: &[u8], out: &mut [u8]) -> Result<(), String> {
        // SAFETY: both slices are as long as is said; NULL asks for exactly `out.len()` bytes.
        let result = unsafe {
            libdeflate_sys::libdeflate_zlib_decompress(
                self.0,
                stored.as_ptr().cast(),
                stored.len(),
                out.as_mut_ptr().cast(),
                out.len(),
                std::ptr::null_mut(),
            )
        };
        if result == 0 { Ok(()) } else { Err(format!("libdeflate says {result}")) }
    }
}
