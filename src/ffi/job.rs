//! `zstack_start` and `zstack_job_*`: a load that goes on beside its caller.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::error::zstack_error;
use super::growable::{Out, handle, required};
use super::guard::{guard, guard_or};
use super::load::{Callbacks, deliver, zstack_progress, zstack_slice_event};
use super::open::{Texts, zstack};
use super::options::{self, zstack_load_options};
use super::report::zstack_report;
use crate::error::{Error, Result, Status};
use crate::load::{Event, Job, Observer};

/// A load that runs. zstack_job_poll and zstack_job_cancel may be called from
/// any thread at any time; of zstack_job_next_event, zstack_job_wait and
/// zstack_job_finish one at a time, from any thread: a second one, or one from
/// inside a callback of this job, returns ZSTACK_STATUS_BUSY.
pub struct zstack_job {
    running: Arc<Running>,
}

struct Running {
    job: Job,
    texts: Arc<Texts>,
    callbacks: Callbacks,
    /// A call that takes events is inside.
    busy: AtomicBool,
    finished: AtomicBool,
}

/// Holds a job for one call.
struct Hold<'a>(&'a Running);

impl Running {
    fn hold(&self) -> Result<Hold<'_>> {
        if self.busy.swap(true, Ordering::Acquire) {
            return Err(Error::new(
                Status::Busy,
                "the job is in use by another call, or by the callback that this call comes from",
            ));
        }
        Ok(Hold(self))
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.busy.store(false, Ordering::Release);
    }
}

/// A moment `timeout_ms` from now; `None` for a negative one, which never comes.
fn deadline(timeout_ms: i64) -> Option<Instant> {
    let ms = u64::try_from(timeout_ms).ok()?;
    // A moment beyond the clock's range never comes either.
    Instant::now().checked_add(Duration::from_millis(ms))
}

/// Starts a load and returns at once. Arguments as for zstack_load; the buffer
/// belongs to the load until zstack_job_finish or zstack_job_free has returned,
/// and the stack may be freed before that.
///
/// Callbacks, if any, run only inside zstack_job_wait and zstack_job_finish, on
/// the thread that calls them (on_log also inside zstack_job_next_event).
///
/// On success `*job` is a handle to free with zstack_job_free; otherwise it is
/// left alone. Returns OK, or what zstack_load returns when it refuses.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_start(
    stack: *const zstack,
    options: *const zstack_load_options,
    buffer: *mut c_void,
    buffer_bytes: u64,
    job: *mut *mut zstack_job,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let out = required(job, "job")?;
            let zstack { stack, texts } = handle(stack, "stack")?;
            let (options, callbacks) = options::load(options)?;
            let job = Job::start(stack, &options, buffer.cast(), buffer_bytes)?;
            let running = Arc::new(Running {
                job,
                texts: texts.clone(),
                callbacks,
                busy: AtomicBool::new(false),
                finished: AtomicBool::new(false),
            });
            out.write(Box::into_raw(Box::new(zstack_job { running })));
            Ok(Status::Ok)
        })
    }
}

/// Fills `*progress` with where the job stands, without waiting: for a frame
/// loop. No callback runs. Any thread, at any time.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_job_poll(
    job: *const zstack_job,
    progress: *mut zstack_progress,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let job = &handle(job, "job")?.running.job;
            let out = Out::new(progress)?;
            out.write(&zstack_progress::of(&job.progress()));
            Ok(Status::Ok)
        })
    }
}

/// Waits up to `timeout_ms` (0 = not at all, negative = for ever) for the next
/// slice that was dealt with, and fills `*event`. Each slice is told once, here
/// or to on_slice, in order of completion.
///
/// Returns OK; PENDING when none came in time; NO_MORE_EVENTS at the end;
/// INVALID_ARGUMENT (NULL), STRUCT_SIZE, BUSY.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_job_next_event(
    job: *const zstack_job,
    timeout_ms: i64,
    event: *mut zstack_slice_event,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let running = handle(job, "job")?.running.clone();
            let out = Out::new(event)?;
            let _hold = running.hold()?;
            let deadline = deadline(timeout_ms);
            loop {
                match running.job.next_event(deadline) {
                    Ok(Event::Slice(slice)) => {
                        out.write(&zstack_slice_event::of(&slice));
                        return Ok(Status::Ok);
                    }
                    Ok(Event::Log(line)) if running.job.is_heard() => running.callbacks.clone().log(&line),
                    Ok(Event::Log(_)) => {}
                    Err(status) => return Ok(status),
                }
            }
        })
    }
}

/// Waits up to `timeout_ms` (0 = not at all, negative = for ever) for the load
/// to end, and calls the callbacks meanwhile.
///
/// Returns OK once it has ended, PENDING when it has not; INVALID_ARGUMENT
/// (NULL), STRUCT_SIZE, BUSY.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_job_wait(
    job: *const zstack_job,
    timeout_ms: i64,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            // A share of its own: a callback may free the handle.
            let running = handle(job, "job")?.running.clone();
            let _hold = running.hold()?;
            Ok(if attend(&running, deadline(timeout_ms)) { Status::Ok } else { Status::Pending })
        })
    }
}

fn attend(running: &Running, deadline: Option<Instant>) -> bool {
    let mut callbacks = running.callbacks;
    let interval = callbacks.interval;
    running.job.attend(&mut callbacks, interval, deadline)
}

/// Asks the load to stop; returns at once. Any thread, at any time; NULL is
/// ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_job_cancel(job: *const zstack_job) {
    guard_or((), || {
        // SAFETY: the caller's promise.
        if let Some(job) = unsafe { job.as_ref() } {
            job.running.job.cancel();
        }
    });
}

/// Waits for the load to end, calling the callbacks meanwhile, joins its threads
/// and gives the buffer back. `report` may be NULL; otherwise `*report` receives
/// a report to be freed with zstack_report_free. The job is still to be freed.
///
/// Returns what zstack_load returns for a load that began; INVALID_ARGUMENT
/// (NULL), STRUCT_SIZE, BUSY, or ALREADY_FINISHED, which all leave `*report`
/// alone.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_job_finish(
    job: *const zstack_job,
    report: *mut *mut zstack_report,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let running = handle(job, "job")?.running.clone();
            let _hold = running.hold()?;
            if running.finished.swap(true, Ordering::Relaxed) {
                return Err(Error::new(
                    Status::AlreadyFinished,
                    "its report was handed over by the first call of zstack_job_finish",
                ));
            }
            attend(&running, None);
            deliver(running.job.finish(), &running.texts, report)
        })
    }
}

/// Frees a job. One that still runs is cancelled and joined first, after which
/// nothing writes into the buffer. NULL is fine. May be called from a callback
/// of the job: no callback runs after it, and the call that the callback came
/// from returns: zstack_job_wait OK, zstack_job_finish as for a load that was
/// cancelled, with a report that is yours to free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_job_free(job: *mut zstack_job) {
    guard_or((), || {
        if !job.is_null() {
            // SAFETY: the handle came from `zstack_start` and is freed once.
            let job = unsafe { Box::from_raw(job) };
            // A call on this thread may hold a share; the buffer is free all the same.
            job.running.job.cancel_and_join();
        }
    });
}
