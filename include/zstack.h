/* zstack 0.1.0: opens a stack of images (a folder of numbered slices, a list
 * of files, a multi-page TIFF, a raw volume), loads it in parallel straight into a buffer that
 * you own, and reports progress.
 *
 * Made by cbindgen from the sources; do not edit. This file is the manual.
 *
 *
 * The life of a load
 * ------------------
 *
 *     open   -> zstack*           cheap: one listing, one header
 *     info   -> what it is        shape, type, gaps, every file left out and why
 *     plan   -> what it needs     bytes of buffer, strides, memory, threads
 *     load   -> your buffer       parallel, with progress, cancel, policies
 *     report -> what happened     in sum and slice by slice
 *
 *     zstack *stack = NULL;
 *     zstack_plan_info plan = { .struct_size = sizeof plan };
 *     zstack_error error = { .struct_size = sizeof error };
 *     zstack_report *report = NULL;
 *
 *     zstack_status status = zstack_open("scan/", NULL, &stack, &error);
 *     if (status == ZSTACK_STATUS_OK)
 *         status = zstack_plan(stack, NULL, &plan, &error);
 *     void *volume = status == ZSTACK_STATUS_OK ? malloc((size_t)plan.buffer_bytes) : NULL;
 *     if (status == ZSTACK_STATUS_OK) // no memory: volume is NULL, and that is refused
 *         status = zstack_load(stack, NULL, volume, plan.buffer_bytes, &report, &error);
 *     if (status != ZSTACK_STATUS_OK) // PARTIAL too: the volume is there, with holes
 *         fprintf(stderr, "%s: %s\n", zstack_status_name(status), error.message);
 *     zstack_report_free(report);
 *     zstack_free(stack);
 *
 *
 * What holds for every function
 * -----------------------------
 *
 * Status. What can fail returns a zstack_status, a 32-bit integer with stable
 * numbers. Expect numbers that this header does not name. In the lists of
 * statuses below the prefix ZSTACK_STATUS_ is left out.
 *
 * Outputs are written only on success. There are two exceptions: the error
 * struct, which is written with every status that it has something to say to
 * (PARTIAL and CANCELLED among them), and what a load leaves behind once it has
 * begun: its buffer and its report. So set handles to NULL before you pass their
 * address.
 *
 * Indices count from 0. A slice's index is its place in the opened stack; where
 * an index counts something else, its description says so.
 *
 * Structs begin with struct_size. Set it to the struct's sizeof and everything
 * else to zero, which means "the default" in each option: in C
 * `zstack_load_options options = { .struct_size = sizeof options };`, in C++
 * `zstack_load_options options = {}; options.struct_size = sizeof options;`.
 * Structs to be filled need their struct_size too, the error struct among them;
 * a wrong one is STRUCT_SIZE, from any function that takes a struct. A program built with an older
 * header passes shorter structs, and gets what it knows. A program built with a
 * newer header passes longer ones, and is refused with STRUCT_SIZE if it sets a
 * field that the library does not know. Numbers that name a choice (policy,
 * state, sample type) are int32_t fields that hold the constants of the enum
 * named beside them.
 *
 * NULL is an answer, not a crash. Options, errors and reports that nobody wants
 * may be NULL, and so may every pointer in the options; free and cancel functions
 * take NULL. Any other NULL is INVALID_ARGUMENT.
 *
 * Ownership. What a function hands out through a `zstack_x **` is yours, to be
 * freed with its own free function. Texts inside structs belong to the handle
 * that was asked. The buffer and all structs are yours throughout.
 *
 * Threads. Each handle's description says what threads may do with it. No
 * thread of the library lives outside a load: the threads are joined before
 * zstack_load returns, and before zstack_job_finish or zstack_job_free does; so
 * dlclose, fork and exit are safe at any other time. Your callbacks run on the
 * thread that is inside the call, one at a time, never on a thread of the library.
 *
 * Faults. No panic, exception or exit leaves the library. A callback must not
 * throw or longjmp through it either: return non-zero to stop a load.
 *
 * Text is NUL-terminated UTF-8. Paths are UTF-8 too, on Unix any bytes.
 */


#ifndef ZSTACK_H
#define ZSTACK_H

#include <stddef.h>
#include <stdint.h>

/* Set on every function: how it is imported, and that its result counts. A
 * deprecated one says so where it is used. Define them beforehand to have your own. */
#ifndef ZSTACK_API
#  define ZSTACK_API
#endif
#ifndef ZSTACK_MUST_USE
#  if defined(__GNUC__)
#    define ZSTACK_MUST_USE __attribute__((warn_unused_result))
#  elif defined(_MSC_VER)
#    define ZSTACK_MUST_USE _Check_return_
#  else
#    define ZSTACK_MUST_USE
#  endif
#endif
#ifndef ZSTACK_DEPRECATED
#  if defined(__GNUC__)
#    define ZSTACK_DEPRECATED __attribute__((deprecated))
#  elif defined(_MSC_VER)
#    define ZSTACK_DEPRECATED __declspec(deprecated)
#  else
#    define ZSTACK_DEPRECATED
#  endif
#endif


// The ABI that this header describes. It grows only when something that worked
// would break; new functions, fields and constants do not change it.
#define ZSTACK_ABI 1

// Room for a path or a message, its NUL included.
#define ZSTACK_ERROR_TEXT 1024

// Room for the reasons of a plan, the NUL included.
#define ZSTACK_PLAN_TEXT 256

