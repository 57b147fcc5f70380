//! `zstack_load`: the blocking load, and what its callbacks are told.

use std::ffi::{CString, c_void};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::error::zstack_error;
use super::growable::{Growable, handle};
use super::guard::guard;
use super::open::{Texts, zstack};
use super::options::{self, zstack_load_options, zstack_log_fn, zstack_progress_fn, zstack_slice_fn};
use super::report::{self, zstack_report};
use crate::error::{Result, Status};
use crate::load::{Job, LogLine, Observer, Outcome, Progress, SliceEvent};

/// Where a load stands.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_progress {
    /// sizeof(zstack_progress).
    pub struct_size: usize,
    /// Slices dealt with: measured, repaired or missing.
    pub slices_done: u64,
    /// Of those, the ones that could not be had.
    pub slices_failed: u64,
    /// Slices asked for.
    pub slices_total: u64,
    /// Bytes read from files so far.
    pub bytes_read: u64,
    /// Bytes of measured samples placed in the buffer so far. Slices that can't be
    /// had do not count, so this may end below bytes_total.
    pub bytes_decoded: u64,
    /// Bytes of samples of all slices asked for.
    pub bytes_total: u64,
    /// Seconds since the start.
    pub seconds: f64,
    /// Seconds left at the mean rate so far; negative while not known.
    pub seconds_left: f64,
    /// Bytes of samples per second so far.
    pub bytes_per_second: f64,
    /// 1 once the load has ended; in on_progress, in the last call only.
    pub done: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: integers and floats only, laid out without padding.
unsafe impl Growable for zstack_progress {
    const NAME: &'static str = "zstack_progress";
}

impl zstack_progress {
    pub(super) fn of(progress: &Progress) -> zstack_progress {
        zstack_progress {
            struct_size: size_of::<zstack_progress>(),
            slices_done: progress.slices_done,
            slices_failed: progress.slices_failed,
            slices_total: progress.slices_total,
            bytes_read: progress.bytes_read,
            bytes_decoded: progress.bytes_decoded,
            bytes_total: progress.bytes_total,
            seconds: progress.seconds,
            seconds_left: progress.seconds_left,
            bytes_per_second: progress.bytes_per_second,
            done: progress.done.into(),
            reserved: 0,
        }
    }
}

/// A slice that was dealt with.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_slice_event {
    /// sizeof(zstack_slice_event).
    pub struct_size: usize,
    /// Its index in the opened stack.
    pub slice: u64,
    /// Its place in the buffer, in slices from 0. With ZSTACK_POLICY_SKIP, the place
    /// before the rest moves up at the end.
    pub place: u64,
    /// What stands there, a zstack_state.
    pub state: i32,
    /// ZSTACK_STATUS_OK, or why the slice could not be had.
    pub status: i32,
    /// Seconds from its first byte asked for until it was dealt with.
    pub seconds: f64,
}

// SAFETY: integers and floats only, laid out without padding.
unsafe impl Growable for zstack_slice_event {
    const NAME: &'static str = "zstack_slice_event";
}

impl zstack_slice_event {
    pub(super) fn of(event: &SliceEvent) -> zstack_slice_event {
        zstack_slice_event {
            struct_size: size_of::<zstack_slice_event>(),
            slice: event.slice,
            place: event.place,
            state: event.state as i32,
            status: event.status as i32,
            seconds: event.seconds,
        }
    }
}

/// A caller's callbacks.
#[derive(Clone, Copy)]
pub(super) struct Callbacks {
    pub on_progress: zstack_progress_fn,
    pub on_slice: zstack_slice_fn,
    pub on_log: zstack_log_fn,
    pub user: *mut c_void,
    pub interval: Duration,
}

// SAFETY: `user` is never looked at; it and the functions go back to the caller,
// on whichever of the caller's threads is inside a call.
unsafe impl Send for Callbacks {}
// SAFETY: as above.
unsafe impl Sync for Callbacks {}

impl Observer for Callbacks {
    fn progress(&mut self, progress: &Progress) -> ControlFlow<()> {
        let Some(call) = self.on_progress else { return ControlFlow::Continue(()) };
        let progress = zstack_progress::of(progress);
        // SAFETY: the caller gave this function for this argument and `user`.
        answer(unsafe { call(&progress, self.user) })
    }

    fn slice(&mut self, event: &SliceEvent) -> ControlFlow<()> {
        let Some(call) = self.on_slice else { return ControlFlow::Continue(()) };
        // SAFETY: as above.
        answer(unsafe { call(&zstack_slice_event::of(event), self.user) })
    }

    fn log(&mut self, line: &LogLine) {
        let Some(call) = self.on_log else { return };
        let text = CString::new(line.message.replace(['\0', '\n'], " ")).unwrap_or_default();
        // SAFETY: as above.
        unsafe { call(line.level as i32, text.as_ptr(), self.user) }
    }
}

fn answer(code: i32) -> ControlFlow<()> {
    if code == 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// Loads into `buffer`, which has `buffer_bytes` bytes and may be
/// uninitialised; zstack_plan tells how many it needs. Blocks until every
/// thread of the load has ended. Slices load in parallel, in stack order; on a disk
/// with a head, in the order in which its files were made, 64 slices at a time.
///
/// Any number of loads may run at once, also from one stack, each into its own
/// buffer. `options` may be NULL. Callbacks run on this thread, inside this call.
///
/// `report` may be NULL. Once the load has begun, `*report` receives a report to
/// be freed with zstack_report_free, however the load ends; a call refused
/// before that leaves it alone, and writes nothing into the buffer.
///
/// Returns OK; PARTIAL when slices could not be had and the policy dealt with
/// them; CANCELLED. With ZSTACK_POLICY_FAIL the status of the first slice that
/// could not be had: NOT_FOUND, PERMISSION_DENIED, IO, NOT_A_FILE, UNSUPPORTED,
/// CORRUPT, TRUNCATED, SHAPE_MISMATCH, TYPE_MISMATCH, MISSING, LIMIT_EXCEEDED,
/// OUT_OF_MEMORY. Refused: whatever zstack_plan returns, BUFFER_TOO_SMALL,
/// BUFFER_MISALIGNED, NO_THREAD. INTERNAL for a fault of the library, after
/// which the stack can be used as before.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_load(
    stack: *const zstack,
    options: *const zstack_load_options,
    buffer: *mut c_void,
    buffer_bytes: u64,
    report: *mut *mut zstack_report,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask;
    // the job ends inside this call.
    unsafe {
        guard(error, || {
            let zstack { stack, texts } = handle(stack, "stack")?;
            let (mut options, mut callbacks) = options::load(options)?;
            options.no_slice_events = callbacks.on_slice.is_none();
            let job = Job::start(stack, &options, buffer.cast(), buffer_bytes)?;
            let interval = callbacks.interval;
            job.attend(&mut callbacks, interval, None);
            deliver(job.finish(), texts, report)
        })
    }
}

/// Hands over the report and turns the outcome into the call's result.
///
/// # Safety
/// `report` must be NULL or writable.
pub(super) unsafe fn deliver(
    outcome: Outcome,
    texts: &Arc<Texts>,
    report: *mut *mut zstack_report,
) -> Result<Status> {
    if !report.is_null() {
        // SAFETY: the caller's promise.
        unsafe { report.write(report::new(outcome.report, texts.clone())) };
    }
    outcome.error.map_or(Ok(Status::Ok), Err)
}
