//! What to try, and what to keep.
#![forbid(unsafe_code)]

use std::time::Duration;

use super::notes::Note;
use super::window::Rate;
use super::{Pace, Stage};

/// A gain below this is noise, or not worth the memory.
const WORTH: f64 = 1.04;
/// Twice as many that give this much more are held back by latency, and one at
/// a time would be far slower.
const SURE: f64 = 1.5;
/// Twice as many do not give this much more: the rate before was too low.
const IMPOSSIBLE: f64 = 2.5;
/// What gives less than this much is not tried again.
pub(super) const BAD: f64 = 0.85;
/// Reads that end before a trial is decided, however close it is.
const LONGEST_TRIAL: u32 = 16;

impl Pace {
    /// The present number's rate is known: what next?
    pub(super) fn go_on(&mut self, now: Duration) {
        let Some(here) = self.era.rate_of(self.limit) else { return };
        if let Stage::SecondLook { tried } = self.stage {
            let Some(there) = self.era.rate_of(tried) else { return };
            let times = there.times(&here);
            let kept = if times >= WORTH { tried } else { self.limit };
            self.notes.add(now, Note::Tried { number: tried, times, kept });
            self.era.costly_start = false;
            self.stage = Stage::Measure;
            if kept == tried {
                return self.allow(kept);
            }
        }
        if self.era.rates.len() == 1 && here.is_memory() {
            self.notes.add(now, Note::Memory);
            self.stage = Stage::Settled { rate: Some(here), look: u64::MAX };
            return;
        }
        match self.next_trial(self.limit, &here) {
            Some(number) => self.try_out(number),
            None => self.settle(),
        }
    }

    /// A number worth trying after this one, whose rate is not known yet.
    fn next_trial(&self, limit: usize, here: &Rate) -> Option<usize> {
        let unknown = |&number: &usize| self.era.rate_of(number).is_none();
        let more = self.more(limit).filter(unknown);
        let gained = self.era.rate_of(self.era.anchor).is_some_and(|anchor| here.times(&anchor) >= SURE);
        let fewer = if gained || self.era.far { None } else { self.fewer(limit, here).filter(unknown) };
        if self.signs.of_a_queue(here.read) { fewer.or(more) } else { more.or(fewer) }
    }

    /// Twice as many, or as many as are allowed.
    pub(super) fn more(&self, limit: usize) -> Option<usize> {
        Some((limit * 2).min(self.most)).filter(|&more| more > limit)
    }

    /// Half as many of many; just one of few, or where half as many do as well.
    pub(super) fn fewer(&self, limit: usize, here: &Rate) -> Option<usize> {
        let half = limit / 2;
        if limit == 1 {
            None
        } else if limit <= self.began_with {
            Some(1)
        } else {
            match self.era.rate_of(half) {
                None => Some(half),
                Some(rate) => (rate.times(here) >= BAD).then_some(1),
            }
        }
    }

    pub(super) fn try_out(&mut self, number: usize) {
        self.stage = Stage::Try { back: self.limit };
        self.allow(number);
    }

    /// Better, worse, or too early to say?
    pub(super) fn judge(&mut self, now: Duration, back: usize, rate: Rate) {
        let Some(before) = self.era.rate_of(back) else { return };
        let number = self.limit;
        let times = rate.times(&before);
        if !is_decided(number, back, &rate, &before) {
            return;
        }
        self.era.learn(number, rate);
        let kept = if times >= WORTH { number } else { back };
        let doubtful = (self.era.costly_start && times < SURE) || (number > back && times > IMPOSSIBLE);
        if (kept == number && doubtful) || !before.is_fair(self.signs.longest) {
            self.era.forget(back);
            self.stage = Stage::SecondLook { tried: number };
            return self.allow(back);
        }
        self.era.costly_start = false;
        self.notes.add(now, Note::Tried { number, times, kept });
        self.stage = Stage::Measure;
        if kept == number {
            return;
        }
        self.allow(back);
        // Fewer can be tried at once; more only while all permits are out.
        match self.next_trial(back, &before) {
            Some(fewer) if fewer < back => self.try_out(fewer),
            Some(_) => {}
            None => self.settle(),
        }
    }
}

/// Whether a trial has lasted long enough for what it shows.
fn is_decided(number: usize, back: usize, rate: &Rate, before: &Rate) -> bool {
    let two_rounds = 2 * number as u32;
    if rate.ends >= LONGEST_TRIAL.max(two_rounds) {
        return true;
    }
    // A read takes no longer for having fewer beside it: something else was.
    if number < back && rate.read > before.read.mul_f64(SURE) {
        return false;
    }
    let (times, doubt) = (rate.times(before), rate.doubt(before));
    // To look longer at what seems better costs nothing.
    let better = if rate.ends < two_rounds { SURE } else { WORTH.max(1.0 + doubt) };
    times < 1.0 - doubt || times >= better
}
