//! Numbers in file names: of any length, compared by value.
#![forbid(unsafe_code)]

use std::cmp::Ordering;

/// A run of decimal digits. 7, 07 and 007 are equal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a>(&'a [u8]);

impl<'a> Number<'a> {
    /// `digits` are ASCII digits.
    pub(super) fn new(digits: &'a [u8]) -> Number<'a> {
        Number(digits)
    }

    /// Digits without leading zeros; none for zero.
    fn significant(&self) -> &'a [u8] {
        let zeros = self.0.iter().take_while(|&&digit| digit == b'0').count();
        &self.0[zeros..]
    }

    /// The value, unless it is beyond 128 bits.
    pub(super) fn value(&self) -> Option<u128> {
        self.significant()
            .iter()
            .try_fold(0u128, |value, digit| value.checked_mul(10)?.checked_add(u128::from(digit - b'0')))
    }

    /// The value, or the largest u64 for anything beyond.
    pub(super) fn saturating(&self) -> u64 {
        saturate(self.value().unwrap_or(u128::MAX))
    }
}

/// A value as u64, the largest one for anything beyond.
pub(super) fn saturate(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.significant(), other.significant());
        a.len().cmp(&b.len()).then_with(|| a.cmp(b))
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number<'_> {}

/// Natural order of names: runs of digits by their value, all else by bytes.
pub(super) fn natural(a: &[u8], b: &[u8]) -> Ordering {
    let (mut left, mut right) = (a, b);
    while let (Some(&x), Some(&y)) = (left.first(), right.first()) {
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (digits, rest) = split_digits(left);
            let (other_digits, other_rest) = split_digits(right);
            (left, right) = (rest, other_rest);
            Number::new(digits).cmp(&Number::new(other_digits))
        } else {
            (left, right) = (&left[1..], &right[1..]);
            x.cmp(&y)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    // One ends where the other goes on, or they differ in leading zeros only.
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natural_order_counts() {
        let mut names = ["p10", "p2", "p02", "p", "p1b", "q1", "p1"];
        names.sort_by(|a, b| natural(a.as_bytes(), b.as_bytes()));
        assert_eq!(names, ["p", "p1", "p1b", "p02", "p2", "p10", "q1"]);
    }

    #[test]
    fn numbers_compare_by_value_however_long() {
        let n = |text: &'static str| Number::new(text.as_bytes());
        assert!(n("2") < n("10"));
        assert_eq!(n("007"), n("7"));
        assert_eq!(n("000"), n("0"));
        assert!(
            n("99999999999999999999999999999999999999999") < n("100000000000000000000000000000000000000000")
        );
        assert_eq!(n("18446744073709551616").value(), Some(1 << 64));
        assert_eq!(n("18446744073709551616").saturating(), u64::MAX);
        assert_eq!(n("999999999999999999999999999999999999999999").value(), None);
        assert_eq!(n("").value(), Some(0));
    }
}
