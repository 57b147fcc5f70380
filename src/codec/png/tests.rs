//! The fast path against the `png` crate, and what it must refuse.
#![forbid(unsafe_code)]

use std::io::Cursor;

use libdeflater::{CompressionLvl, Compressor, Crc};
use png::{BitDepth, ColorType, Decoder, Encoder, Filter};

use super::*;

const GRAY: Layout = Layout { width: 23, height: 19, channels: 1, bits: 8, palette: false };

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut out = vec![0; compressor.zlib_compress_bound(bytes.len())];
    let length = compressor.zlib_compress(bytes, &mut out).unwrap();
    out.truncate(length);
    out
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let summed = [kind, data].concat();
    let mut sum = Crc::new();
    sum.update(&summed);
    [&(data.len() as u32).to_be_bytes(), summed.as_slice(), &sum.sum().to_be_bytes()].concat()
}

/// A PNG of these chunks behind the header.
fn file(layout: &Layout, chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &layout.header()), chunks.concat()].concat()
}

/// The stream in pieces of `size` bytes.
fn pieces(stream: &[u8], size: usize) -> Vec<u8> {
    stream.chunks(size).flat_map(|piece| chunk(b"IDAT", piece)).collect()
}

/// Smooth in one half, noise in the other.
fn pixels(bytes: usize) -> Vec<u8> {
    let noise = |i: u32| (i.wrapping_mul(2_654_435_761) >> 17) as u8;
    (0..bytes as u32).map(|i| if i % 512 < 256 { (i / 5) as u8 } else { noise(i) }).collect()
}

fn filtered(layout: &Layout) -> Vec<u8> {
    let row = layout.row().unwrap();
    let rows = pixels(row * layout.height as usize);
    rows.chunks_exact(row).enumerate().flat_map(|(y, row)| [&[y as u8 % 5], row].concat()).collect()
}

fn fast(raw: &[u8], layout: &Layout) -> Result<Vec<u8>, Fault> {
    let mut out = vec![0xA5; layout.filtered().unwrap() - layout.height as usize];
    decode(raw, layout, &mut Vec::new(), &mut out).map(|()| out)
}

fn by_the_crate(raw: &[u8], layout: &Layout) -> Vec<u8> {
    let mut reader = Decoder::new(Cursor::new(raw)).read_info().unwrap();
    let mut out = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut out).unwrap();
    if layout.bits == 16 {
        out.as_chunks_mut().0.iter_mut().for_each(|pair| *pair = u16::from_be_bytes(*pair).to_ne_bytes());
    }
    out
}

fn layouts(width: u32, height: u32) -> Vec<(Layout, ColorType, BitDepth)> {
    let mut layouts = Vec::new();
    for bits in [1, 2, 4, 8, 16] {
        for (color, channels) in [
            (ColorType::Grayscale, 1),
            (ColorType::Indexed, 1),
            (ColorType::GrayscaleAlpha, 2),
            (ColorType::Rgb, 3),
            (ColorType::Rgba, 4),
        ] {
            let palette = color == ColorType::Indexed;
            if (channels == 1 || bits >= 8) && !(palette && bits == 16) {
                let layout = Layout { width, height, channels, bits, palette };
                layouts.push((layout, color, BitDepth::from_u8(bits).unwrap()));
            }
        }
    }
    assert_eq!(layouts.len(), 15);
    layouts
}

