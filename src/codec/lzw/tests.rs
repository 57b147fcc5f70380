use proptest::collection::vec;
use proptest::prelude::*;

use super::encode::{Style, USUAL, encode};
use super::{Decoder, is_old, plain};
use crate::codec::Fault;

/// Decodes to `bytes` bytes both ways, which must be one; what came out.
fn both(raw: &[u8], bytes: usize) -> (Result<(), Fault>, Vec<u8>) {
    let (mut fast, mut slow) = (vec![0xAA; bytes], vec![0x55; bytes]);
    let result = Decoder::new().decode(raw, &mut fast);
    assert_eq!(result, plain::decode(raw, &mut slow));
    let got = match result {
        Ok(()) => bytes,
        Err(Fault::Short { got }) => got,
        Err(Fault::Broken(_) | Fault::NoMemory) => 0,
    };
    fast.truncate(got);
    slow.truncate(got);
    assert!(fast == slow, "the bytes differ from {:?} on", fast.iter().zip(&slow).position(|(a, b)| a != b));
    (result, fast)
}

/// Codes of nine bits, the highest first.
fn nine_bits(codes: &[u32]) -> Vec<u8> {
    let bits: Vec<u32> = codes.iter().flat_map(|code| (0..9).rev().map(move |bit| code >> bit & 1)).collect();
    let byte = |bits: &[u32]| bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | bit << (7 - at));
    bits.chunks(8).map(|bits| byte(bits) as u8).collect()
}

fn noise(bytes: usize, values: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % values
    };
    (0..bytes).map(|_| next() as u8).collect()
}

/// Data of several kinds: any bytes, noise of few values, runs, and what repeats.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let runs = vec((any::<u8>(), 1..600_usize), 0..40)
        .prop_map(|runs| runs.into_iter().flat_map(|(byte, times)| vec![byte; times]).collect::<Vec<_>>());
    let repeats = (vec(any::<u8>(), 1..40), 1..400_usize).prop_map(|(some, times)| some.repeat(times));
    let part = prop_oneof![
        vec(any::<u8>(), 0..3000),
        (0..20_000_usize, 1..=256_u32).prop_map(|(bytes, values)| noise(bytes, values)),
        runs,
        repeats,
    ];
    vec(part, 0..4).prop_map(|parts| parts.concat())
}

fn style() -> impl Strategy<Value = Style> {
    let strings = prop_oneof![Just(USUAL.strings), 1..5000_usize, Just(usize::MAX)];
    (any::<bool>(), any::<bool>(), any::<bool>(), strings).prop_map(|(old, clear, end, strings)| Style {
        old,
        clear: clear || old,
        end,
        strings,
    })
}

proptest! {
    #[test]
    fn what_was_encoded_comes_out(data in data(), style in style()) {
        let raw = encode(&data, &style);
        // Nobody can tell a stream without a clear that begins like an old one.
        prop_assume!(style.clear || !is_old(&raw));
        let (result, out) = both(&raw, data.len());
        prop_assert_eq!(result, Ok(()));
        prop_assert!(out == data);
    }

    #[test]
    fn the_output_may_be_shorter_or_longer(data in data(), style in style(), bytes in 0..40_000_usize) {
        let raw = encode(&data, &style);
        prop_assume!(style.clear || !is_old(&raw));
        let (result, out) = both(&raw, bytes);
        prop_assert_eq!(result.is_ok(), bytes <= data.len());
        prop_assert!(out == data[..bytes.min(data.len())]);
    }

    #[test]
    fn damaged_streams_fare_as_with_the_oracle(
        data in data(),
        style in style(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..5),
        cut in any::<prop::sample::Index>(),
        bytes in prop_oneof![0..40_000_usize, 0..2_usize],
    ) {
        let mut raw = encode(&data, &style);
        raw.push(0);
        for (at, byte) in damage {
            *at.get_mut(&mut raw) = byte;
        }
        raw.truncate(cut.index(2 * raw.len()));
        let _ = both(&raw, bytes);
    }

    #[test]
    fn any_bytes_fare_as_with_the_oracle(raw in vec(any::<u8>(), 0..6000), bytes in 0..20_000_usize) {
        let _ = both(&raw, bytes);
    }

    /// Any bytes soon name a code that is not there; codes that are go further.
    #[test]
    fn any_codes_fare_as_with_the_oracle(
        picks in vec(prop_oneof![9 => 0.0..1.0_f64, 1 => Just(1.0)], 0..250),
        start in any::<bool>(),
        bytes in 0..3000_usize,
    ) {
        let start = if start { vec![256] } else { vec![] };
        let strings = picks.iter().zip(257..).map(|(pick, last)| match (pick * f64::from(last)) as u32 {
            // Neither clear nor end, which would make the rest wrong.
            code @ (256 | 257) => code - 256,
            code => code,
        });
        let codes: Vec<u32> = start.into_iter().chain(strings).collect();
        let _ = both(&nine_bits(&codes), bytes);
    }

    #[test]
    fn the_independent_encoder_is_understood(data in data()) {
        let mut encoder = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
        let raw = encoder.encode(&data).unwrap();
        let (result, out) = both(&raw, data.len());
        prop_assert_eq!(result, Ok(()));
        prop_assert!(out == data);
    }
}

