"""Loads a stack of images in parallel into a NumPy array.

    volume = zstack.imread("scan/")          # (z, y, x), or (z, y, x, channel)

    with zstack.open("scan/", keep_gaps=True) as s:
        print(s.shape, s.dtype, s.spacing, s.rejected)
        part = s[10:20, ::2, 5]              # reads ten slices
"""

import os
from collections.abc import Sequence
from typing import Any

from . import _library, _manifest
from ._job import Job, Progress
from ._progress import ProgressFn
from ._report import Report, SliceReport
from ._select import Roi, Z
from ._stack import Gap, PathLike, Plan, Rejected, Spacing, Stack
from .errors import (
    AccessDenied,
    ArgumentError,
    Cancelled,
    Changed,
    FormatError,
    IncompleteWarning,
    NoMemory,
    NotFound,
    ReadError,
    ZstackError,
)

__version__: str = _library.library.zstack_version().decode()

__all__ = [
    "AccessDenied", "ArgumentError", "Cancelled", "Changed", "FormatError", "Gap", "IncompleteWarning", "Job", "NoMemory",
    "NotFound", "Plan", "Progress", "ReadError", "Rejected", "Report", "SliceReport", "Spacing", "Stack",
    "ZstackError", "imread", "open", "open_manifest",
]  # fmt: skip


def open(
    path: PathLike | Sequence[PathLike],
    *,
    prefix: str | None = None,
    extension: str | None = None,
    keep_gaps: bool = False,
    verify: bool = False,
    level: int | None = None,
    first_page: int | None = None,
    page_count: int | None = None,
    **more: int | None,
) -> Stack:
    """Opens a folder, a file, a pattern such as "scan/s_*.tif", or a list of files.

    prefix: only names that begin with this
    extension: only names with this extension, without the dot
    keep_gaps: numbers missing become missing slices, so that z stays true
    verify: read every header now, in parallel
    level: 0 = the pages themselves, n = the n-th smaller copy of each
    first_page, page_count: pages taken from each file
    more: other numbers of zstack_open_options (first_number, max_files, ...)
    """
    options = dict(prefix=prefix, extension=extension, keep_gaps=int(keep_gaps), verify=int(verify))
    return Stack(path, options | dict(level=level, first_page=first_page, page_count=page_count) | more)


def open_manifest(path: str | os.PathLike[str], check: bool = True) -> Stack:
    """Opens a stack from the JSON that Stack.save_manifest wrote; reads no image.

    check: look at the size and time of every file, and raise Changed where one
        differs; without it no file is touched before the first load
    """
    return Stack.from_manifest(_manifest.read(path, check))


def imread(
    path: PathLike | Sequence[PathLike],
    out: Any = None,
    z: Z = None,
    roi: Roi = None,
    step: int | None = None,
    on_error: str = "fill",
    fill: float = 0,
    workers: int | None = None,
    progress: bool | ProgressFn | None = False,
    report: bool = False,
) -> Any:
    """Loads a stack: an array shaped (z, y, x) or (z, y, x, channel), of the files' type.

    With report=True, (array, Report). The arguments are those of Stack.start.
    """
    with open(path) as stack:
        how: dict[str, Any] = dict(out=out, z=z, roi=roi, step=step, on_error=on_error, fill=fill)
        return stack.load(report=report, workers=workers, progress=progress, **how)
