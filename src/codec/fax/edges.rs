//! Where the color of a row changes -> its pixels.
#![forbid(unsafe_code)]

use crate::codec::Fault;

/// Pixels of a row at most: places and what is added to them fit into an `i32`.
pub(super) const WIDEST: usize = 1 << 28;

/// How often the edge of the image stands behind the changes: a row above is
/// looked at two changes behind the first place that lies there.
const BEHIND: usize = 4;

/// The places where the color changes, in rising order: to black at the first, to
/// white at the second, and so on. No two are one, as no pixel would lie between.
pub struct Edges {
    /// -1, the places, and the width, several times.
    places: Vec<i32>,
    width: i32,
}

impl Edges {
    /// A row of white, with room for as many changes as `raw_bits` bits can code.
    pub fn new(width: usize, raw_bits: usize) -> Result<Edges, Fault> {
        let mut places = Vec::new();
        // No bit of any code makes more than one change.
        let most = width.min(raw_bits.saturating_add(2));
        places.try_reserve_exact(most + 1 + BEHIND).map_err(|_| Fault::NoMemory)?;
        let mut edges = Edges { places, width: width as i32 };
        edges.begin();
        edges.end();
        Ok(edges)
    }

    /// Forgets the row for another.
    pub fn begin(&mut self) {
        self.places.clear();
        self.places.push(-1);
    }

    /// The color changes at `place`, further right than at the last one.
    #[inline(always)]
    pub fn change_behind(&mut self, place: i32) {
        self.places.push(place);
    }

    /// The color changes at `place`, no further left than at the last one. Twice at
    /// one place is not at all.
    #[inline(always)]
    pub fn change(&mut self, place: i32) {
        match self.places.last() {
            Some(&last) if last == place => {
                self.places.pop();
            }
            _ => self.places.push(place),
        }
    }

    /// No more changes. Those behind the last pixel are none.
    pub fn end(&mut self) {
        while self.places.last().is_some_and(|&place| place >= self.width) {
            self.places.pop();
        }
        self.places.extend([self.width; BEHIND]);
    }

    /// -1, the places, and the width behind them.
    #[inline(always)]
    pub fn places(&self) -> &[i32] {
        &self.places
    }

    /// Makes the row of it, black as 1.
    pub fn paint(&self, row: &mut [u8]) {
        let count = self.places.len() - 1 - BEHIND;
        // A row that is black to its end changes there, for what fills up its last byte.
        let places = &self.places[1..1 + count.next_multiple_of(2)];
        let (mut word, mut bits, mut color) = (0, 0, 0);
        for &place in places {
            let at = place as usize / 64;
            if at > word {
                put(row, word, bits);
                if at > word + 1 {
                    row[8 * (word + 1)..8 * at].fill(color as u8);
                }
                (word, bits) = (at, color);
            }
            bits ^= u64::MAX >> (place as u32 % 64);
            color = !color;
        }
        put(row, word, bits);
        if let Some(rest) = row.get_mut(8 * (word + 1)..) {
            rest.fill(0);
        }
    }
}

/// Puts 64 pixels into their place, or as many as the row has there.
#[inline(always)]
fn put(row: &mut [u8], word: usize, bits: u64) {
    let Some(row) = row.get_mut(8 * word..) else { return };
    match row.first_chunk_mut() {
        Some(bytes) => *bytes = bits.to_be_bytes(),
        None => row.copy_from_slice(&bits.to_be_bytes()[..row.len()]),
    }
}

/// Upper bound of the memory that the changes of a row of `width` pixels take.
pub fn memory(width: u64) -> u64 {
    width.saturating_add(1 + BEHIND as u64).saturating_mul(size_of::<i32>() as u64)
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn paints_what_lies_between_the_changes(width in 1..700_usize, places in btree_set(0..700_i32, 0..30)) {
            let mut edges = Edges::new(width, usize::MAX).unwrap();
            edges.begin();
            let places: Vec<i32> = places.into_iter().filter(|&place| place < width as i32).collect();
            places.iter().for_each(|&place| edges.change(place));
            edges.end();
            let mut row = vec![0xAA; width.div_ceil(8)];
            edges.paint(&mut row);
            for x in 0..row.len() * 8 {
                let changes = places.iter().filter(|&&place| place <= x as i32).count();
                let black = x < width && changes % 2 == 1;
                prop_assert_eq!(row[x / 8] & 0x80 >> (x % 8) != 0, black, "pixel {}", x);
            }
        }
    }

    #[test]
    fn a_run_of_no_pixels_joins_its_neighbours() {
        let mut edges = Edges::new(20, usize::MAX).unwrap();
        edges.begin();
        for place in [0, 0, 3, 7, 7, 7, 9, 9, 12] {
            edges.change(place);
        }
        edges.end();
        assert_eq!(edges.places(), [-1, 3, 7, 12, 20, 20, 20, 20]);
    }
}
