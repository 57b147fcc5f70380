use proptest::prelude::*;

use super::*;

fn options() -> OpenOptions {
    OpenOptions::default()
}

fn choose_str(names: &[&str], options: &OpenOptions) -> Result<Family> {
    let names: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
    choose(&names, options)
}

/// Names of the members; kept gaps in brackets.
fn members(names: &[&str], options: &OpenOptions) -> Vec<String> {
    let family = choose_str(names, options).unwrap();
    let text = |member: &Member| match member {
        Member::Name(index, _) => names[*index].to_owned(),
        Member::Gap(name, _) => format!("[{}]", String::from_utf8_lossy(name)),
    };
    family.members.iter().map(text).collect()
}

fn reasons<'a>(names: &[&'a str], options: &OpenOptions) -> Vec<(&'a str, Reason)> {
    let mut rejected: Vec<_> = choose_str(names, options)
        .unwrap()
        .rejected
        .iter()
        .map(|(i, reason, _)| (names[*i], *reason))
        .collect();
    rejected.sort_by_key(|r| r.0);
    rejected
}

#[test]
fn unpadded_numbers_are_ordered_by_value() {
    assert_eq!(members(&["s10.tif", "s9.tif", "s2.tif"], &options()), ["s2.tif", "s9.tif", "s10.tif"]);
    assert_eq!(members(&["s (10).tif", "s (9).tif"], &options()), ["s (9).tif", "s (10).tif"]);
}

#[test]
fn numbers_beyond_64_bits_are_ordered_too() {
    let names = ["a99999999999999999999.tif", "a100000000000000000000.tif", "a3.tif"];
    assert_eq!(members(&names, &options()), [names[2], names[0], names[1]]);
}

#[test]
fn the_largest_family_wins_and_the_rest_is_told() {
    let names = ["a1.tif", "a2.tif", "b1.tif", "a1.png", "head.tif"];
    assert_eq!(members(&names, &options()), ["a1.tif", "a2.tif"]);
    let other = Reason::OtherFamily;
    assert_eq!(reasons(&names, &options()), [("a1.png", other), ("b1.tif", other), ("head.tif", other)]);
}

#[test]
fn the_number_may_stand_before_a_common_ending() {
    assert_eq!(members(&["i_01_ch2.tif", "i_02_ch2.tif"], &options()), ["i_01_ch2.tif", "i_02_ch2.tif"]);
}

#[test]
fn a_tie_names_the_families_and_the_way_out() {
    let names = ["i_1_c1.tif", "i_1_c2.tif", "i_2_c1.tif", "i_2_c2.tif", "i_3_c1.tif", "i_3_c2.tif"];
    let error = choose_str(&names, &options()).unwrap_err();
    assert_eq!(error.status, Status::Ambiguous);
    for part in ["i_*_c1.tif", "i_*_c2.tif", "3 files", "pattern"] {
        assert!(error.message.contains(part), "{}", error.message);
    }
}

#[test]
fn a_prefix_or_an_extension_decides_a_tie() {
    let names = ["a1.tif", "a2.tif", "ab1.tif", "ab2.tif", "a1.png", "a2.png"];
    let tif = OpenOptions { prefix: Some(b"a".to_vec()), extension: Some("TIF".into()), ..options() };
    assert_eq!(members(&names, &tif), ["a1.tif", "a2.tif"]);
    let dotted = OpenOptions { prefix: Some(b"ab".to_vec()), extension: Some(".tif".into()), ..options() };
    assert_eq!(members(&names, &dotted), ["ab1.tif", "ab2.tif"]);
}

#[test]
fn upper_and_lower_case_extensions_are_one_family() {
    assert_eq!(members(&["a1.TIF", "a2.tif", "a3.Tif"], &options()), ["a1.TIF", "a2.tif", "a3.Tif"]);
}

#[test]
fn names_without_numbers_are_in_natural_order() {
    assert_eq!(members(&["foot.tif", "arm.tif"], &options()), ["arm.tif", "foot.tif"]);
    let numbered = OpenOptions { first_number: 2, ..options() };
    assert_eq!(choose_str(&["foot.tif", "arm.tif"], &numbered).unwrap_err().status, Status::InvalidArgument);
}

#[test]
fn duplicates_are_rejected_by_name() {
    let names = ["a001.tif", "a01.tif", "a002.tif", "a002.TIF"];
    assert_eq!(members(&names, &options()), ["a001.tif", "a002.TIF"]);
    assert_eq!(
        reasons(&names, &options()),
        [("a002.tif", Reason::Duplicate), ("a01.tif", Reason::Duplicate)]
    );
}

#[test]
fn gaps_are_told_and_kept_on_request() {
    let names = ["a08.tif", "a11.tif", "a12.tif"];
    let gap = |before| vec![Gap { first: 9, last: 10, before }];
    assert_eq!(choose_str(&names, &options()).unwrap().gaps, gap(1));
    let keep = OpenOptions { keep_gaps: true, ..options() };
    assert_eq!(members(&names, &keep), ["a08.tif", "[a09.tif]", "[a10.tif]", "a11.tif", "a12.tif"]);
    assert_eq!(choose_str(&names, &keep).unwrap().gaps, gap(3));
}

#[test]
fn an_absurd_gap_is_refused_before_memory_is_taken() {
    let keep = OpenOptions { keep_gaps: true, ..options() };
    let names = ["a1.tif", "a340282366920938463463374607431768211455.tif"];
    assert_eq!(choose_str(&names, &keep).unwrap_err().status, Status::LimitExceeded);
}

#[test]
fn first_and_last_number_bound_the_stack() {
    let names = ["a1.tif", "a2.tif", "a3.tif", "a4.tif"];
    let some = OpenOptions { first_number: 2, last_number: Some(3), ..options() };
    assert_eq!(members(&names, &some), ["a2.tif", "a3.tif"]);
    let asked = Reason::NotAskedFor;
    assert_eq!(reasons(&names, &some), [("a1.tif", asked), ("a4.tif", asked)]);
}

proptest! {
    #[test]
    fn every_name_is_accounted_for_once(names in proptest::collection::hash_set("[ab]{0,2}[0-9]{0,3}(_c[0-9])?\\.(tif|TIF|png)", 0..40)) {
        let names: Vec<Vec<u8>> = names.into_iter().map(String::into_bytes).collect();
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        let Ok(family) = choose(&names, &options()) else { return Ok(()) };
        let mut seen: Vec<usize> = family.rejected.iter().map(|r| r.0).collect();
        let mut last = None;
        for member in &family.members {
            let Member::Name(index, number) = member else { panic!("no gap was asked for") };
            prop_assert!(number.is_none() || *number > last);
            last = *number;
            seen.push(*index);
        }
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..names.len()).collect::<Vec<_>>());
    }
}
