"""The declarations of zstack.h for ctypes.

Made by generate.py from include/zstack.h; do not edit.
"""

from ctypes import CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any, Final

ZSTACK_ABI: Final = 1
ZSTACK_ERROR_TEXT: Final = 1024
ZSTACK_PLAN_TEXT: Final = 256

ZSTACK_STATUS_OK: Final = 0
ZSTACK_STATUS_PARTIAL: Final = 1
ZSTACK_STATUS_CANCELLED: Final = 2
ZSTACK_STATUS_PENDING: Final = 3
ZSTACK_STATUS_NO_MORE_EVENTS: Final = 4
ZSTACK_STATUS_INVALID_ARGUMENT: Final = 10
ZSTACK_STATUS_STRUCT_SIZE: Final = 11
ZSTACK_STATUS_BUFFER_TOO_SMALL: Final = 12
ZSTACK_STATUS_BUFFER_MISALIGNED: Final = 13
ZSTACK_STATUS_BUSY: Final = 14
ZSTACK_STATUS_ALREADY_FINISHED: Final = 15
ZSTACK_STATUS_OUT_OF_RANGE: Final = 16
ZSTACK_STATUS_NOT_FOUND: Final = 20
ZSTACK_STATUS_PERMISSION_DENIED: Final = 21
ZSTACK_STATUS_IO: Final = 22
ZSTACK_STATUS_NOT_A_FILE: Final = 23
ZSTACK_STATUS_EMPTY: Final = 30
ZSTACK_STATUS_AMBIGUOUS: Final = 31
ZSTACK_STATUS_UNSUPPORTED: Final = 32
ZSTACK_STATUS_CORRUPT: Final = 33
ZSTACK_STATUS_TRUNCATED: Final = 34
ZSTACK_STATUS_SHAPE_MISMATCH: Final = 35
ZSTACK_STATUS_TYPE_MISMATCH: Final = 36
ZSTACK_STATUS_MISSING: Final = 37
ZSTACK_STATUS_LIMIT_EXCEEDED: Final = 40
ZSTACK_STATUS_MEMORY_LIMIT: Final = 41
ZSTACK_STATUS_OUT_OF_MEMORY: Final = 42
ZSTACK_STATUS_NO_THREAD: Final = 43
ZSTACK_STATUS_INTERNAL: Final = 50

ZSTACK_SAMPLE_TYPE_U8: Final = 1
ZSTACK_SAMPLE_TYPE_U16: Final = 2
ZSTACK_SAMPLE_TYPE_U32: Final = 3
ZSTACK_SAMPLE_TYPE_U64: Final = 4
ZSTACK_SAMPLE_TYPE_I8: Final = 5
ZSTACK_SAMPLE_TYPE_I16: Final = 6
ZSTACK_SAMPLE_TYPE_I32: Final = 7
ZSTACK_SAMPLE_TYPE_I64: Final = 8
ZSTACK_SAMPLE_TYPE_F16: Final = 9
ZSTACK_SAMPLE_TYPE_F32: Final = 10
ZSTACK_SAMPLE_TYPE_F64: Final = 11

ZSTACK_FORMAT_TIFF: Final = 1
ZSTACK_FORMAT_PNG: Final = 2
ZSTACK_FORMAT_JPEG: Final = 3
ZSTACK_FORMAT_BMP: Final = 4
ZSTACK_FORMAT_PNM: Final = 5
ZSTACK_FORMAT_DICOM: Final = 6
ZSTACK_FORMAT_RAW: Final = 7

ZSTACK_PHOTOMETRIC_MIN_IS_WHITE: Final = 0
ZSTACK_PHOTOMETRIC_MIN_IS_BLACK: Final = 1
ZSTACK_PHOTOMETRIC_RGB: Final = 2
ZSTACK_PHOTOMETRIC_PALETTE: Final = 3
ZSTACK_PHOTOMETRIC_MASK: Final = 4
ZSTACK_PHOTOMETRIC_CMYK: Final = 5
ZSTACK_PHOTOMETRIC_YCBCR: Final = 6
ZSTACK_PHOTOMETRIC_CIE_LAB: Final = 8
ZSTACK_PHOTOMETRIC_ICC_LAB: Final = 9
ZSTACK_PHOTOMETRIC_ITU_LAB: Final = 10
ZSTACK_PHOTOMETRIC_CFA: Final = 32803
ZSTACK_PHOTOMETRIC_LINEAR_RAW: Final = 34892
ZSTACK_PHOTOMETRIC_LOG_L: Final = 32844
ZSTACK_PHOTOMETRIC_LOG_LUV: Final = 32845
ZSTACK_PHOTOMETRIC_DEPTH: Final = 51177

