//! Baseline JPEG in one scan -> its components, exactly as libjpeg has them.
//!
//! A fast path, not a judge: it refuses what is not sound to the last bit, and
//! what is rare. The crate has the last word on that.

use super::huffman::{Bits, END, Of, Table};
use super::picture::Picture;
use super::{Frame, idct};
use crate::codec::Fault;

/// From the order of coefficients in the file to rows.
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

const CUT: Fault = Fault::Short { got: 0 };

/// Tables as the headers have left them when the scan begins.
#[derive(Default)]
struct Tables {
    steps: [Option<[i16; 64]>; 4],
    dc: [Option<Box<Table>>; 4],
    ac: [Option<Box<Table>>; 4],
    restart: u16,
}

struct Component<'a> {
    across: usize,
    down: usize,
    steps: [i16; 64],
    dc: &'a Table,
    ac: &'a Table,
    last: i32,
}

/// Decodes `bytes`, whose frame is `frame`, to packed components; subsampled
/// ones are sampled up.
pub fn decode(bytes: &[u8], frame: &Frame, out: &mut [u8]) -> Result<(), Fault> {
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    let channels = usize::from(frame.components);
    if out.len() != width * height * channels {
        return Err(Fault::Broken("a JPEG of another size than the output"));
    }
    let mut tables = Tables::default();
    let mut specs = &[][..];
    let mut at = 2;
    while at < frame.scan {
        let (marker, segment) = segment(bytes, at)?;
        match marker {
            0xC0 | 0xC1 => specs = segment.get(6..).ok_or(CUT)?,
            0xC4 => tables.huffman(segment)?,
            0xDB => tables.steps(segment)?,
            0xDD => tables.restart = u16::from_be_bytes(*segment.first_chunk().ok_or(CUT)?),
            0xDA => return scan(bytes, at + 4 + segment.len(), (segment, specs), &tables, frame, out),
            0xE0..=0xEF | 0xFE => {}
            _ => return Err(Fault::Broken("a JPEG segment of rare meaning")),
        }
        at += 4 + segment.len();
    }
    Err(Fault::Broken("a JPEG whose headers are not in line"))
}

/// The marker at `at` and the content of its segment.
fn segment(bytes: &[u8], at: usize) -> Result<(u8, &[u8]), Fault> {
    let Some(&[0xFF, marker, high, low]) = bytes.get(at..).and_then(|rest| rest.first_chunk()) else {
        return Err(CUT);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    Ok((marker, bytes.get(at + 4..at + 2 + length).ok_or(CUT)?))
}

impl Tables {
    /// DHT: several tables one after the other.
    fn huffman(&mut self, mut segment: &[u8]) -> Result<(), Fault> {
        while let Some((&which, rest)) = segment.split_first() {
            let (counts, rest) = rest.split_first_chunk().ok_or(CUT)?;
            let length = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(length).ok_or(CUT)?;
            let (tables, of) = if which < 16 { (&mut self.dc, Of::Dc) } else { (&mut self.ac, Of::Ac) };
            let place = if which < 32 { tables.get_mut(usize::from(which & 15)) } else { None };
            let place = place.ok_or(Fault::Broken("a JPEG table of no known kind"))?;
            *place = Some(Box::new(Table::new(counts, symbols, of)?));
            segment = rest;
        }
        Ok(())
    }

    /// DQT: the same.
    fn steps(&mut self, mut segment: &[u8]) -> Result<(), Fault> {
        while let Some((&which, rest)) = segment.split_first() {
            let place = self.steps.get_mut(usize::from(which & 15));
            let place = place.ok_or(Fault::Broken("a JPEG table of no known kind"))?;
            let (steps, rest) = rest.split_at_checked(if which < 16 { 64 } else { 128 }).ok_or(CUT)?;
            let mut table = [0; 64];
            for (i, &place) in ZIGZAG.iter().enumerate() {
                table[usize::from(place)] = match which {
                    0..16 => i16::from(steps[i]),
                    _ => i16::from_be_bytes([steps[2 * i], steps[2 * i + 1]]),
                };
            }
            *place = Some(table);
            segment = rest;
        }
        Ok(())
    }
}

/// The components of a scan, from its header and the frame's.
fn components<'a>(
    (header, specs): (&[u8], &[u8]),
    tables: &'a Tables,
    frame: &Frame,
) -> Result<Vec<Component<'a>>, Fault> {
    let count = usize::from(frame.components);
    let rare = || Fault::Broken("a JPEG whose scan is of a rare kind");
    let Some((&[scanned, ref selectors @ ..], [0, 63, 0])) = header.split_last_chunk() else {
        return Err(rare());
    };
    if usize::from(scanned) != count || selectors.len() != 2 * count || specs.len() != 3 * count {
        return Err(rare());
    }
    let mut components = Vec::new();
    for (selector, spec) in selectors.as_chunks::<2>().0.iter().zip(specs.as_chunks::<3>().0) {
        let found = |tables: &'a [Option<Box<Table>>; 4], which: u8| {
            tables.get(usize::from(which)).and_then(Option::as_deref).ok_or_else(rare)
        };
        if selector[0] != spec[0] {
            return Err(rare());
        }
        // Of a component alone, the sampling means nothing.
        let sampling = if count == 1 { 0x11 } else { spec[1] };
        components.push(Component {
            across: usize::from(sampling >> 4),
            down: usize::from(sampling & 15),
            steps: tables.steps.get(usize::from(spec[2])).copied().flatten().ok_or_else(rare)?,
            dc: found(&tables.dc, selector[1] >> 4)?,
            ac: found(&tables.ac, selector[1] & 15)?,
            last: 0,
        });
    }
    Ok(components)
}