// How a call ended. The numbers are stable; a newer library may add some.
//
// 0 and 1 mean that the call did its work. Everything else means that it did
// not, and the `zstack_error` says why.
enum zstack_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // All done.
    ZSTACK_STATUS_OK = 0,
    // The load is complete, but at least one slice could not be had; the
    // buffer holds what the policy says there, and the report names each one.
    ZSTACK_STATUS_PARTIAL = 1,
    // The load was cancelled. The report says which slices are whole.
    ZSTACK_STATUS_CANCELLED = 2,
    // Nothing yet: the time given ran out, the job goes on.
    ZSTACK_STATUS_PENDING = 3,
    // There are no more events: all were handed over and the job is done.
    ZSTACK_STATUS_NO_MORE_EVENTS = 4,
    // An argument makes no sense; the message says which.
    ZSTACK_STATUS_INVALID_ARGUMENT = 10,
    // A struct's `struct_size` is wrong: below 16 (8 is the size of a pointer),
    // above 64 KiB, or with a non-zero tail that this library does not know.
    ZSTACK_STATUS_STRUCT_SIZE = 11,
    // The buffer is shorter than the plan asks for.
    ZSTACK_STATUS_BUFFER_TOO_SMALL = 12,
    // The buffer's address or a stride is no multiple of the sample's size.
    ZSTACK_STATUS_BUFFER_MISALIGNED = 13,
    // The job is in use by another call, or by the very callback that called.
    ZSTACK_STATUS_BUSY = 14,
    // The job was already finished; its report was handed over then.
    ZSTACK_STATUS_ALREADY_FINISHED = 15,
    // An index lies past the end.
    ZSTACK_STATUS_OUT_OF_RANGE = 16,
    // No such file or folder, or no file that matches the pattern.
    ZSTACK_STATUS_NOT_FOUND = 20,
    // The system refuses access.
    ZSTACK_STATUS_PERMISSION_DENIED = 21,
    // The system failed to read.
    ZSTACK_STATUS_IO = 22,
    // A FIFO, a socket or a device where a file is needed; in a list, a folder, too.
    ZSTACK_STATUS_NOT_A_FILE = 23,
    // No readable image was found.
    ZSTACK_STATUS_EMPTY = 30,
    // Two families of names are equally large; the message names both and how
    // to choose.
    ZSTACK_STATUS_AMBIGUOUS = 31,
    // No image that this version can give as stored: of a kind that is not
    // supported, or in no format that it knows. The message says which.
    ZSTACK_STATUS_UNSUPPORTED = 32,
    // The bytes contradict their format.
    ZSTACK_STATUS_CORRUPT = 33,
    // The file ends before its image does.
    ZSTACK_STATUS_TRUNCATED = 34,
    // The slice has other dimensions, or another number of channels, than the
    // stack.
    ZSTACK_STATUS_SHAPE_MISMATCH = 35,
    // The slice has another sample type than the stack.
    ZSTACK_STATUS_TYPE_MISMATCH = 36,
    // The number is missing from the folder: a gap kept as a missing slice.
    ZSTACK_STATUS_MISSING = 37,
    // A limit given in the open options was reached.
    ZSTACK_STATUS_LIMIT_EXCEEDED = 40,
    // The memory limit is below the least that this load needs.
    ZSTACK_STATUS_MEMORY_LIMIT = 41,
    // The system has no memory left.
    ZSTACK_STATUS_OUT_OF_MEMORY = 42,
    // The system did not start a thread.
    ZSTACK_STATUS_NO_THREAD = 43,
    // A fault inside the library, caught before it could leave it. Please
    // report it with the message.
    ZSTACK_STATUS_INTERNAL = 50,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_status zstack_status;
#else
typedef int32_t zstack_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Type of one sample in the buffer, in the machine's own byte order.
enum zstack_sample_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Unsigned, 8 bits.
    ZSTACK_SAMPLE_TYPE_U8 = 1,
    // Unsigned, 16 bits.
    ZSTACK_SAMPLE_TYPE_U16 = 2,
    // Unsigned, 32 bits.
    ZSTACK_SAMPLE_TYPE_U32 = 3,
    // Unsigned, 64 bits.
    ZSTACK_SAMPLE_TYPE_U64 = 4,
    // Signed, 8 bits.
    ZSTACK_SAMPLE_TYPE_I8 = 5,
    // Signed, 16 bits.
    ZSTACK_SAMPLE_TYPE_I16 = 6,
    // Signed, 32 bits.
    ZSTACK_SAMPLE_TYPE_I32 = 7,
    // Signed, 64 bits.
    ZSTACK_SAMPLE_TYPE_I64 = 8,
    // IEEE 754 half precision.
    ZSTACK_SAMPLE_TYPE_F16 = 9,
    // IEEE 754 single precision.
    ZSTACK_SAMPLE_TYPE_F32 = 10,
    // IEEE 754 double precision.
    ZSTACK_SAMPLE_TYPE_F64 = 11,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_sample_type zstack_sample_type;
#else
typedef int32_t zstack_sample_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// File format of an image.
enum zstack_format
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // TIFF 6.0 and BigTIFF.
    ZSTACK_FORMAT_TIFF = 1,
    // Portable Network Graphics.
    ZSTACK_FORMAT_PNG = 2,
    // JPEG (JFIF, Exif).
    ZSTACK_FORMAT_JPEG = 3,
    // Windows bitmap.
    ZSTACK_FORMAT_BMP = 4,
    // PBM, PGM, PPM, PAM, PFM.
    ZSTACK_FORMAT_PNM = 5,
    // DICOM, native, deflated, or coded as RLE or JPEG. Samples are as stored: neither
    // the rescale slope and intercept nor a window is applied.
    ZSTACK_FORMAT_DICOM = 6,
    // Samples without a format of their own: what they are is told by a header
    // (MetaImage, NRRD, VGI) or by the open options.
    ZSTACK_FORMAT_RAW = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_format zstack_format;
#else
typedef int32_t zstack_format;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What a sample means (TIFF 6.0, PhotometricInterpretation).
enum zstack_photometric
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Grey, 0 is white. Samples are as stored, not inverted.
    ZSTACK_PHOTOMETRIC_MIN_IS_WHITE = 0,
    // Grey, 0 is black.
    ZSTACK_PHOTOMETRIC_MIN_IS_BLACK = 1,
    // Red, green, blue; then alpha or extra samples, if any.
    ZSTACK_PHOTOMETRIC_RGB = 2,
    // Indices into a palette, as stored.
    ZSTACK_PHOTOMETRIC_PALETTE = 3,
    // A mask for another image: 1 is inside.
    ZSTACK_PHOTOMETRIC_MASK = 4,
    // Cyan, magenta, yellow, black.
    ZSTACK_PHOTOMETRIC_CMYK = 5,
    // Luma and chroma, as stored.
    ZSTACK_PHOTOMETRIC_YCBCR = 6,
    // CIE L*a*b*, as stored: a* and b* have signs.
    ZSTACK_PHOTOMETRIC_CIE_LAB = 8,
    // CIE L*a*b* as in ICC profiles: a* and b* have no signs but an offset.
    ZSTACK_PHOTOMETRIC_ICC_LAB = 9,
    // CIE L*a*b* as in ITU-T T.42.
    ZSTACK_PHOTOMETRIC_ITU_LAB = 10,
    // One color in each pixel, in the pattern of a sensor's filters (TIFF/EP).
    ZSTACK_PHOTOMETRIC_CFA = 32803,
    // A sensor's values in linear order (DNG).
    ZSTACK_PHOTOMETRIC_LINEAR_RAW = 34892,
    // Luminance: on SGI's logarithmic scale where samples are whole numbers, else real.
    ZSTACK_PHOTOMETRIC_LOG_L = 32844,
    // X, Y and Z of CIE 1931, decoded from SGI's LogLuv.
    ZSTACK_PHOTOMETRIC_LOG_LUV = 32845,
    // Distances from the camera (DNG).
    ZSTACK_PHOTOMETRIC_DEPTH = 51177,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_photometric zstack_photometric;