ZSTACK_REASON_OTHER_FAMILY: Final = 1
ZSTACK_REASON_OTHER_TYPE: Final = 2
ZSTACK_REASON_JUNK: Final = 3
ZSTACK_REASON_PREVIEW: Final = 4
ZSTACK_REASON_HIDDEN: Final = 5
ZSTACK_REASON_DIRECTORY: Final = 6
ZSTACK_REASON_NOT_A_FILE: Final = 7
ZSTACK_REASON_DANGLING_LINK: Final = 8
ZSTACK_REASON_DUPLICATE: Final = 9
ZSTACK_REASON_NOT_ASKED_FOR: Final = 10
ZSTACK_REASON_THUMBNAIL: Final = 11
ZSTACK_REASON_OTHER_SHAPE: Final = 12
ZSTACK_REASON_UNREADABLE: Final = 13
ZSTACK_REASON_LEVEL: Final = 14

ZSTACK_POLICY_FILL: Final = 0
ZSTACK_POLICY_FAIL: Final = 1
ZSTACK_POLICY_SKIP: Final = 2
ZSTACK_POLICY_INTERPOLATE: Final = 3

ZSTACK_STATE_NOT_REACHED: Final = 0
ZSTACK_STATE_MEASURED: Final = 1
ZSTACK_STATE_REPAIRED: Final = 2
ZSTACK_STATE_MISSING: Final = 3

ZSTACK_LEVEL_INFO: Final = 1
ZSTACK_LEVEL_WARNING: Final = 2

ZSTACK_STORAGE_UNKNOWN: Final = 0
ZSTACK_STORAGE_ROTATIONAL: Final = 1
ZSTACK_STORAGE_SOLID_STATE: Final = 2
ZSTACK_STORAGE_NETWORK: Final = 3
ZSTACK_STORAGE_USER_SPACE: Final = 4
ZSTACK_STORAGE_MEMORY: Final = 5


class zstack_open_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("prefix", c_char_p),
        ("extension", c_char_p),
        ("first_number", c_uint64),
        ("last_number", c_uint64),
        ("max_files", c_uint64),
        ("max_pages", c_uint64),
        ("max_dimension", c_uint64),
        ("max_slice_bytes", c_uint64),
        ("keep_gaps", c_uint32),
        ("verify", c_uint32),
        ("workers", c_uint32),
        ("level", c_uint32),
        ("first_page", c_uint64),
        ("page_count", c_uint64),
        ("channel", c_uint32),
        ("time", c_uint32),
        ("palette_to_rgb", c_uint32),
        ("invert_white", c_uint32),
        ("upright", c_uint32),
        ("raw_big_endian", c_uint32),
        ("raw_offset", c_uint64),
        ("raw_slices", c_uint64),
        ("raw_width", c_uint32),
        ("raw_height", c_uint32),
        ("raw_channels", c_uint32),
        ("raw_sample_type", c_int32),
    ]


class zstack_error(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("status", c_int32),
        ("os_error", c_int32),
        ("slice", c_int64),
        ("path", c_char * ZSTACK_ERROR_TEXT),
        ("message", c_char * ZSTACK_ERROR_TEXT),
    ]


class zstack_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("slices", c_uint64),
        ("slice_bytes", c_uint64),
        ("rejected", c_uint64),
        ("gaps", c_uint64),
        ("known_bad", c_uint64),
        ("described_by", c_uint64),
        ("width", c_uint32),
        ("height", c_uint32),
        ("channels", c_uint32),
        ("sample_type", c_int32),
        ("sample_bytes", c_uint32),
        ("bits_stored", c_uint32),
        ("photometric", c_int32),
        ("format", c_int32),
        ("compression", c_uint32),
        ("orientation", c_uint32),
        ("converted_to_rgb", c_uint32),
        ("one_file", c_uint32),
        ("storage", c_int32),
        ("complex_samples", c_uint32),
        ("inverted", c_uint32),
        ("turned", c_uint32),
    ]


