//! Faults on request, for the tests of the release build. Without the feature
//! `fault-injection` this is nothing.
#![forbid(unsafe_code)]

/// Panics when the environment's ZSTACK_TEST_PANIC_AT names this place.
#[cfg(feature = "fault-injection")]
pub(super) fn panic_if_asked(place: u64) {
    if std::env::var("ZSTACK_TEST_PANIC_AT").is_ok_and(|at| at == place.to_string()) {
        panic!("a panic injected at place {place}");
    }
}

/// Nothing.
#[cfg(not(feature = "fault-injection"))]
pub(super) fn panic_if_asked(_place: u64) {}
