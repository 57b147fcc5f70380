//! How many reads may be in flight, learnt while loading.
//!
//! Nothing here knows what the storage is. A few reads are let begin. Twice as
//! many are tried for as long as that gives more bytes a second; where it does
//! not, one at a time is tried, which a disk with a head may like better. Where
//! the first reads seem to wait for each other, it is the other way round.
//!
//! A trial ends as soon as its rate is surely better or surely worse than the
//! one before, so that it costs the time of two or three reads whatever comes
//! of it. Then the number stays, until the rate changes much; and in a long
//! load its neighbours are looked at again, each time after four times as many
//! reads. So the changes of mind are few however long the load.
//!
//! More is tried only while all permits are out: where decoding holds the load
//! up, more reads would only fill memory.
//!
//! No clock and no threads: times come with the events, counted from the start
//! of the load. `window` measures, `signs` tells what the first reads give away,
//! `trial` decides what to try and what to keep, `settled` when to try again,
//! `notes` keeps the story. `virtual_time` holds it all against fixed numbers.
#![forbid(unsafe_code)]

mod notes;
mod settled;
mod signs;
#[cfg(test)]
mod tests;
mod trial;
#[cfg(test)]
mod virtual_time;
mod window;

use std::time::Duration;

use notes::{Note, Notes};
use settled::Era;
use signs::Signs;
use window::{Rate, Window};

/// The controller of one load.
#[derive(Debug)]
pub(super) struct Pace {
    began_with: usize,
    most: usize,
    limit: usize,
    in_flight: usize,
    /// Reads that have ended.
    ends: u64,
    /// When the last event came.
    seen: Duration,
    /// Since reads first began under the present limit.
    window: Option<Window>,
    stage: Stage,
    signs: Signs,
    era: Era,
    notes: Notes,
    /// Something else than reading held the load up before a first trial.
    idle: bool,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// The caller's number.
    Forced,
    /// Finds out what the present number gives.
    Measure,
    /// Finds out whether the present number gives more than `back`.
    Try { back: usize },
    /// Sees again what the number before `tried` gives.
    SecondLook { tried: usize },
    /// Stays, until the rate changes or a look is due at this many ends.
    Settled { rate: Option<Rate>, look: u64 },
}

impl Pace {
    /// Begins with `begin` reads in flight, never more than `most`.
    pub(super) fn adaptive(begin: usize, most: usize) -> Pace {
        let most = most.max(1);
        let begin = begin.clamp(1, most);
        Pace {
            began_with: begin,
            most,
            limit: begin,
            in_flight: 0,
            ends: 0,
            seen: Duration::ZERO,
            window: None,
            stage: Stage::Measure,
            signs: Signs::new(begin),
            era: Era::first(begin),
            notes: Notes::default(),
            idle: false,
        }
    }

    /// Always this many.
    pub(super) fn forced(limit: usize) -> Pace {
        Pace { stage: Stage::Forced, ..Pace::adaptive(limit, limit) }
    }

    /// Reads that may be in flight now.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// What was chosen, when and why.
    pub(super) fn words(&self) -> String {
        let number = self.began_with;
        match self.stage {
            Stage::Forced => format!("{number}, as asked"),
            _ if self.most == 1 => "1, as no more fit".to_owned(),
            _ if !self.notes.is_empty() => format!("began with {number}; {}", self.notes.words()),
            _ if self.idle => format!("{number}: reading was not what took the time"),
            _ => format!("{number}: the load was too short to try others"),
        }
    }

    /// A read begins.
    pub(super) fn began(&mut self, now: Duration) {
        self.pass(now);
        self.in_flight += 1;
        if self.window.is_none() {
            self.window = Some(Window::new(now));
        }
        if self.in_flight >= self.limit {
            self.all_out(now);
        }
    }

    /// A read that began at `began` has its file open, which took all that time.
    pub(super) fn opened(&mut self, now: Duration, began: Duration) {
        let open = now.saturating_sub(began);
        self.signs.opened(open);
        if !signs::is_far(open) || self.limit == self.most {
            return;
        }
        match self.stage {
            Stage::Measure if self.ends == 0 => {}
            Stage::Settled { rate: Some(rate), .. } if rate.is_memory() && self.era.may_end(self.ends) => {
                self.new_era();
            }
            _ => return,
        }
        self.notes.add(now, Note::Far { number: self.most, open });
        self.era.far = true;
        self.allow(self.most);
    }

    /// A read that began at `began` has brought this many bytes.
    pub(super) fn ended(&mut self, now: Duration, began: Duration, bytes: u64) {
        self.given_up(now);
        self.ends += 1;
        self.signs.ended(now, now.saturating_sub(began));
        if let Some(window) = &mut self.window {
            window.end(began, bytes);
            let window = *window;
            self.look_at(now, &window);
        }
    }

    /// A read came to nothing.
    pub(super) fn given_up(&mut self, now: Duration) {
        self.pass(now);
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Time goes by. Events of several threads may come a little out of order.
    fn pass(&mut self, now: Duration) {
        let time = now.saturating_sub(self.seen);
        self.seen = self.seen.max(now);
        if let Some(window) = &mut self.window {
            window.pass(time, self.in_flight);
        }
    }

    fn allow(&mut self, limit: usize) {
        self.limit = limit;
        self.window = None;
    }

    /// A read has ended: is there something to learn?
    fn look_at(&mut self, now: Duration, window: &Window) {
        let Some(rate) = window.rate(now, self.limit, self.signs.longest) else { return };
        match self.stage {
            Stage::Forced => {}
            Stage::Measure | Stage::SecondLook { .. } => {
                if !window.is_busy(now, self.limit) && rate.ends as usize >= 4 * self.limit {
                    self.idle |= self.notes.is_empty();
                    self.window = None;
                }
            }
            Stage::Try { back } => self.judge(now, back, rate),
            Stage::Settled { rate: None, look } => self.note_settled_rate(now, window, rate, look),
            Stage::Settled { rate: Some(settled), .. } => self.watch(now, window, &rate, &settled),
        }
    }

    /// All permits are out, so reading may be what holds the load up: is there
    /// something to try?
    fn all_out(&mut self, now: Duration) {
        match self.stage {
            Stage::Measure | Stage::SecondLook { .. } => {
                let limit = self.limit;
                if self.era.rate_of(limit).is_none() {
                    let Some(window) = self.window.filter(|w| w.is_busy(now, limit)) else { return };
                    let Some(rate) = window.rate(now, limit, self.signs.longest) else { return };
                    self.era.learn(limit, rate);
                }
                self.go_on(now);
            }
            Stage::Settled { rate: Some(here), look } if self.ends >= look => self.look_about(&here),
            _ => {}
        }
    }
}
