//! The encoder of the tests: pixel by pixel, as T.4 and T.6 say it. Bits are text.
#![forbid(unsafe_code)]

use fax::Bits;
use fax::maps::{black, white};

use super::Coding;

/// A mark before a row of T.4.
pub(super) const MARK: &str = "000000000001";

/// What T.4 leaves to the writer.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Marks before the first row, and before the others.
    pub first_mark: bool,
    pub marks: bool,
    /// Zeros before a mark, so that it ends on a byte.
    pub fill: bool,
    /// Of tagged rows each so-and-so-manieth has one dimension.
    pub one_of: usize,
    /// Marks behind the last row.
    pub end: bool,
}

/// Codes rows of black (true) and white. With it come the bits up to each row's end.
pub fn encode(rows: &[Vec<bool>], coding: Coding, style: Style) -> (Vec<u8>, Vec<usize>) {
    let (mut bits, mut ends) = (String::new(), Vec::new());
    let mut above = vec![false; rows.first().map_or(0, Vec::len)];
    for (index, row) in rows.iter().enumerate() {
        match coding {
            Coding::Rle => bits = padded(bits, 8) + &one_dimension(row),
            Coding::RleWords => bits = padded(bits, 16) + &one_dimension(row),
            Coding::G3 { two_dimensional } => {
                let is_marked = if index == 0 { style.first_mark } else { style.marks };
                if is_marked {
                    bits = marked(bits, style.fill);
                }
                let plain = !two_dimensional || index % style.one_of == 0;
                bits += if two_dimensional { ["0", "1"][usize::from(plain)] } else { "" };
                bits += &if plain { one_dimension(row) } else { two_dimensions(row, &above) };
            }
            Coding::G4 => bits += &two_dimensions(row, &above),
        }
        ends.push(bits.len());
        above.clone_from(row);
    }
    match coding {
        Coding::G3 { two_dimensional } if style.end => {
            for _ in 0..6 {
                bits = marked(bits, style.fill) + if two_dimensional { "1" } else { "" };
            }
        }
        Coding::G4 if style.end => bits = bits + MARK + MARK,
        _ => {}
    }
    (pack(&bits), ends)
}

fn padded(mut bits: String, unit: usize) -> String {
    bits.extend(std::iter::repeat_n('0', bits.len().next_multiple_of(unit) - bits.len()));
    bits
}

fn marked(bits: String, fill: bool) -> String {
    match fill {
        true => padded(bits + "0000", 8) + &MARK[4..],
        false => bits + MARK,
    }
}

/// Bits, with spaces between them as one likes, in bytes.
pub fn pack(bits: &str) -> Vec<u8> {
    let bits: Vec<u8> = bits.bytes().filter(|bit| *bit != b' ').map(|bit| bit - b'0').collect();
    let byte = |bits: &[u8]| bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | bit << (7 - at));
    bits.chunks(8).map(byte).collect()
}

/// Rows in bytes, black as 1.
pub fn image(rows: &[Vec<bool>]) -> Vec<u8> {
    let text = |row: &Vec<bool>| row.iter().map(|&black| if black { '1' } else { '0' }).collect::<String>();
    rows.iter().flat_map(|row| pack(&text(row))).collect()
}

/// The first pixel behind `from` that is of the color, or where the row ends.
fn find(row: &[bool], from: Option<usize>, color: bool) -> usize {
    let first = from.map_or(0, |from| from + 1);
    (first..row.len()).find(|&x| row[x] == color).unwrap_or(row.len())
}

fn one_dimension(row: &[bool]) -> String {
    let (mut at, mut color, mut bits) = (0, false, String::new());
    while at < row.len() {
        let end = (at..row.len()).find(|&x| row[x] != color).unwrap_or(row.len());
        bits += &run(color, end - at);
        (at, color) = (end, !color);
    }
    bits
}

/// T.4, 4.2.1.3: `a0` is where the row is known up to, imaginary at first; `a1` and
/// `a2` its next changes; `b1` and `b2` those above from its color and back.
fn two_dimensions(row: &[bool], above: &[bool]) -> String {
    let (mut a0, mut color, mut bits) = (None, false, String::new());
    while a0.is_none_or(|a0| a0 < row.len()) {
        let a1 = find(row, a0, !color);
        let changes = |&x: &usize| above[x] != color && (x > 0 && above[x - 1]) == color;
        let b1 = (a0.map_or(0, |a0| a0 + 1)..above.len()).find(changes).unwrap_or(above.len());
        let b2 = find(above, Some(b1), color);
        if b2 < a1 {
            bits += "0001";
            a0 = Some(b2);
            continue;
        }
        let vertical = match a1 as i64 - b1 as i64 {
            0 => "1",
            1 => "011",
            2 => "000011",
            3 => "0000011",
            -1 => "010",
            -2 => "000010",
            -3 => "0000010",
            _ => {
                let a2 = find(row, Some(a1), color);
                bits += "001";
                bits += &run(color, a1 - a0.unwrap_or(0));
                bits += &run(!color, a2 - a1);
                a0 = Some(a2);
                continue;
            }
        };
        bits += vertical;
        (a0, color) = (Some(a1), !color);
    }
    bits
}

/// Codes of a run.
pub fn run(color: bool, mut pixels: usize) -> String {
    let codes = if color { &black::ENTRIES } else { &white::ENTRIES };
    let text = |Bits { data, len }: Bits| format!("{data:0width$b}", width = len.into());
    let mut bits = String::new();
    while pixels >= 64 {
        let part = pixels.min(2560) / 64;
        bits += &text(codes[63 + part].1);
        pixels -= part * 64;
    }
    bits + &text(codes[pixels].1)
}
