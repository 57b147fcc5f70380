//! Machines without wide registers that we know: nothing is done here.
#![forbid(unsafe_code)]

use super::Rows;

pub fn add_up(_bytes: &mut [u8], _rows: Rows) -> bool {
    false
}

pub fn reverse_each<const N: usize>(_samples: &mut [u8]) -> bool {
    false
}

pub fn zip<const N: usize>(_planes: [&[u8]; N], _samples: &mut [[u8; N]]) -> bool {
    false
}
