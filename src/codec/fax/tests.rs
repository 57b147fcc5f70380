use std::convert::Infallible;

use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use proptest::collection::vec;
use proptest::prelude::*;

use super::encode::{MARK, Style, encode, image, pack, run};
use super::{Coding, decode};
use crate::codec::Fault;

const G3: Coding = Coding::G3 { two_dimensional: false };
const G3_2D: Coding = Coding::G3 { two_dimensional: true };
const CODINGS: [Coding; 5] = [Coding::Rle, Coding::RleWords, G3, G3_2D, Coding::G4];

/// Decodes text of bits to rows of one byte or more.
fn decoded(bits: &str, coding: Coding, width: usize, rows: usize) -> Result<Vec<u8>, Fault> {
    let mut out = vec![0xAA; width.div_ceil(8) * rows];
    decode(&pack(bits), coding, width, &mut out).map(|()| out)
}

fn broken(bits: &str, coding: Coding, rows: usize) -> &'static str {
    match decoded(bits, coding, 10, rows) {
        Err(Fault::Broken(why)) => why,
        other => panic!("{bits}: {other:?}"),
    }
}

/// White 4, black 3, white 3.
const SOME: &str = "1011 10 1000";
/// White 10.
const BLANK: &str = "00111";
/// White 0, black 10.
const FULL: &str = "00110101 0000100";
/// What they are, in rows of 10 pixels.
const THREE: [u8; 6] = [0b0000_1110, 0, 0, 0, 0xFF, 0b1100_0000];

#[test]
fn rows_of_compression_2_begin_on_bytes() {
    let bits = format!("{SOME} 000000 {BLANK} 000 {FULL}");
    assert_eq!(decoded(&bits, Coding::Rle, 10, 3), Ok(THREE.to_vec()));
}

#[test]
fn rows_of_compression_32771_begin_on_pairs_of_bytes() {
    let bits = format!("{SOME} 000000 {BLANK} 00000000000 {FULL}");
    assert_eq!(decoded(&bits, Coding::RleWords, 10, 3), Ok(THREE.to_vec()));
}

#[test]
fn rows_of_group_3_have_marks_before_them_or_not() {
    for bits in [
        format!("{MARK} {SOME} {MARK} {BLANK} {MARK} {FULL} {}", MARK.repeat(6)),
        format!("{MARK} {SOME} 00000 {MARK} {BLANK} 000 {MARK} {FULL}"),
        format!("{SOME} {MARK} {BLANK} {MARK} {FULL} {MARK}"),
        format!("{SOME} {BLANK} {FULL}"),
    ] {
        assert_eq!(decoded(&bits, G3, 10, 3), Ok(THREE.to_vec()), "{bits}");
    }
}

#[test]
fn a_bit_behind_the_mark_tells_rows_of_two_dimensions() {
    // Pass and to the edge; white 0 and black 10.
    let bits = format!("{MARK} 1 {SOME} {MARK} 0 0001 1 {MARK} 0 001 {FULL} {MARK} 1");
    assert_eq!(decoded(&bits, G3_2D, 10, 3), Ok(THREE.to_vec()));
}

#[test]
fn rows_of_group_4_are_seen_from_the_one_above() {
    // White 4 and black 3, and to the edge; then changes 3 before and 2 behind
    // them; then 1 behind and 2 before, then 3 behind and 1 before.
    let bits = "001 1011 10 1  0000010 000011 1  011 000010 1  0000011 010 1";
    let rows = [0b0000_1110, 0, 0b0111_1111, 0b1000_0000, 0b0011_1110, 0, 0b0000_0100, 0];
    assert_eq!(decoded(bits, Coding::G4, 10, 4), Ok(rows.to_vec()));
    assert_eq!(decoded(&format!("{bits} {MARK} {MARK}"), Coding::G4, 10, 4), Ok(rows.to_vec()));
}

#[test]
fn long_runs_are_sums() {
    let width = 1 << 20;
    let row = |white: usize| (0..width).map(|x| x >= white && x + 1 < width).collect();
    let rows: Vec<Vec<bool>> = [0, 2_559, 2_560, 2_624, 500_000].map(row).to_vec();
    let expected = image(&rows);
    for coding in CODINGS {
        let (raw, _) = encode(&rows, coding, USUAL);
        let mut out = vec![0xAA; expected.len()];
        assert_eq!(decode(&raw, coding, width, &mut out), Ok(()));
        assert!(out == expected, "{coding:?}");
    }
}

#[test]
fn a_long_run_to_the_edge_may_lack_its_end() {
    // White 0 and black 64, or white 64; before a mark only.
    let (black, white) = ("00110101 0000001111", "11011");
    let rows = [[0xFF; 8], [0; 8]].as_flattened().to_vec();
    assert_eq!(decoded(&format!("{MARK} {black} {MARK} {white} {MARK}"), G3, 64, 2), Ok(rows));
    assert_eq!(decoded(white, Coding::Rle, 64, 1), Err(Fault::Short { got: 0 }));
    assert!(matches!(decoded(&format!("{white} 00000001 0101"), Coding::Rle, 64, 1), Err(Fault::Broken(_))));
}