#else
typedef int32_t zstack_photometric;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Why a file or page is no slice of the stack.
enum zstack_reason
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // A readable type, but another family of names (prefix or suffix), or another
    // DICOM series.
    ZSTACK_REASON_OTHER_FAMILY = 1,
    // Not an image type that this library reads.
    ZSTACK_REASON_OTHER_TYPE = 2,
    // Left by a file manager: Thumbs.db, .DS_Store, ._*, desktop.ini.
    ZSTACK_REASON_JUNK = 3,
    // A scanner's preview: *_spr.*
    ZSTACK_REASON_PREVIEW = 4,
    // A hidden file: its name begins with a dot.
    ZSTACK_REASON_HIDDEN = 5,
    // A folder.
    ZSTACK_REASON_DIRECTORY = 6,
    // A FIFO, socket or device.
    ZSTACK_REASON_NOT_A_FILE = 7,
    // A symbolic link whose target does not exist.
    ZSTACK_REASON_DANGLING_LINK = 8,
    // The same number as another file of the family, or of a DICOM series the same
    // position.
    ZSTACK_REASON_DUPLICATE = 9,
    // Outside the prefix, extension or numbers asked for.
    ZSTACK_REASON_NOT_ASKED_FOR = 10,
    // A page marked as a thumbnail or mask (TIFF 6.0, NewSubfileType).
    ZSTACK_REASON_THUMBNAIL = 11,
    // A page of another shape or type than the first.
    ZSTACK_REASON_OTHER_SHAPE = 12,
    // A page that cannot be read; the message says why.
    ZSTACK_REASON_UNREADABLE = 13,
    // An image below a page (TIFF SubIFDs): a smaller copy, as in a pyramid, or
    // the full one behind a preview. The open option `level` takes it.
    ZSTACK_REASON_LEVEL = 14,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_reason zstack_reason;
#else
typedef int32_t zstack_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What stands in the buffer where a slice can't be had.
enum zstack_policy
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // The fill value; the load goes on.
    ZSTACK_POLICY_FILL = 0,
    // Nothing: the load stops and returns the slice's own status.
    ZSTACK_POLICY_FAIL = 1,
    // The slice is left out and those after it move up. The report tells each
    // slice's final place; nothing dependable stands in the last places, which
    // as many slices as were left out have lost.
    ZSTACK_POLICY_SKIP = 2,
    // A blend of the nearest good slices on either side, weighted by distance,
    // whole numbers rounded to the nearest, halves away from 0; a copy of the
    // only good neighbour at the ends. Only slices of this load count, those
    // within its z range and step. The fill value where none of them is good.
    ZSTACK_POLICY_INTERPOLATE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_policy zstack_policy;
#else
typedef int32_t zstack_policy;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What stands in the buffer for a slice.
enum zstack_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Nothing dependable: the load ended before this slice was whole, or before
    // it was repaired.
    ZSTACK_STATE_NOT_REACHED = 0,
    // The samples of the file, all of them.
    ZSTACK_STATE_MEASURED = 1,
    // Made from its neighbours.
    ZSTACK_STATE_REPAIRED = 2,
    // It could not be had: the fill value stands there, nothing dependable where
    // the load fails for it, nothing at all where slices are skipped.
    ZSTACK_STATE_MISSING = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_state zstack_state;
#else
typedef int32_t zstack_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// How much a log line matters.
enum zstack_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // A choice that was made.
    ZSTACK_LEVEL_INFO = 1,
    // Something went wrong and was dealt with.
    ZSTACK_LEVEL_WARNING = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_level zstack_level;
#else
typedef int32_t zstack_level;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Kind of storage as the system describes it: a hint, never a measurement.
enum zstack_storage
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Not known.
    ZSTACK_STORAGE_UNKNOWN = 0,
    // A device that calls itself rotational. Virtual disks often do so wrongly.
    ZSTACK_STORAGE_ROTATIONAL = 1,
    // A device that calls itself not rotational.
    ZSTACK_STORAGE_SOLID_STATE = 2,
    // A network file system or network disk, or folders of a virtual machine's host.
    ZSTACK_STORAGE_NETWORK = 3,
    // A file system in user space (FUSE); what is behind it is not known.
    ZSTACK_STORAGE_USER_SPACE = 4,
    // Memory (tmpfs, ramfs).
    ZSTACK_STORAGE_MEMORY = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum zstack_storage zstack_storage;
#else
typedef int32_t zstack_storage;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// An opened stack. It never changes: any number of threads may use it at once,
// also to load from it. Free it with zstack_free once no call uses it.
typedef struct zstack zstack;

// A token that cancels every load that it was given to, running or to come.
// Any thread may use it at any time. Free it with zstack_cancel_free.
typedef struct zstack_cancel zstack_cancel;

// A load that runs. zstack_job_poll and zstack_job_cancel may be called from
// any thread at any time; of zstack_job_next_event, zstack_job_wait and
// zstack_job_finish one at a time, from any thread: a second one, or one from
// inside a callback of this job, returns ZSTACK_STATUS_BUSY.
typedef struct zstack_job zstack_job;

// What happened in a load. It never changes: any number of threads may read it
// at once. It outlives the stack and the job. Free it with zstack_report_free.
typedef struct zstack_report zstack_report;

// How to open a stack. All-zero is right for a folder with one scan in it.
typedef struct zstack_open_options {
    // sizeof(zstack_open_options).
    size_t struct_size;
    // Only names that begin with this; NULL = the largest family of names. A
    // family whose prefix is exactly this wins over longer ones.
    const char *prefix;
    // Only names with this extension, without the dot, in either case ("tif");
    // NULL = any readable one.
    const char *extension;
    // Lowest number taken; files below it are rejected as not asked for.
    uint64_t first_number;
    // Highest number taken; 0 = no upper bound, so that a range cannot end at
    // number 0. Below first_number it is refused with INVALID_ARGUMENT.
    uint64_t last_number;
    // Largest number of files in the folder or list; 0 = 1,000,000.
    uint64_t max_files;
    // Largest number of pages in one file, or of slices that a header tells of; 0 =
    // 1,000,000.
    uint64_t max_pages;
    // Largest width or height; 0 = 1,048,576.
    uint64_t max_dimension;
    // Largest number of decoded bytes of one slice; 0 = 16 GiB.
    uint64_t max_slice_bytes;
    // 1 = numbers missing between the first and the last become missing
    // slices, so that z stays true; 0 = the slices close up, and the gaps are
    // only reported.
    uint32_t keep_gaps;
    // 1 = read every header now, in parallel, and mark the slices that differ
    // or can't be read (zstack_slice_info.status); 0 = find out when loading.
    uint32_t verify;
    // Threads for `verify`, 1024 at most; 0 = one per core.
    uint32_t workers;
    // 0 = the pages of a file themselves; n = of each page the n-th image below it
    // (TIFF SubIFDs): a smaller copy, where the file is a pyramid. Pages that have
    // none are rejected.
    uint32_t level;
    // Index of the first page taken from each file, from 0. The first one taken
    // gives the stack its shape. OUT_OF_RANGE where no file has it; of several files,
    // one that ends before it is a slice that fails.
    uint64_t first_page;
    // Pages taken from there; 0 = all to the end. 1 opens a page alone, whatever
    // the others are.
    uint64_t page_count;
    // 0 = all channels; n = the n-th, from 1, of a file whose metadata says which of
    // its pages are which channel (zstack_get_axes). UNSUPPORTED where it does not,
    // OUT_OF_RANGE where there is no such channel. Its other pages are rejected.
    uint32_t channel;
    // 0 = all points in time; n = the n-th, from 1, as for `channel`.
    uint32_t time;
    // 1 = palette indices become red, green and blue of 8 bits; 0 = they stay
    // indices. For TIFF and PNG; of others UNSUPPORTED, as are indices with alpha.
    uint32_t palette_to_rgb;
    // 1 = grey whose 0 is white is inverted within its stored bits; 0 = it stays as
    // stored. UNSUPPORTED for samples that are not unsigned.
    uint32_t invert_white;
    // 1 = images are flipped and turned as their orientation says, so that width and
    // height change places for orientations 5 to 8; 0 = they stay as stored.
    uint32_t upright;
    // 1 = raw samples begin with their highest byte; 0 = with their lowest.
    uint32_t raw_big_endian;
    // Bytes in front of the first sample of each raw file; see raw_sample_type.
    uint64_t raw_offset;
    // Slices in each raw file; 0 = as many as it holds. Those that a file is too
    // short for fail with TRUNCATED when they are loaded; bytes behind the last one
    // are told by zstack_get_rejected.
    uint64_t raw_slices;
    // Columns of raw samples; with raw_sample_type it must be set.
    uint32_t raw_width;
    // Rows of raw samples; with raw_sample_type it must be set.
    uint32_t raw_height;
    // Raw samples per pixel, interleaved, 65,535 at most; 0 = 1. Three or four of
    // 8 or 16 bits without a sign are taken for RGB and alpha.
    uint32_t raw_channels;
    // Other than 0 = the path leads to raw samples of this zstack_sample_type: a
    // file, or a folder, pattern or list of files, each of one or more slices, of
    // any name. Slices follow each other, each of them raw_height rows from the top
    // down, without gaps. Nothing in the files is looked at. With 0 the other raw_
    // options must be 0, too. Senseless ones are refused with INVALID_ARGUMENT, too
    // large ones with LIMIT_EXCEEDED, a file without a whole slice with TRUNCATED.
    int32_t raw_sample_type;
} zstack_open_options;

