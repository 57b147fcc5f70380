//! Bits of a strip, the highest of each byte first.
#![forbid(unsafe_code)]

/// More than any code has.
pub(super) const SURE: u32 = 16;

/// The bits that are still ahead. Behind the last one come zeros without end.
#[derive(Clone, Copy)]
pub struct Bits<'a> {
    raw: &'a [u8],
    /// The byte behind those that are held. Beyond `raw` where zeros are held.
    next: usize,
    /// The bits ahead, the first one highest. Below the `have` that count stands
    /// what of the next byte fitted in besides, or 0.
    held: u64,
    have: u32,
}

impl<'a> Bits<'a> {
    pub fn new(raw: &'a [u8]) -> Bits<'a> {
        Bits { raw, next: 0, held: 0, have: 0 }
    }

    /// Makes sure that `SURE` bits can be looked at or skipped.
    #[inline(always)]
    pub fn fill(&mut self) {
        if self.have >= SURE {
            return;
        }
        let bytes = match self.raw.get(self.next..).and_then(<[u8]>::first_chunk) {
            Some(bytes) => u64::from_be_bytes(*bytes),
            None => last_bytes(self.raw, self.next),
        };
        self.held |= bytes >> self.have;
        self.next += (63 - self.have as usize) / 8;
        self.have |= 56;
    }

    /// The next `count` bits, at least one, of those made sure of.
    #[inline(always)]
    pub fn peek(&self, count: u32) -> usize {
        (self.held >> (64 - count)) as usize
    }

    /// Goes on by `count` bits of those made sure of.
    #[inline(always)]
    pub fn skip(&mut self, count: u32) {
        self.held <<= count;
        self.have -= count;
    }

    /// The next bit.
    pub fn take(&mut self) -> usize {
        self.fill();
        let bit = self.peek(1);
        self.skip(1);
        bit
    }

    /// Goes on to the next multiple of `unit` bits (8 or 16) from the beginning.
    pub fn align(&mut self, unit: u64) {
        self.fill();
        self.skip((self.position().wrapping_neg() % unit) as u32);
    }

    /// Goes to the next one, or to the end and perhaps beyond where there is none.
    pub fn skip_zeros(&mut self) {
        loop {
            self.fill();
            let zeros = self.held.leading_zeros();
            if zeros < self.have {
                self.skip(zeros);
                return;
            }
            self.skip(self.have);
            if self.left() <= 0 {
                return;
            }
        }
    }

    /// How many bits were gone past.
    fn position(&self) -> u64 {
        self.next as u64 * 8 - u64::from(self.have)
    }

    /// How many bits are left; negative where more were taken than there are.
    pub fn left(&self) -> i64 {
        self.raw.len() as i64 * 8 - self.position() as i64
    }
}

/// Eight bytes from `next` on, where there are not as many.
#[cold]
fn last_bytes(raw: &[u8], next: usize) -> u64 {
    let rest = raw.get(next..).unwrap_or_default();
    let mut bytes = [0; 8];
    bytes[..rest.len()].copy_from_slice(rest);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_in_order_and_zeros_behind_them() {
        let raw: Vec<u8> = (1..40).map(|i: u8| i.wrapping_mul(151)).collect();
        for step in 1..=SURE as usize {
            let mut bits = Bits::new(&raw);
            for at in (0..raw.len() * 8 + 100).step_by(step) {
                bits.fill();
                let bit = |at: usize| raw.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
                let expected = (at..at + step).fold(0, |value, at| value << 1 | bit(at));
                assert_eq!(bits.peek(step as u32), expected, "{step} bits at {at}");
                assert_eq!(bits.left(), raw.len() as i64 * 8 - at as i64);
                bits.skip(step as u32);
            }
        }
    }

    #[test]
    fn zeros_are_skipped_to_the_next_one_or_to_the_end() {
        for zeros in 0..200 {
            let mut raw = vec![0; 30];
            raw[(zeros + 3) / 8] |= 0x80 >> ((zeros + 3) % 8);
            let mut bits = Bits::new(&raw);
            bits.fill();
            bits.skip(3);
            bits.skip_zeros();
            assert_eq!((bits.left(), bits.take()), (240 - 3 - zeros as i64, 1));
            bits.skip_zeros();
            assert!(bits.left() <= 0);
        }
    }

    #[test]
    fn rows_begin_on_bytes_or_pairs_of_them() {
        for (unit, at, to) in [(8, 0, 0), (8, 1, 8), (8, 8, 8), (16, 1, 16), (16, 9, 16), (16, 17, 32)] {
            let mut bits = Bits::new(&[0; 9]);
            bits.fill();
            bits.skip(at);
            bits.align(unit);
            assert_eq!(bits.left(), 72 - to);
        }
    }
}
