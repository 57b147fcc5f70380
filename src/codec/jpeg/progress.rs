//! Whether the scans of a JPEG add up to the whole image, each with something new.
#![forbid(unsafe_code)]

use std::ops::RangeInclusive;

use crate::codec::Fault;

/// Coefficients of a block.
const COEFFICIENTS: usize = 64;
/// No bit of a coefficient has come.
const NOTHING: u8 = 0xFF;

/// The lowest bit that has come, of each coefficient of each component.
pub struct Progress {
    lowest: Vec<[u8; COEFFICIENTS]>,
}

impl Progress {
    /// Of so many components.
    pub fn new(components: usize) -> Progress {
        Progress { lowest: vec![[NOTHING; COEFFICIENTS]; components] }
    }

    /// Counts a scan that brings everything of these components.
    pub fn add_all(&mut self, components: impl Iterator<Item = usize>) -> Result<(), Fault> {
        self.add(components, 0..=COEFFICIENTS - 1, (0, 0))
    }

    /// Counts a scan that brings these coefficients of these components: above
    /// bit `high` they have come before, unless it is 0, and come now down to `low`.
    pub fn add(
        &mut self,
        components: impl Iterator<Item = usize>,
        coefficients: RangeInclusive<usize>,
        (high, low): (u8, u8),
    ) -> Result<(), Fault> {
        let before = if high == 0 { NOTHING } else { high };
        for component in components {
            let range = self.lowest.get_mut(component).and_then(|all| all.get_mut(coefficients.clone()));
            let range = range.filter(|range| range.iter().all(|&bit| bit == before));
            range.ok_or(Fault::Broken("a JPEG whose scans do not follow from each other"))?.fill(low);
        }
        Ok(())
    }

    /// Every bit of every coefficient has come.
    pub fn is_complete(&self) -> bool {
        self.lowest.iter().flatten().all(|&bit| bit == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_with_the_last_bit_of_all() {
        let mut progress = Progress::new(2);
        let mut scan = |components: &[usize], coefficients, bits| {
            let added = progress.add(components.iter().copied(), coefficients, bits);
            added.map(|()| progress.is_complete())
        };
        assert_eq!(scan(&[0, 1], 0..=0, (0, 0)), Ok(false));
        assert_eq!(scan(&[1], 1..=63, (0, 0)), Ok(false));
        assert_eq!(scan(&[0], 1..=63, (0, 1)), Ok(false));
        // Again, of a bit too low, of nothing that is there.
        assert!(scan(&[1], 1..=63, (0, 0)).is_err());
        assert!(scan(&[0], 1..=63, (2, 1)).is_err());
        assert!(scan(&[7], 0..=63, (0, 0)).is_err());
        assert!(scan(&[0], 1..=99, (1, 0)).is_err());
        assert_eq!(scan(&[0], 1..=63, (1, 0)), Ok(true));
    }
}
