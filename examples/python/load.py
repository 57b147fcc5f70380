#!/usr/bin/env python3
"""Loads a stack into a NumPy array: load.py PATH"""

import sys

import zstack_ctypes as zstack


def show(now):
    print(f"\r{now.slices_done}/{now.slices_total} slices, "
          f"{now.bytes_per_second / 1e6:.0f} MB/s", end="", file=sys.stderr)


def main(path):
    # [readme]
    with zstack.open(path, keep_gaps=1) as stack:
        info = stack.info
        print(f"{info.width} x {info.height} x {info.slices}, {stack.dtype}")
        for gap in stack.gaps:
            print(f"no file has number {gap.first} to {gap.last}")
        for left_out in stack.rejected:
            print(f"left out {left_out.path}: {left_out.message}")

        volume, report = stack.load(progress=show, policy=zstack.INTERPOLATE)

    for entry in report.slices:
        if entry.state != zstack.MEASURED:
            print(f"{zstack.state_name(entry.state)} volume[{entry.place}], {entry.path}: {entry.message}")
    print(f"volume {volume.shape} {volume.dtype}, mean {volume.mean():.1f}")
    # [/readme]
    totals = report.totals
    print(f"{zstack.status_name(report.status)}: {totals.loaded} of {totals.slices} slices measured, "
          f"{totals.repaired} repaired, {totals.seconds:.3f} s, {totals.bytes_per_second / 1e6:.0f} MB/s")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} PATH")
    try:
        main(sys.argv[1])
    except zstack.Error as error:
        sys.exit(f"\n{error}")