// What went wrong, where, and what to do about it where something can be done.
// Owned by the caller, who sets
// `struct_size` and passes a pointer, or NULL if the status alone will do. A
// call whose error struct has a bad `struct_size` does nothing but return
// ZSTACK_STATUS_STRUCT_SIZE. It is written when a call returns another status than ZSTACK_STATUS_OK,
// ZSTACK_STATUS_PENDING or ZSTACK_STATUS_NO_MORE_EVENTS, and left alone
// otherwise.
typedef struct zstack_error {
    // sizeof(zstack_error).
    size_t struct_size;
    // The status that the call returned, a zstack_status.
    int32_t status;
    // The system's error number (errno, GetLastError), 0 if it was not involved.
    int32_t os_error;
    // Index of the slice concerned, in the opened stack; -1 if none.
    int64_t slice;
    // The file or folder concerned, or "". A longer path is cut at its front.
    char path[ZSTACK_ERROR_TEXT];
    // One or two sentences in UTF-8, without a line break at the end. A longer
    // message is cut at its end.
    char message[ZSTACK_ERROR_TEXT];
} zstack_error;

// What a stack is. Shape and type are those of its first readable slice.
typedef struct zstack_info {
    // sizeof(zstack_info).
    size_t struct_size;
    // Slices, kept gaps among them.
    uint64_t slices;
    // Bytes of one packed slice: width x height x channels x sample_bytes.
    uint64_t slice_bytes;
    // Files and pages left out: see zstack_get_rejected.
    uint64_t rejected;
    // Runs of missing numbers: see zstack_get_gap.
    uint64_t gaps;
    // Slices known to be bad: kept gaps, and what `verify` found.
    uint64_t known_bad;
    // Index of the slice that the rest of this struct comes from.
    uint64_t described_by;
    // Columns.
    uint32_t width;
    // Rows.
    uint32_t height;
    // Samples per pixel, interleaved in the buffer; the two parts of a complex one
    // count as two.
    uint32_t channels;
    // Type of a sample in the buffer, a zstack_sample_type.
    int32_t sample_type;
    // Bytes of a sample in the buffer.
    uint32_t sample_bytes;
    // Bits of a sample in the file; fewer than in the buffer where bits were
    // unpacked, each sample to its own number, not scaled. Of a complex sample, those
    // of each part.
    uint32_t bits_stored;
    // What a sample means in the buffer, a zstack_photometric.
    int32_t photometric;
    // File format, a zstack_format.
    int32_t format;
    // TIFF compression number (1 none, 5 LZW, 7 JPEG, 8 deflate, ...); 0 for
    // other formats.
    uint32_t compression;
    // Orientation as a TIFF, or the Exif of a JPEG, declares it, 1 to 8 (TIFF 6.0);
    // 1 where none is declared. Left to you, unless `upright` was asked for: 1 then.
    uint32_t orientation;
    // 1 = the YCbCr of a JPEG, or palette indices, are turned into RGB.
    uint32_t converted_to_rgb;
    // 1 = all slices are pages of one file.
    uint32_t one_file;
    // Storage as the system describes it, a zstack_storage.
    int32_t storage;
    // 1 = each sample of the file is complex, and two channels: its real part, then
    // its imaginary one.
    uint32_t complex_samples;
    // 1 = grey whose 0 is white was inverted, as `invert_white` asked.
    uint32_t inverted;
    // The orientation that images are turned from, as `upright` asked; 0 = they stand
    // as in the file.
    uint32_t turned;
} zstack_info;

// One slice of a stack. The texts belong to the stack.
typedef struct zstack_slice_info {
    // sizeof(zstack_slice_info).
    size_t struct_size;
    // Its file; for a kept gap, the name that the missing file would have. Never NULL.
    const char *path;
    // What is known against it; NULL where `status` is OK.
    const char *message;
    // Page in the file, from 0.
    uint64_t page;
    // Number in its name; -1 = none, INT64_MAX = that or more.
    int64_t number;
    // ZSTACK_STATUS_OK, MISSING for a kept gap, or what `verify` found.
    int32_t status;
    // 0.
    uint32_t reserved;
} zstack_slice_info;

// A file or page that is no slice of the stack. The texts belong to the stack.
typedef struct zstack_rejected_info {
    // sizeof(zstack_rejected_info).
    size_t struct_size;
    // The file.
    const char *path;
    // The reason in words; never NULL.
    const char *message;
    // The page in the file, from 0; -1 = the whole file.
    int64_t page;
    // The kind of reason, a zstack_reason.
    int32_t reason;
    // 0.
    uint32_t reserved;
} zstack_rejected_info;

// A run of numbers that no file has.
typedef struct zstack_gap_info {
    // sizeof(zstack_gap_info).
    size_t struct_size;
    // First missing number; UINT64_MAX = that or more.
    uint64_t first;
    // Last missing number.
    uint64_t last;
    // Index of the slice that has the next number.
    uint64_t before;
} zstack_gap_info;

// Where a load stands.
typedef struct zstack_progress {
    // sizeof(zstack_progress).
    size_t struct_size;
    // Slices dealt with: measured, repaired or missing.
    uint64_t slices_done;
    // Of those, the ones that could not be had.
    uint64_t slices_failed;
    // Slices asked for.
    uint64_t slices_total;
    // Bytes read from files so far.
    uint64_t bytes_read;
    // Bytes of measured samples placed in the buffer so far. Slices that can't be
    // had do not count, so this may end below bytes_total.
    uint64_t bytes_decoded;
    // Bytes of samples of all slices asked for.
    uint64_t bytes_total;
    // Seconds since the start.
    double seconds;
    // Seconds left at the mean rate so far; negative while not known.
    double seconds_left;
    // Bytes of samples per second so far.
    double bytes_per_second;
    // 1 once the load has ended; in on_progress, in the last call only.
    uint32_t done;
    // 0.
    uint32_t reserved;
} zstack_progress;

