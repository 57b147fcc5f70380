//! The fast path on JPEGs made here, whose samples are known from their
//! coefficients. That they are libjpeg's is for `tests/formats.rs` to say.
#![forbid(unsafe_code)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::{baseline, frame, huffman, idct};
use crate::codec::Fault;

/// From the order of coefficients in the file to rows, walked rather than listed.
fn zigzag() -> Vec<usize> {
    let mut places: Vec<usize> = (0..64).collect();
    places.sort_by_key(|place| {
        let (row, column) = (place / 8, place % 8);
        let diagonal = row + column;
        (diagonal, if diagonal % 2 == 0 { column } else { row })
    });
    places
}

/// Writes bits, highest first, and a zero byte behind each 0xFF.
#[derive(Default)]
pub struct Writer {
    pub bytes: Vec<u8>,
    bits: Vec<bool>,
}

impl Writer {
    pub fn put(&mut self, value: u32, count: u32) {
        self.bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    pub fn flush(&mut self) {
        while !self.bits.len().is_multiple_of(8) {
            self.bits.push(true);
        }
        for bits in std::mem::take(&mut self.bits).chunks(8) {
            let byte = bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }
}

/// Codes of every length: the symbol's place in the list is what matters.
struct Codes {
    counts: [u8; 16],
    symbols: Vec<u8>,
}

impl Codes {
    /// One code of each length from 1 to 4, and the rest of 9, 12 and 16 bits.
    fn new(symbols: Vec<u8>) -> Codes {
        let mut counts = [0; 16];
        let mut left = symbols.len();
        for (length, most) in [(1, 1), (2, 1), (3, 1), (4, 1), (9, 6), (12, 12), (16, 250)] {
            counts[length - 1] = left.min(most) as u8;
            left -= left.min(most);
        }
        assert_eq!(left, 0);
        Codes { counts, symbols }
    }

    fn dc() -> Codes {
        Codes::new(vec![3, 0, 11, 1, 7, 2, 4, 5, 6, 8, 9, 10])
    }

    fn ac() -> Codes {
        let mut symbols = vec![0x01, 0x00, 0x02, 0x11, 0xF0, 0x03];
        symbols.extend((0..16).flat_map(|zeros| (1..=10).map(move |bits| zeros << 4 | bits)));
        let mut seen = [false; 256];
        symbols.retain(|&symbol| !std::mem::replace(&mut seen[usize::from(symbol)], true));
        Codes::new(symbols)
    }

    fn put(&self, out: &mut Writer, symbol: u8) {
        let (mut code, mut place) = (0, 0);
        for (length, &count) in (1..).zip(&self.counts) {
            for _ in 0..count {
                if self.symbols[place] == symbol {
                    return out.put(code, length);
                }
                code += 1;
                place += 1;
            }
            code <<= 1;
        }
        panic!("no code for {symbol}");
    }

    fn segment(&self, which: u8) -> Vec<u8> {
        segment(0xC4, &[&[which], &self.counts[..], &self.symbols].concat())
    }
}

pub fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xFF, marker], &(content.len() as u16 + 2).to_be_bytes()[..], content].concat()
}

fn put_number(out: &mut Writer, codes: &Codes, zeros: u8, number: i32) {
    let bits = number.unsigned_abs().checked_ilog2().map_or(0, |bits| bits + 1);
    codes.put(out, zeros << 4 | bits as u8);
    out.put((if number < 0 { number - 1 } else { number }) as u32, bits);
}

fn put_block(out: &mut Writer, block: &[i16; 64], last: &mut i32, dc: &Codes, ac: &Codes) {
    put_number(out, dc, 0, i32::from(block[0]) - *last);
    *last = block[0].into();
    let mut zeros = 0;
    for &place in &zigzag()[1..] {
        if block[place] == 0 {
            zeros += 1;
            continue;
        }
        while zeros > 15 {
            ac.put(out, 0xF0);
            zeros -= 16;
        }
        put_number(out, ac, zeros, block[place].into());
        zeros = 0;
    }
    if zeros > 0 {
        ac.put(out, 0);
    }
}

/// An image to be made: blocks of one or three components of full size.
#[derive(Clone, Debug)]
struct Made {
    width: usize,
    height: usize,
    components: usize,
    restart: u16,
    blocks: Vec<[i16; 64]>,
    steps: [u8; 64],
}

impl Made {
    fn across(&self) -> usize {
        self.width.div_ceil(8)
    }

    fn units(&self) -> usize {
        self.across() * self.height.div_ceil(8)
    }

    fn block(&self, unit: usize, component: usize) -> &[i16; 64] {
        &self.blocks[(unit * self.components + component) % self.blocks.len()]
    }

