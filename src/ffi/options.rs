//! What a caller may ask for: `zstack_open_options` and `zstack_load_options`.

use std::ffi::{c_char, c_void};
use std::num::NonZeroU64;
use std::time::Duration;

use super::cancel::zstack_cancel;
use super::growable::{self, Growable};
use super::load::Callbacks;
use super::names::sample_type_of;
use super::text;
use crate::error::{Error, Result, Status};
use crate::format::{Conversions, Limits, RawLayout, RawStart};
use crate::load::{LoadOptions, Policy, within_reason};
use crate::stack::OpenOptions;

/// How to open a stack. All-zero is right for a folder with one scan in it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_open_options {
    /// sizeof(zstack_open_options).
    pub struct_size: usize,
    /// Only names that begin with this; NULL = the largest family of names. A
    /// family whose prefix is exactly this wins over longer ones.
    pub prefix: *const c_char,
    /// Only names with this extension, without the dot, in either case ("tif");
    /// NULL = any readable one.
    pub extension: *const c_char,
    /// Lowest number taken; files below it are rejected as not asked for.
    pub first_number: u64,
    /// Highest number taken; 0 = no upper bound, so that a range cannot end at
    /// number 0. Below first_number it is refused with INVALID_ARGUMENT.
    pub last_number: u64,
    /// Largest number of files in the folder or list; 0 = 1,000,000.
    pub max_files: u64,
    /// Largest number of pages in one file, or of slices that a header tells of; 0 =
    /// 1,000,000.
    pub max_pages: u64,
    /// Largest width or height; 0 = 1,048,576.
    pub max_dimension: u64,
    /// Largest number of decoded bytes of one slice; 0 = 16 GiB.
    pub max_slice_bytes: u64,
    /// 1 = numbers missing between the first and the last become missing
    /// slices, so that z stays true; 0 = the slices close up, and the gaps are
    /// only reported.
    pub keep_gaps: u32,
    /// 1 = read every header now, in parallel, and mark the slices that differ
    /// or can't be read (zstack_slice_info.status); 0 = find out when loading.
    pub verify: u32,
    /// Threads for `verify`, 1024 at most; 0 = one per core.
    pub workers: u32,
    /// 0 = the pages of a file themselves; n = of each page the n-th image below it
    /// (TIFF SubIFDs): a smaller copy, where the file is a pyramid. Pages that have
    /// none are rejected.
    pub level: u32,
    /// Index of the first page taken from each file, from 0. The first one taken
    /// gives the stack its shape. OUT_OF_RANGE where no file has it; of several files,
    /// one that ends before it is a slice that fails.
    pub first_page: u64,
    /// Pages taken from there; 0 = all to the end. 1 opens a page alone, whatever
    /// the others are.
    pub page_count: u64,
    /// 0 = all channels; n = the n-th, from 1, of a file whose metadata says which of
    /// its pages are which channel (zstack_get_axes). UNSUPPORTED where it does not,
    /// OUT_OF_RANGE where there is no such channel. Its other pages are rejected.
    pub channel: u32,
    /// 0 = all points in time; n = the n-th, from 1, as for `channel`.
    pub time: u32,
    /// 1 = palette indices become red, green and blue of 8 bits; 0 = they stay
    /// indices. For TIFF and PNG; of others UNSUPPORTED, as are indices with alpha.
    pub palette_to_rgb: u32,
    /// 1 = grey whose 0 is white is inverted within its stored bits; 0 = it stays as
    /// stored. UNSUPPORTED for samples that are not unsigned.
    pub invert_white: u32,
    /// 1 = images are flipped and turned as their orientation says, so that width and
    /// height change places for orientations 5 to 8; 0 = they stay as stored.
    pub upright: u32,
    /// 1 = raw samples begin with their highest byte; 0 = with their lowest.
    pub raw_big_endian: u32,
    /// Bytes in front of the first sample of each raw file; see raw_sample_type.
    pub raw_offset: u64,
    /// Slices in each raw file; 0 = as many as it holds. Those that a file is too
    /// short for fail with TRUNCATED when they are loaded; bytes behind the last one
    /// are told by zstack_get_rejected.
    pub raw_slices: u64,
    /// Columns of raw samples; with raw_sample_type it must be set.
    pub raw_width: u32,
    /// Rows of raw samples; with raw_sample_type it must be set.
    pub raw_height: u32,
    /// Raw samples per pixel, interleaved, 65,535 at most; 0 = 1. Three or four of
    /// 8 or 16 bits without a sign are taken for RGB and alpha.
    pub raw_channels: u32,
    /// Other than 0 = the path leads to raw samples of this zstack_sample_type: a
    /// file, or a folder, pattern or list of files, each of one or more slices, of
    /// any name. Slices follow each other, each of them raw_height rows from the top
    /// down, without gaps. Nothing in the files is looked at. With 0 the other raw_
    /// options must be 0, too. Senseless ones are refused with INVALID_ARGUMENT, too
    /// large ones with LIMIT_EXCEEDED, a file without a whole slice with TRUNCATED.
    pub raw_sample_type: i32,
}