/// Written by the crate's encoder.
fn written(layout: &Layout, color: ColorType, depth: BitDepth, filter: Filter) -> Vec<u8> {
    let mut raw = Vec::new();
    let mut encoder = Encoder::new(&mut raw, layout.width, layout.height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_filter(filter);
    if layout.palette {
        encoder.set_palette(vec![7; 3 << layout.bits]);
    }
    let data = pixels(layout.row().unwrap() * layout.height as usize);
    encoder.write_header().unwrap().write_image_data(&data).unwrap();
    raw
}

#[test]
fn equals_the_crate_for_every_kind_of_pixel_and_filter() {
    for (width, height) in [(1, 1), (1, 40), (131, 50)] {
        for (layout, color, depth) in layouts(width, height) {
            for filter in
                [Filter::NoFilter, Filter::Sub, Filter::Up, Filter::Avg, Filter::Paeth, Filter::Adaptive]
            {
                let raw = written(&layout, color, depth, filter);
                let expected = by_the_crate(&raw, &layout);
                assert!(fast(&raw, &layout) == Ok(expected), "{layout:?} {filter:?}");
            }
        }
    }
}

#[test]
fn a_stream_in_pieces_is_the_same_stream() {
    for (layout, ..) in layouts(131, 50) {
        let stream = deflated(&filtered(&layout));
        let palette = chunk(b"PLTE", &[9; 6]);
        let end = chunk(b"IEND", b"");
        let raw = |size| file(&layout, &[palette.clone(), pieces(&stream, size), end.clone()]);
        let expected = by_the_crate(&raw(usize::MAX), &layout);
        for size in [usize::MAX, 1000, 7, 1] {
            assert!(fast(&raw(size), &layout).as_ref() == Ok(&expected), "{layout:?} in pieces of {size}");
        }
    }
}

#[test]
fn pieces_longer_than_the_samples_are_joined_up_to_a_limit() {
    let sized = |height| Layout { width: 64, height, ..GRAY };
    let raw = |layout: &Layout| {
        let noise: Vec<u8> = (0..65 * layout.height)
            .map(|i| if i % 65 == 0 { 0 } else { (i.wrapping_mul(i) >> 7) as u8 })
            .collect();
        let mut compressor = Compressor::new(CompressionLvl::fastest());
        let mut stream = vec![0; compressor.zlib_compress_bound(noise.len())];
        let length = compressor.zlib_compress(&noise, &mut stream).unwrap();
        assert!(length > noise.len());
        file(layout, &[pieces(&stream[..length], 8192), chunk(b"IEND", b"")])
    };
    let (small, large) = (sized(900), sized(1100));
    let bytes = raw(&small);
    assert_eq!(fast(&bytes, &small).unwrap(), by_the_crate(&bytes, &small));
    assert!(fast(&raw(&large), &large).is_err());
}

#[test]
fn the_scratch_is_used_again_whatever_stood_in_it() {
    let mut scratch = vec![0x5A; 3];
    for (layout, color, depth) in layouts(131, 50).into_iter().chain(layouts(3, 2)) {
        let raw = written(&layout, color, depth, Filter::Adaptive);
        let expected = by_the_crate(&raw, &layout);
        let mut out = vec![0; expected.len()];
        decode(&raw, &layout, &mut scratch, &mut out).unwrap();
        assert!(out == expected, "{layout:?}");
        assert!(
            scratch.len() as u64
                <= layouts(131, 50).iter().map(|(all, ..)| all.scratch_bytes()).max().unwrap()
        );
    }
}

#[test]
fn what_matters_not_is_skipped() {
    let stream = pieces(&deflated(&filtered(&GRAY)), 100);
    let end = chunk(b"IEND", b"");
    let plain = file(&GRAY, &[stream.clone(), end.clone()]);
    let mut broken = chunk(b"tEXt", b"its checksum is wrong");
    broken[10] ^= 1;
    let junk = b"behind the end".to_vec();
    let more = file(
        &GRAY,
        &[
            chunk(b"gAMA", &[0; 4]),
            broken,
            stream,
            chunk(b"fdAT", &[0; 9]),
            chunk(b"tIME", &[0; 7]),
            end,
            junk,
        ],
    );
    assert_eq!(fast(&more, &GRAY).unwrap(), fast(&plain, &GRAY).unwrap());
}

#[test]
fn what_it_does_not_know_is_refused() {
    let stream = pieces(&deflated(&filtered(&GRAY)), 100);
    let end = chunk(b"IEND", b"");
    let palette = chunk(b"PLTE", &[1; 6]);
    let part = |range: std::ops::Range<usize>| {
        let all = deflated(&filtered(&GRAY));
        chunk(b"IDAT", &all[range.start..range.end.min(all.len())])
    };
    for (what, chunks) in [
        ("no chunk", vec![]),
        ("no rows", vec![end.clone()]),
        ("no end", vec![stream.clone()]),
        ("unknown in front", vec![chunk(b"CgBI", &[0; 4]), stream.clone(), end.clone()]),
        ("unknown behind", vec![stream.clone(), chunk(b"ABCD", b""), end.clone()]),
        ("two headers", vec![chunk(b"IHDR", &GRAY.header()), stream.clone(), end.clone()]),
        ("two palettes", vec![palette.clone(), palette.clone(), stream.clone(), end.clone()]),
        ("late palette", vec![stream.clone(), palette.clone(), end.clone()]),
        ("rows in two places", vec![part(0..50), chunk(b"tEXt", b""), part(50..999), end.clone()]),
        ("a frame", vec![chunk(b"fcTL", &[0; 26]), stream.clone(), end.clone()]),
    ] {
        assert!(fast(&file(&GRAY, &chunks), &GRAY).is_err(), "{what}");
    }
    let indexed = Layout { palette: true, ..GRAY };
    assert!(fast(&file(&indexed, &[palette, stream.clone(), end.clone()]), &indexed).is_ok());
    assert!(fast(&file(&indexed, &[stream.clone(), end.clone()]), &indexed).is_err());
    let mut header = GRAY.header();
    header[12] = 1;
    let interlaced = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), stream.clone(), end.clone()];
    assert!(fast(&interlaced.concat(), &GRAY).is_err());
    let raw = file(&GRAY, &[stream, end]);
    assert!(fast(&raw, &GRAY).is_ok());
    for other in [
        Layout { width: 24, ..GRAY },
        Layout { height: 20, ..GRAY },
        Layout { bits: 4, ..GRAY },
        Layout { channels: 3, ..GRAY },
        Layout { width: 0, ..GRAY },
        Layout { width: u32::MAX, channels: 4, bits: 16, ..GRAY },
        indexed,
    ] {
        let bytes = other.filtered().map_or(0, |bytes| bytes - other.height as usize);
        let mut out = vec![0; if bytes < 1 << 20 { bytes } else { 0 }];
        assert!(decode(&raw, &other, &mut Vec::new(), &mut out).is_err(), "{other:?}");
    }
    for bytes in [0, 23 * 19 - 1, 23 * 19 + 1] {
        assert!(decode(&raw, &GRAY, &mut Vec::new(), &mut vec![0; bytes]).is_err());
    }
}

