"""A load that runs."""

import asyncio
import ctypes
import os
import threading
import time
import warnings
from collections.abc import Generator
from ctypes import byref
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from numpy.typing import NDArray

from . import _abi
from ._library import Handle, call, library, new, plain
from ._progress import ProgressFn
from ._report import Report
from .errors import Cancelled, IncompleteWarning, ZstackError

# Python sees Ctrl-C between two waits.
_WAIT_MS = 20
# Between two calls of a progress function.
_SHOW_SECONDS = 0.05


@dataclass(frozen=True)
class Progress:
    """Where a load stands: slices, bytes of samples, seconds (None = not known)."""

    done: int
    failed: int
    total: int
    bytes_done: int
    bytes_total: int
    seconds: float
    seconds_left: float | None


class _JobHandle(Handle):
    """A job; freeing it cancels and joins it. In a forked child there is nothing to join."""

    __slots__ = ("_array", "_pid")

    def __init__(self, array: NDArray[Any]) -> None:
        super().__init__(ctypes.c_void_p(), "zstack_job_free")
        self._array, self._pid = array, os.getpid()

    def __del__(self) -> None:
        if os.getpid() == self._pid:
            super().__del__()


class Job:
    """A load that was started; `result()` waits for its array, `await job` too.

    Any thread may use it. A job that nobody refers to any more is cancelled.
    """

    def __init__(self, stack: Handle, options: Any, array: NDArray[Any], nbytes: int, show: ProgressFn | None) -> None:
        # There before the load begins: a Ctrl-C right after that must find who ends it.
        self._handle = _JobHandle(array)
        buffer, pointer = array.ctypes.data, byref(self._handle.pointer)
        call("zstack_start", stack.pointer, byref(options), buffer, nbytes, pointer)
        self._stack, self._array, self._show = stack, array, show
        self._total, self._seen, self._shown = self.progress.total, 0, 0.0
        self._lock = threading.Lock()
        self._ended = False
        self._error: BaseException | None = None
        self._result: NDArray[Any] | None = None
        self.report: Report | None = None
        """What happened, once the job has ended."""

    @property
    def progress(self) -> Progress:
        """Where the load stands now."""
        now = new(_abi.zstack_progress)
        call("zstack_job_poll", self._handle.pointer, byref(now))
        return Progress(
            done=now.slices_done,
            failed=now.slices_failed,
            total=now.slices_total,
            bytes_done=now.bytes_decoded,
            bytes_total=now.bytes_total,
            seconds=now.seconds,
            seconds_left=now.seconds_left if now.seconds_left >= 0 else None,
        )

    def cancel(self) -> None:
        """Asks the load to stop; returns at once. `result` raises Cancelled then."""
        library.zstack_job_cancel(self._handle.pointer)

    def done(self) -> bool:
        """Whether the load has ended."""
        now = new(_abi.zstack_progress)
        call("zstack_job_poll", self._handle.pointer, byref(now))
        return bool(now.done)

    def result(self, timeout: float | None = None) -> NDArray[Any]:
        """The array, once the load has ended; raises what the load ended with.

        TimeoutError after `timeout` seconds; the load goes on. Whatever else is
        raised meanwhile (Ctrl-C, an exception in the progress function) cancels it.
        """
        end = None if timeout is None else time.monotonic() + timeout
        if not self._lock.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
            raise TimeoutError("another thread waits for this load, which goes on")
        try:
            while not self._ended:
                left = _WAIT_MS if end is None else min(_WAIT_MS, max(0, int((end - time.monotonic()) * 1000)))
                if not self._step(left) and end is not None and time.monotonic() >= end:
                    raise TimeoutError(f"the load has not ended after {timeout} s, and goes on")
        finally:
            self._lock.release()
        return self._outcome()

    def __await__(self) -> Generator[Any, None, NDArray[Any]]:
        return self._awaited().__await__()

    async def _awaited(self) -> NDArray[Any]:
        try:
            while True:
                if self._lock.acquire(blocking=False):
                    try:
                        if self._ended or self._step(0):
                            break
                    finally:
                        self._lock.release()
                await asyncio.sleep(_WAIT_MS / 1000)
        except BaseException:
            self.cancel()
            raise
        return self._outcome()

    def _outcome(self) -> NDArray[Any]:
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    def _step(self, wait_ms: int) -> bool:
        """Waits a moment, shows progress; True once the load has ended and was finished."""
        try:
            if self._show is None:
                status, _ = call(
                    "zstack_job_wait", self._handle.pointer, wait_ms, fine=(_abi.ZSTACK_STATUS_OK, _abi.ZSTACK_STATUS_PENDING)
                )
                if status == _abi.ZSTACK_STATUS_PENDING:
                    return False
            elif not self._tell(self._show, wait_ms):
                return False
            self._finish()
        except BaseException as exception:
            self.cancel()
            if not self._ended:
                self._finish()
            self._error = exception
            raise
        return True

    def _tell(self, show: ProgressFn, wait_ms: int) -> bool:
        """Takes the events that are there, for a moment; True when all of the load were taken."""
        end = time.monotonic() + _WAIT_MS / 1000
        event = new(_abi.zstack_slice_event)
        fine = (_abi.ZSTACK_STATUS_OK, _abi.ZSTACK_STATUS_PENDING, _abi.ZSTACK_STATUS_NO_MORE_EVENTS)
        while True:
            left = min(wait_ms, max(0, int((end - time.monotonic()) * 1000)))
            status, _ = call("zstack_job_next_event", self._handle.pointer, left, byref(event), fine=fine)
            if status != _abi.ZSTACK_STATUS_OK:
                return status == _abi.ZSTACK_STATUS_NO_MORE_EVENTS
            self._seen += 1
            now = time.monotonic()
            if self._seen in (1, self._total) or now - self._shown >= _SHOW_SECONDS:
                self._shown = now
                go_on = show(self._seen, self._total, self._name(event.slice))
                if _is_false(go_on):
                    raise Cancelled(_abi.ZSTACK_STATUS_CANCELLED, "cancelled by the progress function")
            if now >= end:
                return False

    def _name(self, index: int) -> str:
        one = new(_abi.zstack_slice_info)
        call("zstack_get_slice", self._stack.pointer, index, byref(one))
        return PurePath(plain(one)["path"]).name

    def _finish(self) -> None:
        """Joins the threads of the load, and keeps what came of it."""
        pointer = ctypes.c_void_p()
        error: ZstackError | None = None
        try:
            status, said = call(
                "zstack_job_finish",
                self._handle.pointer,
                byref(pointer),
                fine=(_abi.ZSTACK_STATUS_OK, _abi.ZSTACK_STATUS_PARTIAL),
            )
        except ZstackError as raised:
            error, said, status = raised, raised, raised.status
        self._ended = True
        if pointer:
            self.report = Report(status, Handle(pointer, "zstack_report_free"))
        if error is not None:
            error.report = self.report
            self._error = error
            return
        assert self.report is not None
        if status == _abi.ZSTACK_STATUS_PARTIAL and said is not None:
            warnings.warn(str(said), IncompleteWarning, stacklevel=5)
        self._result = self._array[: self.report.totals["placed"]]


def _is_false(value: Any) -> bool:
    return type(value).__name__ in ("bool", "bool_") and not value
