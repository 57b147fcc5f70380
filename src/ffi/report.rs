//! `zstack_report`: what happened, in sum and slice by slice.

use std::ffi::{CString, c_char};
use std::sync::Arc;

use super::error::zstack_error;
use super::growable::{Growable, Out, handle};
use super::guard::{guard, guard_or};
use super::info::nth;
use super::open::Texts;
use super::text;
use crate::error::Status;
use crate::load::Report;

/// What happened in a load. It never changes: any number of threads may read it
/// at once. It outlives the stack and the job. Free it with zstack_report_free.
pub struct zstack_report {
    report: Report,
    texts: Arc<Texts>,
    messages: Vec<Option<CString>>,
    reads_why: CString,
}

/// A load in sum. Times are in seconds. The time of a slice runs from its first
/// byte asked for until it stands in the buffer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_report_totals {
    /// sizeof(zstack_report_totals).
    pub struct_size: usize,
    /// Slices asked for; as many can be asked of zstack_report_get_slice.
    pub slices: u64,
    /// Slices measured.
    pub loaded: u64,
    /// Slices that could not be had, repaired or not. Loaded, failed and not
    /// reached ones add up to `slices`.
    pub failed: u64,
    /// Of those, the ones made from their neighbours.
    pub repaired: u64,
    /// Slices that the load ended before: neither measured nor failed.
    pub not_reached: u64,
    /// Slices that have a place in the buffer: fewer than `slices` when some
    /// were skipped.
    pub placed: u64,
    /// Attempts over all slices.
    pub attempts: u64,
    /// Bytes read from files.
    pub bytes_read: u64,
    /// Bytes of measured samples placed in the buffer.
    pub bytes_decoded: u64,
    /// The slowest measured slice, as an index for zstack_report_get_slice;
    /// UINT64_MAX if none.
    pub slowest: u64,
    /// Its time.
    pub slowest_seconds: f64,
    /// Median time of the measured slices.
    pub median_seconds: f64,
    /// 99th percentile (nearest rank) of their times.
    pub p99_seconds: f64,
    /// Mean of their times. Slices overlap: times the number of slices this is
    /// more than `seconds`.
    pub mean_seconds: f64,
    /// The whole load.
    pub seconds: f64,
    /// `seconds` divided by the slices loaded or failed.
    pub seconds_per_slice: f64,
    /// `bytes_decoded` divided by `seconds`.
    pub bytes_per_second: f64,
    /// Cores that decoded.
    pub workers: u32,
    /// Reads that might be in flight at the end.
    pub reads_in_flight: u32,
    /// Storage as the system describes it, a zstack_storage.
    pub storage: i32,
    /// 0.
    pub reserved: u32,
    /// How many reads might be in flight, when and why, in words: one line of
    /// UTF-8 that belongs to the report. Never NULL.
    pub reads_why: *const c_char,
}

// SAFETY: integers, floats and a pointer only, laid out without padding.
unsafe impl Growable for zstack_report_totals {
    const NAME: &'static str = "zstack_report_totals";
}

/// What happened to one slice. The texts belong to the report.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_report_slice {
    /// sizeof(zstack_report_slice).
    pub struct_size: usize,
    /// Its index in the opened stack.
    pub slice: u64,
    /// Its place in the buffer, in slices; -1 = skipped.
    pub place: i64,
    /// Its file; never NULL.
    pub path: *const c_char,
    /// Why it could not be had, never NULL where `status` is not OK; or a remark
    /// on a slice that was had, or NULL.
    pub message: *const c_char,
    /// What stands in the buffer, a zstack_state.
    pub state: i32,
    /// ZSTACK_STATUS_OK, or why it could not be had.
    pub status: i32,
    /// The system's error number behind that, or 0.
    pub os_error: i32,
    /// Times it was tried; 0 = never.
    pub attempts: u32,
    /// Seconds spent in reading, summed over threads.
    pub read_seconds: f64,
    /// Seconds spent in decoding and placing, summed over threads.
    pub decode_seconds: f64,
    /// Its time.
    pub seconds: f64,
}

// SAFETY: integers, floats and pointers only, laid out without padding.
unsafe impl Growable for zstack_report_slice {
    const NAME: &'static str = "zstack_report_slice";
}

/// A report as a handle.
pub(super) fn new(report: Report, texts: Arc<Texts>) -> *mut zstack_report {
    let messages = report
        .slices
        .iter()
        .map(|slice| slice.cause.as_ref().map(|cause| &cause.message).or(slice.note.as_ref()))
        .map(|message| message.map(|m| text::of_bytes(m.clone().into_bytes())))
        .collect();
    let reads_why = text::of_bytes(report.reads_why.clone().into_bytes());
    Box::into_raw(Box::new(zstack_report { report, texts, messages, reads_why }))
}

/// Fills `*totals` with the load in sum. Any thread.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_report_get_totals(
    report: *const zstack_report,
    totals: *mut zstack_report_totals,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let report = handle(report, "report")?;
            let totals_of = &report.report.totals;
            let out = Out::new(totals)?;
            out.write(&zstack_report_totals {
                struct_size: 0,
                slices: totals_of.slices,
                loaded: totals_of.loaded,
                failed: totals_of.failed,
                repaired: totals_of.repaired,
                not_reached: totals_of.not_reached,
                placed: totals_of.placed,
                attempts: totals_of.attempts,
                bytes_read: totals_of.bytes_read,
                bytes_decoded: totals_of.bytes_decoded,
                slowest: totals_of.slowest.unwrap_or(u64::MAX),
                slowest_seconds: totals_of.slowest_seconds,
                median_seconds: totals_of.slice_median,
                p99_seconds: totals_of.slice_p99,
                mean_seconds: totals_of.slice_mean,
                seconds: totals_of.seconds,
                seconds_per_slice: totals_of.seconds_per_slice,
                bytes_per_second: totals_of.bytes_per_second,
                workers: totals_of.workers,
                reads_in_flight: totals_of.reads_in_flight,
                storage: totals_of.storage as i32,
                reserved: 0,
                reads_why: report.reads_why.as_ptr(),
            });
            Ok(Status::Ok)
        })
    }
}

/// Fills `*slice` with what happened to slice `index` of the load, counted from
/// 0 in stack order. Any thread.
///
/// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_report_get_slice(
    report: *const zstack_report,
    index: u64,
    slice: *mut zstack_report_slice,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let report = handle(report, "report")?;
            let out = Out::new(slice)?;
            let slice = nth(&report.report.slices, index, "slices in this report")?;
            let cause = slice.cause.as_ref();
            out.write(&zstack_report_slice {
                struct_size: 0,
                slice: slice.slice,
                place: slice.place.map_or(-1, |place| place as i64),
                path: report.texts.slices[slice.slice as usize].as_ptr(),
                message: text::pointer(report.messages[index as usize].as_ref()),
                state: slice.state as i32,
                status: cause.map_or(Status::Ok, |cause| cause.status) as i32,
                os_error: cause.map_or(0, |cause| cause.os_error),
                attempts: slice.attempts,
                read_seconds: slice.read_seconds,
                decode_seconds: slice.decode_seconds,
                seconds: slice.seconds,
            });
            Ok(Status::Ok)
        })
    }
}

/// Frees a report and every text that its functions gave out. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_report_free(report: *mut zstack_report) {
    guard_or((), || {
        if !report.is_null() {
            // SAFETY: the handle came from `new` and is freed once.
            drop(unsafe { Box::from_raw(report) });
        }
    });
}
