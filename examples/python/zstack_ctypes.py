"""zstack for NumPy, with nothing but ctypes.

    import zstack_ctypes as zstack

    with zstack.open("scan/", keep_gaps=1) as stack:
        volume, report = stack.load(policy=zstack.INTERPOLATE)

The library is found through the environment variable ZSTACK_LIBRARY, or where
`cargo build --release` puts it. What each field and option means is said in
include/zstack.h.
"""

import ctypes
import os
import sys
from ctypes import POINTER, Structure, byref, c_char, c_char_p, c_double, c_int32, c_int64, c_size_t
from ctypes import c_uint32, c_uint64, c_void_p
from pathlib import Path
from types import SimpleNamespace

import numpy as np

OK, PARTIAL, CANCELLED = 0, 1, 2
FILL, FAIL, SKIP, INTERPOLATE = 0, 1, 2, 3  # policies
NOT_REACHED, MEASURED, REPAIRED, MISSING = 0, 1, 2, 3  # states

# By zstack_sample_type.
DTYPES = dict(enumerate(
    ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"], start=1))


# ---- The structs of zstack.h ----

class _Struct(Structure):
    """A struct that begins with its own size; everything else is zero."""

    def __init__(self, **fields):
        known = {name for name, _ in self._fields_}
        for name in fields:
            if name not in known:
                raise TypeError(f"no such option: {name}")
        super().__init__(struct_size=ctypes.sizeof(self), **fields)

    def copied(self):
        """The fields as plain Python, which outlives the handle they belong to."""
        values = {name: getattr(self, name) for name, _ in self._fields_ if name != "struct_size"}
        return SimpleNamespace(**{name: os.fsdecode(value) if isinstance(value, bytes) else value
                                  for name, value in values.items()})


def _struct(name, **fields):
    return type(name, (_Struct,), {"_fields_": [("struct_size", c_size_t), *fields.items()]})


def _fields(ctype, names):
    return dict.fromkeys(names.split(), ctype)


_Error = _struct(
    "zstack_error", **_fields(c_int32, "status os_error"), slice=c_int64,
    path=c_char * 1024, message=c_char * 1024)

_OpenOptions = _struct(
    "zstack_open_options", **_fields(c_char_p, "prefix extension"),
    **_fields(c_uint64, "first_number last_number max_files max_pages max_dimension max_slice_bytes"),
    **_fields(c_uint32, "keep_gaps verify workers level"),
    **_fields(c_uint64, "first_page page_count"),
    **_fields(c_uint32, "channel time palette_to_rgb invert_white upright raw_big_endian"),
    **_fields(c_uint64, "raw_offset raw_slices"), **_fields(c_uint32, "raw_width raw_height raw_channels"),
    raw_sample_type=c_int32)

_Info = _struct(
    "zstack_info",
    **_fields(c_uint64, "slices slice_bytes rejected gaps known_bad described_by"),
    **_fields(c_uint32, "width height channels"), sample_type=c_int32,
    **_fields(c_uint32, "sample_bytes bits_stored"), **_fields(c_int32, "photometric format"),
    **_fields(c_uint32, "compression orientation converted_to_rgb one_file"), storage=c_int32,
    **_fields(c_uint32, "complex_samples inverted turned"))

_Rejected = _struct(
    "zstack_rejected_info", **_fields(c_char_p, "path message"), page=c_int64, reason=c_int32,
    reserved=c_uint32)

_Gap = _struct("zstack_gap_info", **_fields(c_uint64, "first last before"))

_Voxel = _struct("zstack_voxel_info", **_fields(c_double, "x y z"), **_fields(c_char_p, "source remark"))

_Axes = _struct(
    "zstack_axes_info", **_fields(c_uint64, "channels depth times"), source=c_char_p, order=c_char * 8)

_Progress = _struct(
    "zstack_progress",
    **_fields(c_uint64, "slices_done slices_failed slices_total bytes_read bytes_decoded bytes_total"),
    **_fields(c_double, "seconds seconds_left bytes_per_second"), **_fields(c_uint32, "done reserved"))

_ProgressFn = ctypes.CFUNCTYPE(c_int32, POINTER(_Progress), c_void_p)

_LoadOptions = _struct(
    "zstack_load_options",
    **_fields(c_uint64, "z_first z_count z_step row_stride slice_stride"),
    **_fields(c_uint32, "x y width height"), policy=c_int32, attempts=c_uint32, fill_value=c_double,
    memory_limit=c_uint64,
    **_fields(c_uint32, "backoff_ms workers reads_in_flight progress_interval_ms"),
    on_progress=_ProgressFn, **_fields(c_void_p, "on_slice on_log user cancel"),
    **_fields(c_uint32, "no_huge_pages reserved"))

_Plan = _struct(
    "zstack_plan_info",
    **_fields(c_uint64, "slices row_stride slice_stride buffer_bytes working_bytes"),
    **_fields(c_uint32, "width height channels"), sample_type=c_int32,
    **_fields(c_uint32, "sample_bytes workers reads_in_flight most_reads threads"), storage=c_int32,
    why=c_char * 256)

_Totals = _struct(
    "zstack_report_totals",
    **_fields(c_uint64, "slices loaded failed repaired not_reached placed attempts bytes_read"),
    **_fields(c_uint64, "bytes_decoded slowest"),
    **_fields(c_double, "slowest_seconds median_seconds p99_seconds mean_seconds seconds"),
    **_fields(c_double, "seconds_per_slice bytes_per_second"),
    **_fields(c_uint32, "workers reads_in_flight"), storage=c_int32, reserved=c_uint32,
    reads_why=c_char_p)

_ReportSlice = _struct(
    "zstack_report_slice", slice=c_uint64, place=c_int64, **_fields(c_char_p, "path message"),
    **_fields(c_int32, "state status os_error"), attempts=c_uint32,
    **_fields(c_double, "read_seconds decode_seconds seconds"))


# ---- The functions ----

def _library():
    name = {"win32": "zstack.dll", "darwin": "libzstack.dylib"}.get(sys.platform, "libzstack.so")
    built = Path(__file__).resolve().parents[2] / "target" / "release" / name
    return ctypes.CDLL(os.environ.get("ZSTACK_LIBRARY") or str(built))


_lib = _library()


def _function(name, *arguments, result=c_int32):
    function = getattr(_lib, "zstack_" + name)
    function.argtypes, function.restype = arguments, result
    return function


def _fallible(name, *arguments):
    """A function whose last argument is the error: returns the status, or raises."""
    function = _function(name, *arguments, POINTER(_Error))

    def call(*given, fine=(OK,)):
        error = _Error()
        status = function(*given, byref(error))
        if status not in fine:
            raise Error(status, error)
        return status

    return call


_open = _fallible("open", c_char_p, POINTER(_OpenOptions), POINTER(c_void_p))
_get_info = _fallible("get_info", c_void_p, POINTER(_Info))
_get_rejected = _fallible("get_rejected", c_void_p, c_uint64, POINTER(_Rejected))
_get_voxel = _fallible("get_voxel", c_void_p, POINTER(_Voxel))
_get_axes = _fallible("get_axes", c_void_p, POINTER(_Axes))
_get_gap = _fallible("get_gap", c_void_p, c_uint64, POINTER(_Gap))
_plan = _fallible("plan", c_void_p, POINTER(_LoadOptions), POINTER(_Plan))
_load = _fallible(
    "load", c_void_p, POINTER(_LoadOptions), c_void_p, c_uint64, POINTER(c_void_p))
_get_totals = _fallible("report_get_totals", c_void_p, POINTER(_Totals))
_get_slice = _fallible("report_get_slice", c_void_p, c_uint64, POINTER(_ReportSlice))
_free = _function("free", c_void_p, result=None)
_report_free = _function("report_free", c_void_p, result=None)
_status_name = _function("status_name", c_int32, result=c_char_p)
_state_name = _function("state_name", c_int32, result=c_char_p)
_reason_name = _function("reason_name", c_int32, result=c_char_p)
_storage_name = _function("storage_name", c_int32, result=c_char_p)


def status_name(status):
    return _status_name(status).decode()


def state_name(state):
    return _state_name(state).decode()


def reason_name(reason):
    return _reason_name(reason).decode()


def storage_name(storage):
    return _storage_name(storage).decode()


class Error(Exception):
    """A call that did not do its work."""

    def __init__(self, status, error):
        super().__init__(f"{status_name(status)}: {error.message.decode(errors='replace')}")
        self.status, self.os_error = status, error.os_error
        self.slice = error.slice if error.slice >= 0 else None
        self.path = os.fsdecode(error.path)
        self.report = None  # what became of each slice, when a load had begun


class Report:
    """What happened in a load: `status`, `totals`, and `slices` in stack order."""

    def __init__(self, status, handle):
        totals = _Totals()
        _get_totals(handle, byref(totals))
        self.status, self.totals, self.slices = status, totals.copied(), []
        for index in range(totals.slices):
            entry = _ReportSlice()
            _get_slice(handle, index, byref(entry))
            self.slices.append(entry.copied())


def open(path, **options):
    """Opens a folder, a file or a pattern; options are those of zstack_open_options."""
    given = {name: value.encode() if isinstance(value, str) else value for name, value in options.items()}
    handle = c_void_p()
    _open(os.fsencode(path), byref(_OpenOptions(**given)), byref(handle))
    return Stack(handle)


class Stack:
    """An opened stack. Close it, or use it in a `with`."""

    def __init__(self, handle):
        self._handle = handle
        info = _Info()
        _get_info(handle, byref(info))
        self.info = info.copied()
        self.dtype = np.dtype(DTYPES[info.sample_type])

    def close(self):
        handle, self._handle = self._handle, None
        _free(handle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        self.close()

    def _all(self, get, struct, count):
        for index in range(count):
            value = struct()
            get(self._handle, index, byref(value))
            yield value.copied()

    @property
    def rejected(self):
        """The files and pages that are no slices, and why."""
        return list(self._all(_get_rejected, _Rejected, self.info.rejected))

    @property
    def gaps(self):
        """The runs of numbers that no file has."""
        return list(self._all(_get_gap, _Gap, self.info.gaps))

    @property
    def voxel(self):
        """How large a voxel is, in micrometres (0 = not known), and who says so."""
        voxel = _Voxel()
        _get_voxel(self._handle, byref(voxel))
        return voxel.copied()

    @property
    def axes(self):
        """Which of a file's planes are channels, depth and time (0 = not known)."""
        axes = _Axes()
        _get_axes(self._handle, byref(axes))
        return axes.copied()

    def load(self, progress=None, out=None, **options):
        """Loads into a new array, (z, y, x) or (z, y, x, channel): (array, report).

        `out` is an array of that shape and of the stack's type to load into instead.

        `progress` is called now and then with where the load stands, and cancels
        it by returning something true or by raising. Options are those of
        zstack_load_options, except strides and callbacks. Slices that could not
        be had are no exception but in the report (status PARTIAL).
        """
        raised = []

        # ctypes would print an exception and go on. Kept here, it comes out of
        # load() as it was raised. There is a callback in any case: it is where
        # Python gets to see Ctrl-C.
        @_ProgressFn
        def on_progress(now, _user):
            try:
                return 1 if progress is not None and progress(now.contents.copied()) else 0
            except BaseException as exception:
                raised.append(exception)
                return 1

        given = _LoadOptions(on_progress=on_progress, **options)
        plan = _Plan()
        _plan(self._handle, byref(given), byref(plan))
        shape = (plan.slices, plan.height, plan.width)
        shape = shape if plan.channels == 1 else (*shape, plan.channels)
        volume = np.empty(shape, self.dtype) if out is None else out
        if volume.nbytes != plan.buffer_bytes:
            raise ValueError("strides in the options: the array is packed")
        if volume.shape != shape or volume.dtype != self.dtype or not volume.flags.carray:
            raise ValueError(f"out is no packed, writable array of {shape} {self.dtype}")

        handle, report = c_void_p(), None
        try:
            status = _load(self._handle, byref(given), volume.ctypes.data, volume.nbytes,
                           byref(handle), fine=(OK, PARTIAL, CANCELLED))
            report = Report(status, handle)
        except Error as error:
            error.report = Report(error.status, handle) if handle else None
            raise
        finally:
            _report_free(handle)
            if raised:
                raise raised[0]
        return volume[:report.totals.placed], report