// Tells how a load gets on: once in every progress_interval_ms, also while
// nothing moves, and once at the end, with `done` set. Runs on the thread that is
// inside zstack_load, zstack_job_wait or zstack_job_finish, never on two at once.
// `progress` is only valid during the call. Return 0 to go on, anything else to
// cancel; after that no callback of this load is called again, the one with `done`
// neither. Slices are loaded while callbacks run, so the cancel may come too late:
// the load then returns OK or PARTIAL, with all its slices dealt with.
typedef int32_t (*zstack_progress_fn)(const struct zstack_progress *progress,
                                      void *user);

// A slice that was dealt with.
typedef struct zstack_slice_event {
    // sizeof(zstack_slice_event).
    size_t struct_size;
    // Its index in the opened stack.
    uint64_t slice;
    // Its place in the buffer, in slices from 0. With ZSTACK_POLICY_SKIP, the place
    // before the rest moves up at the end.
    uint64_t place;
    // What stands there, a zstack_state.
    int32_t state;
    // ZSTACK_STATUS_OK, or why the slice could not be had.
    int32_t status;
    // Seconds from its first byte asked for until it was dealt with.
    double seconds;
} zstack_slice_event;

// Tells that a slice was dealt with, once for each, in order of completion.
// Same rules as zstack_progress_fn.
typedef int32_t (*zstack_slice_fn)(const struct zstack_slice_event *event,
                                   void *user);

// One line for a log: `level` is a zstack_level, `message` is UTF-8 and only
// valid during the call. Same rules as zstack_progress_fn, but it cannot cancel.
typedef void (*zstack_log_fn)(int32_t level,
                              const char *message,
                              void *user);

// What to load, where to put it, and with what. All-zero loads everything,
// packed, fills what can't be had with 0, and lets the library choose.
typedef struct zstack_load_options {
    // sizeof(zstack_load_options).
    size_t struct_size;
    // First slice.
    uint64_t z_first;
    // Number of slices stepped over, from z_first; 0 = to the end.
    uint64_t z_count;
    // Every n-th of those is loaded; 0 = 1 = each.
    uint64_t z_step;
    // Bytes from row to row in the buffer; 0 = packed. A multiple of the
    // sample's size, at least a row's bytes.
    uint64_t row_stride;
    // Bytes from slice to slice in the buffer; 0 = height x row_stride. A
    // multiple of the sample's size, at least what a slice's rows span.
    uint64_t slice_stride;
    // Left column of the region.
    uint32_t x;
    // Top row of the region.
    uint32_t y;
    // Columns of the region; 0 = to the right edge.
    uint32_t width;
    // Rows of the region; 0 = to the bottom edge.
    uint32_t height;
    // What to do where a slice can't be had: a zstack_policy.
    int32_t policy;
    // How often a slice is tried when the system reports a passing fault (I/O
    // error, stale handle, time-out); 0 = 3. Corrupt data is never tried again.
    uint32_t attempts;
    // The value for ZSTACK_POLICY_FILL, and for ZSTACK_POLICY_INTERPOLATE where
    // no slice is good. Rounded to the nearest whole number unless samples are
    // floats. With these two policies, one beyond the sample type's range, or NaN
    // for whole numbers, is refused with INVALID_ARGUMENT.
    double fill_value;
    // Bytes that may be taken beyond the buffer; 0 = no limit. A load that
    // needs more at the least is refused with ZSTACK_STATUS_MEMORY_LIMIT.
    uint64_t memory_limit;
    // Milliseconds before the second attempt, doubled for each further one; 0 = 20.
    uint32_t backoff_ms;
    // Cores that decode, 1024 at most; 0 = all that this process may use, or fewer
    // where a load of large chunks would take most of the memory that is free.
    uint32_t workers;
    // Reads in flight, 1024 at most; 0 = found out while loading. Many suit a
    // network share.
    uint32_t reads_in_flight;
    // Milliseconds between two calls of on_progress; 0 = 50.
    uint32_t progress_interval_ms;
    // NULL, or called in every interval and once at the end.
    zstack_progress_fn on_progress;
    // NULL, or called once for each slice.
    zstack_slice_fn on_slice;
    // NULL, or called with lines for a log.
    zstack_log_fn on_log;
    // Given to each callback as it is.
    void *user;
    // NULL, or a token that cancels this load from any thread. The load keeps
    // what it needs of it: it may be freed while the load runs.
    const struct zstack_cancel *cancel;
    // 1 = leave the buffer's pages as they are; 0 = where the buffer is large and
    // plain private memory (malloc, not a file or shared memory), advise the
    // system to use huge pages for it, which makes a load from the cache up to
    // twice as fast. The advice stays until the memory is given back.
    uint32_t no_huge_pages;
    // Set to 0.
    uint32_t reserved;
} zstack_load_options;

// What a load will do and need. The sample of channel c at column x, row y of
// slice z lies at byte
// z * slice_stride + y * row_stride + (x * channels + c) * sample_bytes.
typedef struct zstack_plan_info {
    // sizeof(zstack_plan_info).
    size_t struct_size;
    // Slices in the buffer.
    uint64_t slices;
    // Bytes from row to row.
    uint64_t row_stride;
    // Bytes from slice to slice.
    uint64_t slice_stride;
    // Bytes that the buffer must have, from the first sample to the last.
    uint64_t buffer_bytes;
    // Most bytes taken beyond the buffer while loading, judged by the first
    // slice.
    uint64_t working_bytes;
    // Columns in the buffer.
    uint32_t width;
    // Rows in the buffer.
    uint32_t height;
    // Samples per pixel.
    uint32_t channels;
    // Type of a sample, a zstack_sample_type.
    int32_t sample_type;
    // Bytes of a sample; the buffer's address must be a multiple of it.
    uint32_t sample_bytes;
    // Cores that will decode.
    uint32_t workers;
    // Reads in flight to begin with. The load measures what the storage gives, and
    // lets more or fewer begin, unless a number was asked for.
    uint32_t reads_in_flight;
    // Reads in flight at most.
    uint32_t most_reads;
    // Threads that will be started at most, and joined before the load returns. A
    // thread that waits for its read uses no core.
    uint32_t threads;
    // Storage as the system describes it, a zstack_storage.
    int32_t storage;
    // What was chosen, and why, in words: one line of UTF-8.
    char why[ZSTACK_PLAN_TEXT];
} zstack_plan_info;

