use std::time::Duration;

use proptest::prelude::*;

use super::Pace;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Reads that begin as soon as they may, each with the time in microseconds and
/// the bytes that `next` says. Returns how often the limit changed.
fn read_on(pace: &mut Pace, reads: usize, mut next: impl FnMut() -> (u64, u64)) -> usize {
    let mut flying: Vec<(u64, u64, u64)> = Vec::new();
    let (mut now, mut changes, mut limit) = (0, 0, pace.limit());
    let mut begun = 0;
    while begun < reads {
        if flying.len() < pace.limit() {
            let (time, bytes) = next();
            pace.began(Duration::from_micros(now));
            flying.push((now + time, now, bytes));
            begun += 1;
        } else {
            let first = (0..flying.len()).min_by_key(|&i| flying[i].0).unwrap();
            let (end, began, bytes) = flying.swap_remove(first);
            now = now.max(end);
            pace.ended(Duration::from_micros(now), Duration::from_micros(began), bytes);
        }
        changes += usize::from(pace.limit() != limit);
        limit = pace.limit();
    }
    changes
}

#[test]
fn a_number_that_was_asked_for_stays() {
    let mut pace = Pace::forced(3);
    assert_eq!(read_on(&mut pace, 500, || (1000, 1 << 20)), 0);
    assert_eq!((pace.limit(), pace.words().as_str()), (3, "3, as asked"));
}

#[test]
fn it_climbs_while_more_give_more_and_says_so() {
    let mut pace = Pace::adaptive(4, 16);
    read_on(&mut pace, 100, || (10_000, 1 << 20));
    assert_eq!(pace.limit(), 16);
    let words = pace.words();
    assert!(words.starts_with("began with 4; "), "{words}");
    assert!(words.contains("8 gave 2.0") && words.contains("16 gave 2.0"), "{words}");
}

#[test]
fn a_file_that_opens_slowly_is_far_away() {
    let mut pace = Pace::adaptive(4, 16);
    pace.began(ms(0));
    pace.opened(ms(14), ms(0));
    assert_eq!(pace.limit(), 4);
    pace.opened(ms(40), ms(0));
    assert_eq!(pace.limit(), 16);
    assert!(pace.words().contains("opening a file takes 40 ms"), "{}", pace.words());
}

#[test]
fn what_was_too_short_for_a_trial_says_so() {
    let mut pace = Pace::adaptive(4, 16);
    pace.began(ms(0));
    pace.ended(ms(5), ms(0), 1 << 20);
    assert_eq!(pace.words(), "4: the load was too short to try others");
}

#[test]
fn reads_far_apart_are_no_reason_for_more() {
    let mut pace = Pace::adaptive(4, 16);
    for number in 0..200 {
        pace.began(ms(10 * number));
        pace.ended(ms(10 * number + 2), ms(10 * number), 1 << 20);
    }
    assert_eq!((pace.limit(), pace.words().as_str()), (4, "4: reading was not what took the time"));
}

#[test]
fn reads_that_come_to_nothing_are_no_longer_in_flight() {
    let mut pace = Pace::adaptive(4, 16);
    for number in 0..1000 {
        pace.began(ms(number));
        pace.given_up(ms(number + 1));
    }
    assert_eq!((pace.in_flight, pace.ends, pace.limit()), (0, 0, 4));
}

proptest! {
    #[test]
    fn whatever_happens_the_number_is_within_its_bounds(
        begin in 0usize..20,
        most in 0usize..20,
        events in proptest::collection::vec((0u8..4, 0u64..50_000, 0u64..100_000, any::<u32>()), 0..400),
    ) {
        let mut pace = Pace::adaptive(begin, most);
        for (kind, now, began, bytes) in events {
            // Times come in any order, ends without beginnings.
            let (now, began) = (Duration::from_micros(now), Duration::from_micros(began));
            match kind {
                0 => pace.began(now),
                1 => pace.opened(now, began),
                2 => pace.ended(now, began, bytes.into()),
                _ => pace.given_up(now),
            }
            prop_assert!((1..=most.max(1)).contains(&pace.limit()));
            pace.words();
        }
    }

    /// A storage without any rule is the worst case: each read takes a time of
    /// its own, from a tenth of a millisecond to a second.
    #[test]
    fn changes_of_mind_are_few_whatever_the_storage_does(seed in any::<u64>()) {
        let mut random = seed | 1;
        let mut pace = Pace::adaptive(4, 16);
        let changes = read_on(&mut pace, 4000, || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (100 << (random % 14), 32 << (10 + random / 14 % 8))
        });
        prop_assert!(changes <= 60, "{changes} changes: {}", pace.words());
    }
}
