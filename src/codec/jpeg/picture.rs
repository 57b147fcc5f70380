//! Blocks of samples -> packed pixels, where a component may have fewer samples
//! than there are pixels.
//!
//! The missing ones are weighed as libjpeg does it (jdsample.c, "fancy"): three
//! parts of the nearer sample, one of the farther. That needs rows from above
//! and below, so pixels are written one row of units later than they are read.
#![forbid(unsafe_code)]

use crate::codec::Fault;

/// The output, and what is on the way to it.
pub struct Picture<'a> {
    width: usize,
    height: usize,
    /// Rows of a unit.
    unit: usize,
    /// Of a component alone: none, its blocks go straight to the output.
    planes: Vec<Plane>,
    sums: Vec<u16>,
    lines: [Vec<u8>; 3],
    out: &'a mut [u8],
}

/// The last few rows of one component.
struct Plane {
    samples: Vec<u8>,
    stride: usize,
    /// Rows it has room for: those of three rows of units.
    room: usize,
    /// Samples of the image across and down.
    width: usize,
    height: usize,
    /// Pixels for a sample across and down: 1 or 2.
    across: usize,
    down: usize,
}

impl<'a> Picture<'a> {
    /// Of `width` and `height` pixels; `sampling` is how many blocks of each
    /// component a unit has across and down.
    pub fn new(
        width: usize,
        height: usize,
        sampling: &[(usize, usize)],
        out: &'a mut [u8],
    ) -> Result<Picture<'a>, Fault> {
        let most = |of: fn(&(usize, usize)) -> usize| sampling.iter().map(of).max().unwrap_or(1);
        let (across, down) = (most(|one| one.0), most(|one| one.1));
        let units = width.div_ceil(8 * across);
        let mut planes = Vec::new();
        for &(own_across, own_down) in if sampling.len() == 1 { &[] } else { sampling } {
            let fits = |all: usize, own: usize| (1..=2).find(|times| times * own == all);
            let (Some(across), Some(down)) = (fits(across, own_across), fits(down, own_down)) else {
                return Err(Fault::Broken("a JPEG of rare sampling"));
            };
            let (stride, room) = (8 * units * own_across, 3 * 8 * own_down);
            let samples = vec![0; stride * room];
            let (width, height) = (width.div_ceil(across), height.div_ceil(down));
            planes.push(Plane { samples, stride, room, width, height, across, down });
        }
        let lines = [(); 3].map(|()| vec![0; if planes.is_empty() { 0 } else { width + 1 }]);
        Ok(Picture { width, height, unit: 8 * down, planes, sums: Vec::new(), lines, out })
    }

    /// Takes the block whose first sample is in this column and row.
    #[inline(always)]
    pub fn put(&mut self, component: usize, column: usize, row: usize, rows: &[[u8; 8]; 8]) {
        if let Some(plane) = self.planes.get_mut(component) {
            let lines = plane.samples[row % plane.room * plane.stride..].chunks_exact_mut(plane.stride);
            for (line, samples) in lines.zip(rows) {
                line[column..column + 8].copy_from_slice(samples);
            }
        } else if column + 8 <= self.width && row + 8 <= self.height {
            let mut at = row * self.width + column;
            for samples in rows {
                self.out[at..at + 8].copy_from_slice(samples);
                at += self.width;
            }
        } else {
            let lines = self.out.chunks_exact_mut(self.width).skip(row);
            for (line, samples) in lines.zip(rows) {
                line[column..].iter_mut().zip(samples).for_each(|(place, &sample)| *place = sample);
            }
        }
    }

    /// Says that all blocks have come down to the end of this row of units.
    #[inline(always)]
    pub fn advance(&mut self, unit: usize) {
        let end = (unit + 1) * self.unit;
        let last = end >= self.height;
        let rows = unit.saturating_sub(1) * self.unit..if last { self.height } else { end - self.unit };
        for y in rows {
            self.write(y);
        }
    }

    /// Writes a row of pixels.
    #[inline(always)]
    fn write(&mut self, y: usize) {
        let [a, b, c] = &mut self.lines;
        let [one, two, three] = &self.planes[..] else {
            return;
        };
        let one = one.row(y, &mut self.sums, a);
        let two = two.row(y, &mut self.sums, b);
        let three = three.row(y, &mut self.sums, c);
        let line = &mut self.out[y * self.width * 3..][..self.width * 3];
        for (((pixel, &one), &two), &three) in
            line.as_chunks_mut::<3>().0.iter_mut().zip(one).zip(two).zip(three)
        {
            *pixel = [one, two, three];
        }
    }
}

impl Plane {
    fn samples(&self, row: usize) -> &[u8] {
        &self.samples[row % self.room * self.stride..][..self.width]
    }

    /// A sample for each pixel of row `y`, in `line` if they are made up.
    #[inline(always)]
    fn row<'a>(&'a self, y: usize, sums: &mut Vec<u16>, line: &'a mut [u8]) -> &'a [u8] {
        let nearer = y / self.down;
        let near = self.samples(nearer);
        // Of two rows for one, the first is nearer to the row above.
        let first = y.is_multiple_of(2);
        let farther = if first { nearer.saturating_sub(1) } else { (nearer + 1).min(self.height - 1) };
        match (self.across, self.down) {
            (1, 1) => return near,
            (1, _) => {
                let half = if first { 1 } else { 2 };
                for ((out, &near), &far) in line.iter_mut().zip(near).zip(self.samples(farther)) {
                    *out = ((3 * u16::from(near) + u16::from(far) + half) >> 2) as u8;
                }
            }
            // libjpeg weighs nothing in so few.
            _ if self.width <= 2 => {
                for (out, &sample) in line.as_chunks_mut::<2>().0.iter_mut().zip(near) {
                    *out = [sample; 2];
                }
            }
            (_, 1) => {
                fill(sums, near.iter().map(|&sample| sample.into()));
                widen::<2>(sums, [1, 2], line);
            }
            _ => {
                let far = self.samples(farther);
                fill(sums, near.iter().zip(far).map(|(&near, &far)| 3 * u16::from(near) + u16::from(far)));
                widen::<4>(sums, [8, 7], line);
            }
        }
        line
    }
}

/// Fills `sums`, the first and the last twice.
#[inline(always)]
fn fill(sums: &mut Vec<u16>, values: impl ExactSizeIterator<Item = u16>) {
    sums.resize(values.len() + 2, 0);
    let last = sums.len() - 1;
    sums[1..last].iter_mut().zip(values).for_each(|(sum, value)| *sum = value);
    sums[0] = sums[1];
    sums[last] = sums[last - 1];
}

/// Two for each of `sums` but the first and the last: the one on its left is
/// nearer to that on its left.
#[inline(always)]
fn widen<const BITS: u32>(sums: &[u16], halves: [u16; 2], line: &mut [u8]) {
    let near = &sums[1..];
    let far = &sums[2..];
    for (((out, &left), &near), &right) in line.as_chunks_mut::<2>().0.iter_mut().zip(sums).zip(near).zip(far)
    {
        *out =
            [((3 * near + left + halves[0]) >> BITS) as u8, ((3 * near + right + halves[1]) >> BITS) as u8];
    }
}
