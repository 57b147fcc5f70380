//! The codes of T.4 and T.6, and the tables to look them up in.
#![forbid(unsafe_code)]

/// Bits of a run's code at most.
pub(super) const LONGEST: u32 = 13;
/// Runs from here on are followed by another, which is added to them.
pub(super) const MAKE_UP: i32 = 64;

/// Codes of white runs: of 0 to 63 pixels, then of 64, 128 and so on up to 1728.
const WHITE: &str = "\
    00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 \
    110101 101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 \
    0100100 0011000 00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101 \
    00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 00000100 00000101 \
    00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001 \
    01011010 01011011 01001010 01001011 00110010 00110011 00110100 \
    11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 \
    011001101 011010010 011010011 011010100 011010101 011010110 011010111 011011000 011011001 \
    011011010 011011011 010011000 010011001 010011010 011000 010011011";

/// Codes of black runs, of as many pixels.
const BLACK: &str = "\
    0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 \
    00000111 000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 \
    00000110111 00000101000 00000010111 00000011000 000011001010 000011001011 000011001100 \
    000011001101 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 \
    000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 \
    000011011011 000001010100 000001010101 000001010110 000001010111 000001100100 000001100101 \
    000001010010 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 \
    000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111 \
    0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 \
    0000001101100 0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 \
    0000001110010 0000001110011 0000001110100 0000001110101 0000001110110 0000001110111 \
    0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011 \
    0000001100100 0000001100101";

/// Codes of runs of either color: of 1792, 1856 and so on up to 2560 pixels.
const LONG: &str = "\
    00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 \
    000000010110 000000010111 000000011100 000000011101 000000011110 000000011111";

/// What the next bits say: pixels of a run, and bits of its code. No code has 0 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run(u16);

impl Run {
    #[inline(always)]
    pub fn pixels(self) -> i32 {
        i32::from(self.0 >> 4)
    }

    #[inline(always)]
    pub fn bits(self) -> u32 {
        u32::from(self.0 & 15)
    }
}

/// Runs by the next `LONGEST` bits: white ones, black ones.
pub static RUNS: [[Run; 1 << LONGEST]; 2] = [runs(WHITE), runs(BLACK)];

const fn runs(codes: &str) -> [Run; 1 << LONGEST] {
    let mut table = [Run(0); 1 << LONGEST];
    add(&mut table, codes, 0);
    add(&mut table, LONG, 1792);
    table
}

/// Adds codes that stand for `pixels` and more.
const fn add(table: &mut [Run; 1 << LONGEST], codes: &str, mut pixels: u16) {
    let (codes, mut at) = (codes.as_bytes(), 0);
    while at < codes.len() {
        let (mut code, mut bits) = (0, 0);
        while at < codes.len() && codes[at] != b' ' {
            code = code << 1 | (codes[at] - b'0') as usize;
            bits += 1;
            at += 1;
        }
        at += 1;
        // All bits that begin with this code.
        let mut index = code << (LONGEST - bits);
        while index < (code + 1) << (LONGEST - bits) {
            table[index] = Run(pixels << 4 | bits as u16);
            index += 1;
        }
        pixels += if pixels < 64 - 1 { 1 } else { 64 - pixels % 64 };
    }
}

/// How a row goes on, seen from the row above.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The color changes so many pixels behind where it does above.
    Vertical(i8),
    /// The color does not change where it does above, there and back.
    Pass,
    /// Two runs follow, coded as in one dimension.
    Horizontal,
    /// What is not coded as T.6 says, but as its extensions do.
    Extension,
    /// No mode, but perhaps a mark.
    None,
}

/// Bits of a mode at most.
pub(super) const LONGEST_MODE: u32 = 7;

/// Modes by the next `LONGEST_MODE` bits, and bits of their codes.
pub static MODES: [(Mode, u8); 1 << LONGEST_MODE] = modes();

const fn modes() -> [(Mode, u8); 1 << LONGEST_MODE] {
    let codes = [
        (0b1, 1, Mode::Vertical(0)),
        (0b011, 3, Mode::Vertical(1)),
        (0b010, 3, Mode::Vertical(-1)),
        (0b001, 3, Mode::Horizontal),
        (0b0001, 4, Mode::Pass),
        (0b00_0011, 6, Mode::Vertical(2)),
        (0b00_0010, 6, Mode::Vertical(-2)),
        (0b000_0011, 7, Mode::Vertical(3)),
        (0b000_0010, 7, Mode::Vertical(-3)),
        (0b000_0001, 7, Mode::Extension),
    ];
    let mut table = [(Mode::None, 0); 1 << LONGEST_MODE];
    let mut of = 0;
    while of < codes.len() {
        let (code, bits, mode) = codes[of];
        let mut index = code << (LONGEST_MODE - bits);
        while index < (code + 1) << (LONGEST_MODE - bits) {
            table[index] = (mode, bits as u8);
            index += 1;
        }
        of += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use fax::Bits;
    use fax::maps::{black, mode, white};

    use super::*;

    fn places(code: Bits, longest: u32) -> std::ops::Range<usize> {
        let left = longest - u32::from(code.len);
        usize::from(code.data) << left..usize::from(code.data + 1) << left
    }

    #[test]
    fn runs_are_those_of_another_decoder() {
        for (table, codes) in RUNS.iter().zip([&white::ENTRIES, &black::ENTRIES]) {
            let mut known = 0;
            for &(pixels, code) in codes {
                for run in &table[places(code, LONGEST)] {
                    assert_eq!((run.pixels(), run.bits()), (pixels.into(), code.len.into()));
                    known += 1;
                }
            }
            let unknown = table.iter().filter(|run| run.bits() == 0).count();
            assert_eq!((known, unknown > 0), ((1 << LONGEST) - unknown, true));
        }
    }

    #[test]
    fn modes_are_those_of_another_decoder() {
        for &(mode, code) in mode::ENTRIES.iter().filter(|(_, code)| u32::from(code.len) <= LONGEST_MODE) {
            let expected = match mode {
                fax::maps::Mode::Pass => Mode::Pass,
                fax::maps::Mode::Horizontal => Mode::Horizontal,
                fax::maps::Mode::Vertical(pixels) => Mode::Vertical(pixels),
                fax::maps::Mode::Extension => Mode::Extension,
                fax::maps::Mode::EOF => Mode::None,
            };
            for entry in &MODES[places(code, LONGEST_MODE)] {
                assert_eq!(*entry, (expected, code.len));
            }
        }
        assert_eq!(MODES.iter().filter(|(mode, _)| *mode == Mode::None).count(), 1);
    }
}
