//! JPEGs whose coefficients must all be there before there are pixels: of several
//! scans, progressive, of 12 bits, with arithmetic codes, of rare sampling.
//!
//! Samples are those of libjpeg to the last bit, as those of the fast way are.
#![forbid(unsafe_code)]

use super::arithmetic::Arithmetic;
use super::codes::Codes;
use super::coefficients::Huffman;
use super::markers::{Frame, Part, Process};
use super::picture::{Picture, Sample};
use super::progress::Progress;
use super::scan::{Coder, Scan};
use super::tables::{self, CUT, Tables};
use crate::codec::Fault;

/// Visits to a block that no sound image needs: a scan for each bit of each
/// coefficient would be more, but nobody writes that, and it would take hours.
const MOST_VISITS: usize = 48;

/// Decodes `bytes`, whose frame is `frame`, to packed components in native byte
/// order; subsampled ones are sampled up.
pub fn decode(bytes: &[u8], frame: &Frame, out: &mut [u8]) -> Result<(), Fault> {
    let mut image = Image::new(bytes, frame)?;
    image.read(bytes)?;
    if frame.bits == 8 {
        return image.write(out);
    }
    let mut samples = vec![0_u16; out.len() / 2];
    image.write(&mut samples)?;
    for (place, sample) in out.as_chunks_mut::<2>().0.iter_mut().zip(samples) {
        *place = sample.to_ne_bytes();
    }
    Ok(())
}

struct Image<'a> {
    frame: &'a Frame,
    components: Vec<Component>,
    /// Units across and down.
    units: (usize, usize),
    progress: Progress,
    visits: usize,
}

struct Component {
    /// Blocks of a unit.
    across: usize,
    down: usize,
    /// Blocks that have pixels.
    own: (usize, usize),
    /// Blocks in a row of `blocks`.
    stride: usize,
    blocks: Vec<[i16; 64]>,
    /// The table of steps and, from its first scan on, its content.
    table: u8,
    steps: Option<[u16; 64]>,
}

impl Component {
    fn new(part: &Part, frame: &Frame, most: (usize, usize), units: (usize, usize)) -> Component {
        // Of a component alone, the sampling means nothing.
        let (across, down) =
            if frame.components == 1 { (1, 1) } else { (part.across.into(), part.down.into()) };
        let own = |size: u16, own: usize, most: usize| (usize::from(size) * own).div_ceil(most).div_ceil(8);
        let stride = units.0 * across;
        Component {
            across,
            down,
            own: (own(frame.width, across, most.0), own(frame.height, down, most.1)),
            stride,
            blocks: vec![[0; 64]; stride * units.1 * down],
            table: part.steps,
            steps: None,
        }
    }
}

