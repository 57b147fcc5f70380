//! How many reads may be in flight, learnt while loading.
//!
//! Nothing here knows what the storage is. A few reads are let begin, then
//! twice as many are tried, as long as that gives more bytes a second. Where it
//! does not, one at a time is tried, which a disk with a head may like better.
//! A trial ends as soon as its rate is surely better or surely worse than the
//! one before, so that it costs the time of two or three reads whatever comes
//! of it. Then the number stays. It is looked at again when the rate changes
//! much, and now and then in a long load, each time after twice as many reads.
//!
//! More is tried only while all permits are out: where decoding holds the load
//! up, more reads would only fill memory.
//!
//! No clock and no threads: times come with the events, counted from the start
//! of the load.
#![forbid(unsafe_code)]

#[cfg(test)]
mod model;
mod notes;
mod window;

use std::time::Duration;

use notes::{Note, Notes};
use window::{Rate, Window};

/// A gain below this is noise, or not worth the memory.
const WORTH: f64 = 1.04;
/// Twice as many that give this much more are held back by latency, and one at
/// a time would be far slower.
const SURE: f64 = 1.5;
/// What gives less than this much is not tried again.
const BAD: f64 = 0.85;
/// Twice as many do not give this much more: the first rate was too low.
const IMPOSSIBLE: f64 = 2.5;
/// Reads that end before a trial is decided, however close it is.
const LONGEST_TRIAL: u32 = 16;
/// An open that takes this long crosses a far network: a head moves faster.
const FAR_OPEN: Duration = Duration::from_millis(15);
/// Faster than this it is memory that is read, and cores that do it.
const MEMORY_READ: Duration = Duration::from_micros(80);
const MEMORY_RATE: f64 = 8e9;
/// Reads that begin together wait for each other rather than for something far
/// away when opening takes less of their time than this...
const OPEN_SHARE: f64 = 0.2;
/// ... and the first one ends before this part of the time of all.
const TOGETHER: f64 = 0.92;
/// Reads between a settled choice and the first look at its neighbours, times
/// the number in flight. A look may cost as much as that number of reads.
const FIRST_LOOK: u64 = 40;
/// A change is seen in no shorter time: a head's longest way is no change.
const WATCH: Duration = Duration::from_millis(20);
/// Reads that the first choice stands at least, whatever changes.
const FIRST_ERA: u64 = 16;

/// The controller of one load.
#[derive(Debug)]
pub(super) struct Pace {
    began_with: usize,
    most: usize,
    limit: usize,
    in_flight: usize,
    ends: u64,
    /// When the last event came.
    seen: Duration,
    /// Since reads first began under the present limit.
    window: Option<Window>,
    stage: Stage,
    /// What each number gave since the storage last changed.
    rates: Vec<(usize, Rate)>,
    /// The first number since then.
    anchor: usize,
    /// Latency is beyond doubt.
    far: bool,
    /// Time that the files opened so far took to open, and their number.
    opening: (Duration, u32),
    /// The longest read of all.
    longest: Duration,
    /// When the first read ended, and when as many had as began together.
    first_end: Duration,
    first_burst: Duration,
    /// The first rate holds what the first reads cost once: a head that comes
    /// from elsewhere, directories. Close trials are held against a second one.
    first_rate: bool,
    /// Reads after which a new era may begin, and how many there must be.
    era_end: u64,
    era: u64,
    look_factor: u64,
    look_down: bool,
    notes: Notes,
}