class zstack_slice_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("path", c_char_p),
        ("message", c_char_p),
        ("page", c_uint64),
        ("number", c_int64),
        ("status", c_int32),
        ("reserved", c_uint32),
    ]


class zstack_rejected_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("path", c_char_p),
        ("message", c_char_p),
        ("page", c_int64),
        ("reason", c_int32),
        ("reserved", c_uint32),
    ]


class zstack_gap_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("first", c_uint64),
        ("last", c_uint64),
        ("before", c_uint64),
    ]


class zstack_progress(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("slices_done", c_uint64),
        ("slices_failed", c_uint64),
        ("slices_total", c_uint64),
        ("bytes_read", c_uint64),
        ("bytes_decoded", c_uint64),
        ("bytes_total", c_uint64),
        ("seconds", c_double),
        ("seconds_left", c_double),
        ("bytes_per_second", c_double),
        ("done", c_uint32),
        ("reserved", c_uint32),
    ]


zstack_progress_fn = CFUNCTYPE(c_int32, POINTER(zstack_progress), c_void_p)


class zstack_slice_event(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("slice", c_uint64),
        ("place", c_uint64),
        ("state", c_int32),
        ("status", c_int32),
        ("seconds", c_double),
    ]


zstack_slice_fn = CFUNCTYPE(c_int32, POINTER(zstack_slice_event), c_void_p)

zstack_log_fn = CFUNCTYPE(None, c_int32, c_char_p, c_void_p)


class zstack_load_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("z_first", c_uint64),
        ("z_count", c_uint64),
        ("z_step", c_uint64),
        ("row_stride", c_uint64),
        ("slice_stride", c_uint64),
        ("x", c_uint32),
        ("y", c_uint32),
        ("width", c_uint32),
        ("height", c_uint32),
        ("policy", c_int32),
        ("attempts", c_uint32),
        ("fill_value", c_double),
        ("memory_limit", c_uint64),
        ("backoff_ms", c_uint32),
        ("workers", c_uint32),
        ("reads_in_flight", c_uint32),
        ("progress_interval_ms", c_uint32),
        ("on_progress", zstack_progress_fn),
        ("on_slice", zstack_slice_fn),
        ("on_log", zstack_log_fn),
        ("user", c_void_p),
        ("cancel", c_void_p),
        ("no_huge_pages", c_uint32),
        ("reserved", c_uint32),
    ]


class zstack_plan_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("slices", c_uint64),
        ("row_stride", c_uint64),
        ("slice_stride", c_uint64),
        ("buffer_bytes", c_uint64),
        ("working_bytes", c_uint64),
        ("width", c_uint32),
        ("height", c_uint32),
        ("channels", c_uint32),
        ("sample_type", c_int32),
        ("sample_bytes", c_uint32),
        ("workers", c_uint32),
        ("reads_in_flight", c_uint32),
        ("most_reads", c_uint32),
        ("threads", c_uint32),
        ("storage", c_int32),
        ("why", c_char * ZSTACK_PLAN_TEXT),
    ]


class zstack_report_totals(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("slices", c_uint64),
        ("loaded", c_uint64),
        ("failed", c_uint64),
        ("repaired", c_uint64),
        ("not_reached", c_uint64),
        ("placed", c_uint64),
        ("attempts", c_uint64),
        ("bytes_read", c_uint64),
        ("bytes_decoded", c_uint64),
        ("slowest", c_uint64),
        ("slowest_seconds", c_double),
        ("median_seconds", c_double),
        ("p99_seconds", c_double),
        ("mean_seconds", c_double),
        ("seconds", c_double),
        ("seconds_per_slice", c_double),
        ("bytes_per_second", c_double),
        ("workers", c_uint32),
        ("reads_in_flight", c_uint32),
        ("storage", c_int32),
        ("reserved", c_uint32),
        ("reads_why", c_char_p),
    ]


class zstack_report_slice(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("slice", c_uint64),
        ("place", c_int64),
        ("path", c_char_p),
        ("message", c_char_p),
        ("state", c_int32),
        ("status", c_int32),
        ("os_error", c_int32),
        ("attempts", c_uint32),
        ("read_seconds", c_double),
        ("decode_seconds", c_double),
        ("seconds", c_double),
    ]


