//! From a stack to the caller's buffer: plan, read, decode, place, report.
//!
//! `plan` works out the layout and the needs; `job` is the caller's side of a
//! load, `crew` its threads; `engine` is what the threads share; `worker` is what
//! each of them does, with the work of `work` in the `order` of the disk and the
//! files of `files`, under the budgets of `permits`: `reads`, of which `pace` decides
//! how many may be in flight, and `slots` to decode in; `direct` reads stored samples
//! into their place, `guess` small slices before their header is seen; `place` writes
//! into the buffer; `settle` deals with whole and lost slices; `events` carries news
//! to the calling thread; `report` sums up. `asked` checks what was asked for, and
//! `budget` how many threads fit into memory.

mod asked;
mod blend;
mod budget;
mod cancel;
mod crew;
mod direct;
mod engine;
mod events;
mod fault;
mod files;
mod fill;
mod guess;
mod job;
mod options;
mod order;
mod pace;
mod permits;
mod place;
mod plan;
mod progress;
mod reads;
mod record;
mod report;
mod runs;
mod settle;
mod slots;
mod source;
mod sync;
mod volume;
mod work;
mod worker;

pub(crate) use asked::within_reason;
pub use cancel::Cancel;
pub(crate) use crew::THREAD_NAME;
pub use job::{Job, Outcome};
pub use options::{LoadOptions, Policy};
pub use plan::Plan;
pub use progress::{Event, Level, LogLine, Observer, Progress, SliceEvent};
pub use report::{Report, SliceReport, State, Totals};
pub use volume::Sample;