    fn file(&self) -> Vec<u8> {
        let (dc, ac) = (Codes::dc(), Codes::ac());
        let size = [(self.height as u16).to_be_bytes(), (self.width as u16).to_be_bytes()].concat();
        let ids = (1..=self.components as u8).collect::<Vec<_>>();
        let specs: Vec<u8> = ids.iter().flat_map(|&id| [id, 0x11, 0]).collect();
        let selectors: Vec<u8> = ids.iter().flat_map(|&id| [id, 0x12]).collect();
        let count = [self.components as u8];
        let mut steps = vec![0];
        steps.extend(zigzag().iter().map(|&place| self.steps[place]));
        let mut scan = Writer::default();
        let mut last = [0; 3];
        for unit in 0..self.units() {
            if self.restart > 0 && unit > 0 && unit % usize::from(self.restart) == 0 {
                scan.flush();
                scan.bytes.extend([0xFF, 0xD0 | (unit / usize::from(self.restart) - 1) as u8 & 7]);
                last = [0; 3];
            }
            for (component, last) in last.iter_mut().enumerate().take(self.components) {
                put_block(&mut scan, self.block(unit, component), last, &dc, &ac);
            }
        }
        scan.flush();
        [
            vec![0xFF, 0xD8],
            segment(0xDB, &steps),
            segment(0xC0, &[&[8][..], &size, &count, &specs].concat()),
            dc.segment(0x01),
            ac.segment(0x12),
            segment(0xDD, &self.restart.to_be_bytes()),
            segment(0xDA, &[&count[..], &selectors, &[0, 63, 0]].concat()),
            scan.bytes,
            vec![0xFF, 0xD9],
        ]
        .concat()
    }

    fn pixels(&self) -> Vec<u8> {
        let steps = self.steps.map(i16::from);
        let mut out = vec![0; self.width * self.height * self.components];
        for unit in 0..self.units() {
            for component in 0..self.components {
                let rows = idct::samples(self.block(unit, component), &steps);
                for (i, &sample) in rows.as_flattened().iter().enumerate() {
                    let (x, y) = (unit % self.across() * 8 + i % 8, unit / self.across() * 8 + i / 8);
                    if x < self.width && y < self.height {
                        out[(y * self.width + x) * self.components + component] = sample;
                    }
                }
            }
        }
        out
    }
}

fn fast(bytes: &[u8], made: &Made) -> Result<Vec<u8>, Fault> {
    let frame = frame(bytes).map_err(|_| Fault::Broken("headers"))?;
    let mut out = vec![0xA5; made.width * made.height * made.components];
    baseline::decode(bytes, &frame, &mut out).map(|()| out)
}

/// Mostly small, mostly zero, and any.
fn block() -> impl Strategy<Value = [i16; 64]> {
    let number = prop_oneof![6 => Just(0_i16), 3 => -3..=3_i16, 1 => -1023..=1023_i16];
    (vec(number, 64), -1000..1000_i16).prop_map(|(numbers, first)| {
        let mut block: [i16; 64] = numbers.try_into().unwrap();
        block[0] = first;
        block
    })
}

fn made() -> impl Strategy<Value = Made> {
    let size = (1..40_usize, 1..40_usize, prop::sample::select(vec![1_usize, 3]), 0..5_u16);
    (size, vec(block(), 1..20), vec(1..60_u8, 64)).prop_map(
        |((width, height, components, restart), blocks, steps)| {
            let steps = steps.try_into().unwrap();
            Made { width, height, components, restart, blocks, steps }
        },
    )
}

fn sample() -> Made {
    let noise = |i: usize| (i as u32).wrapping_mul(2_654_435_761) >> 20;
    let blocks = (0..5).map(|b| std::array::from_fn(|i| (noise(64 * b + i) % 41) as i16 - 20)).collect();
    Made { width: 21, height: 11, components: 1, restart: 0, blocks, steps: [3; 64] }
}

proptest! {
    #[test]
    fn samples_are_those_of_the_coefficients(made in made()) {
        let found = fast(&made.file(), &made);
        prop_assert!(found.as_ref() == Ok(&made.pixels()), "{:?}", found.map(|_| ()));
    }

    #[test]
    fn wide_and_plain_transforms_are_equal(
        numbers in prop_oneof![vec(any::<i16>(), 64), vec(-100..100_i16, 64)],
        steps in prop_oneof![vec(any::<i16>(), 64), vec(1..50_i16, 64)],
    ) {
        let (numbers, steps) = (numbers.try_into().unwrap(), steps.try_into().unwrap());
        prop_assert_eq!(idct::wide(&numbers, &steps), idct::samples(&numbers, &steps));
    }
}

