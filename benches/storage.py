#!/usr/bin/env python3
"""How zstack's own choice of reads in flight compares with fixed numbers, on the
storage that a stack lies on.

    cargo build --release
    python3 benches/storage.py PATH [--reads 1,2,4,8,16] [--rounds 3]

Needs NumPy, and Linux for a cold start: before each load the files leave the page
cache. All settings take turns, and load into the same memory. Prints, for each, the median and the least of the
rounds in milliseconds; `plain` reads the files whole, one after the other, and
decodes nothing; `own` is the number that zstack finds while it loads, and its
reasons stand below.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples" / "python"))
import zstack_ctypes as zstack  # noqa: E402

PLAIN, OWN = "plain", "own"
BLOCK = 1 << 20


def leave_cache(paths):
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)


def plain(paths):
    """Seconds that one reader takes from the first byte to the last."""
    block = memoryview(bytearray(BLOCK))
    start = time.perf_counter()
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            while file.readinto(block):
                pass
    return time.perf_counter() - start


def load(path, volume, reads):
    """Seconds of a load, and why it read as it did."""
    with zstack.open(path) as stack:
        _, report = stack.load(reads_in_flight=reads, out=volume)
    if report.status != zstack.OK:
        raise SystemExit(f"{path}: {report.totals.failed} slices could not be had")
    return report.totals.seconds, report.totals.reads_why


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("path", help="a folder, or one file of several pages")
    options.add_argument("--reads", default="1,2,4,8,16", metavar="N,N", help="fixed numbers to try")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--pause", type=float, default=0, metavar="S", help="seconds before each load")
    options.add_argument("--keep-cache", action="store_true", help="leave the page cache as it is")
    given = options.parse_args()

    # All slices, with their files, as the first load tells them.
    with zstack.open(given.path) as stack:
        volume, report = stack.load(reads_in_flight=1)
    paths = list(dict.fromkeys(line.path for line in report.slices))
    settings = [PLAIN, *map(int, given.reads.split(",")), OWN]
    times, reasons = {setting: [] for setting in settings}, []
    for _ in range(given.rounds):
        for setting in settings:
            if not given.keep_cache:
                leave_cache(paths)
            time.sleep(given.pause)
            if setting == PLAIN:
                seconds = plain(paths)
            else:
                seconds, why = load(given.path, volume, 0 if setting == OWN else setting)
                if setting == OWN:
                    reasons.append(why)
            times[setting].append(seconds * 1e3)

    fixed = [setting for setting in settings if setting not in (PLAIN, OWN)]
    best = min(fixed, key=lambda setting: median(times[setting]))
    cells = [f"{it} {median(times[it]):.0f} ({min(times[it]):.0f})" for it in settings]
    print(" | ".join(cells))
    print(f"own: {median(times[best]) / median(times[OWN]):.3f} of the speed of the best fixed number, {best}; "
          f"{median(times[PLAIN]) / median(times[OWN]):.2f} times as fast as the plain reader")
    for why in reasons:
        print(f"  {why}")


if __name__ == "__main__":
    main()