// A load in sum. Times are in seconds. The time of a slice runs from its first
// byte asked for until it stands in the buffer.
typedef struct zstack_report_totals {
    // sizeof(zstack_report_totals).
    size_t struct_size;
    // Slices asked for; as many can be asked of zstack_report_get_slice.
    uint64_t slices;
    // Slices measured.
    uint64_t loaded;
    // Slices that could not be had, repaired or not. Loaded, failed and not
    // reached ones add up to `slices`.
    uint64_t failed;
    // Of those, the ones made from their neighbours.
    uint64_t repaired;
    // Slices that the load ended before: neither measured nor failed.
    uint64_t not_reached;
    // Slices that have a place in the buffer: fewer than `slices` when some
    // were skipped.
    uint64_t placed;
    // Attempts over all slices.
    uint64_t attempts;
    // Bytes read from files.
    uint64_t bytes_read;
    // Bytes of measured samples placed in the buffer.
    uint64_t bytes_decoded;
    // The slowest measured slice, as an index for zstack_report_get_slice;
    // UINT64_MAX if none.
    uint64_t slowest;
    // Its time.
    double slowest_seconds;
    // Median time of the measured slices.
    double median_seconds;
    // 99th percentile (nearest rank) of their times.
    double p99_seconds;
    // Mean of their times. Slices overlap: times the number of slices this is
    // more than `seconds`.
    double mean_seconds;
    // The whole load.
    double seconds;
    // `seconds` divided by the slices loaded or failed.
    double seconds_per_slice;
    // `bytes_decoded` divided by `seconds`.
    double bytes_per_second;
    // Cores that decoded.
    uint32_t workers;
    // Reads that might be in flight at the end.
    uint32_t reads_in_flight;
    // Storage as the system describes it, a zstack_storage.
    int32_t storage;
    // 0.
    uint32_t reserved;
    // How many reads might be in flight, when and why, in words: one line of
    // UTF-8 that belongs to the report. Never NULL.
    const char *reads_why;
} zstack_report_totals;

// What happened to one slice. The texts belong to the report.
typedef struct zstack_report_slice {
    // sizeof(zstack_report_slice).
    size_t struct_size;
    // Its index in the opened stack.
    uint64_t slice;
    // Its place in the buffer, in slices; -1 = skipped.
    int64_t place;
    // Its file; never NULL.
    const char *path;
    // Why it could not be had, never NULL where `status` is not OK; or a remark
    // on a slice that was had, or NULL.
    const char *message;
    // What stands in the buffer, a zstack_state.
    int32_t state;
    // ZSTACK_STATUS_OK, or why it could not be had.
    int32_t status;
    // The system's error number behind that, or 0.
    int32_t os_error;
    // Times it was tried; 0 = never.
    uint32_t attempts;
    // Seconds spent in reading, summed over threads.
    double read_seconds;
    // Seconds spent in decoding and placing, summed over threads.
    double decode_seconds;
    // Its time.
    double seconds;
} zstack_report_slice;

// How large a voxel is, in micrometres; 0 = not known. The texts belong to the stack.
//
// Believed is, in this order and for each axis by itself: what scanners write
// beside the slices of a folder (NRecon's .log, the .pcr and .pca of datos|x,
// Nikon's .xtekct, unireconstruction.xml of RX Solutions), OME-XML, ImageJ's unit
// and spacing, and TIFF's resolution tags, these of the first readable file. It is
// that of the full pages, whatever `level` chose. Many
// programs write a resolution of 72 per inch that means nothing: look at `source`.
typedef struct zstack_voxel_info {
    // sizeof(zstack_voxel_info).
    size_t struct_size;
    // From a column to the next.
    double x;
    // From a row to the next.
    double y;
    // From a slice to the next.
    double z;
    // Who says so, such as "NRecon's log (s_rec.log)"; "" where nothing is known.
    const char *source;
    // Who says something else, by more than a thousandth; NULL where nobody does.
    const char *remark;
} zstack_voxel_info;

// How the planes of the first file lie along channels, depth and time, as ImageJ or
// OME-XML says in it; all planes of the file, whatever `channel` and `time` chose.
// All-zero where nothing says so, or where what is said does not fit the file's
// number of pages. The slices of a stack are in the order of the file.
typedef struct zstack_axes_info {
    // sizeof(zstack_axes_info).
    size_t struct_size;
    // Channels.
    uint64_t channels;
    // Planes along z.
    uint64_t depth;
    // Points in time.
    uint64_t times;
    // Who says so: "ImageJ", "OME", or "". Static.
    const char *source;
    // The letters C, Z and T, the axis along which a page differs from the next one
    // first: "CZT" is all channels of a plane, then the next plane.
    char order[8];
} zstack_axes_info;

// Every function of this header, each under its name without "zstack_".
typedef struct zstack_api {
    // Bytes of the table that the library fills. Newer libraries append: a table
    // whose struct_size is at least your sizeof(zstack_api) has all you know.
    size_t struct_size;
    // zstack_version.
    const char *(*version)(void);
    // zstack_abi.
    uint32_t (*abi)(void);
    // zstack_status_name.
    const char *(*status_name)(int32_t status);
    // zstack_sample_type_name.
    const char *(*sample_type_name)(int32_t sample_type);
    // zstack_sample_type_bytes.
    uint32_t (*sample_type_bytes)(int32_t sample_type);
    // zstack_state_name.
    const char *(*state_name)(int32_t state);
    // zstack_reason_name.
    const char *(*reason_name)(int32_t reason);
    // zstack_storage_name.
    const char *(*storage_name)(int32_t storage);
    // zstack_format_name.
    const char *(*format_name)(int32_t format);
    // zstack_photometric_name.
    const char *(*photometric_name)(int32_t photometric);
    // zstack_open.
    zstack_status (*open)(const char *path,
                          const struct zstack_open_options *options,
                          struct zstack **stack,
                          struct zstack_error *error);
    // zstack_open_list.
    zstack_status (*open_list)(const char *const *paths,
                               size_t count,
                               const struct zstack_open_options *options,
                               struct zstack **stack,
                               struct zstack_error *error);
    // zstack_free.
    void (*free)(struct zstack *stack);
    // zstack_get_info.
    zstack_status (*get_info)(const struct zstack *stack,
                              struct zstack_info *info,
                              struct zstack_error *error);
    // zstack_get_slice.
    zstack_status (*get_slice)(const struct zstack *stack,
                               uint64_t index,
                               struct zstack_slice_info *slice,
                               struct zstack_error *error);
    // zstack_get_rejected.
    zstack_status (*get_rejected)(const struct zstack *stack,
                                  uint64_t index,
                                  struct zstack_rejected_info *rejected,
                                  struct zstack_error *error);
    // zstack_get_gap.
    zstack_status (*get_gap)(const struct zstack *stack,
                             uint64_t index,
                             struct zstack_gap_info *gap,
                             struct zstack_error *error);
    // zstack_plan.
    zstack_status (*plan)(const struct zstack *stack,
                          const struct zstack_load_options *options,
                          struct zstack_plan_info *plan,
                          struct zstack_error *error);
    // zstack_load.
    zstack_status (*load)(const struct zstack *stack,
                          const struct zstack_load_options *options,
                          void *buffer,
                          uint64_t buffer_bytes,
                          struct zstack_report **report,
                          struct zstack_error *error);
    // zstack_start.
    zstack_status (*start)(const struct zstack *stack,
                           const struct zstack_load_options *options,
                           void *buffer,
                           uint64_t buffer_bytes,
                           struct zstack_job **job,
                           struct zstack_error *error);
    // zstack_job_poll.
    zstack_status (*job_poll)(const struct zstack_job *job,
                              struct zstack_progress *progress,
                              struct zstack_error *error);
    // zstack_job_next_event.
    zstack_status (*job_next_event)(const struct zstack_job *job,
                                    int64_t timeout_ms,
                                    struct zstack_slice_event *event,
                                    struct zstack_error *error);
    // zstack_job_wait.
    zstack_status (*job_wait)(const struct zstack_job *job,
                              int64_t timeout_ms,
                              struct zstack_error *error);
    // zstack_job_cancel.
    void (*job_cancel)(const struct zstack_job *job);
    // zstack_job_finish.
    zstack_status (*job_finish)(const struct zstack_job *job,
                                struct zstack_report **report,
                                struct zstack_error *error);
    // zstack_job_free.
    void (*job_free)(struct zstack_job *job);
    // zstack_cancel_new.
    struct zstack_cancel *(*cancel_new)(void);
    // zstack_cancel_request.
    void (*cancel_request)(const struct zstack_cancel *cancel);
    // zstack_cancel_is_requested.
    int32_t (*cancel_is_requested)(const struct zstack_cancel *cancel);
    // zstack_cancel_free.
    void (*cancel_free)(struct zstack_cancel *cancel);
    // zstack_report_get_totals.
    zstack_status (*report_get_totals)(const struct zstack_report *report,
                                       struct zstack_report_totals *totals,
                                       struct zstack_error *error);
    // zstack_report_get_slice.
    zstack_status (*report_get_slice)(const struct zstack_report *report,
                                      uint64_t index,
                                      struct zstack_report_slice *slice,
                                      struct zstack_error *error);
    // zstack_report_free.
    void (*report_free)(struct zstack_report *report);
    // zstack_get_voxel.
    zstack_status (*get_voxel)(const struct zstack *stack,
                               struct zstack_voxel_info *voxel,
                               struct zstack_error *error);
    // zstack_get_axes.
    zstack_status (*get_axes)(const struct zstack *stack,
                              struct zstack_axes_info *axes,
                              struct zstack_error *error);
} zstack_api;



