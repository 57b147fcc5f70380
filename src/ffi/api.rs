//! `zstack_api`: every function in one table, for hosts that use `dlopen`.

use std::ffi::{c_char, c_void};

use super::axes::*;
use super::cancel::*;
use super::error::zstack_error;
use super::guard::guard_or;
use super::info::*;
use super::job::*;
use super::load::*;
use super::names::*;
use super::open::*;
use super::options::*;
use super::plan::*;
use super::report::*;
use super::voxel::*;
use crate::error::Status;

/// Every function of this header, each under its name without "zstack_".
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_api {
    /// Bytes of the table that the library fills. Newer libraries append: a table
    /// whose struct_size is at least your sizeof(zstack_api) has all you know.
    pub struct_size: usize,
    /// zstack_version.
    pub version: unsafe extern "C" fn() -> *const c_char,
    /// zstack_abi.
    pub abi: unsafe extern "C" fn() -> u32,
    /// zstack_status_name.
    pub status_name: unsafe extern "C" fn(status: i32) -> *const c_char,
    /// zstack_sample_type_name.
    pub sample_type_name: unsafe extern "C" fn(sample_type: i32) -> *const c_char,
    /// zstack_sample_type_bytes.
    pub sample_type_bytes: unsafe extern "C" fn(sample_type: i32) -> u32,
    /// zstack_state_name.
    pub state_name: unsafe extern "C" fn(state: i32) -> *const c_char,
    /// zstack_reason_name.
    pub reason_name: unsafe extern "C" fn(reason: i32) -> *const c_char,
    /// zstack_storage_name.
    pub storage_name: unsafe extern "C" fn(storage: i32) -> *const c_char,
    /// zstack_format_name.
    pub format_name: unsafe extern "C" fn(format: i32) -> *const c_char,
    /// zstack_photometric_name.
    pub photometric_name: unsafe extern "C" fn(photometric: i32) -> *const c_char,
    /// zstack_open.
    pub open: unsafe extern "C" fn(
        path: *const c_char,
        options: *const zstack_open_options,
        stack: *mut *mut zstack,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_open_list.
    pub open_list: unsafe extern "C" fn(
        paths: *const *const c_char,
        count: usize,
        options: *const zstack_open_options,
        stack: *mut *mut zstack,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_free.
    pub free: unsafe extern "C" fn(stack: *mut zstack),
    /// zstack_get_info.
    pub get_info: unsafe extern "C" fn(
        stack: *const zstack,
        info: *mut zstack_info,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_get_slice.
    pub get_slice: unsafe extern "C" fn(
        stack: *const zstack,
        index: u64,
        slice: *mut zstack_slice_info,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_get_rejected.
    pub get_rejected: unsafe extern "C" fn(
        stack: *const zstack,
        index: u64,
        rejected: *mut zstack_rejected_info,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_get_gap.
    pub get_gap: unsafe extern "C" fn(
        stack: *const zstack,
        index: u64,
        gap: *mut zstack_gap_info,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_plan.
    pub plan: unsafe extern "C" fn(
        stack: *const zstack,
        options: *const zstack_load_options,
        plan: *mut zstack_plan_info,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_load.
    pub load: unsafe extern "C" fn(
        stack: *const zstack,
        options: *const zstack_load_options,
        buffer: *mut c_void,
        buffer_bytes: u64,
        report: *mut *mut zstack_report,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_start.
    pub start: unsafe extern "C" fn(
        stack: *const zstack,
        options: *const zstack_load_options,
        buffer: *mut c_void,
        buffer_bytes: u64,
        job: *mut *mut zstack_job,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_job_poll.
    pub job_poll: unsafe extern "C" fn(
        job: *const zstack_job,
        progress: *mut zstack_progress,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_job_next_event.
    pub job_next_event: unsafe extern "C" fn(
        job: *const zstack_job,
        timeout_ms: i64,
        event: *mut zstack_slice_event,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_job_wait.
    pub job_wait:
        unsafe extern "C" fn(job: *const zstack_job, timeout_ms: i64, error: *mut zstack_error) -> Status,
    /// zstack_job_cancel.
    pub job_cancel: unsafe extern "C" fn(job: *const zstack_job),
    /// zstack_job_finish.
    pub job_finish: unsafe extern "C" fn(
        job: *const zstack_job,
        report: *mut *mut zstack_report,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_job_free.
    pub job_free: unsafe extern "C" fn(job: *mut zstack_job),
    /// zstack_cancel_new.
    pub cancel_new: unsafe extern "C" fn() -> *mut zstack_cancel,
    /// zstack_cancel_request.
    pub cancel_request: unsafe extern "C" fn(cancel: *const zstack_cancel),
    /// zstack_cancel_is_requested.
    pub cancel_is_requested: unsafe extern "C" fn(cancel: *const zstack_cancel) -> i32,
    /// zstack_cancel_free.
    pub cancel_free: unsafe extern "C" fn(cancel: *mut zstack_cancel),
    /// zstack_report_get_totals.
    pub report_get_totals: unsafe extern "C" fn(
        report: *const zstack_report,
        totals: *mut zstack_report_totals,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_report_get_slice.
    pub report_get_slice: unsafe extern "C" fn(
        report: *const zstack_report,
        index: u64,
        slice: *mut zstack_report_slice,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_report_free.
    pub report_free: unsafe extern "C" fn(report: *mut zstack_report),
    /// zstack_get_voxel.
    pub get_voxel: unsafe extern "C" fn(
        stack: *const zstack,
        voxel: *mut zstack_voxel_info,
        error: *mut zstack_error,
    ) -> Status,
    /// zstack_get_axes.
    pub get_axes: unsafe extern "C" fn(
        stack: *const zstack,
        axes: *mut zstack_axes_info,
        error: *mut zstack_error,
    ) -> Status,
}

static API: zstack_api = zstack_api {
    struct_size: size_of::<zstack_api>(),
    version: zstack_version,
    abi: zstack_abi,
    status_name: zstack_status_name,
    sample_type_name: zstack_sample_type_name,
    sample_type_bytes: zstack_sample_type_bytes,
    state_name: zstack_state_name,
    reason_name: zstack_reason_name,
    storage_name: zstack_storage_name,
    format_name: zstack_format_name,
    photometric_name: zstack_photometric_name,
    open: zstack_open,
    open_list: zstack_open_list,
    free: zstack_free,
    get_info: zstack_get_info,
    get_slice: zstack_get_slice,
    get_rejected: zstack_get_rejected,
    get_gap: zstack_get_gap,
    plan: zstack_plan,
    load: zstack_load,
    start: zstack_start,
    job_poll: zstack_job_poll,
    job_next_event: zstack_job_next_event,
    job_wait: zstack_job_wait,
    job_cancel: zstack_job_cancel,
    job_finish: zstack_job_finish,
    job_free: zstack_job_free,
    cancel_new: zstack_cancel_new,
    cancel_request: zstack_cancel_request,
    cancel_is_requested: zstack_cancel_is_requested,
    cancel_free: zstack_cancel_free,
    report_get_totals: zstack_report_get_totals,
    report_get_slice: zstack_report_get_slice,
    report_free: zstack_report_free,
    get_voxel: zstack_get_voxel,
    get_axes: zstack_get_axes,
};

/// The table of all functions for ABI number `abi`: pass ZSTACK_ABI. NULL when
/// the library cannot serve it. The table is constant and lives as long as the
/// library is loaded. Any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_get_api(abi: u32) -> *const zstack_api {
    guard_or(std::ptr::null(), || if abi == super::ZSTACK_ABI { &raw const API } else { std::ptr::null() })
}