// SAFETY: integers and pointers only, laid out without padding.
unsafe impl Growable for zstack_open_options {
    const NAME: &'static str = "zstack_open_options";
}

/// Tells how a load gets on: once in every progress_interval_ms, also while
/// nothing moves, and once at the end, with `done` set. Runs on the thread that is
/// inside zstack_load, zstack_job_wait or zstack_job_finish, never on two at once.
/// `progress` is only valid during the call. Return 0 to go on, anything else to
/// cancel; after that no callback of this load is called again, the one with `done`
/// neither. Slices are loaded while callbacks run, so the cancel may come too late:
/// the load then returns OK or PARTIAL, with all its slices dealt with.
pub type zstack_progress_fn =
    Option<unsafe extern "C" fn(progress: *const super::load::zstack_progress, user: *mut c_void) -> i32>;

/// Tells that a slice was dealt with, once for each, in order of completion.
/// Same rules as zstack_progress_fn.
pub type zstack_slice_fn =
    Option<unsafe extern "C" fn(event: *const super::load::zstack_slice_event, user: *mut c_void) -> i32>;

/// One line for a log: `level` is a zstack_level, `message` is UTF-8 and only
/// valid during the call. Same rules as zstack_progress_fn, but it cannot cancel.
pub type zstack_log_fn = Option<unsafe extern "C" fn(level: i32, message: *const c_char, user: *mut c_void)>;

