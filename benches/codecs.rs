//! How many MB of output a second each codec gives on one core, beside its peers.
//!
//! `cargo bench --bench codecs`, or with part of a row's name behind `--`. All
//! decoders of a row take turns, and the best and the middle of their rounds are
//! printed, in brackets times the first one. To add a codec, add its rows.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use fax::decoder::{DecodeStatus, Group4Decoder, pels};
use fax::{Color, VecWriter};
use zstack::bench_support::fax as own_fax;
use zstack::bench_support::lzw;

const ROUNDS: usize = 41;
/// Width and height of the images.
const SIZE: usize = 1024;
/// Width and height of faxes.
const PAGE: usize = 4000;

/// Fills the second from the first.
type Decode = Box<dyn FnMut(&[u8], &mut [u8])>;

/// Data that is decoded, and by whom.
struct Row {
    name: String,
    /// Encoded, and what comes out.
    chunks: Vec<(Vec<u8>, Vec<u8>)>,
    decoders: Vec<(&'static str, Decode)>,
}

fn main() {
    // Cargo adds `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|text| !text.starts_with("--")).collect();
    for mut row in lzw_rows().into_iter().chain(fax_rows()) {
        if wanted.is_empty() || wanted.iter().any(|part| row.name.contains(part.as_str())) {
            measure(&mut row);
        }
    }
}

fn lzw_rows() -> Vec<Row> {
    let mut noise = Noise(1);
    let images = [
        ("u16, noise, predictor 2", 2, differences(&noise.image(20_000.0, 30.0))),
        ("u8, noise", 1, bytes(&noise.image(128.0, 6.0))),
        ("u8, little noise", 1, bytes(&noise.image(128.0, 0.7))),
        ("u8, flat", 1, (0..SIZE * SIZE).map(|at| (at % SIZE / 50 + at / SIZE / 50) as u8).collect()),
    ];
    let mut rows = Vec::new();
    for (name, sample, image) in images {
        for lines in [SIZE, 8] {
            let encoded = |strip: &[u8]| {
                let order = weezl::BitOrder::Msb;
                weezl::encode::Encoder::with_tiff_size_switch(order, 8).encode(strip).expect("encodes")
            };
            let strips = image.chunks(lines * SIZE * sample);
            let mut decoder = lzw::Decoder::new();
            rows.push(Row {
                name: format!("LZW {name}, strips of {lines} rows"),
                chunks: strips.map(|strip| (encoded(strip), strip.to_vec())).collect(),
                decoders: vec![
                    ("zstack", Box::new(move |raw, out| decoder.decode(raw, out).expect("decodes"))),
                    ("weezl", Box::new(weezl)),
                ],
            });
        }
    }
    rows
}

fn weezl(mut raw: &[u8], mut out: &mut [u8]) {
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    while !out.is_empty() {
        let done = decoder.decode_bytes(raw, out);
        done.status.expect("decodes");
        raw = &raw[done.consumed_in..];
        out = &mut out[done.consumed_out..];
    }
}

fn fax_rows() -> Vec<Row> {
    let mut noise = Noise(1);
    // Text: cells of 24 x 40 pixels, each with four strokes, on half of the lines.
    let slants: Vec<f64> = (0..PAGE * PAGE / 100).map(|_| noise.next()).collect();
    let text = |x: usize, y: usize| {
        let (cell, line) = (x / 24, y / 40);
        let (x, y) = ((x % 24) as f64, (y % 40) as f64);
        let stroke = |index: usize| {
            let at = 12.0
                + 5.0 * slants[(line * 167 + cell) * 4 + index]
                + (y - 20.0) * slants[cell + index] / 3.0;
            (x - at).abs() < 2.0
        };
        line % 2 == 0 && cell % 7 < 6 && y < 30.0 && (0..4).any(stroke)
    };
    let mut dirty = Vec::new();
    dirty.extend((0..PAGE * PAGE).map(|at| text(at % PAGE, at / PAGE) ^ (noise.next() > 3.0)));
    let pages: [(&str, Vec<bool>); 3] = [
        ("text", (0..PAGE * PAGE).map(|at| text(at % PAGE, at / PAGE)).collect()),
        ("text with dirt", dirty),
        ("screen of dots", (0..PAGE * PAGE).map(|at| at % PAGE % 8 * (at / PAGE % 8) > 12).collect()),
    ];
    let row = |(name, page): (&str, Vec<bool>)| Row {
        name: format!("G4 {name}"),
        chunks: vec![(group_4(&page), page.chunks(8).map(eight).collect())],
        decoders: vec![
            (
                "zstack",
                Box::new(|raw, out| own_fax::decode(raw, own_fax::Coding::G4, PAGE, out).expect("decodes")),
            ),
            ("fax", Box::new(fax_crate)),
        ],
    };
    pages.into_iter().map(row).collect()
}

fn eight(pixels: &[bool]) -> u8 {
    pixels.iter().fold(0, |byte, &black| byte << 1 | u8::from(black))
}

fn group_4(page: &[bool]) -> Vec<u8> {
    let mut encoder = fax::encoder::Encoder::new(VecWriter::new());
    for row in page.chunks(PAGE) {
        let pixels = row.iter().map(|&black| if black { Color::Black } else { Color::White });
        let Ok(()) = encoder.encode_line(pixels, PAGE as u16);
    }
    let Ok(writer) = encoder.finish();
    writer.finish()
}

fn fax_crate(raw: &[u8], out: &mut [u8]) {
    let bytes = raw.iter().map(|&byte| Ok::<u8, Infallible>(byte));
    let mut decoder = Group4Decoder::new(bytes, PAGE as u16).expect("begins");
    for row in out.chunks_exact_mut(PAGE / 8) {
        assert_eq!(decoder.advance().expect("decodes"), DecodeStatus::Incomplete);
        row.fill(0);
        for (x, color) in pels(decoder.transition(), PAGE as u16).enumerate() {
            if color == Color::Black {
                row[x / 8] |= 0x80 >> (x % 8);
            }
        }
    }
}

fn measure(row: &mut Row) {
    let mut out = vec![0; row.chunks.iter().map(|(_, plain)| plain.len()).max().unwrap_or(0)];
    let raw: usize = row.chunks.iter().map(|(raw, _)| raw.len()).sum();
    let total: usize = row.chunks.iter().map(|(_, plain)| plain.len()).sum();
    println!("{}, compressed {:.2} times", row.name, total as f64 / raw as f64);
    for (name, decode) in &mut row.decoders {
        for (raw, plain) in &row.chunks {
            let out = &mut out[..plain.len()];
            decode(raw, out);
            assert!(out == plain, "{name} decodes wrongly");
        }
    }
    let mut times = vec![Vec::new(); row.decoders.len()];
    for _ in 0..ROUNDS {
        for ((_, decode), times) in row.decoders.iter_mut().zip(&mut times) {
            let start = Instant::now();
            for (raw, plain) in &row.chunks {
                decode(raw, &mut out[..plain.len()]);
            }
            times.push(start.elapsed());
        }
    }
    times.iter_mut().for_each(|times| times.sort());
    let rate = |time: Duration| total as f64 / time.as_secs_f64() / 1e6;
    for ((name, _), times_of) in row.decoders.iter().zip(&times) {
        let [best, middle] = [0, ROUNDS / 2].map(|at| (rate(times_of[at]), rate(times[0][at])));
        println!(
            "  {name:10} best {:6.0} ({:.2})   middle {:6.0} ({:.2})",
            best.0,
            best.0 / best.1,
            middle.0,
            middle.0 / middle.1
        );
    }
}

/// A source of noise that is the same each time.
struct Noise(u64);

impl Noise {
    /// About normal, of deviation 1: the sum of twelve even ones.
    fn next(&mut self) -> f64 {
        let mut even = || {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 40) as f64 / (1 << 24) as f64
        };
        (0..12).map(|_| even()).sum::<f64>() - 6.0
    }

    /// A slice as of a scan: something smooth, and noise.
    fn image(&mut self, level: f64, deviation: f64) -> Vec<u16> {
        let smooth = |at: usize| {
            let (x, y) = ((at % SIZE) as f64, (at / SIZE) as f64);
            level + level / 3.0 * (x / 170.0).sin() * (y / 140.0).cos()
        };
        (0..SIZE * SIZE).map(|at| (smooth(at) + deviation * self.next()) as u16).collect()
    }
}

/// Each sample less the one before it in its row, low bytes first.
fn differences(image: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in image.chunks(SIZE) {
        let before = std::iter::once(&0).chain(row);
        bytes.extend(
            row.iter().zip(before).flat_map(|(sample, before)| sample.wrapping_sub(*before).to_le_bytes()),
        );
    }
    bytes
}

fn bytes(image: &[u16]) -> Vec<u8> {
    image.iter().map(|&sample| sample as u8).collect()
}
