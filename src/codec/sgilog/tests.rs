use super::{Coding, decode};
use crate::codec::Fault;

fn decoded(raw: &[u8], coding: Coding, width: usize, bytes: usize) -> Result<Vec<u8>, Fault> {
    let mut out = vec![0xAA; bytes];
    decode(raw, coding, width, &mut out).map(|()| out)
}

/// Three pixels as a run and a literal, two rows.
const GREY: [u8; 14] = [129, 0x3C, 3, 1, 2, 3, 0, 3, 0x40, 0x80, 0xC0, 129, 9, 0];

#[test]
fn strings_of_bytes_are_put_together() {
    let samples = |codes: [u16; 6]| codes.map(u16::to_ne_bytes).as_flattened().to_vec();
    assert_eq!(
        decoded(&GREY, Coding::Grey, 3, 12),
        Ok(samples([0x3C01, 0x3C02, 0x3C03, 0x4009, 0x8009, 0xC009]))
    );
}

#[test]
fn a_code_of_luminance_is_a_power_of_two() {
    // 0; 2 ^ ((16384 + 0.5) / 256 - 64), and the same below zero.
    let raw = [3, 0, 0x40, 0xC0, 129, 0];
    let out = decoded(&raw, Coding::Luminance, 3, 12).unwrap();
    let value = 2_f64.powf(0.5 / 256.0) as f32;
    assert_eq!(out, [0.0, value, -value].map(f32::to_ne_bytes).as_flattened());
}

#[test]
fn what_ends_or_runs_over_is_a_fault() {
    for end in 0..12 {
        let got = if end < 6 { 0 } else { 6 };
        assert_eq!(decoded(&GREY[..end], Coding::Grey, 3, 12), Err(Fault::Short { got }), "{end}");
    }
    for raw in [&[130, 1, 129, 0][..], &[4, 1, 2, 3, 4, 129, 0]] {
        assert!(matches!(decoded(raw, Coding::Grey, 3, 6), Err(Fault::Broken(_))));
    }
    assert_eq!(decoded(&[0; 5], Coding::Color24, 2, 24), Err(Fault::Short { got: 0 }));
    assert_eq!(decoded(&[0; 6], Coding::Color24, 2, 24), Ok(vec![0; 24]));
}