#[test]
fn rows_that_are_too_few_too_many_or_broken_are_refused() {
    let rows = filtered(&GRAY);
    let raw = |stream: &[u8]| file(&GRAY, &[pieces(stream, 100), chunk(b"IEND", b"")]);
    let loaded = |stream: &[u8]| fast(&raw(stream), &GRAY);
    assert!(loaded(&deflated(&rows)).is_ok());
    assert_eq!(loaded(&deflated(&rows[..rows.len() - 1])), Err(Fault::Short { got: 0 }));
    assert!(loaded(&deflated(&[rows.as_slice(), &[0]].concat())).is_err());
    assert!(loaded(&deflated(&[])).is_err());
    assert!(loaded(&[]).is_err());
    let mut unknown = rows.clone();
    unknown[24 * 7] = 5;
    assert!(loaded(&deflated(&unknown)).is_err());
    // The sum of the samples, the last four bytes of the stream, is wrong.
    let mut stream = deflated(&rows);
    *stream.last_mut().unwrap() ^= 1;
    assert!(loaded(&stream).is_err());
}

#[test]
fn a_cut_file_is_refused() {
    for size in [usize::MAX, 30] {
        let raw = file(&GRAY, &[pieces(&deflated(&filtered(&GRAY)), size), chunk(b"IEND", b"")]);
        assert!(fast(&raw, &GRAY).is_ok());
        for length in 0..raw.len() {
            assert!(fast(&raw[..length], &GRAY).is_err(), "{length} of {}", raw.len());
        }
    }
}

#[test]
fn a_flipped_bit_is_refused_or_changes_nothing() {
    let text = chunk(b"tEXt", b"Comment\0words");
    for size in [usize::MAX, 30] {
        let raw =
            file(&GRAY, &[text.clone(), pieces(&deflated(&filtered(&GRAY)), size), chunk(b"IEND", b"")]);
        let whole = fast(&raw, &GRAY).unwrap();
        let mut accepted = 0;
        for bit in 0..raw.len() * 8 {
            let mut broken = raw.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            if let Ok(found) = fast(&broken, &GRAY) {
                assert_eq!(found, whole, "bit {bit}");
                accepted += 1;
            }
        }
        // Bits of the text, its checksum and, but for one, its name.
        assert!(accepted > 0 && accepted <= 8 * (text.len() - 4), "{accepted}");
    }
}
