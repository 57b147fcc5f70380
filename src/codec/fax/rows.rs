//! Bits -> where the color changes, row by row.
#![forbid(unsafe_code)]

use super::Coding;
use super::bits::Bits;
use super::codes::{LONGEST, LONGEST_MODE, MAKE_UP, MODES, Mode, RUNS};
use super::edges::Edges;
use crate::codec::Fault;

/// No code begins with as many zeros; a mark is that many at least, and a one.
const MARK_ZEROS: u32 = 11;
/// So many marks in a row end the data of T.4.
const END_MARKS: u32 = 6;

const UNKNOWN: &str = "its fax code is damaged";
const TOO_SHORT: &str = "a row in its fax code ends before the image's edge";
const TOO_LONG: &str = "a row in its fax code reaches beyond the image's edge";
const UNMARKED: &str = "some rows in its fax code lack the mark that others have";
const UNCOMPRESSED: &str = "its fax code has an extension (uncompressed mode), which is not read";

/// Why there is no further row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The data ends.
    End,
    /// It ends behind a row.
    Behind,
    /// It says that it ends.
    Over,
    /// What is wrong with it.
    Broken(&'static str),
}

impl Stop {
    /// Something is wrong with the bits so far, unless they were made up at the end.
    #[cold]
    fn broken(bits: Bits, why: &'static str) -> Stop {
        if bits.left() < 0 { Stop::End } else { Stop::Broken(why) }
    }

    /// The bits ahead are no code. A code that the end cuts off is one with the zeros
    /// behind it, unless it is all zeros.
    #[cold]
    fn no_code(mut bits: Bits) -> Stop {
        if bits.peek(MARK_ZEROS) == 0 {
            bits.skip_zeros();
            return if bits.left() <= 0 { Stop::End } else { Stop::Broken(TOO_SHORT) };
        }
        Stop::Broken(if bits.peek(9) == 1 { UNCOMPRESSED } else { UNKNOWN })
    }
}

/// The rows of a strip, from the first one on.
pub struct Rows<'a> {
    bits: Bits<'a>,
    coding: Coding,
    width: i32,
    row: Edges,
    above: Edges,
    /// Whether rows of T.4 have marks before them, once that is known.
    marked: Option<bool>,
    first: bool,
}

