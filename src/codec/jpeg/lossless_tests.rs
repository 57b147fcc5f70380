//! Lossless JPEGs made here: what no library writes (restarts, dropped bits,
//! components one after the other), and damage.
#![forbid(unsafe_code)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::tests::{Writer, segment};
use super::{decode, frame};
use crate::codec::Fault;

/// An image to be made.
#[derive(Clone, Debug)]
struct Made {
    width: usize,
    height: usize,
    components: usize,
    bits: u32,
    predictor: u8,
    /// Lowest bits that are not coded.
    dropped: u32,
    /// Rows between restarts, 0 for none.
    restart: usize,
    /// All components in one scan.
    interleaved: bool,
    samples: Vec<u16>,
}

impl Made {
    fn sample(&self, x: usize, y: usize, component: usize) -> i32 {
        let at = (y * self.width + x) * self.components + component;
        i32::from(self.samples[at % self.samples.len()])
            & ((1 << self.bits) - 1) >> self.dropped << self.dropped
    }

    /// As table H.1 of T.81 has it, in numbers without the dropped bits.
    fn prediction(&self, x: usize, y: usize, component: usize) -> i32 {
        let at = |x: usize, y: usize| self.sample(x, y, component) >> self.dropped;
        let first = y == 0 || self.restart > 0 && y.is_multiple_of(self.restart);
        match (x, first) {
            (0, true) => 1 << (self.bits - self.dropped - 1),
            (_, true) => at(x - 1, y),
            (0, false) => at(x, y - 1),
            _ => {
                let (a, b, c) = (at(x - 1, y), at(x, y - 1), at(x - 1, y - 1));
                match self.predictor {
                    1 => a,
                    2 => b,
                    3 => c,
                    4 => a + b - c,
                    5 => a + ((b - c) >> 1),
                    6 => b + ((a - c) >> 1),
                    _ => (a + b) >> 1,
                }
            }
        }
    }

    fn scan(&self, components: std::ops::Range<usize>) -> Vec<u8> {
        let mut out = Writer::default();
        for y in 0..self.height {
            if self.restart > 0 && y > 0 && y.is_multiple_of(self.restart) {
                out.flush();
                out.bytes.extend([0xFF, 0xD0 | (y / self.restart - 1) as u8 & 7]);
            }
            for x in 0..self.width {
                for component in components.clone() {
                    let now = self.sample(x, y, component) >> self.dropped;
                    // Differences are modulo 2^16, the middle one of them positive.
                    let difference = (now - self.prediction(x, y, component)) as i16;
                    let size =
                        u32::from(difference.unsigned_abs()).checked_ilog2().map_or(0, |bits| bits + 1);
                    out.put(size, 5);
                    if size < 16 {
                        let number = i32::from(difference);
                        out.put((if number < 0 { number - 1 } else { number }) as u32, size);
                    }
                }
            }
        }
        out.flush();
        let mut header = vec![components.len() as u8];
        header.extend(components.flat_map(|component| [component as u8 + 1, 0]));
        header.extend([self.predictor, 0, self.dropped as u8]);
        [segment(0xDA, &header), out.bytes].concat()
    }

    fn file(&self) -> Vec<u8> {
        let mut head = vec![self.bits as u8];
        head.extend((self.height as u16).to_be_bytes());
        head.extend((self.width as u16).to_be_bytes());
        head.push(self.components as u8);
        head.extend((1..=self.components as u8).flat_map(|id| [id, 0x11, 0]));
        // The number of bits is the code, in five bits.
        let mut codes = vec![0; 17];
        codes[5] = 17;
        codes.extend(0..=16);
        let scans = match self.interleaved {
            true => self.scan(0..self.components),
            false => (0..self.components).flat_map(|one| self.scan(one..one + 1)).collect(),
        };
        let restart = (self.restart * self.width) as u16;
        let (head, codes, restart) =
            (segment(0xC3, &head), segment(0xC4, &codes), segment(0xDD, &restart.to_be_bytes()));
        [&[0xFF, 0xD8][..], &head, &codes, &restart, &scans, &[0xFF, 0xD9]].concat()
    }

    fn pixels(&self) -> Vec<u8> {
        let places = (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y)));
        let samples =
            places.flat_map(|(x, y)| (0..self.components).map(move |one| self.sample(x, y, one) as u16));
        match self.bits {
            ..=8 => samples.map(|sample| sample as u8).collect(),
            _ => samples.flat_map(u16::to_ne_bytes).collect(),
        }
    }

    fn decoded(&self, file: &[u8]) -> Result<Vec<u8>, Fault> {
        let frame = frame(file).map_err(|_| Fault::Broken("headers"))?;
        let mut out = vec![0xA5; self.pixels().len()];
        decode(file, &frame, &mut out).map(|()| out)
    }
}

fn made() -> impl Strategy<Value = Made> {
    let shape = (1..20_usize, 1..20_usize, 1..=4_usize, 2..=16_u32, any::<bool>());
    (shape, (1..8_u8, 0..15_u32, 0..4_usize), vec(any::<u16>(), 1..500)).prop_map(
        |((width, height, components, bits, interleaved), (predictor, dropped, restart), samples)| {
            let dropped = dropped.min(bits - 1);
            Made { width, height, components, bits, predictor, dropped, restart, interleaved, samples }
        },
    )
}

proptest! {
    #[test]
    fn samples_come_back(made in made()) {
        prop_assert_eq!(made.decoded(&made.file()), Ok(made.pixels()));
    }
}

fn sample() -> Made {
    let samples = (0..200_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 16) as u16).collect();
    let (width, height, components, restart) = (9, 7, 2, 2);
    let (bits, predictor, dropped, interleaved) = (14, 4, 0, true);
    Made { width, height, components, bits, predictor, dropped, restart, interleaved, samples }
}

#[test]
fn a_cut_scan_is_refused() {
    for made in [sample(), Made { interleaved: false, ..sample() }, Made { restart: 0, ..sample() }] {
        let file = made.file();
        assert!(made.decoded(&file).is_ok());
        for length in 0..file.len() - 2 {
            assert!(made.decoded(&file[..length]).is_err(), "{length} of {}", file.len());
            let ended = [&file[..length], &[0xFF, 0xD9]].concat();
            assert!(made.decoded(&ended).is_err(), "{length} of {}, ended", file.len());
        }
    }
}

#[test]
fn a_flipped_bit_is_no_panic() {
    let file = sample().file();
    for bit in 0..file.len() * 8 {
        let mut broken = file.clone();
        broken[bit / 8] ^= 1 << (bit % 8);
        let _ = sample().decoded(&broken);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let made = sample();
    let file = made.file();
    let refused = |what: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut broken = file.clone();
        change(&mut broken);
        assert!(made.decoded(&broken).is_err(), "{what}");
    };
    let place = |marker: u8| file.windows(2).position(|pair| pair == [0xFF, marker]).unwrap();
    let (frame, restart, scan) = (place(0xC3), place(0xDD), place(0xDA));
    refused("a restart within a row", &|file| file[restart + 5] -= 1);
    refused("a predictor of 0", &|file| file[scan + 9] = 0);
    refused("a predictor of 8", &|file| file[scan + 9] = 8);
    refused("all bits dropped", &|file| file[scan + 11] = 14);
    refused("a table that is not there", &|file| file[scan + 6] = 0x10);
    refused("components of two sizes", &|file| file[frame + 11] = 0x21);
    refused("17 bits", &|file| file[frame + 4] = 17);
}