#[test]
fn rows_that_miss_the_edge_are_faults() {
    let short = "a row in its fax code ends before the image's edge";
    let long = "a row in its fax code reaches beyond the image's edge";
    assert_eq!(broken(&format!("{MARK} 1011 10 {MARK} {BLANK} {MARK}"), G3, 2), short);
    assert_eq!(broken(&format!("{MARK} {MARK} {BLANK} {MARK}"), G3, 1), short);
    assert_eq!(broken(&format!("{MARK} 0 001 1011 10 {MARK} 1 {BLANK}"), G3_2D, 1), short);
    assert_eq!(broken(&format!("001 1011 10 {MARK} {MARK}"), Coding::G4, 1), short);
    assert_eq!(broken(&format!("1011 0000 {MARK} {SOME}"), Coding::Rle, 1), short);
    let unmarked = "some rows in its fax code lack the mark that others have";
    assert_eq!(broken(&format!("{MARK} {BLANK} {BLANK} {MARK} {BLANK}"), G3, 2), unmarked);
    assert_eq!(broken(&format!("{BLANK} {MARK} {BLANK} {BLANK}"), G3, 3), unmarked);
    assert_eq!(broken(&format!("{BLANK} {BLANK} {MARK} {BLANK}"), G3, 3), unmarked);
    for coding in CODINGS {
        // White 4 and black 7, as far as the coding has it.
        let row = match coding {
            Coding::Rle | Coding::RleWords | G3 => "1011 00011 00000000",
            _ => "0 001 1011 00011 00000000",
        };
        let row = if coding == Coding::G4 { &row[2..] } else { row };
        assert_eq!(broken(row, coding, 1), long, "{coding:?}");
    }
    // A change behind the edge, and one before the last.
    assert_eq!(broken("011 1 1 1 1 1 1 1", Coding::G4, 1), long);
    assert_eq!(broken("001 1011 10 1  000011 0000010 1", Coding::G4, 2), "its fax code is damaged");
}

#[test]
fn data_that_ends_says_how_many_rows_were_had() {
    assert_eq!(
        decoded(&format!("{SOME} {MARK} {BLANK} {MARK} 1011"), G3, 10, 3),
        Err(Fault::Short { got: 4 })
    );
    assert_eq!(decoded("1 1 0 0", Coding::G4, 10, 3), Err(Fault::Short { got: 4 }));
    assert_eq!(decoded(SOME, Coding::Rle, 10, 3), Err(Fault::Short { got: 2 }));
    assert_eq!(decoded(&MARK.repeat(6), G3, 10, 3), Err(Fault::Short { got: 0 }));
    assert_eq!(decoded(&MARK.repeat(2), Coding::G4, 10, 3), Err(Fault::Short { got: 0 }));
    for coding in CODINGS {
        assert_eq!(decoded("", coding, 10, 1), Err(Fault::Short { got: 0 }));
        assert_eq!(decoded(&"0".repeat(800), coding, 10, 1), Err(Fault::Short { got: 0 }));
    }
}

#[test]
fn rows_behind_the_end_of_the_code_are_white() {
    let first = [0b0000_1110, 0, 0, 0, 0, 0];
    assert_eq!(decoded(&format!("{MARK} {SOME} {}", MARK.repeat(6)), G3, 10, 3), Ok(first.to_vec()));
    let end = format!("{SOME} {} {BLANK} {BLANK} {BLANK}", MARK.repeat(6));
    assert_eq!(decoded(&end, G3, 10, 3), Ok(first.to_vec()));
    assert_eq!(decoded(&format!("{SOME} {MARK} {BLANK} 0000"), G3, 10, 3), Ok(first.to_vec()));
    assert_eq!(decoded(&format!("{SOME} {MARK} 0000"), G3, 10, 3), Err(Fault::Short { got: 2 }));
    let black = format!("001 {FULL} {MARK} {MARK}");
    assert_eq!(decoded(&black, Coding::G4, 10, 3), Ok(vec![0xFF, 0b1100_0000, 0, 0, 0, 0]));
}

#[test]
fn what_is_no_code_is_named() {
    let uncompressed = "its fax code has an extension (uncompressed mode), which is not read";
    assert_eq!(broken("0000001111 0101 0000", Coding::G4, 1), uncompressed);
    assert_eq!(broken(&format!("{MARK} 000000001111 0101"), G3, 1), uncompressed);
    assert_eq!(broken("0000000001 0101 0000", Coding::Rle, 1), "its fax code is damaged");
    assert_eq!(broken("0000000101 0101 0000", Coding::G4, 1), "its fax code is damaged");
    // White 4, and at the end what no black code begins with.
    assert_eq!(broken("1011 00000000 0100", Coding::Rle, 1), "its fax code is damaged");
}

#[test]
fn rows_too_long_for_any_image_are_refused() {
    let fault = decode(&[0xFF; 8], Coding::G4, usize::MAX, &mut []);
    assert!(matches!(fault, Err(Fault::Broken(_))));
}