#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The table of all functions for ABI number `abi`: pass ZSTACK_ABI. NULL when
// the library cannot serve it. The table is constant and lives as long as the
// library is loaded. Any thread.
ZSTACK_API
ZSTACK_MUST_USE
const struct zstack_api *zstack_get_api(uint32_t abi);

// Fills `*axes` with which planes of the file are channels, depth and time. Any thread.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_get_axes(const struct zstack *stack,
                              struct zstack_axes_info *axes,
                              struct zstack_error *error);

// A new token, to be freed with zstack_cancel_free; NULL when there is no memory.
ZSTACK_API
ZSTACK_MUST_USE
struct zstack_cancel *zstack_cancel_new(void);

// Cancels; returns at once. The loads return within the time of the reads and
// chunks in flight, with ZSTACK_STATUS_CANCELLED. One that has dealt with all
// its slices by then returns as if nothing had been asked. NULL is ignored. Not
// for signal handlers: set a flag there, and return non-zero from on_progress.
ZSTACK_API
void zstack_cancel_request(const struct zstack_cancel *cancel);

// 1 once zstack_cancel_request was called, 0 before and for NULL.
ZSTACK_API
ZSTACK_MUST_USE
int32_t zstack_cancel_is_requested(const struct zstack_cancel *cancel);

// Frees a token; loads that it was given to go on as they are. NULL is fine.
ZSTACK_API
void zstack_cancel_free(struct zstack_cancel *cancel);

// Fills `*info` with what the stack is. Any thread.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_get_info(const struct zstack *stack,
                              struct zstack_info *info,
                              struct zstack_error *error);

// Fills `*slice` with what is known of slice `index`, from 0. Any thread.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE, OUT_OF_RANGE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_get_slice(const struct zstack *stack,
                               uint64_t index,
                               struct zstack_slice_info *slice,
                               struct zstack_error *error);

// Fills `*rejected` with file or page `index` (from 0) that was left out, and
// why. Any thread.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE, OUT_OF_RANGE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_get_rejected(const struct zstack *stack,
                                  uint64_t index,
                                  struct zstack_rejected_info *rejected,
                                  struct zstack_error *error);

// Fills `*gap` with run `index` (from 0) of missing numbers. Any thread.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE, OUT_OF_RANGE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_get_gap(const struct zstack *stack,
                             uint64_t index,
                             struct zstack_gap_info *gap,
                             struct zstack_error *error);

// Starts a load and returns at once. Arguments as for zstack_load; the buffer
// belongs to the load until zstack_job_finish or zstack_job_free has returned,
// and the stack may be freed before that.
//
// Callbacks, if any, run only inside zstack_job_wait and zstack_job_finish, on
// the thread that calls them (on_log also inside zstack_job_next_event).
//
// On success `*job` is a handle to free with zstack_job_free; otherwise it is
// left alone. Returns OK, or what zstack_load returns when it refuses.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_start(const struct zstack *stack,
                           const struct zstack_load_options *options,
                           void *buffer,
                           uint64_t buffer_bytes,
                           struct zstack_job **job,
                           struct zstack_error *error);

// Fills `*progress` with where the job stands, without waiting: for a frame
// loop. No callback runs. Any thread, at any time.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_job_poll(const struct zstack_job *job,
                              struct zstack_progress *progress,
                              struct zstack_error *error);

// Waits up to `timeout_ms` (0 = not at all, negative = for ever) for the next
// slice that was dealt with, and fills `*event`. Each slice is told once, here
// or to on_slice, in order of completion.
//
// Returns OK; PENDING when none came in time; NO_MORE_EVENTS at the end;
// INVALID_ARGUMENT (NULL), STRUCT_SIZE, BUSY.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_job_next_event(const struct zstack_job *job,
                                    int64_t timeout_ms,
                                    struct zstack_slice_event *event,
                                    struct zstack_error *error);

// Waits up to `timeout_ms` (0 = not at all, negative = for ever) for the load
// to end, and calls the callbacks meanwhile.
//
// Returns OK once it has ended, PENDING when it has not; INVALID_ARGUMENT
// (NULL), STRUCT_SIZE, BUSY.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_job_wait(const struct zstack_job *job,
                              int64_t timeout_ms,
                              struct zstack_error *error);

// Asks the load to stop; returns at once. Any thread, at any time; NULL is
// ignored.
ZSTACK_API
void zstack_job_cancel(const struct zstack_job *job);

// Waits for the load to end, calling the callbacks meanwhile, joins its threads
// and gives the buffer back. `report` may be NULL; otherwise `*report` receives
// a report to be freed with zstack_report_free. The job is still to be freed.
//
// Returns what zstack_load returns for a load that began; INVALID_ARGUMENT
// (NULL), STRUCT_SIZE, BUSY, or ALREADY_FINISHED, which all leave `*report`
// alone.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_job_finish(const struct zstack_job *job,
                                struct zstack_report **report,
                                struct zstack_error *error);

// Frees a job. One that still runs is cancelled and joined first, after which
// nothing writes into the buffer. NULL is fine. May be called from a callback
// of the job: no callback runs after it, and the call that the callback came
// from returns: zstack_job_wait OK, zstack_job_finish as for a load that was
// cancelled, with a report that is yours to free.
ZSTACK_API
void zstack_job_free(struct zstack_job *job);