class zstack_voxel_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("x", c_double),
        ("y", c_double),
        ("z", c_double),
        ("source", c_char_p),
        ("remark", c_char_p),
    ]


class zstack_axes_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("channels", c_uint64),
        ("depth", c_uint64),
        ("times", c_uint64),
        ("source", c_char_p),
        ("order", c_char * 8),
    ]


# Each function: its result, and its arguments.
FUNCTIONS: Final[dict[str, tuple[Any, list[Any]]]] = {
    "zstack_get_api": (c_void_p, [c_uint32]),
    "zstack_get_axes": (c_int32, [c_void_p, POINTER(zstack_axes_info), POINTER(zstack_error)]),
    "zstack_cancel_new": (c_void_p, []),
    "zstack_cancel_request": (None, [c_void_p]),
    "zstack_cancel_is_requested": (c_int32, [c_void_p]),
    "zstack_cancel_free": (None, [c_void_p]),
    "zstack_get_info": (c_int32, [c_void_p, POINTER(zstack_info), POINTER(zstack_error)]),
    "zstack_get_slice": (c_int32, [c_void_p, c_uint64, POINTER(zstack_slice_info), POINTER(zstack_error)]),
    "zstack_get_rejected": (c_int32, [c_void_p, c_uint64, POINTER(zstack_rejected_info), POINTER(zstack_error)]),
    "zstack_get_gap": (c_int32, [c_void_p, c_uint64, POINTER(zstack_gap_info), POINTER(zstack_error)]),
    "zstack_start": (c_int32, [c_void_p, POINTER(zstack_load_options), c_void_p, c_uint64, POINTER(c_void_p), POINTER(zstack_error)]),
    "zstack_job_poll": (c_int32, [c_void_p, POINTER(zstack_progress), POINTER(zstack_error)]),
    "zstack_job_next_event": (c_int32, [c_void_p, c_int64, POINTER(zstack_slice_event), POINTER(zstack_error)]),
    "zstack_job_wait": (c_int32, [c_void_p, c_int64, POINTER(zstack_error)]),
    "zstack_job_cancel": (None, [c_void_p]),
    "zstack_job_finish": (c_int32, [c_void_p, POINTER(c_void_p), POINTER(zstack_error)]),
    "zstack_job_free": (None, [c_void_p]),
    "zstack_load": (c_int32, [c_void_p, POINTER(zstack_load_options), c_void_p, c_uint64, POINTER(c_void_p), POINTER(zstack_error)]),
    "zstack_version": (c_char_p, []),
    "zstack_abi": (c_uint32, []),
    "zstack_status_name": (c_char_p, [c_int32]),
    "zstack_sample_type_name": (c_char_p, [c_int32]),
    "zstack_sample_type_bytes": (c_uint32, [c_int32]),
    "zstack_state_name": (c_char_p, [c_int32]),
    "zstack_reason_name": (c_char_p, [c_int32]),
    "zstack_storage_name": (c_char_p, [c_int32]),
    "zstack_format_name": (c_char_p, [c_int32]),
    "zstack_photometric_name": (c_char_p, [c_int32]),
    "zstack_open": (c_int32, [c_char_p, POINTER(zstack_open_options), POINTER(c_void_p), POINTER(zstack_error)]),
    "zstack_open_list": (c_int32, [POINTER(c_char_p), c_size_t, POINTER(zstack_open_options), POINTER(c_void_p), POINTER(zstack_error)]),
    "zstack_free": (None, [c_void_p]),
    "zstack_plan": (c_int32, [c_void_p, POINTER(zstack_load_options), POINTER(zstack_plan_info), POINTER(zstack_error)]),
    "zstack_report_get_totals": (c_int32, [c_void_p, POINTER(zstack_report_totals), POINTER(zstack_error)]),
    "zstack_report_get_slice": (c_int32, [c_void_p, c_uint64, POINTER(zstack_report_slice), POINTER(zstack_error)]),
    "zstack_report_free": (None, [c_void_p]),
    "zstack_get_voxel": (c_int32, [c_void_p, POINTER(zstack_voxel_info), POINTER(zstack_error)]),
}
