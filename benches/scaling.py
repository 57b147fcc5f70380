#!/usr/bin/env python3
"""Whether zstack's time grows with the work, and shrinks with the cores.

    cargo build --release
    python3 benches/scaling.py FOLDER [--rounds 9]

FOLDER is a stack in the page cache, such as those that benches/compare makes. Needs
NumPy. All loads take turns, and go into the same memory. Prints medians of ratios,
each of two loads that followed each other:

- all slices against half of them (2 is in proportion);
- one core against all of them;
- opening 20,000 files against 10,000, and 50,000 pages of a file against 25,000.
"""

import argparse
import os
import struct
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples" / "python"))
import zstack_ctypes as zstack  # noqa: E402


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(rounds, first, second):
    """How many times as long as the second the first takes: median, least and most."""
    first(), second()
    ratios = []
    for number in range(rounds):
        # Whoever is first in a pair is second in the next.
        if number % 2:
            below, above = seconds(second), seconds(first)
        else:
            above, below = seconds(first), seconds(second)
        ratios.append(above / below)
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def pages(path, count):
    """A TIFF of `count` pages of 2 x 2 pixels."""
    entries = [(256, 2), (257, 2), (258, 8), (259, 1), (262, 1), (273, 0), (278, 2), (279, 4)]
    size = 2 + 12 * len(entries) + 4
    with open(path, "wb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, 8))
        for page in range(count):
            here = 8 + page * (size + 6)
            file.write(struct.pack("<H", len(entries)))
            for tag, value in entries:
                file.write(struct.pack("<HHII", tag, 4, 1, here + size if tag == 273 else value))
            file.write(struct.pack("<I4s2x", here + size + 6 if page + 1 < count else 0, b"\1\2\3\4"))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--rounds", type=int, default=9)
    given = options.parse_args()

    with zstack.open(given.folder) as stack:
        volume, report = stack.load()
        half = np.empty_like(volume[: len(volume) // 2])
        both = len(volume) / len(half)

        def load(out, **chosen):
            return lambda: stack.load(out=out, z_count=len(out), **chosen)

        print(f"{len(volume)} slices against {len(half)}, "
              f"{both:.2f} in proportion: {ratio(given.rounds, load(volume), load(half))}")
        print(f"1 core against {len(os.sched_getaffinity(0))}: "
              f"{ratio(given.rounds, load(volume, workers=1, reads_in_flight=1), load(volume))}")
        first = Path(report.slices[0].path)

    with tempfile.TemporaryDirectory(dir=given.folder.parent) as folder:
        made = Path(folder)
        for count in (10_000, 20_000):
            (made / str(count)).mkdir()
            for number in range(count):
                os.link(first, made / str(count) / f"s_{number:05}{first.suffix}")
        for count in (25_000, 50_000):
            pages(made / f"{count}.tif", count)

        def opening(name):
            return lambda: zstack.open(made / name).close()

        print(f"opening 20,000 files against 10,000: {ratio(given.rounds, opening('20000'), opening('10000'))}")
        print(f"opening 50,000 pages against 25,000: "
              f"{ratio(given.rounds, opening('50000.tif'), opening('25000.tif'))}")
        print(f"the longest of these, 50,000 pages: {seconds(opening('50000.tif')):.3f} s")


if __name__ == "__main__":
    main()
