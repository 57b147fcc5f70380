//! A number that stays, and what makes it be looked at again.
#![forbid(unsafe_code)]

use std::time::Duration;

use super::notes::Note;
use super::trial::BAD;
use super::window::{Rate, Window};
use super::{Pace, Stage};

/// Reads between a settled choice and the first look at its neighbours, times
/// the number in flight. A look may cost as much as that number of reads.
const FIRST_LOOK: u64 = 40;
/// A change is seen in no shorter time: a head's longest way is no change.
const WATCH: Duration = Duration::from_millis(20);
/// Reads that the first choice stands at least, whatever changes.
const FIRST_ERA: u64 = 16;

/// What is known of the storage since it last changed.
#[derive(Debug)]
pub(super) struct Era {
    /// What each number gave.
    pub rates: Vec<(usize, Rate)>,
    /// The number it began with.
    pub anchor: usize,
    /// Latency is beyond doubt.
    pub far: bool,
    /// The first rate holds what the first reads cost once: a head that comes
    /// from elsewhere, directories. Close trials are held against a second one.
    pub costly_start: bool,
    /// Ends of reads before which there is no other era, and how many that is.
    until: u64,
    length: u64,
    look_factor: u64,
    look_down: bool,
}

impl Era {
    pub(super) fn first(anchor: usize) -> Era {
        Era {
            rates: Vec::new(),
            anchor,
            far: false,
            costly_start: true,
            until: FIRST_ERA,
            length: FIRST_ERA,
            look_factor: FIRST_LOOK,
            look_down: false,
        }
    }

    pub(super) fn rate_of(&self, number: usize) -> Option<Rate> {
        self.rates.iter().find(|(known, _)| *known == number).map(|(_, rate)| *rate)
    }

    pub(super) fn learn(&mut self, number: usize, rate: Rate) {
        self.forget(number);
        self.rates.push((number, rate));
    }

    pub(super) fn forget(&mut self, number: usize) {
        self.rates.retain(|(known, _)| *known != number);
    }

    pub(super) fn may_end(&self, ends: u64) -> bool {
        ends >= self.until
    }
}

impl Pace {
    pub(super) fn settle(&mut self) {
        self.stage = Stage::Settled { rate: None, look: self.next_look() };
        self.window = None;
    }

    fn next_look(&self) -> u64 {
        self.ends + self.era.look_factor * self.limit.max(self.began_with) as u64
    }

    /// The rate that changes will be seen against.
    pub(super) fn note_settled_rate(&mut self, now: Duration, window: &Window, rate: Rate, look: u64) {
        if (rate.ends as usize) < (4 * self.limit).max(16) || rate.time < WATCH {
            return;
        }
        if window.is_busy(now, self.limit) {
            self.era.learn(self.limit, rate);
            self.stage = Stage::Settled { rate: Some(rate), look };
        }
        self.window = None;
    }

    /// Tries a neighbour of a settled number, unless it is known to be bad.
    pub(super) fn look_about(&mut self, here: &Rate) {
        let mut neighbours = [self.more(self.limit), self.fewer(self.limit, here)];
        if self.era.look_down {
            neighbours.reverse();
        }
        self.era.look_down = !self.era.look_down;
        self.era.look_factor *= 4;
        let good = |&number: &usize| self.era.rate_of(number).is_none_or(|rate| rate.times(here) > BAD);
        match neighbours.into_iter().flatten().find(good) {
            Some(number) => self.try_out(number),
            None => self.stage = Stage::Settled { rate: Some(*here), look: self.next_look() },
        }
    }

    /// Has the storage changed since the number was settled?
    pub(super) fn watch(&mut self, now: Duration, window: &Window, rate: &Rate, settled: &Rate) {
        let ends = rate.ends as usize;
        let long = (4 * self.limit).max(32);
        let few = if settled.is_memory() { self.limit } else { (2 * self.limit).max(8) };
        if rate.time < if settled.is_memory() { WATCH / 10 } else { WATCH } {
            return;
        }
        let times = rate.times(settled);
        let is_off = |factor: f64| times > factor || times < 1.0 / factor;
        let changed = (ends >= few && is_off(2.0)) || (ends >= long && is_off(1.5));
        if changed && window.is_busy(now, self.limit) && self.era.may_end(self.ends) {
            self.notes.add(now, Note::Changed { times });
            self.new_era();
        } else if ends >= long {
            self.window = None;
        }
    }

    /// What was learnt holds no more. Each era lasts four times as long as the
    /// one before, at least.
    pub(super) fn new_era(&mut self) {
        let length = self.era.length * 4;
        self.era = Era { until: self.ends + length, length, costly_start: false, ..Era::first(self.limit) };
        self.signs.forget();
        self.stage = Stage::Measure;
        self.window = None;
    }
}
