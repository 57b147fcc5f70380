//! Whether the scans of a progressive JPEG add up to the whole image.
#![forbid(unsafe_code)]

/// Coefficients of a block.
const COEFFICIENTS: usize = 64;
/// No bit of a coefficient has come.
const NOTHING: u8 = 0xFF;

/// The lowest bit that has come, of each coefficient of each component.
pub struct Progress {
    ids: Vec<u8>,
    lowest: Vec<[u8; COEFFICIENTS]>,
}

impl Progress {
    /// Of components with these numbers.
    pub fn new(ids: &[u8]) -> Progress {
        Progress { ids: ids.to_vec(), lowest: vec![[NOTHING; COEFFICIENTS]; ids.len()] }
    }

    /// Counts a scan with this header. One that makes no sense counts nothing:
    /// the decoder has more to say about it.
    pub fn add(&mut self, header: &[u8]) {
        let Some((&count, rest)) = header.split_first() else {
            return;
        };
        let Some((components, &[first, last, bits])) = rest.split_at_checked(2 * usize::from(count)) else {
            return;
        };
        for component in components.chunks_exact(2) {
            let known = self.ids.iter().position(|&id| id == component[0]);
            let Some(lowest) = known.and_then(|index| self.lowest.get_mut(index)) else {
                continue;
            };
            if let Some(range) = lowest.get_mut(usize::from(first)..=usize::from(last)) {
                range.fill(bits & 0x0F);
            }
        }
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
        let mut progress = Progress::new(b"\x01\x02");
        let mut scan = |header: &[u8]| {
            progress.add(header);
            progress.is_complete()
        };
        assert!(!scan(&[2, 1, 0, 2, 0, 0, 0, 0x00]));
        assert!(!scan(&[1, 2, 0, 1, 63, 0x00]));
        assert!(!scan(&[1, 1, 0, 1, 63, 0x01]));
        assert!(!scan(&[1, 1, 0, 9, 5, 0x00]));
        assert!(!scan(&[9]));
        assert!(!scan(&[1, 7, 0, 0, 63, 0x00]));
        assert!(!scan(&[1, 1, 0, 1, 99, 0x00]));
        assert!(scan(&[1, 1, 0, 1, 63, 0x10]));
    }
}
