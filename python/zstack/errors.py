"""What can go wrong.

    ZstackError
        ReadError (OSError)             the system failed to give the bytes
            NotFound (FileNotFoundError)
            AccessDenied (PermissionError)
        ArgumentError (ValueError)      a call that makes no sense
        FormatError (ValueError)        no image that can be read, or a damaged one
        Changed (ValueError)            other files than the manifest says
        NoMemory (MemoryError)          not enough, or not within the limit
        Cancelled                       the load was cancelled

`except OSError` and `except ValueError` catch what they would for any file.
"""

import os
from typing import Any

from . import _abi


class ZstackError(Exception):
    """A call that did not do its work.

    status: number of the status, as in zstack.h; -1 for what this package found itself
    message: what happened, and what can be done about it
    path: the file concerned, or None
    slice: index of the slice concerned in the stack, or None
    errno: the system's error number, or None
    report: what became of each slice, where a load had begun; else None
    """

    status: int
    message: str
    path: str | None
    slice: int | None
    errno: int | None
    report: Any

    def __init__(
        self,
        status: int,
        message: str,
        path: str | None = None,
        slice: int | None = None,
        errno: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.path, self.slice = status, message, path, slice
        self.errno, self.report = errno, None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        values = (self.status, self.message, self.path, self.slice, self.errno)
        return type(self), values, {"report": self.report}

    def __setstate__(self, state: dict[str, Any] | None) -> None:
        self.report = (state or {}).get("report")


class ReadError(ZstackError, OSError):
    """The system failed to give the bytes."""

    def __init__(self, status: int, message: str, path: str | None = None, *rest: Any) -> None:
        super().__init__(status, message, path, *rest)
        self.filename, self.strerror = path, os.strerror(self.errno) if self.errno else message


class NotFound(ReadError, FileNotFoundError):
    """No such file or folder, or none that matches the pattern."""


class AccessDenied(ReadError, PermissionError):
    """The system refuses access."""


class ArgumentError(ZstackError, ValueError):
    """An argument makes no sense."""


class FormatError(ZstackError, ValueError):
    """No image that can be read, a damaged one, or one that differs from the stack."""


class Changed(ZstackError, ValueError):
    """The files are not those that the manifest was made from."""


class NoMemory(ZstackError, MemoryError):
    """Not enough memory, or not within the limit given."""


class Cancelled(ZstackError):
    """The load was cancelled; `report` says which slices are whole."""


class IncompleteWarning(UserWarning):
    """A load is complete, but slices in it could not be had."""


_CLASSES: dict[int, type[ZstackError]] = {
    _abi.ZSTACK_STATUS_CANCELLED: Cancelled,
    _abi.ZSTACK_STATUS_INVALID_ARGUMENT: ArgumentError,
    _abi.ZSTACK_STATUS_STRUCT_SIZE: ArgumentError,
    _abi.ZSTACK_STATUS_BUFFER_TOO_SMALL: ArgumentError,
    _abi.ZSTACK_STATUS_BUFFER_MISALIGNED: ArgumentError,
    _abi.ZSTACK_STATUS_OUT_OF_RANGE: ArgumentError,
    _abi.ZSTACK_STATUS_LIMIT_EXCEEDED: ArgumentError,
    _abi.ZSTACK_STATUS_NOT_FOUND: NotFound,
    _abi.ZSTACK_STATUS_PERMISSION_DENIED: AccessDenied,
    _abi.ZSTACK_STATUS_IO: ReadError,
    _abi.ZSTACK_STATUS_NOT_A_FILE: ReadError,
    _abi.ZSTACK_STATUS_EMPTY: FormatError,
    _abi.ZSTACK_STATUS_AMBIGUOUS: FormatError,
    _abi.ZSTACK_STATUS_UNSUPPORTED: FormatError,
    _abi.ZSTACK_STATUS_CORRUPT: FormatError,
    _abi.ZSTACK_STATUS_TRUNCATED: FormatError,
    _abi.ZSTACK_STATUS_SHAPE_MISMATCH: FormatError,
    _abi.ZSTACK_STATUS_TYPE_MISMATCH: FormatError,
    _abi.ZSTACK_STATUS_MISSING: FormatError,
    _abi.ZSTACK_STATUS_MEMORY_LIMIT: NoMemory,
    _abi.ZSTACK_STATUS_OUT_OF_MEMORY: NoMemory,
}


def error_of(status: int, name: str, fields: dict[str, Any]) -> ZstackError:
    """The exception for a status and the fields of its zstack_error."""
    return _CLASSES.get(status, ZstackError)(
        status,
        fields["message"] or name,
        fields["path"] or None,
        fields["slice"] if fields["slice"] >= 0 else None,
        fields["os_error"] or None,
    )