#[test]
fn one_coefficient_is_a_cosine() {
    for place in 0..64 {
        let mut numbers = [0; 64];
        numbers[place] = 50;
        let (v, u) = (place / 8, place % 8);
        let part = |k: usize, at: usize| {
            let scale = if k == 0 { 0.5_f64.sqrt() } else { 1.0 };
            scale / 2.0 * ((2 * at + 1) as f64 * k as f64 * std::f64::consts::PI / 16.0).cos()
        };
        for (y, row) in idct::samples(&numbers, &[9; 64]).iter().enumerate() {
            for (x, &sample) in row.iter().enumerate() {
                let exact = 128.0 + 450.0 * part(u, x) * part(v, y);
                assert!((f64::from(sample) - exact).abs() < 0.6, "{place}: {sample}, {exact}");
            }
        }
    }
}

#[test]
fn a_cut_scan_is_refused_also_with_an_end_marker() {
    for made in [sample(), Made { restart: 2, ..sample() }, Made { components: 3, ..sample() }] {
        let file = made.file();
        assert!(fast(&file, &made).is_ok());
        for length in 0..file.len() - 2 {
            let cut = &file[..length];
            assert!(fast(cut, &made).is_err(), "{length} of {}", file.len());
            assert!(
                fast(&[cut, &[0xFF, 0xD9]].concat(), &made).is_err(),
                "{length} of {}, ended",
                file.len()
            );
        }
    }
}

#[test]
fn a_scan_with_more_than_its_image_is_refused() {
    let made = sample();
    let file = made.file();
    let scan = &file[..file.len() - 2];
    for more in [&[0x12, 0x34][..], &[0x00, 0x12], &[0xFF, 0xDA], &[0xFF, 0xD0, 0x12]] {
        assert!(fast(&[scan, more, &[0xFF, 0xD9]].concat(), &made).is_err(), "{more:?}");
    }
    // Padding, the marker of a restart that does not come, no end marker.
    for more in [&[][..], &[0xFF], &[0x00], &[0xFF, 0x00], &[0xFF, 0xD0], &[0xFF, 0xFF, 0xD9, b'm']] {
        assert_eq!(fast(&[scan, more].concat(), &made), Ok(made.pixels()), "{more:?}");
    }
}

#[test]
fn restart_markers_in_another_order_are_refused() {
    let made = Made { restart: 1, ..sample() };
    let file = made.file();
    assert!(fast(&file, &made).is_ok());
    let marker = file.windows(2).rposition(|pair| pair[0] == 0xFF && pair[1] & 0xF8 == 0xD0).unwrap();
    let mut other = file.clone();
    other[marker + 1] ^= 1;
    assert!(fast(&other, &made).is_err());
}

#[test]
fn codes_that_do_not_fit_or_are_too_many_are_refused() {
    use huffman::{Of, Table};
    let mut counts = [0; 16];
    counts[0] = 3;
    assert!(Table::new(&counts, &[1, 2, 3], Of::Dc).is_err());
    counts = [17; 16];
    assert!(Table::new(&counts, &[0; 272], Of::Ac).is_err());
}

#[test]
fn a_flipped_bit_is_no_panic() {
    for made in [sample(), Made { components: 3, restart: 3, ..sample() }] {
        let file = made.file();
        let mut refused = 0;
        for bit in (0..file.len() * 8).step_by(7) {
            let mut broken = file.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            refused += usize::from(fast(&broken, &made).is_err());
        }
        assert!(refused > file.len() / 7, "{refused}");
    }
}

#[test]
fn a_small_file_that_claims_a_huge_image_is_refused_before_memory_is_taken() {
    // Progressive, and sequential with arithmetic codes.
    for marker in [0xC2, 0xC9] {
        let mut file = sample().file();
        let frame_at = file.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        file[frame_at + 1] = marker;
        file[frame_at + 5..frame_at + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
        let frame = frame(&file).unwrap();
        assert!(frame.is_whole());
        assert_eq!(super::whole::decode(&file, &frame, &mut []), Err(Fault::Short { got: 0 }));
    }
}

#[test]
fn a_file_too_short_for_a_bit_a_block_is_told_by_its_frame() {
    let made = Made { width: 8 * 16, height: 8, ..sample() };
    assert_eq!(frame(&made.file()).unwrap().least_bytes(), 2);
    let mut file = Made { components: 3, ..made }.file();
    assert_eq!(frame(&file).unwrap().least_bytes(), 6);
    let at = file.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    // The first twice as fine each way as the others.
    file[at + 11] = 0x22;
    assert_eq!(frame(&file).unwrap().least_bytes(), 4);
    file[at + 5..at + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(frame(&file).unwrap().least_bytes(), (8192 * 8192 + 2 * 4096 * 4096) / 8);
}