fn scan(
    bytes: &[u8],
    at: usize,
    headers: (&[u8], &[u8]),
    tables: &Tables,
    frame: &Frame,
    out: &mut [u8],
) -> Result<(), Fault> {
    let mut components = components(headers, tables, frame)?;
    let most = |of: fn(&Component) -> usize| components.iter().map(of).max().unwrap_or(1);
    let (across, down) = (most(|one| one.across), most(|one| one.down));
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    let units = (width.div_ceil(8 * across), height.div_ceil(8 * down));
    let sampling: Vec<_> = components.iter().map(|one| (one.across, one.down)).collect();
    let mut picture = Picture::new(width, height, &sampling, out)?;
    let mut bits = Bits::new(bytes, at);
    read(&mut bits, units, tables.restart, &mut components, &mut picture)?;
    if bits.marker()? != 0xD9 {
        return Err(Fault::Broken("a JPEG with more than one scan"));
    }
    Ok(())
}

/// Reads all units, `units` across and down: of each component, as many blocks
/// as its sampling says.
fn read(
    bits: &mut Bits,
    units: (usize, usize),
    restart: u16,
    components: &mut [Component],
    picture: &mut Picture,
) -> Result<(), Fault> {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2") {
        // SAFETY: the processor has AVX2 and BMI2, as was just asked.
        return unsafe { read_wide(bits, units, restart, components, picture) };
    }
    read_with(idct::samples, bits, units, restart, components, picture)
}

/// The same code, made for AVX2 and BMI2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi2")]
fn read_wide(
    bits: &mut Bits,
    units: (usize, usize),
    restart: u16,
    components: &mut [Component],
    picture: &mut Picture,
) -> Result<(), Fault> {
    let samples = |numbers: &[i16; 64], steps: &[i16; 64]| idct::avx2::samples(numbers, steps);
    read_with(samples, bits, units, restart, components, picture)
}

#[inline(always)]
fn read_with(
    samples: impl Fn(&[i16; 64], &[i16; 64]) -> [[u8; 8]; 8],
    bits: &mut Bits,
    units: (usize, usize),
    restart: u16,
    components: &mut [Component],
    picture: &mut Picture,
) -> Result<(), Fault> {
    let mut left = restart;
    let mut marker = 0xD0;
    for unit_y in 0..units.1 {
        for unit_x in 0..units.0 {
            if restart > 0 && left == 0 {
                if bits.marker()? != marker {
                    return Err(Fault::Broken("a JPEG whose restart markers are not in order"));
                }
                marker = 0xD0 | (marker + 1) & 7;
                left = restart;
                components.iter_mut().for_each(|component| component.last = 0);
            }
            left = left.wrapping_sub(1);
            for (channel, component) in components.iter_mut().enumerate() {
                for y in 0..component.down {
                    for x in 0..component.across {
                        let numbers = block(bits, component)?;
                        let rows = samples(&numbers, &component.steps);
                        let column = 8 * (unit_x * component.across + x);
                        let row = 8 * (unit_y * component.down + y);
                        picture.put(channel, column, row, &rows);
                    }
                }
            }
            if bits.ran_out() {
                return Err(CUT);
            }
        }
        picture.advance(unit_y);
    }
    Ok(())
}

/// The coefficients of the next block, in rows.
#[inline(always)]
fn block(bits: &mut Bits, component: &mut Component) -> Result<[i16; 64], Fault> {
    let mut numbers = [0; 64];
    bits.refill();
    let (zeros, difference) = bits.number(component.dc);
    if zeros > 0 {
        return Err(NO_CODE);
    }
    component.last = component.last.wrapping_add(difference);
    numbers[0] = component.last as i16;
    let mut at = 1;
    'numbers: loop {
        for turn in 0..2 {
            let (zeros, number) = bits.number(component.ac);
            at += zeros;
            if at > 63 {
                break 'numbers;
            }
            numbers[usize::from(ZIGZAG[at])] = number as i16;
            at += 1;
            if at > 63 {
                return Ok(numbers);
            }
            // There are bits for two: the first of the block and this, then two
            // by two.
            if turn == 0 {
                bits.refill();
            }
        }
    }
    // Not a run of zeros that goes beyond the block, nor no code at all.
    if at > END { Ok(numbers) } else { Err(NO_CODE) }
}

const NO_CODE: Fault = Fault::Broken("bits that are no code of a JPEG");