#[derive(Clone, Copy, Debug, PartialEq)]
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
            rates: Vec::new(),
            anchor: begin,
            far: false,
            opening: (Duration::ZERO, 0),
            longest: Duration::ZERO,
            first_end: Duration::ZERO,
            first_burst: Duration::ZERO,
            first_rate: true,
            era_end: FIRST_ERA,
            era: FIRST_ERA,
            look_factor: FIRST_LOOK,
            look_down: false,
            notes: Notes::default(),
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
        match self.stage {
            Stage::Forced => format!("{}, as asked", self.limit),
            _ => self.notes.words(self.began_with),
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
        self.opening = (self.opening.0 + open, self.opening.1 + 1);
        if open < FAR_OPEN || self.limit == self.most {
            return;
        }
        match self.stage {
            Stage::Measure if self.ends == 0 => {}
            Stage::Settled { rate: Some(rate), .. } if is_memory(&rate) && self.ends >= self.era_end => {
                self.new_era();
            }
            _ => return,
        }
        self.notes.add(now, Note::Far { number: self.most, open });
        self.far = true;
        self.allow(self.most);
    }

    /// A read that began at `began` has brought this many bytes.
    pub(super) fn ended(&mut self, now: Duration, began: Duration, bytes: u64) {
        self.given_up(now);
        self.ends += 1;
        self.longest = self.longest.max(now.saturating_sub(began));
        if self.ends == 1 {
            self.first_end = now;
        }
        if self.ends == self.began_with as u64 {
            self.first_burst = now;
        }
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

    fn rate_of(&self, limit: usize) -> Option<Rate> {
        self.rates.iter().find(|(known, _)| *known == limit).map(|(_, rate)| *rate)
    }

    fn learn(&mut self, limit: usize, rate: Rate) {
        self.rates.retain(|(known, _)| *known != limit);
        self.rates.push((limit, rate));
    }

    /// A read has ended: is there something to learn?
    fn look_at(&mut self, now: Duration, window: &Window) {
        let Some(rate) = window.rate(now, self.limit, self.longest) else { return };
        match self.stage {
            Stage::Forced => {}
            Stage::Measure | Stage::SecondLook { .. } => {
                if !window.is_busy(now, self.limit) && window.ends() as usize >= 4 * self.limit {
                    self.window = None;
                }
            }
            Stage::Try { back } => self.judge(now, back, rate),
            Stage::Settled { rate: None, look } => {
                if window.ends() as usize >= (4 * self.limit).max(16) && window.time(now) >= WATCH {
                    if window.is_busy(now, self.limit) {
                        self.learn(self.limit, rate);
                        self.stage = Stage::Settled { rate: Some(rate), look };
                    }
                    self.window = None;
                }
            }
            Stage::Settled { rate: Some(settled), .. } => self.watch(now, window, &rate, &settled),
        }
    }

    /// All permits are out, so reading may be what holds the load up: is there
    /// something to try?
    fn all_out(&mut self, now: Duration) {
        match self.stage {
            Stage::Measure | Stage::SecondLook { .. } => {
                let limit = self.limit;
                if self.rate_of(limit).is_none() {
                    let Some(window) = self.window.filter(|w| w.is_busy(now, limit)) else { return };
                    let Some(rate) = window.rate(now, limit, self.longest) else { return };
                    self.learn(limit, rate);
                }
                self.go_on(now);
            }
            Stage::Settled { rate: Some(_), look } if self.ends >= look => self.look_about(),
            _ => {}
        }
    }

    /// The present number's rate is known: what next?
    fn go_on(&mut self, now: Duration) {
        let Some(here) = self.rate_of(self.limit) else { return };
        if let Stage::SecondLook { tried } = self.stage {
            self.first_rate = false;
            let Some(there) = self.rate_of(tried) else { return };
            let times = there.times(&here);
            let kept = if times >= WORTH { tried } else { self.limit };
            self.notes.add(now, Note::Tried { number: tried, times, kept });
            self.stage = Stage::Measure;
            if kept != self.limit {
                self.allow(kept);
                return;
            }
        }
        if self.rates.len() == 1 && is_memory(&here) {
            self.notes.add(now, Note::Memory);
            self.stage = Stage::Settled { rate: Some(here), look: u64::MAX };
            return;
        }
        match self.next_trial(&here) {
            Some(number) => self.try_out(number),
            None => self.settle(),
        }
    }

    /// A number worth trying whose rate is not known: twice as many, or fewer.
    fn next_trial(&self, here: &Rate) -> Option<usize> {
        let more = (self.limit * 2).min(self.most);
        let more = (more > self.limit && self.rate_of(more).is_none()).then_some(more);
        let gained = self.rate_of(self.anchor).is_some_and(|anchor| here.times(&anchor) >= SURE);
        let fewer =
            if gained || self.far { None } else { self.fewer(here).filter(|&n| self.rate_of(n).is_none()) };
        if self.wait_for_each_other(here) { fewer.or(more) } else { more.or(fewer) }
    }

    /// Half as many of many; just one of few, or where half as many do as well.
    fn fewer(&self, here: &Rate) -> Option<usize> {
        let half = self.limit / 2;
        match self.rate_of(half) {
            _ if self.limit == 1 => None,
            None if self.limit > self.began_with => Some(half),
            Some(rate) if self.limit > self.began_with && rate.times(here) < BAD => None,
            _ => Some(1),
        }
    }

    /// Whether reads seem to queue up: then fewer are tried before more.
    fn wait_for_each_other(&self, here: &Rate) -> bool {
        let (opening, opened) = self.opening;
        let near = opened > 0 && opening / opened < here.read.mul_f64(OPEN_SHARE);
        near && (!self.first_rate || self.first_end < self.first_burst.mul_f64(TOGETHER))
    }

    fn try_out(&mut self, number: usize) {
        self.stage = Stage::Try { back: self.limit };
        self.allow(number);
    }

    /// Better, worse, or too early to say?
    fn judge(&mut self, now: Duration, back: usize, rate: Rate) {
        let Some(before) = self.rate_of(back) else { return };
        let times = rate.times(&before);
        let doubt = rate.doubt(&before);
        // A read takes no longer for having fewer beside it: something else was.
        let odd = self.limit < back && rate.read > before.read.mul_f64(SURE);
        let long = rate.ends >= LONGEST_TRIAL.max(2 * self.limit as u32);
        // A gain that is not sure is looked at longer: that costs nothing.
        let sure = if rate.ends < 2 * self.limit as u32 { SURE } else { 1.0 + doubt };
        if ((1.0 - doubt..sure.max(WORTH)).contains(&times) || odd) && !long {
            return;
        }
        let number = self.limit;
        self.learn(number, rate);
        let kept = if times >= WORTH { number } else { back };
        let doubtful = (self.first_rate && times < SURE) || (number > back && times > IMPOSSIBLE);
        if (kept == number && doubtful) || !before.is_fair(self.longest) {
            self.rates.retain(|(known, _)| *known != back);
            self.stage = Stage::SecondLook { tried: number };
            self.allow(back);
            return;
        }
        self.first_rate = false;
        self.notes.add(now, Note::Tried { number, times, kept });
        self.stage = Stage::Measure;
        if kept == number {
            return;
        }
        // Fewer can be tried at once; more only while all permits are out.
        self.limit = back;
        match self.next_trial(&before) {
            Some(fewer) if fewer < back => self.try_out(fewer),
            Some(_) => self.allow(back),
            None => {
                self.allow(back);
                self.settle();
            }
        }
    }

    fn settle(&mut self) {
        self.stage = Stage::Settled { rate: None, look: self.next_look() };
        self.window = None;
    }

    fn next_look(&self) -> u64 {
        self.ends + self.look_factor * self.limit.max(self.began_with) as u64
    }

    /// Looks at a neighbour of a settled number, unless it is known to be bad.
    fn look_about(&mut self) {
        let Some(here) = self.rate_of(self.limit) else { return };
        let more = (self.limit * 2).min(self.most);
        let mut neighbours = [Some(more), self.fewer(&here)];
        if self.look_down {
            neighbours.reverse();
        }
        self.look_down = !self.look_down;
        self.look_factor *= 4;
        let good = |&number: &usize| {
            number != self.limit && self.rate_of(number).is_none_or(|rate| rate.times(&here) > BAD)
        };
        match neighbours.into_iter().flatten().find(good) {
            Some(number) => self.try_out(number),
            None => self.stage = Stage::Settled { rate: Some(here), look: self.next_look() },
        }
    }

    /// Has the storage changed since the number was settled?
    fn watch(&mut self, now: Duration, window: &Window, rate: &Rate, settled: &Rate) {
        let long = (4 * self.limit).max(32);
        let (few, time) =
            if is_memory(settled) { (self.limit, WATCH / 10) } else { ((2 * self.limit).max(8), WATCH) };
        if window.time(now) < time {
            return;
        }
        let ends = rate.ends as usize;
        let times = rate.times(settled);
        let far_off = |factor: f64| times > factor || times < 1.0 / factor;
        let changed = (ends >= few && far_off(2.0)) || (ends >= long && far_off(1.5));
        if changed && window.is_busy(now, self.limit) && self.ends >= self.era_end {
            self.notes.add(now, Note::Changed { times });
            self.new_era();
        } else if ends >= long {
            self.window = None;
        }
    }

    /// What was learnt holds no more.
    fn new_era(&mut self) {
        self.era *= 4;
        self.era_end = self.ends + self.era;
        self.rates.clear();
        self.anchor = self.limit;
        self.far = false;
        self.first_rate = false;
        self.opening = (Duration::ZERO, 0);
        self.look_factor = FIRST_LOOK;
        self.stage = Stage::Measure;
        self.window = None;
    }
}

/// Whether it is memory that is read, and cores that do it.
fn is_memory(rate: &Rate) -> bool {
    rate.read < MEMORY_READ || rate.per_second > MEMORY_RATE
}