#[test]
fn runs_of_no_pixels_do_not_count_as_changes() {
    // White 2, black 0, white 5, black 3; the row below changes where that does.
    let one = format!("0111 {} 1100 10", run(true, 0));
    let bits = format!("{MARK} 1 {one} {MARK} 0 1 1");
    assert_eq!(decoded(&bits, G3_2D, 10, 2), Ok([0b0000_0001, 0b1100_0000].repeat(2)));
    // Of two dimensions they are none: to black 2 behind the first change and back 1
    // before the second, at one place.
    assert_eq!(broken("001 1011 10 1  000011 010 1", Coding::G4, 2), "its fax code is damaged");
}

const USUAL: Style = Style { first_mark: true, marks: true, fill: false, one_of: 4, end: true };

fn style() -> impl Strategy<Value = Style> {
    let marks = prop_oneof![Just((true, true)), Just((false, true)), Just((false, false))];
    (marks, any::<bool>(), 1..5_usize, any::<bool>())
        .prop_map(|((first_mark, marks), fill, one_of, end)| Style { first_mark, marks, fill, one_of, end })
}

/// Rows of which each differs from the one above in a few short or long stretches.
fn rows() -> impl Strategy<Value = Vec<Vec<bool>>> {
    let length = prop_oneof![1..4_usize, 1..40_usize, 1..3000_usize];
    let rows = vec(vec((0..3000_usize, length), 0..8), 1..12);
    (prop_oneof![1..40_usize, 1..3000_usize], rows).prop_map(|(width, changes)| {
        let mut row = vec![false; width];
        changes
            .into_iter()
            .map(|stretches| {
                for (from, length) in stretches {
                    row.iter_mut().skip(from % width).take(length).for_each(|pixel| *pixel = !*pixel);
                }
                row.clone()
            })
            .collect()
    })
}

fn coding() -> impl Strategy<Value = Coding> {
    (0..CODINGS.len()).prop_map(|index| CODINGS[index])
}

proptest! {
    #[test]
    fn what_was_encoded_comes_back((rows, coding, style) in (rows(), coding(), style())) {
        let (raw, _) = encode(&rows, coding, style);
        let expected = image(&rows);
        let mut out = vec![0xAA; expected.len()];
        prop_assert_eq!(decode(&raw, coding, rows[0].len(), &mut out), Ok(()));
        prop_assert!(out == expected);
    }

    #[test]
    fn what_another_encoder_wrote_comes_back(rows in rows()) {
        let width = rows[0].len();
        let mut encoder = Encoder::new(VecWriter::new());
        for row in &rows {
            let pixels = row.iter().map(|&black| if black { Color::Black } else { Color::White });
            let Ok(()): Result<(), Infallible> = encoder.encode_line(pixels, width as u16);
        }
        let Ok(writer) = encoder.finish();
        let expected = image(&rows);
        let mut out = vec![0xAA; expected.len()];
        prop_assert_eq!(decode(&writer.finish(), Coding::G4, width, &mut out), Ok(()));
        prop_assert!(out == expected);
    }

    #[test]
    fn a_cut_gives_the_rows_before_it((rows, coding, style) in (rows(), coding(), style()), part in 0.0..1.0) {
        let (raw, ends) = encode(&rows, coding, style);
        let cut = (raw.len() as f64 * part) as usize;
        let expected = image(&rows);
        let had = ends.iter().filter(|&&end| end <= cut * 8).count() * rows[0].len().div_ceil(8);
        let mut out = vec![0xAA; expected.len()];
        let result = decode(&raw[..cut], coding, rows[0].len(), &mut out);
        prop_assert!(out[..had] == expected[..had]);
        if had == expected.len() {
            prop_assert_eq!(result, Ok(()));
        } else if result.is_ok() {
            // Cut behind a row, where marks may be.
            let ends = !matches!(coding, Coding::Rle | Coding::RleWords);
            prop_assert!(had > 0 && ends);
            prop_assert!(out[had..].iter().all(|&byte| byte == 0));
        } else {
            prop_assert_eq!(result, Err(Fault::Short { got: had }));
        }
    }

    #[test]
    fn any_bytes_are_rows_or_a_fault(raw in vec(any::<u8>(), 0..300), coding in coding(), width in 1..200_usize) {
        let row_bytes = width.div_ceil(8);
        let mut out = vec![0; row_bytes * 40];
        if let Err(Fault::Short { got }) = decode(&raw, coding, width, &mut out) {
            prop_assert!(got % row_bytes == 0 && got < out.len());
        }
    }

    #[test]
    fn damaged_bytes_are_rows_or_a_fault(
        (rows, coding, style) in (rows(), coding(), style()),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (mut raw, _) = encode(&rows, coding, style);
        for (at, with) in damage {
            *at.get_mut(&mut raw) = with;
        }
        let row_bytes = rows[0].len().div_ceil(8);
        let mut out = vec![0; row_bytes * rows.len()];
        if let Err(Fault::Short { got }) = decode(&raw, coding, rows[0].len(), &mut out) {
            prop_assert!(got % row_bytes == 0 && got < out.len());
        }
    }
}
