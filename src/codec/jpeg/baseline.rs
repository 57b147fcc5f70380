//! Baseline JPEG in one scan -> its components, exactly as libjpeg has them.
//!
//! The way of nearly all JPEGs, and so a fast one. It refuses what is not sound to
//! the last bit; what is rare goes another way.

use super::huffman::{Bits, END, Table};
use super::picture::Picture;
use super::tables::{self, CUT, ZIGZAG};
use super::{Frame, idct};
use crate::codec::Fault;

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
        let found = tables::segment(bytes, at)?;
        match found.marker {
            0xC0 | 0xC1 => specs = found.content.get(6..).ok_or(CUT)?,
            0xDA => {
                tables.complete()?;
                return scan(bytes, found.end, (found.content, specs), &tables, frame, out);
            }
            marker => tables.take(marker, found.content)?,
        }
        at = found.end;
    }
    Err(Fault::Broken("a JPEG whose headers are not in line"))
}

/// Tables for two numbers at a look.
type Tables = tables::Tables<Table>;

/// The components of a scan, from its header and the frame's.
fn components<'a>(
    (header, specs): (&[u8], &[u8]),
    tables: &'a Tables,
    frame: &Frame,
) -> Result<Vec<Component<'a>>, Fault> {
    let count = usize::from(frame.components);
    let rare = || Fault::Broken("a JPEG whose scan is of a rare kind");
    // The last three can be no others, and some writers leave them out.
    let Some((&[scanned, ref selectors @ ..], [_, _, _])) = header.split_last_chunk() else {
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
            steps: tables.steps_of(spec[2]).ok_or_else(rare)?.map(|step| step as i16),
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
    let mut picture = Picture::new(width, height, &sampling, !frame.repeated, out)?;
    let mut bits = Bits::new(bytes, at);
    read(&mut bits, units, tables.restart, &mut components, &mut picture)?;
    match bytes.get(bits.end()?..) {
        Some([0xFF, 0xDA, ..]) => Err(Fault::Broken("a JPEG with more than one scan")),
        _ => Ok(()),
    }
}

/// Reads all units, `units` across and down: of each component, as many blocks
/// as its sampling says.
fn read(
    bits: &mut Bits,
    units: (usize, usize),
    restart: u16,
    components: &mut [Component],
    picture: &mut Picture<u8>,
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
    picture: &mut Picture<u8>,
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
    picture: &mut Picture<u8>,
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
