"""An opened stack."""

import ctypes
import os
import threading
from collections.abc import Iterator, Sequence
from ctypes import byref
from dataclasses import asdict, dataclass
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from . import _abi, _manifest
from ._destination import destination, dtype_of, extent, set_strides
from ._job import Job
from ._library import Handle, call, new, plain, word
from ._progress import ProgressFn, shower
from ._report import Report
from ._select import Roi, Z, load_options, selection

PathLike = str | bytes | os.PathLike[str] | os.PathLike[bytes]


@dataclass(frozen=True)
class Spacing:
    """How large a voxel is, in micrometres; None where that is not known.

    source: who says so, "" where nothing is known; remark: who says something else
    """

    z: float | None
    y: float | None
    x: float | None
    source: str
    remark: str | None
    unit: str = "um"


@dataclass(frozen=True)
class Rejected:
    """A file or page (None = the whole file) that is no slice, and why."""

    path: str
    page: int | None
    reason: str
    message: str


@dataclass(frozen=True)
class Gap:
    """The numbers `first` to `last`, which no file has; slice `before` comes after them."""

    first: int
    last: int
    before: int


@dataclass(frozen=True)
class Plan:
    """What a load will give and need; sizes in bytes."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    nbytes: int
    working_bytes: int
    workers: int
    reads_in_flight: int
    threads: int
    why: str


class Stack:
    """An opened stack of images, shaped (z, y, x) or (z, y, x, channel).

    Close it, or use it in a `with`. Any thread may use it. Indexing with integers,
    slices and an ellipsis reads only the slices, rows and columns between the
    first and the last asked for: `s[10:20, ::2, 5]`.
    """

    def __init__(self, source: Sequence[PathLike] | PathLike, options: dict[str, Any]) -> None:
        self._source: Sequence[PathLike] | PathLike = source
        self._options = options
        self._open: Handle | None = _opened(source, options)
        self._set_up(_info(self._open), None)

    @classmethod
    def from_manifest(cls, manifest: dict[str, Any]) -> "Stack":
        """A stack as it was when `to_manifest` was called. Touches no file.

        The first load opens the files again: it reads one header, or the
        directories of all pages where the stack is one file. Changed is raised
        then if they make another shape or type.
        """
        stack = cls.__new__(cls)
        stack._open = None
        stack._source, stack._options = _manifest.source(manifest)
        stack._set_up(manifest["info"], manifest)
        return stack

    def _set_up(self, info: dict[str, Any], manifest: dict[str, Any] | None) -> None:
        self._info, self._manifest, self._closed = info, manifest, False
        self._opening = threading.Lock()
        plane = (self._info["height"], self._info["width"])
        channels = () if self._info["channels"] == 1 else (self._info["channels"],)
        self.shape: tuple[int, ...] = (self._info["slices"], *plane, *channels)
        self.dtype: np.dtype[Any] = dtype_of(word("sample_type", self._info["sample_type"]))

    @property
    def ndim(self) -> int:
        """3, or 4 with channels."""
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes of the whole volume."""
        return int(self._info["slices"] * self._info["slice_bytes"])

    @property
    def spacing(self) -> Spacing:
        """How large a voxel is, in micrometres, and who says so."""
        if self._manifest is not None:
            return Spacing(**self._manifest["spacing"])
        voxel = new(_abi.zstack_voxel_info)
        handle = self._live()
        call("zstack_get_voxel", handle.pointer, byref(voxel))
        return Spacing(voxel.z or None, voxel.y or None, voxel.x or None, *_texts(voxel, "source", "remark"))

    @property
    def names(self) -> list[str]:
        """The file of each slice, in stack order; for a kept gap, its would-be name."""
        if self._manifest is not None:
            return list(self._manifest["names"])
        get = self._all("zstack_get_slice", _abi.zstack_slice_info, self.shape[0])
        return [one["path"] for one in get]

    @property
    def rejected(self) -> list[Rejected]:
        """The files and pages that are no slices, and why."""
        if self._manifest is not None:
            return [Rejected(**one) for one in self._manifest["rejected"]]
        get = self._all("zstack_get_rejected", _abi.zstack_rejected_info, self._info["rejected"])
        return [
            Rejected(one["path"], one["page"] if one["page"] >= 0 else None, word("reason", one["reason"]), one["message"])
            for one in get
        ]

    @property
    def gaps(self) -> list[Gap]:
        """The runs of numbers that no file has."""
        if self._manifest is not None:
            return [Gap(**one) for one in self._manifest["gaps"]]
        return [Gap(**one) for one in self._all("zstack_get_gap", _abi.zstack_gap_info, self._info["gaps"])]

    @property
    def meta(self) -> dict[str, Any]:
        """The fields of zstack_info, with words for numbers that name a choice."""
        words = {name: word(name, self._info[name]) for name in ("sample_type", "photometric", "format", "storage")}
        return self._info | words

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, key: Any) -> NDArray[Any]:
        chosen = selection(key, self.shape)
        if 0 in chosen.shape:
            return np.empty(chosen.shape, self.dtype)
        z, y, x = chosen.ranges[:3]
        read = self.load(z=z, roi=(x[0], y[0], len(x), len(y)))
        if self.ndim == 4:
            read = read[..., chosen.ranges[3][0] : chosen.ranges[3][-1] + 1]
        taken: NDArray[Any] = read[chosen.after]
        # A small view would keep all that was read in memory.
        return taken.copy() if taken.size < read.size else taken

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("a stack is on disk: an array of it is always new")
        array = self.load()
        return array if dtype is None else array.astype(dtype, copy=False)

    @overload
    def load(self, *, report: Literal[False] = False, **how: Any) -> NDArray[Any]: ...
    @overload
    def load(self, *, report: Literal[True], **how: Any) -> tuple[NDArray[Any], Report]: ...
    @overload
    def load(self, *, report: bool, **how: Any) -> NDArray[Any] | tuple[NDArray[Any], Report]: ...

    def load(self, *, report: bool = False, **how: Any) -> NDArray[Any] | tuple[NDArray[Any], Report]:
        """Loads into an array; takes what `start` takes. With report=True, (array, Report).

        Slices that could not be had are told by an IncompleteWarning and the report.
        """
        job = self.start(**how)
        array = job.result()
        if report:
            assert job.report is not None
            return array, job.report
        return array

    def start(
        self,
        *,
        out: Any = None,
        z: Z = None,
        roi: Roi = None,
        step: int | None = None,
        on_error: str = "fill",
        fill: float = 0,
        workers: int | None = None,
        progress: bool | ProgressFn | None = None,
        **more: int | None,
    ) -> Job:
        """Starts a load and returns at once.

        out: a writable array of the result's shape and type whose rows and slices
            may lie apart, or a buffer of at least its bytes; None = a new array
        z: the slices: an index, a slice, a range, or (first, end); None = all
        roi: (x, y, width, height) in pixels; None = all
        step: every n-th of those slices
        on_error: what to do where a slice can't be had: "fill", "raise", "skip", "interpolate"
        fill: the value for "fill"
        workers: cores that decode; None = the library decides
        progress: True, or called with (slices done, of so many, file name) for the
            first slice, the last, and now and then between; returning False cancels
        more: other numbers of zstack_load_options (memory_limit, attempts, ...)
        """
        handle = self._live()
        options = load_options(len(self), z, roi, step, on_error, fill, workers=workers, **more)
        array = destination(out, self._planned(handle, options).shape, self.dtype)
        set_strides(options, array)
        return Job(handle, options, array, extent(array), shower(progress))

    def plan(self, *, z: Z = None, roi: Roi = None, step: int | None = None, **more: Any) -> Plan:
        """What a load with these options will give and need. Reads nothing."""
        return self._planned(self._live(), load_options(len(self), z, roi, step, **more))

    def _planned(self, handle: Handle, options: Any) -> Plan:
        plan = new(_abi.zstack_plan_info)
        call("zstack_plan", handle.pointer, byref(options), byref(plan))
        shape = (plan.slices, plan.height, plan.width, *self.shape[3:])
        return Plan(
            shape=shape,
            dtype=self.dtype,
            nbytes=plan.buffer_bytes,
            working_bytes=plan.working_bytes,
            workers=plan.workers,
            reads_in_flight=plan.reads_in_flight,
            threads=plan.threads,
            why=plan.why.decode(errors="replace"),
        )

    def close(self) -> None:
        """Gives the stack back. Loads that run go on."""
        self._closed, self._open = True, None

    def to_manifest(self) -> dict[str, Any]:
        """What is known of the stack, as plain values that JSON can hold; paths are absolute."""
        return self._manifest or _manifest.made(
            self._source,
            self._options,
            info=self._info,
            names=self.names,
            rejected=[asdict(one) for one in self.rejected],
            gaps=[asdict(one) for one in self.gaps],
            spacing=asdict(self.spacing),
        )

    def save_manifest(self, path: str | os.PathLike[str]) -> None:
        """Writes the manifest as JSON, with the size and time of every file (one stat each)."""
        _manifest.write(path, self.to_manifest())

    def __reduce__(self) -> tuple[Any, ...]:
        return Stack.from_manifest, (self.to_manifest(),)

    def __enter__(self) -> "Stack":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        closed = ", closed" if self._closed else ""
        return f"<zstack.Stack {self.shape} {self.dtype}, {self.nbytes / 1e6:.1f} MB{closed}>"

    def _live(self) -> Handle:
        if self._closed:
            raise ValueError("the stack is closed")
        with self._opening:
            handle = self._open
            if handle is None:
                handle = _opened(self._source, self._options)
                _manifest.compare(self._info, _info(handle))
                self._open = handle
            return handle

    def _all(self, get: str, struct: type[Any], count: int) -> list[dict[str, Any]]:
        handle, found = self._live(), []
        for index in range(count):
            value = new(struct)
            call(get, handle.pointer, index, byref(value))
            found.append(plain(value))
        return found


