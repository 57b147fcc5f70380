"""raise.py SCAN LONG_SCAN: a progress callback that raises.

What comes out of load() is what went in, and the load has been cancelled.
"""

import os
import signal
import sys
import time

import numpy as np
import tifffile
import zstack_ctypes as zstack


class Mine(Exception):
    pass


mine = Mine("from the callback")


def raises(_now):
    raise mine


class Interrupting:
    """Ctrl-C while the load runs."""

    def __call__(self, _now):
        os.kill(os.getpid(), signal.SIGINT)


with zstack.open(sys.argv[2]) as stack:
    began = time.monotonic()
    stack.load()
    whole = time.monotonic() - began

    began = time.monotonic()
    try:
        stack.load(progress=raises, progress_interval_ms=1)
    except Mine as raised:
        print("the same" if raised is mine else "another")
    print("stopped" if time.monotonic() - began < whole / 2 else "loaded all the same")

    try:
        stack.load(progress=Interrupting(), progress_interval_ms=1)
    except KeyboardInterrupt:
        print("interrupted")

    # Without an exception: returning something true.
    volume, report = stack.load(progress=lambda now: True, progress_interval_ms=1)
    print(zstack.status_name(report.status), report.totals.not_reached > 0)

with zstack.open(sys.argv[1], keep_gaps=1) as stack:
    volume, report = stack.load(policy=zstack.SKIP)
    measured = [entry for entry in report.slices if entry.state == zstack.MEASURED]
    same = all(np.array_equal(volume[entry.place], tifffile.imread(entry.path)) for entry in measured)
    print("equal" if same and len(measured) == len(volume) else "different")

    try:
        stack.load(policy=zstack.FAIL)
    except zstack.Error as error:
        print(zstack.status_name(error.status), error.slice, error.report is not None)

    try:
        stack.load(no_such_option=1)
    except TypeError as error:
        print(error)