// Loads into `buffer`, which has `buffer_bytes` bytes and may be
// uninitialised; zstack_plan tells how many it needs. Blocks until every
// thread of the load has ended. Slices load in parallel, in stack order; on a disk
// with a head, in the order in which its files were made, 64 slices at a time.
//
// Any number of loads may run at once, also from one stack, each into its own
// buffer. `options` may be NULL. Callbacks run on this thread, inside this call.
//
// `report` may be NULL. Once the load has begun, `*report` receives a report to
// be freed with zstack_report_free, however the load ends; a call refused
// before that leaves it alone, and writes nothing into the buffer.
//
// Returns OK; PARTIAL when slices could not be had and the policy dealt with
// them; CANCELLED. With ZSTACK_POLICY_FAIL the status of the first slice that
// could not be had: NOT_FOUND, PERMISSION_DENIED, IO, NOT_A_FILE, UNSUPPORTED,
// CORRUPT, TRUNCATED, SHAPE_MISMATCH, TYPE_MISMATCH, MISSING, LIMIT_EXCEEDED,
// OUT_OF_MEMORY. Refused: whatever zstack_plan returns, BUFFER_TOO_SMALL,
// BUFFER_MISALIGNED, NO_THREAD. INTERNAL for a fault of the library, after
// which the stack can be used as before.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_load(const struct zstack *stack,
                          const struct zstack_load_options *options,
                          void *buffer,
                          uint64_t buffer_bytes,
                          struct zstack_report **report,
                          struct zstack_error *error);

// Version of the library, such as "0.1.0". Static; any thread.
ZSTACK_API
ZSTACK_MUST_USE
const char *zstack_version(void);

// ABI number of the library: equal to ZSTACK_ABI if this header is its own.
ZSTACK_API
ZSTACK_MUST_USE
uint32_t zstack_abi(void);

// A few words for a zstack_status, such as "buffer too small"; "unknown
// status" for one that this library does not know. Static; any thread.
ZSTACK_API
ZSTACK_MUST_USE
const char *zstack_status_name(int32_t status);

// Name of a zstack_sample_type, such as "u16"; "unknown". Static; any thread.
ZSTACK_API
ZSTACK_MUST_USE
const char *zstack_sample_type_name(int32_t sample_type);

// Bytes of one sample of a zstack_sample_type: 1, 2, 4 or 8; 0 for an unknown
// one. Any thread.
ZSTACK_API
ZSTACK_MUST_USE
uint32_t zstack_sample_type_bytes(int32_t sample_type);

// A word for a zstack_state, such as "measured"; "unknown". Static; any thread.
ZSTACK_API
ZSTACK_MUST_USE
const char *zstack_state_name(int32_t state);

// A word for a zstack_reason, such as "preview"; "unknown". Static; any thread.
ZSTACK_API
ZSTACK_MUST_USE
const char *zstack_reason_name(int32_t reason);

// A word for a zstack_storage, such as "network"; "unknown". Static; any thread.
ZSTACK_API
ZSTACK_MUST_USE
const char *zstack_storage_name(int32_t storage);

// Name of a zstack_format, such as "TIFF"; "unknown". Static; any thread.
ZSTACK_API
ZSTACK_MUST_USE
const char *zstack_format_name(int32_t format);

// A word for a zstack_photometric, such as "RGB"; "unknown". Static; any thread.
ZSTACK_API
ZSTACK_MUST_USE
const char *zstack_photometric_name(int32_t photometric);

// Opens the stack at `path`: a folder, one file (all its pages of one shape), a
// raw volume, or, where no such file or folder exists, a pattern such as
// "scan/s_*.tif". Cheap: one listing of the folder, no look at each file, one
// header.
//
// A raw volume is opened by its header: MetaImage (.mhd, .mha), NRRD (.nhdr, .nrrd)
// or VGStudio's .vgi, or by a folder in which that is the largest family of names,
// alone. Its slices are the planes of the data file, or files, that the header
// names; these are looked for beside it, in its own folder and below. A name that
// leads out of there counts by its last part. Data that are compressed, or text,
// are UNSUPPORTED. Raw samples without a header are opened with
// zstack_open_options.raw_sample_type.
//
// `path` is UTF-8; on Unix any bytes but NUL will do. `options` may be NULL.
// On success `*stack` is a handle to free with zstack_free; otherwise it is
// left alone. What was left out, and why, is told by zstack_get_rejected, gaps
// in the numbering by zstack_get_gap.
//
// Returns OK; INVALID_ARGUMENT, STRUCT_SIZE; NOT_FOUND, PERMISSION_DENIED, IO,
// NOT_A_FILE; EMPTY, AMBIGUOUS; OUT_OF_RANGE when no file has a page asked for; UNSUPPORTED, CORRUPT, TRUNCATED when no slice
// can be read at all; LIMIT_EXCEEDED, OUT_OF_MEMORY; INTERNAL.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_open(const char *path,
                          const struct zstack_open_options *options,
                          struct zstack **stack,
                          struct zstack_error *error);

// Opens the images at `count` paths as one stack, in the order given. Every
// path is a slice (or, when the first is a file of several pages, all pages of
// every file): one that can't be read fails when it is loaded, and shifts none.
//
// Names are not grouped: prefix, numbers and keep_gaps must be unset, and no
// extension either. Otherwise as zstack_open; EMPTY when `count` is 0.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_open_list(const char *const *paths,
                               size_t count,
                               const struct zstack_open_options *options,
                               struct zstack **stack,
                               struct zstack_error *error);

// Frees a stack and every text that its functions gave out. NULL is fine. A job
// that still loads from it goes on, and so do reports.
ZSTACK_API
void zstack_free(struct zstack *stack);

// Works out what zstack_load would do with these options (NULL = all
// defaults), and fills `*plan`. Reads nothing. Any thread.
//
// Returns OK; INVALID_ARGUMENT, STRUCT_SIZE; OUT_OF_RANGE when the z range or
// the region reaches past the stack; BUFFER_MISALIGNED for a stride that is no
// multiple of the sample's size; LIMIT_EXCEEDED when the volume cannot be
// addressed; MEMORY_LIMIT.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_plan(const struct zstack *stack,
                          const struct zstack_load_options *options,
                          struct zstack_plan_info *plan,
                          struct zstack_error *error);

// Fills `*totals` with the load in sum. Any thread.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_report_get_totals(const struct zstack_report *report,
                                       struct zstack_report_totals *totals,
                                       struct zstack_error *error);

// Fills `*slice` with what happened to slice `index` of the load, counted from
// 0 in stack order. Any thread.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE, OUT_OF_RANGE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_report_get_slice(const struct zstack_report *report,
                                      uint64_t index,
                                      struct zstack_report_slice *slice,
                                      struct zstack_error *error);

// Frees a report and every text that its functions gave out. NULL is fine.
ZSTACK_API
void zstack_report_free(struct zstack_report *report);

// Fills `*voxel` with how large a voxel is. Any thread.
//
// Returns OK, INVALID_ARGUMENT (NULL), STRUCT_SIZE.
ZSTACK_API
ZSTACK_MUST_USE
zstack_status zstack_get_voxel(const struct zstack *stack,
                               struct zstack_voxel_info *voxel,
                               struct zstack_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ZSTACK_H */
