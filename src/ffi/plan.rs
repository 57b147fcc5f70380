//! `zstack_plan`: layout and needs of a load, before it.

use std::ffi::c_char;

use super::error::zstack_error;
use super::growable::{Growable, Out, handle};
use super::guard::guard;
use super::open::zstack;
use super::options::{self, zstack_load_options};
use super::text;
use crate::error::Status;

/// Room for the reasons of a plan, the NUL included.
pub const ZSTACK_PLAN_TEXT: usize = 256;

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
    /// Reads in flight to begin with. The load measures what the storage gives, and
    /// lets more or fewer begin, unless a number was asked for.
    pub reads_in_flight: u32,
    /// Reads in flight at most.
    pub most_reads: u32,
    /// Threads that will be started at most, and joined before the load returns. A
    /// thread that waits for its read uses no core.
    pub threads: u32,
    /// Storage as the system describes it, a zstack_storage.
    pub storage: i32,
    /// What was chosen, and why, in words: one line of UTF-8.
    pub why: [c_char; ZSTACK_PLAN_TEXT],
}

// SAFETY: integers and text only, laid out without padding.
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
            let mut info = zstack_plan_info {
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
                most_reads: plan.most_reads,
                threads: plan.threads,
                storage: plan.storage as i32,
                why: [0; ZSTACK_PLAN_TEXT],
            };
            let why_at = std::mem::offset_of!(zstack_plan_info, why);
            // A shorter struct may end inside the text, which must end all the same.
            let room = out.size().saturating_sub(why_at).min(ZSTACK_PLAN_TEXT);
            if room > 0 {
                text::fill(&mut info.why[..room], &plan.why());
            }
            out.write(&info);
            Ok(Status::Ok)
        })
    }
}
