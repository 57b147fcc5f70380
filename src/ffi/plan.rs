//! `zstack_plan`: layout and needs of a load, before it.

use super::error::zstack_error;
use super::growable::{Growable, Out, handle};
use super::guard::guard;
use super::open::zstack;
use super::options::{self, zstack_load_options};
use crate::error::Status;

/// What a load will do and need. The sample of channel c at column x, row y of
/// slice z lies at byte
/// z * slice_stride + y * row_stride + (x * channels + c) * sample_bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_plan_info {
    /// sizeof(zstack_plan_info).
    pub struct_size: usize,
    /// Slices in the buffer.
    pub slices: u64,
    /// Bytes from row to row.
    pub row_stride: u64,
    /// Bytes from slice to slice.
    pub slice_stride: u64,
    /// Bytes that the buffer must have, from the first sample to the last.
    pub buffer_bytes: u64,
    /// Most bytes taken beyond the buffer while loading, judged by the first
    /// slice.
    pub working_bytes: u64,
    /// Columns in the buffer.
    pub width: u32,
    /// Rows in the buffer.
    pub height: u32,
    /// Samples per pixel.
    pub channels: u32,
    /// Type of a sample, a zstack_sample_type.
    pub sample_type: i32,
    /// Bytes of a sample; the buffer's address must be a multiple of it.
    pub sample_bytes: u32,
    /// Cores that will decode.
    pub workers: u32,
    /// Reads that will be in flight.
    pub reads_in_flight: u32,
    /// Threads that will be started, and joined before the load returns. A
    /// thread that waits for its read uses no core.
    pub threads: u32,
    /// Storage as the system describes it, a zstack_storage.
    pub storage: i32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: integers only, laid out without padding.
unsafe impl Growable for zstack_plan_info {
    const NAME: &'static str = "zstack_plan_info";
}

/// Works out what zstack_load would do with these options (NULL = all
/// defaults), and fills `*plan`. Reads nothing. Any thread.
///
/// Returns OK; INVALID_ARGUMENT, STRUCT_SIZE; OUT_OF_RANGE when the z range or
/// the region reaches past the stack; BUFFER_MISALIGNED for a stride that is no
/// multiple of the sample's size; LIMIT_EXCEEDED when the volume cannot be
/// addressed; MEMORY_LIMIT.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zstack_plan(
    stack: *const zstack,
    options: *const zstack_load_options,
    plan: *mut zstack_plan_info,
    error: *mut zstack_error,
) -> Status {
    // SAFETY: what this function asks of its caller is what the callees ask.
    unsafe {
        guard(error, || {
            let stack = &handle(stack, "stack")?.stack;
            let out = Out::new(plan)?;
            let (options, _) = options::load(options)?;
            let plan = stack.plan(&options)?;
            out.write(&zstack_plan_info {
                struct_size: 0,
                slices: plan.slices,
                row_stride: plan.row_stride,
                slice_stride: plan.slice_stride,
                buffer_bytes: plan.buffer_bytes,
                working_bytes: plan.working_bytes,
                width: plan.width,
                height: plan.height,
                channels: plan.channels,
                sample_type: plan.sample as i32,
                sample_bytes: plan.sample.bytes() as u32,
                workers: plan.workers,
                reads_in_flight: plan.reads_in_flight,
                threads: plan.threads,
                storage: plan.storage as i32,
                reserved: 0,
            });
            Ok(Status::Ok)
        })
    }
}
