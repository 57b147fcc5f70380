//! Blocks of samples -> packed pixels, where a component may have fewer samples
//! than there are pixels.
//!
//! The missing ones are weighed as libjpeg does it (jdsample.c, "fancy"): three
//! parts of the nearer sample, one of the farther. That needs rows from above
//! and below, so pixels are written one row of units later than they are read.
#![forbid(unsafe_code)]

use super::{idct, idct12};
use crate::codec::Fault;

/// A sample of 8 bits, or of up to 12 in 16.
pub trait Sample: Copy + Default + Into<u16> {
    /// From what is known to fit.
    fn from(value: u16) -> Self;
    /// Coefficients in rows, each times its step -> samples in rows.
    fn transform(coefficients: &[i16; 64], steps: &[u16; 64]) -> [[Self; 8]; 8];
}

impl Sample for u8 {
    #[inline(always)]
    fn from(value: u16) -> u8 {
        value as u8
    }

    fn transform(coefficients: &[i16; 64], steps: &[u16; 64]) -> [[u8; 8]; 8] {
        idct::wide(coefficients, &steps.map(|step| step as i16))
    }
}

impl Sample for u16 {
    #[inline(always)]
    fn from(value: u16) -> u16 {
        value
    }

    fn transform(coefficients: &[i16; 64], steps: &[u16; 64]) -> [[u16; 8]; 8] {
        idct12::samples(coefficients, steps)
    }
}

/// The output, and what is on the way to it.
pub struct Picture<'a, S> {
    width: usize,
    height: usize,
    /// Rows of a unit.
    unit: usize,
    /// Of a component alone: none, its blocks go straight to the output.
    planes: Vec<Plane<S>>,
    sums: Vec<u16>,
    lines: Vec<Vec<S>>,
    out: &'a mut [S],
}

/// The last few rows of one component.
struct Plane<S> {
    samples: Vec<S>,
    stride: usize,
    /// Rows it has room for: those of three rows of units.
    room: usize,
    /// Samples of the image across and down.
    width: usize,
    height: usize,
    /// Pixels for a sample across and down: 1 to 4.
    across: usize,
    down: usize,
    /// Missing samples are weighed.
    weighed: bool,
}

impl<'a, S: Sample> Picture<'a, S> {
    /// Of `width` and `height` pixels; `sampling` is how many blocks of each
    /// component a unit has across and down; missing samples are `weighed` or
    /// repeated.
    pub fn new(
        width: usize,
        height: usize,
        sampling: &[(usize, usize)],
        weighed: bool,
        out: &'a mut [S],
    ) -> Result<Picture<'a, S>, Fault> {
        let most = |of: fn(&(usize, usize)) -> usize| sampling.iter().map(of).max().unwrap_or(1);
        let (across, down) = (most(|one| one.0), most(|one| one.1));
        let units = width.div_ceil(8 * across);
        let mut planes = Vec::new();
        for &(own_across, own_down) in if sampling.len() == 1 { &[] } else { sampling } {
            if !across.is_multiple_of(own_across) || !down.is_multiple_of(own_down) {
                return Err(Fault::Broken("a JPEG whose components have fractions of samples for a pixel"));
            }
            let (across, down) = (across / own_across, down / own_down);
            let (stride, room) = (8 * units * own_across, 3 * 8 * own_down);
            let samples = vec![S::default(); stride * room];
            let (width, height) = (width.div_ceil(across), height.div_ceil(down));
            planes.push(Plane { samples, stride, room, width, height, across, down, weighed });
        }
        let lines = planes.iter().map(|_| vec![S::default(); width + 1]).collect();
        Ok(Picture { width, height, unit: 8 * down, planes, sums: Vec::new(), lines, out })
    }

    /// Takes the block whose first sample is in this column and row.
    #[inline(always)]
    pub fn put(&mut self, component: usize, column: usize, row: usize, rows: &[[S; 8]; 8]) {
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
        let channels = self.planes.len();
        let line = &mut self.out[y * self.width * channels..][..self.width * channels];
        if let ([one, two, three], [a, b, c]) = (&self.planes[..], &mut self.lines[..]) {
            let one = one.row(y, &mut self.sums, a);
            let two = two.row(y, &mut self.sums, b);
            let three = three.row(y, &mut self.sums, c);
            for (((pixel, &one), &two), &three) in
                line.as_chunks_mut::<3>().0.iter_mut().zip(one).zip(two).zip(three)
            {
                *pixel = [one, two, three];
            }
            return;
        }
        for (channel, (plane, spare)) in self.planes.iter().zip(&mut self.lines).enumerate() {
            let samples = plane.row(y, &mut self.sums, spare);
            for (pixel, &sample) in line.chunks_exact_mut(channels).zip(samples) {
                pixel[channel] = sample;
            }
        }
    }
}

impl<S: Sample> Plane<S> {
    fn samples(&self, row: usize) -> &[S] {
        &self.samples[row % self.room * self.stride..][..self.width]
    }

    /// A sample for each pixel of row `y`, in `line` if they are made up.
    #[inline(always)]
    fn row<'a>(&'a self, y: usize, sums: &mut Vec<u16>, line: &'a mut [S]) -> &'a [S] {
        let nearer = y / self.down;
        let near = self.samples(nearer);
        // Of two rows for one, the first is nearer to the row above.
        let first = y.is_multiple_of(2);
        let farther = if first { nearer.saturating_sub(1) } else { (nearer + 1).min(self.height - 1) };
        // libjpeg weighs nothing in rows of so few samples.
        let few = self.width <= 2 || !self.weighed;
        match (self.across, self.down) {
            (1, 1) => return near,
            (1, 2) if self.weighed => {
                let half = if first { 1 } else { 2 };
                for ((out, &near), &far) in line.iter_mut().zip(near).zip(self.samples(farther)) {
                    *out = S::from((3 * near.into() + far.into() + half) >> 2);
                }
            }
            (2, 1) if !few => {
                fill(sums, near.iter().map(|&sample| sample.into()));
                widen::<2, S>(sums, [1, 2], line);
            }
            (2, 2) if !few => {
                let far = self.samples(farther);
                fill(sums, near.iter().zip(far).map(|(&near, &far)| 3 * near.into() + far.into()));
                widen::<4, S>(sums, [8, 7], line);
            }
            // Nor where more than two pixels have one.
            (across, _) => {
                for (out, &sample) in line.chunks_mut(across).zip(near) {
                    out.fill(sample);
                }
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
fn widen<const BITS: u32, S: Sample>(sums: &[u16], halves: [u16; 2], line: &mut [S]) {
    let near = &sums[1..];
    let far = &sums[2..];
    for (((out, &left), &near), &right) in line.as_chunks_mut::<2>().0.iter_mut().zip(sums).zip(near).zip(far)
    {
        let weighed = |other: u16, half: u16| S::from((3 * near + other + half) >> BITS);
        *out = [weighed(left, halves[0]), weighed(right, halves[1])];
    }
}