/// What to load, where to put it, and with what. All-zero loads everything,
/// packed, fills what can't be had with 0, and lets the library choose.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zstack_load_options {
    /// sizeof(zstack_load_options).
    pub struct_size: usize,
    /// First slice.
    pub z_first: u64,
    /// Number of slices stepped over, from z_first; 0 = to the end.
    pub z_count: u64,
    /// Every n-th of those is loaded; 0 = 1 = each.
    pub z_step: u64,
    /// Bytes from row to row in the buffer; 0 = packed. A multiple of the
    /// sample's size, at least a row's bytes.
    pub row_stride: u64,
    /// Bytes from slice to slice in the buffer; 0 = height x row_stride. A
    /// multiple of the sample's size, at least what a slice's rows span.
    pub slice_stride: u64,
    /// Left column of the region.
    pub x: u32,
    /// Top row of the region.
    pub y: u32,
    /// Columns of the region; 0 = to the right edge.
    pub width: u32,
    /// Rows of the region; 0 = to the bottom edge.
    pub height: u32,
    /// What to do where a slice can't be had: a zstack_policy.
    pub policy: i32,
    /// How often a slice is tried when the system reports a passing fault (I/O
    /// error, stale handle, time-out); 0 = 3. Corrupt data is never tried again.
    pub attempts: u32,
    /// The value for ZSTACK_POLICY_FILL, and for ZSTACK_POLICY_INTERPOLATE where
    /// no slice is good. Rounded to the nearest whole number unless samples are
    /// floats. With these two policies, one beyond the sample type's range, or NaN
    /// for whole numbers, is refused with INVALID_ARGUMENT.
    pub fill_value: f64,
    /// Bytes that may be taken beyond the buffer; 0 = no limit. A load that
    /// needs more at the least is refused with ZSTACK_STATUS_MEMORY_LIMIT.
    pub memory_limit: u64,
    /// Milliseconds before the second attempt, doubled for each further one; 0 = 20.
    pub backoff_ms: u32,
    /// Cores that decode, 1024 at most; 0 = all that this process may use, or fewer
    /// where a load of large chunks would take most of the memory that is free.
    pub workers: u32,
    /// Reads in flight, 1024 at most; 0 = found out while loading. Many suit a
    /// network share.
    pub reads_in_flight: u32,
    /// Milliseconds between two calls of on_progress; 0 = 50.
    pub progress_interval_ms: u32,
    /// NULL, or called in every interval and once at the end.
    pub on_progress: zstack_progress_fn,
    /// NULL, or called once for each slice.
    pub on_slice: zstack_slice_fn,
    /// NULL, or called with lines for a log.
    pub on_log: zstack_log_fn,
    /// Given to each callback as it is.
    pub user: *mut c_void,
    /// NULL, or a token that cancels this load from any thread. The load keeps
    /// what it needs of it: it may be freed while the load runs.
    pub cancel: *const zstack_cancel,
    /// 1 = leave the buffer's pages as they are; 0 = where the buffer is large and
    /// plain private memory (malloc, not a file or shared memory), advise the
    /// system to use huge pages for it, which makes a load from the cache up to
    /// twice as fast. The advice stays until the memory is given back.
    pub no_huge_pages: u32,
    /// Set to 0.
    pub reserved: u32,
}

// SAFETY: integers, floats and pointers only, laid out without padding.
unsafe impl Growable for zstack_load_options {
    const NAME: &'static str = "zstack_load_options";
}

/// Reads a caller's open options.
///
/// # Safety
/// As the struct's documentation says.
pub(super) unsafe fn open(ptr: *const zstack_open_options) -> Result<OpenOptions> {
    // SAFETY: the caller's promise is passed on.
    let (given, prefix, extension) = unsafe {
        let given = growable::read(ptr)?;
        (given, text::bytes(given.prefix)?, text::bytes(given.extension)?)
    };
    let or = |value: u64, default: u64| if value == 0 { default } else { value };
    let default = Limits::default();
    if given.last_number != 0 && given.last_number < given.first_number {
        let message = format!(
            "last_number, {}, is below first_number, {}: no number lies between them",
            given.last_number, given.first_number
        );
        return Err(Error::new(Status::InvalidArgument, message));
    }
    Ok(OpenOptions {
        prefix: prefix.map(<[u8]>::to_vec),
        extension: extension.map(|text| String::from_utf8_lossy(text).into_owned()),
        first_number: given.first_number,
        last_number: (given.last_number != 0).then_some(given.last_number),
        keep_gaps: switch("keep_gaps", given.keep_gaps)?,
        verify: switch("verify", given.verify)?,
        workers: within_reason("workers", given.workers)? as usize,
        limits: Limits {
            files: or(given.max_files, default.files),
            pages: or(given.max_pages, default.pages),
            dimension: or(given.max_dimension, default.dimension),
            slice_bytes: or(given.max_slice_bytes, default.slice_bytes),
        },
        conversions: Conversions {
            palette_to_rgb: switch("palette_to_rgb", given.palette_to_rgb)?,
            invert_white: switch("invert_white", given.invert_white)?,
            upright: switch("upright", given.upright)?,
        },
        first_page: given.first_page,
        page_count: NonZeroU64::new(given.page_count),
        level: given.level,
        channel: u64::from(given.channel).checked_sub(1),
        time: u64::from(given.time).checked_sub(1),
        raw: raw(&given)?,
    })
}

