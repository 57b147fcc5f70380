"""One reader on one case in a process of its own: worker.py ROOT CASE(JSON) PEER

Answers lines on its input with lines of JSON: `check` loads once and tells what is
wrong, if anything, and the memory it took; `load` tells the seconds of one load and how many cores it kept busy.
"""

import gc
import json
import mmap
import os
import sys
import time
from pathlib import Path

import numpy as np

from cases import Case
from data import Data
from peers import PEERS

HUGE = getattr(mmap, "MADV_HUGEPAGE", None)


def touch(size):
    """Takes memory from the system and gives it back.

    On a virtual machine, memory that has lain free for a second may be the host's
    again, and then it costs many times as much to take it as to fill it.
    """
    with mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        if HUGE is not None:
            memory.madvise(HUGE)
        pages = np.frombuffer(memory, np.uint8)[::mmap.PAGESIZE]
        pages[:] = 1
        del pages


def timed(load, size):
    """Seconds of a load into fresh memory, and how many cores it kept busy."""
    gc.collect()
    touch(size + size // 4 + (64 << 20))
    busy, start = time.process_time(), time.perf_counter()
    volume = load()
    seconds = time.perf_counter() - start
    busy = time.process_time() - busy
    del volume
    return {"seconds": seconds, "cores": busy / seconds}


def resident(field):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) << 10
    raise LookupError(field)


def checked(load, data):
    """What is wrong, and the most memory that was resident above the destination."""
    gc.collect()
    touch(data.case.bytes)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
    before = resident("VmRSS")
    volume = load()
    peak = resident("VmHWM")
    return {"fault": data.fault(volume), "memory": max(0, peak - before - data.case.bytes)}


def main(root, case, peer):
    case = json.loads(case)
    data = Data(Path(root), Case(**case | {"shape": tuple(case["shape"])}))
    prepare = PEERS[peer].load
    # What a library does once in its life is no part of a load.
    first = prepare(Data(Path(root), data.case.tiny()))
    if first is None:
        return print(json.dumps({"cannot": True}), flush=True)
    try:
        first()
        load = prepare(data)
    except Exception as error:
        return print(json.dumps({"failure": f"{type(error).__name__}: {error}"}), flush=True)
    print("{}", flush=True)
    for line in sys.stdin:
        try:
            answer = checked(load, data) if line == "check\n" else timed(load, data.case.bytes)
        except Exception as error:
            answer = {"failure": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    # Libraries print; the answers go where standard output went.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.stdout = answers
    main(*sys.argv[1:])