#[test]
fn a_stream_of_libtiff_comes_out() {
    // Written by libtiff 4.7 from "abababababababab-abc".
    let raw = [0x80, 0x18, 0x4C, 0x50, 0x28, 0x24, 0x0E, 0x0D, 0x05, 0x16, 0xC0, 0x8C, 0x70, 0x10];
    let (result, out) = both(&raw, 20);
    assert_eq!(result, Ok(()));
    assert_eq!(out, b"abababababababab-abc");
}

#[test]
fn nothing_is_read_for_nothing() {
    assert_eq!(both(&[], 0).0, Ok(()));
    assert_eq!(both(&[0xFF; 9], 0).0, Ok(()));
}

#[test]
fn no_bytes_are_too_few() {
    for raw in [&[][..], &[0x80], &[0x80, 0x00]] {
        assert_eq!(both(raw, 1), (Err(Fault::Short { got: 0 }), vec![]));
    }
}

#[test]
fn a_code_cut_off_is_none() {
    // 256, then 8 of the 9 bits of a code.
    let raw = nine_bits(&[256, 97]);
    assert_eq!(both(&raw[..2], 1).0, Err(Fault::Short { got: 0 }));
    assert_eq!(both(&raw, 1), (Ok(()), b"a".to_vec()));
}

#[test]
fn an_end_before_the_last_byte_is_too_early() {
    assert_eq!(both(&nine_bits(&[256, 97, 257, 97]), 2), (Err(Fault::Short { got: 1 }), b"a".to_vec()));
    assert_eq!(both(&nine_bits(&[257]), 1).0, Err(Fault::Short { got: 0 }));
    assert_eq!(both(&nine_bits(&[256, 257]), 1).0, Err(Fault::Short { got: 0 }));
}

#[test]
fn bytes_behind_the_last_byte_do_not_matter() {
    let mut raw = nine_bits(&[256, 97, 258, 98]);
    raw.extend([0xFF; 50]);
    assert_eq!(both(&raw, 4), (Ok(()), b"aaab".to_vec()));
}

#[test]
fn a_string_longer_than_the_room_is_cut() {
    let raw = nine_bits(&[256, 97, 258, 259, 260, 261, 262, 263, 264, 265, 266]);
    for bytes in 0..56 {
        assert_eq!(both(&raw, bytes), (Ok(()), vec![b'a'; bytes]));
    }
}

#[test]
fn codes_that_are_not_there_are_named() {
    let broken = Err(Fault::Broken("an LZW code that is not in the table yet"));
    // Behind a clear there are bytes only; behind one byte, one string.
    for codes in [&[258][..], &[256, 258], &[256, 300], &[256, 97, 259], &[256, 97, 258, 260]] {
        assert_eq!(both(&nine_bits(codes), 100).0, broken);
    }
    // What the table held before a clear is gone.
    assert_eq!(both(&nine_bits(&[256, 97, 98, 258, 256, 97, 259]), 100).0, broken);
}

#[test]
fn a_table_is_left_clean_for_the_next_stream() {
    let mut decoder = Decoder::new();
    let mut out = vec![0; 50_000];
    decoder.decode(&encode(&noise(50_000, 256), &USUAL), &mut out).unwrap();
    let stale = nine_bits(&[256, 97, 300]);
    assert!(matches!(decoder.decode(&stale, &mut out), Err(Fault::Broken(_))));
    let text = b"a stream that comes after a broken one".repeat(9);
    let text_out = &mut out[..text.len()];
    decoder.decode(&encode(&text, &USUAL), text_out).unwrap();
    assert_eq!(text_out, &text);
}

#[test]
fn a_full_table_serves_on() {
    for old in [false, true] {
        let data = [noise(60_000, 200), vec![7; 9000], noise(60_000, 3)].concat();
        let raw = encode(&data, &Style { old, strings: usize::MAX, ..USUAL });
        let (result, out) = both(&raw, data.len());
        assert_eq!(result, Ok(()));
        assert!(out == data);
    }
}

/// Commands are told from strings by their entry, which speaks of a far place.
#[test]
fn commands_are_obeyed_where_there_is_room_for_any_string() {
    let data = noise(300_000, 256);
    let raw = encode(&data, &USUAL);
    let (result, out) = both(&raw, data.len());
    assert_eq!(result, Ok(()));
    assert!(out == data);
    assert_eq!(both(&raw, 2 * data.len()).0, Err(Fault::Short { got: data.len() }));
}

#[test]
fn clears_alone_give_nothing() {
    let raw = nine_bits(&[256; 8000]);
    assert_eq!(both(&raw, 9).0, Err(Fault::Short { got: 0 }));
}