/// How raw samples lie, if that is what the files are.
fn raw(given: &zstack_open_options) -> Result<Option<RawLayout>> {
    let refuse = |message: String| Err(Error::new(Status::InvalidArgument, message));
    let big_endian = switch("raw_big_endian", given.raw_big_endian)?;
    if given.raw_sample_type == 0 {
        let sizes = [given.raw_width, given.raw_height, given.raw_channels, given.raw_big_endian];
        return match sizes.iter().any(|&size| size != 0) || given.raw_offset != 0 || given.raw_slices != 0 {
            true => {
                refuse("raw_ options are set, but raw_sample_type is 0: the files are not raw".to_owned())
            }
            false => Ok(None),
        };
    }
    let Some(sample) = sample_type_of(given.raw_sample_type) else {
        return refuse(format!(
            "raw_sample_type is {}, which is no zstack_sample_type",
            given.raw_sample_type
        ));
    };
    if given.raw_width == 0 || given.raw_height == 0 {
        return refuse("raw_sample_type is set, so raw_width and raw_height must be".to_owned());
    }
    let channels = given.raw_channels.max(1);
    if channels > RawLayout::MOST_CHANNELS {
        return refuse(format!("raw_channels is {channels}; at most {} can be", RawLayout::MOST_CHANNELS));
    }
    Ok(Some(RawLayout {
        width: given.raw_width,
        height: given.raw_height,
        channels,
        sample,
        photometric: RawLayout::likely_meaning(channels, sample),
        big_endian,
        start: RawStart::At(given.raw_offset),
        planes: given.raw_slices,
    }))
}

fn switch(name: &str, value: u32) -> Result<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Error::new(Status::InvalidArgument, format!("{name} is {value}; it is 0 or 1"))),
    }
}

/// Reads a caller's load options: those of the load, and the callbacks.
///
/// # Safety
/// As the struct's documentation says.
pub(super) unsafe fn load(ptr: *const zstack_load_options) -> Result<(LoadOptions, Callbacks)> {
    // SAFETY: the caller's promise is passed on.
    let (given, cancel) = unsafe {
        let given = growable::read(ptr)?;
        (given, given.cancel.as_ref().map(|cancel| cancel.0.clone()))
    };
    if given.reserved != 0 {
        return Err(Error::new(Status::InvalidArgument, "zstack_load_options.reserved is not 0"));
    }
    let policy = [Policy::Fill, Policy::Fail, Policy::Skip, Policy::Interpolate]
        .into_iter()
        .find(|&policy| policy as i32 == given.policy)
        .ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                format!("policy is {}, which is no zstack_policy", given.policy),
            )
        })?;
    let options = LoadOptions {
        z_first: given.z_first,
        z_count: given.z_count,
        z_step: given.z_step,
        x: given.x,
        y: given.y,
        width: given.width,
        height: given.height,
        row_stride: given.row_stride,
        slice_stride: given.slice_stride,
        policy,
        fill_value: given.fill_value,
        attempts: given.attempts,
        backoff_ms: given.backoff_ms,
        workers: given.workers,
        reads_in_flight: given.reads_in_flight,
        memory_limit: given.memory_limit,
        no_huge_pages: switch("no_huge_pages", given.no_huge_pages)?,
        no_slice_events: false,
        cancel,
    };
    let interval = if given.progress_interval_ms == 0 { 50 } else { given.progress_interval_ms };
    let callbacks = Callbacks {
        on_progress: given.on_progress,
        on_slice: given.on_slice,
        on_log: given.on_log,
        user: given.user,
        interval: Duration::from_millis(interval.into()),
    };
    Ok((options, callbacks))
}