def _info(handle: Handle) -> dict[str, Any]:
    info = new(_abi.zstack_info)
    call("zstack_get_info", handle.pointer, byref(info))
    return plain(info)


def _texts(struct: Any, *names: str) -> list[Any]:
    values = plain(struct)
    return [values[name] for name in names]


def _encoded(path: PathLike) -> bytes:
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ValueError(f"a path cannot hold a NUL: {path!r}")
    return encoded


def _opened(source: Sequence[PathLike] | PathLike, options: dict[str, Any]) -> Handle:
    known = {field[0] for field in _abi.zstack_open_options._fields_}
    given = {name: value for name, value in options.items() if value is not None}
    if unknown := sorted(given.keys() - known):
        raise TypeError(f"no such option: {', '.join(unknown)}")
    if negative := sorted(name for name, value in given.items() if isinstance(value, int) and value < 0):
        raise ValueError(f"negative: {', '.join(negative)}")
    given = {name: _encoded(value) if isinstance(value, str) else value for name, value in given.items()}
    struct, pointer = new(_abi.zstack_open_options, **given), ctypes.c_void_p()
    if isinstance(source, (str, bytes, os.PathLike)):
        call("zstack_open", _encoded(source), byref(struct), byref(pointer))
    else:
        paths = [_encoded(path) for path in source]
        array = (ctypes.c_char_p * len(paths))(*paths)
        call("zstack_open_list", array, len(paths), byref(struct), byref(pointer))
    return Handle(pointer, "zstack_free")
