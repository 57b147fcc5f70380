"""A progress callback that raises: what comes out of load() is what went in."""

import os
import signal
import sys

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


with zstack.open(sys.argv[1], keep_gaps=1) as stack:
    try:
        stack.load(progress=raises, progress_interval_ms=1)
    except Mine as raised:
        print("the same" if raised is mine else "another")

    try:
        stack.load(progress=Interrupting(), progress_interval_ms=1)
    except KeyboardInterrupt:
        print("interrupted")

    # By hand: returning something true.
    volume, report = stack.load(progress=lambda now: True, workers=1, progress_interval_ms=1)
    print(zstack.status_name(report.status))

    volume, report = stack.load(policy=zstack.SKIP)
    measured = [entry for entry in report.slices if entry.state == zstack.MEASURED]
    same = all(np.array_equal(volume[entry.place], tifffile.imread(entry.path)) for entry in measured)
    print("equal" if same and len(measured) == len(volume) else "different")

    try:
        stack.load(policy=zstack.FAIL)
    except zstack.Error as error:
        print(zstack.status_name(error.status), error.report is not None)

    try:
        stack.load(no_such_option=1)
    except TypeError as error:
        print(error)
