"""What happened in a load."""

from ctypes import byref
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _abi
from ._library import Handle, call, new, plain, word


@dataclass(frozen=True)
class SliceReport:
    """What happened to one slice.

    slice: its index in the stack
    place: its index in the array, None where it was skipped
    path: its file
    state: "measured", "repaired", "missing" or "not reached"
    message: why it could not be had, or a remark, or None
    attempts: how often it was tried
    seconds: from its first byte asked for until it was dealt with
    """

    slice: int
    place: int | None
    path: str
    state: str
    message: str | None
    attempts: int
    seconds: float


class Report:
    """What happened in a load, in sum and slice by slice.

    status: "ok", "partial", "cancelled" and so on
    totals: the fields of zstack_report_totals; times in seconds
    """

    def __init__(self, status: int, handle: Handle) -> None:
        totals = new(_abi.zstack_report_totals)
        call("zstack_report_get_totals", handle.pointer, byref(totals))
        self.status = word("status", status)
        self.totals: dict[str, Any] = plain(totals)
        self._handle: Handle | None = handle
        self._slices: list[SliceReport] | None = None

    @property
    def slices(self) -> list[SliceReport]:
        """Each slice asked for, in stack order."""
        if self._slices is None:
            handle = self._handle
            assert handle is not None
            self._slices = [_slice(handle, index) for index in range(self.totals["slices"])]
        return self._slices

    @property
    def failures(self) -> list[SliceReport]:
        """The slices that are not measured."""
        if self.complete:
            return []
        return [one for one in self.slices if one.state != "measured"]

    @property
    def complete(self) -> bool:
        """Whether every slice asked for is measured."""
        return bool(self.totals["loaded"] == self.totals["slices"])

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Which slices of the array are measured: bool, shape (z,) as the array."""
        mask = np.full(self.totals["placed"], self.complete)
        if not self.complete:
            for one in self.slices:
                if one.place is not None and one.place < len(mask):
                    mask[one.place] = one.state == "measured"
        return mask

    def to_dict(self) -> dict[str, Any]:
        """Everything, as plain values that JSON can hold."""
        return {"status": self.status, "totals": dict(self.totals), "slices": [asdict(one) for one in self.slices]}

    def __getstate__(self) -> dict[str, Any]:
        return {"status": self.status, "totals": self.totals, "_slices": self.slices, "_handle": None}

    def __repr__(self) -> str:
        t = self.totals
        lines = [
            f"<zstack.Report {self.status}: {t['loaded']} of {t['slices']} slices measured, {t['failed']} failed"
            f" ({t['repaired']} repaired), {t['not_reached']} not reached;"
            f" {t['bytes_decoded'] / 1e6:.1f} MB in {t['seconds']:.3f} s>"
        ]
        lines += [f"  {one.state} {one.slice} {one.path}: {one.message}" for one in self.failures[:10]]
        if len(self.failures) > 10:
            lines.append(f"  and {len(self.failures) - 10} more")
        return "\n".join(lines)


def _slice(handle: Handle, index: int) -> SliceReport:
    entry = new(_abi.zstack_report_slice)
    call("zstack_report_get_slice", handle.pointer, index, byref(entry))
    one = plain(entry)
    return SliceReport(
        slice=one["slice"],
        place=one["place"] if one["place"] >= 0 else None,
        path=one["path"],
        state=word("state", one["state"]),
        message=one["message"],
        attempts=one["attempts"],
        seconds=one["seconds"],
    )