impl<'a> Image<'a> {
    fn new(bytes: &[u8], frame: &'a Frame) -> Result<Image<'a>, Fault> {
        let most = |of: fn(&Part) -> u8| match frame.components {
            1 => 1,
            _ => usize::from(frame.parts.iter().map(of).max().unwrap_or(1)),
        };
        let most = (most(|part| part.across), most(|part| part.down));
        let units =
            (usize::from(frame.width).div_ceil(8 * most.0), usize::from(frame.height).div_ceil(8 * most.1));
        // Each block with pixels takes a bit at least, and an arithmetic code hardly
        // any: what a small file claims must still not take for ever.
        let blocks = usize::from(frame.width).div_ceil(8) * usize::from(frame.height).div_ceil(8);
        let plausible = if frame.arithmetic { (1 << 20) + 4096 * bytes.len() } else { 8 * bytes.len() };
        if blocks / (most.0 * most.1) > plausible {
            return Err(CUT);
        }
        let components = frame.parts.iter().map(|part| Component::new(part, frame, most, units)).collect();
        Ok(Image { frame, components, units, progress: Progress::new(frame.parts.len()), visits: 0 })
    }

    /// Reads all scans. What follows when all bits of all coefficients have come
    /// is nobody's business.
    fn read(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let mut tables = Tables::default();
        let mut at = 2;
        while !self.progress.is_complete() {
            let segment = tables::segment(bytes, at)?;
            at = match segment.marker {
                0xD9 => return Err(CUT),
                0xDA => {
                    tables.complete()?;
                    self.scan(bytes, &segment, &tables)?
                }
                marker => {
                    tables.take(marker, segment.content)?;
                    segment.end
                }
            };
        }
        Ok(())
    }

    /// Reads one scan, and returns where it ends.
    fn scan(
        &mut self,
        bytes: &[u8],
        header: &tables::Segment,
        tables: &Tables<Codes>,
    ) -> Result<usize, Fault> {
        let scan = Scan::read(header.content, self.frame)?;
        for part in &scan.parts {
            let component = &mut self.components[part.component];
            if component.steps.is_none() {
                component.steps = tables.steps_of(component.table);
            }
        }
        let (process, parts) = (self.frame.process, scan.parts.iter().map(|part| part.component));
        if process == Process::Sequential {
            self.progress.add_all(parts)?;
        } else {
            self.progress.add(parts, scan.first..=scan.last, (scan.high, scan.low))?;
        }
        let brings = scan.brings(process);
        if self.frame.arithmetic {
            let mut coder = Arithmetic::new(bytes, header.end, &scan, brings, tables);
            self.blocks(&scan, &mut coder, tables.restart)
        } else {
            let mut coder = Huffman::new(bytes, header.end, &scan, brings, tables);
            self.blocks(&scan, &mut coder, tables.restart)
        }
    }

    /// Reads the blocks of a scan in their order.
    fn blocks(&mut self, scan: &Scan, coder: &mut impl Coder, restart: u16) -> Result<usize, Fault> {
        // A component alone comes without the blocks that only fill up units.
        let alone = match scan.parts[..] {
            [part] => Some(self.components[part.component].own),
            _ => None,
        };
        let units = alone.unwrap_or(self.units);
        let all: usize = self.components.iter().map(|component| component.blocks.len()).sum();
        let (mut left, mut marker) = (restart, 0xD0);
        for unit_y in 0..units.1 {
            for unit_x in 0..units.0 {
                if restart > 0 && left == 0 {
                    coder.restart(marker)?;
                    marker = 0xD0 | (marker + 1) & 7;
                    left = restart;
                }
                left = left.wrapping_sub(1);
                for (index, part) in scan.parts.iter().enumerate() {
                    let component = &mut self.components[part.component];
                    let (across, down) =
                        if alone.is_some() { (1, 1) } else { (component.across, component.down) };
                    for y in unit_y * down..(unit_y + 1) * down {
                        for x in unit_x * across..(unit_x + 1) * across {
                            coder.block(index, &mut component.blocks[y * component.stride + x])?;
                        }
                    }
                    self.visits += across * down;
                }
            }
            if coder.ran_out() {
                return Err(CUT);
            }
            if self.visits > MOST_VISITS * all + (1 << 20) {
                return Err(Fault::Broken("a JPEG of more scans than any writer makes"));
            }
        }
        coder.end()
    }

    /// Makes pixels of the coefficients.
    fn write<S: Sample>(&self, out: &mut [S]) -> Result<(), Fault> {
        let sampling: Vec<_> = self.components.iter().map(|one| (one.across, one.down)).collect();
        let (width, height) = (self.frame.width.into(), self.frame.height.into());
        let mut picture = Picture::new(width, height, &sampling, !self.frame.repeated, out)?;
        let no_steps = Fault::Broken("a JPEG without a table of steps");
        for unit_y in 0..self.units.1 {
            for (channel, component) in self.components.iter().enumerate() {
                let steps = component.steps.as_ref().ok_or(no_steps)?;
                for row in unit_y * component.down..(unit_y + 1) * component.down {
                    let blocks = &component.blocks[row * component.stride..][..component.stride];
                    for (column, block) in blocks.iter().enumerate() {
                        picture.put(channel, 8 * column, 8 * row, &S::transform(block, steps));
                    }
                }
            }
            picture.advance(unit_y);
        }
        Ok(())
    }
}
