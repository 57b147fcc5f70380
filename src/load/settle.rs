//! What becomes of a slice when it is whole, and when it can't be had.
#![forbid(unsafe_code)]

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::blend::blend;
use super::engine::Load;
use super::fill;
use super::options::Policy;
use super::progress::{Event, Level, SliceEvent};
use super::report::State;
use super::sync::lock;
use crate::error::Status;

impl Load {
    /// All runs of a slice have ended: it is whole, or it failed.
    pub(super) fn settle(&self, place: u64, started: Instant) {
        let seconds = started.elapsed().as_secs_f64();
        let mut state = State::NotReached;
        let mut cause = None;
        self.record(place, |record| {
            record.seconds = seconds;
            cause = record.cause.clone();
            if cause.is_none() && !record.interrupted {
                record.state = State::Measured;
            }
            state = record.state;
        });
        if state == State::Measured {
            self.bytes_decoded.fetch_add(self.slice_bytes(), Ordering::Relaxed);
            self.announce(place);
        }
        let Some(cause) = cause else { return };
        let path = self.slice(place).path.display();
        self.log(Level::Warning, format!("slice {}, {path}: {}", self.plan.slice_at(place), cause.message));
        match self.options.policy {
            Policy::Fill => self.fill(place),
            Policy::Fail => {
                self.give_up(place, State::Missing);
                self.stop();
            }
            // Their neighbours must be known first.
            Policy::Skip | Policy::Interpolate => {}
        }
    }

    /// After all slices were tried: repairs or leaves out those that failed. A
    /// load that was stopped before leaves them as they are, not reached.
    pub(super) fn conclude(&self) {
        for place in 0..self.plan.slices {
            self.record(place, |record| record.place = Some(place));
        }
        let waiting = self.places(|place| self.is_waiting(place));
        let stopped = !self
            .places(|place| self.state(place) == State::NotReached && !self.is_waiting(place))
            .is_empty();
        if stopped || waiting.is_empty() {
            return;
        }
        if self.options.policy == Policy::Skip {
            return self.skip();
        }
        let measured = self.places(|place| self.state(place) == State::Measured);
        for place in waiting {
            if self.is_stopping() {
                return;
            }
            self.interpolate(place, &measured);
        }
    }

    /// Moves the slices up over those that are left out.
    fn skip(&self) {
        let mut next = 0;
        for place in 0..self.plan.slices {
            if self.is_waiting(place) {
                self.record(place, |record| record.place = None);
                self.give_up(place, State::Missing);
                continue;
            }
            if next != place {
                self.target.copy(place as usize, next as usize);
            }
            self.record(place, |record| record.place = Some(next));
            next += 1;
        }
    }

    /// Blends the nearest measured slices on either side, by distance.
    fn interpolate(&self, place: u64, measured: &[u64]) {
        let after = measured.partition_point(|&m| m < place);
        let to = place as usize;
        match (after.checked_sub(1).map(|i| measured[i]), measured.get(after).copied()) {
            (Some(a), Some(b)) => {
                // The nearer one weighs more.
                let (a, b) = ((a as usize, b - place), (b as usize, place - a));
                blend(&self.target, self.plan.sample, to, a, b);
            }
            (Some(only), None) | (None, Some(only)) => self.target.copy(only as usize, to),
            (None, None) => return self.fill(place),
        }
        self.give_up(place, State::Repaired);
    }

    fn fill(&self, place: u64) {
        self.target.fill(place as usize, &fill::sample(self.options.fill_value, self.plan.sample));
        self.give_up(place, State::Missing);
    }

    /// A slice that could not be had has got what its policy gives it.
    fn give_up(&self, place: u64, state: State) {
        self.record(place, |record| record.state = state);
        self.failed.fetch_add(1, Ordering::Relaxed);
        self.announce(place);
    }

    fn announce(&self, place: u64) {
        let event = {
            let record = lock(&self.records[place as usize]);
            SliceEvent {
                slice: self.plan.slice_at(place),
                place,
                state: record.state,
                status: record.cause.as_ref().map_or(Status::Ok, |e| e.status),
                seconds: record.seconds,
            }
        };
        self.done.fetch_add(1, Ordering::Relaxed);
        if !self.options.no_slice_events {
            self.events.push(Event::Slice(event));
        }
    }

    fn state(&self, place: u64) -> State {
        lock(&self.records[place as usize]).state
    }

    /// Failed, and not dealt with yet.
    fn is_waiting(&self, place: u64) -> bool {
        let record = lock(&self.records[place as usize]);
        record.state == State::NotReached && record.cause.is_some()
    }

    fn places(&self, wanted: impl Fn(u64) -> bool) -> Vec<u64> {
        (0..self.plan.slices).filter(|&place| wanted(place)).collect()
    }
}
