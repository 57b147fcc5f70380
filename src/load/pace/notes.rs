//! What was tried and what came of it, in words.
#![forbid(unsafe_code)]

use std::time::Duration;

/// More than a load makes; a bound all the same.
const MOST: usize = 100;

/// One choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Note {
    /// A number was tried: so many times as fast as the one before.
    Tried { number: usize, times: f64, kept: usize },
    /// Opening a file took long, which more reads in flight hide.
    Far { number: usize, open: Duration },
    /// It all became so many times as fast.
    Changed { times: f64 },
    /// Reading is as fast as memory; there is nothing to gain.
    Memory,
}

/// All choices of a load.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes(Vec<(Duration, Note)>);

impl Notes {
    pub(super) fn add(&mut self, at: Duration, note: Note) {
        if self.0.len() < MOST {
            self.0.push((at, note));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The whole story.
    pub(super) fn words(&self) -> String {
        let notes: Vec<_> =
            self.0.iter().map(|(at, note)| format!("{:.2} s: {}", at.as_secs_f64(), note.words())).collect();
        notes.join("; ")
    }
}

impl Note {
    fn words(&self) -> String {
        match self {
            Note::Tried { number, times, kept } if kept == number => {
                format!("{number} gave {times:.2} times as much, kept")
            }
            Note::Tried { number, times, kept } if *times > 0.95 => {
                format!("{number} gave no more ({times:.2}), {kept} again")
            }
            Note::Tried { number, times, kept } => {
                format!("{number} gave less ({times:.2}), {kept} again")
            }
            Note::Far { number, open } => {
                format!("opening a file takes {:.0} ms, {number} from now on", open.as_secs_f64() * 1e3)
            }
            Note::Changed { times } => format!("all became {times:.2} times as fast, tried anew"),
            Note::Memory => "as fast as memory, nothing to gain".to_owned(),
        }
    }
}