impl<'a> Rows<'a> {
    /// `width` is `WIDEST` at the most.
    pub fn new(raw: &'a [u8], coding: Coding, width: usize) -> Result<Rows<'a>, Fault> {
        let raw_bits = raw.len().saturating_mul(8);
        let (row, above) = (Edges::new(width, raw_bits)?, Edges::new(width, raw_bits)?);
        Ok(Rows { bits: Bits::new(raw), coding, width: width as i32, row, above, marked: None, first: true })
    }

    /// The next row.
    pub fn next_row(&mut self) -> Result<&Edges, Stop> {
        let in_two_dimensions = match self.coding {
            Coding::Rle => {
                self.bits.align(8);
                false
            }
            Coding::RleWords => {
                self.bits.align(16);
                false
            }
            Coding::G3 { two_dimensional } => self.skip_mark(two_dimensional)?,
            Coding::G4 => {
                self.bits.fill();
                if self.bits.peek(MARK_ZEROS + 1) == 1 {
                    return Err(Stop::Over);
                }
                true
            }
        };
        // What was the row is the one above; before the first one all is white.
        std::mem::swap(&mut self.row, &mut self.above);
        self.row.begin();
        match in_two_dimensions {
            true => self.two_dimensions()?,
            false => self.one_dimension()?,
        }
        self.row.end();
        if self.bits.left() < 0 { Err(Stop::End) } else { Ok(&self.row) }
    }

    /// Goes past the mark before a row of T.4, if there is one, with the zeros that
    /// fill up the byte before it. Whether the row is coded in two dimensions: a bit
    /// tells, where rows are tagged. libtiff takes it for there without a mark, too.
    fn skip_mark(&mut self, tagged: bool) -> Result<bool, Stop> {
        let mut marks = 0;
        let mut tag = None;
        loop {
            self.bits.fill();
            if self.bits.peek(MARK_ZEROS) > 0 {
                break;
            }
            self.bits.skip_zeros();
            if self.bits.left() <= 0 {
                return Err(if marks >= END_MARKS { Stop::Over } else { Stop::Behind });
            }
            self.bits.skip(1);
            marks += 1;
            tag = tagged.then(|| self.bits.take());
        }
        match marks {
            0 | 1 => {}
            END_MARKS.. => return Err(Stop::Over),
            _ => return Err(Stop::Broken(TOO_SHORT)),
        }
        // All rows have one or none has, but the first may lack it.
        let marked = marks > 0;
        if self.marked.is_some_and(|before| before != marked) {
            return Err(Stop::broken(self.bits, UNMARKED));
        }
        if marked || !self.first {
            self.marked = Some(marked);
        }
        self.first = false;
        Ok(tagged && tag.unwrap_or_else(|| self.bits.take()) == 0)
    }

    /// Runs of white and black in turn.
    fn one_dimension(&mut self) -> Result<(), Stop> {
        let mut bits = self.bits;
        let (mut at, mut color) = (0, 0);
        loop {
            at += run(&mut bits, color, self.width - at)?;
            if at == self.width {
                self.bits = bits;
                return Ok(());
            }
            self.row.change(at);
            color ^= 1;
        }
    }

    /// The row seen from the one above.
    fn two_dimensions(&mut self) -> Result<(), Stop> {
        // A copy can stay in registers.
        let mut bits = self.bits;
        let (row, width) = (&mut self.row, self.width);
        let above = self.above.places();
        // How far the row is known, and the first change above, further right, from
        // the color that it has there. Changes from white have odd places in the list.
        let (mut at, mut next) = (0, 1);
        while at < width {
            bits.fill();
            let (mode, length) = MODES[bits.peek(LONGEST_MODE)];
            bits.skip(length.into());
            match mode {
                Mode::Vertical(by) => {
                    let place = above[next] + i32::from(by);
                    // No pixels lie between changes, but perhaps before the first.
                    if place <= at && (place, at, next) != (0, 0, 1) {
                        return Err(Stop::broken(bits, UNKNOWN));
                    }
                    row.change_behind(place);
                    at = place;
                    // To the left, the change before may still be ahead; none before
                    // that, as it lies two pixels further left and `by` is -3 at least.
                    next = if by < 0 { next - 1 } else { next + 1 };
                }
                Mode::Pass => {
                    at = above[next + 1];
                    next += 2;
                }
                Mode::Horizontal => {
                    let color = (next + 1) % 2;
                    for color in [color, 1 - color] {
                        at += run(&mut bits, color, width - at)?;
                        row.change(at);
                    }
                }
                Mode::Extension => return Err(Stop::broken(bits, UNCOMPRESSED)),
                Mode::None => return Err(Stop::no_code(bits)),
            }
            // One step is common and hard to foresee.
            next += 2 * usize::from(above[next] <= at && at < width);
            while above[next] <= at && at < width {
                next += 2;
            }
        }
        self.bits = bits;
        if at > width { Err(Stop::broken(bits, TOO_LONG)) } else { Ok(()) }
    }
}

/// The pixels of the run ahead, `most` of them at the most.
#[inline(always)]
fn run(bits: &mut Bits, color: usize, most: i32) -> Result<i32, Stop> {
    let mut pixels = 0;
    loop {
        bits.fill();
        let run = RUNS[color][bits.peek(LONGEST)];
        if run.bits() == 0 {
            // Some writers leave out the end of a long run that fills a row of T.4.
            let full =
                pixels == most && most > 0 && bits.peek(MARK_ZEROS) == 0 && bits.left() > MARK_ZEROS.into();
            return if full { Ok(pixels) } else { Err(Stop::no_code(*bits)) };
        }
        bits.skip(run.bits());
        pixels += run.pixels();
        if pixels > most {
            return Err(Stop::broken(*bits, TOO_LONG));
        }
        if run.pixels() < MAKE_UP {
            return Ok(pixels);
        }
    }
}
