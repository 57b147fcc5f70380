"""Runs readers on cases, taking turns, and collects what was measured.

Every load of a reader stands between two loads of the floor, so that its ratio to
the floor is one of neighbours in time: a machine that slows down slows both.
"""

import json
import random
import resource
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from data import Data
from machine import busy_seconds
from peers import PEERS

# A reader that takes this many times as long as the floor loads in every third round.
SLOW, SELDOM = 6, 3
HERE = Path(__file__).resolve().parent


class Worker:
    """A process with one reader and one case."""

    def __init__(self, data, peer, environment):
        command = [sys.executable, str(HERE / "worker.py"), str(data.folder.parent),
                   json.dumps(asdict(data.case)), peer]
        # What readers print about what they cannot read is told by the report.
        self._process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, text=True,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.cannot = self._answer()

    def ask(self, what):
        try:
            self._process.stdin.write(what + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        return self._answer()

    def _answer(self):
        line = self._process.stdout.readline()
        return json.loads(line) if line else {"failure": f"died with status {self._process.wait()}"}

    def close(self):
        self._process.communicate()


def measure(case, peers, rounds, root, environments, say):
    """All that is known of a case: a dictionary for the file of results."""
    data = Data(root, case)
    data.make()
    busy, own, start = busy_seconds(), _own_seconds(), time.monotonic()
    found, ready = {}, {}
    for name in ["floor", *peers]:
        worker = Worker(data, name, environments.get(name, environments[None]))
        found[name] = entry = _checked(worker)
        if entry["state"] == "right":
            ready[name] = worker
        else:
            worker.close()
            if entry["state"] != "cannot":
                say(f"    {PEERS[name].title} {entry['state']}: {entry['why']}")
    if "floor" not in ready:
        raise SystemExit(f"The floor does not read {case.title}: {found['floor']['why']}")
    _rounds(ready, found, rounds)
    for worker in ready.values():
        worker.close()
    spent, others = time.monotonic() - start, busy_seconds() - busy - (_own_seconds() - own)
    return {"name": case.name, "title": case.title, "bytes": case.bytes, "slices": case.shape[0],
            "seconds": spent, "others": max(0.0, others / spent), "peers": found}


def _checked(worker):
    entry = {"state": "right", "why": "", "memory": None, "samples": []}
    if "cannot" in worker.cannot:
        return entry | {"state": "cannot"}
    answer = worker.cannot or worker.ask("check")
    if "failure" in answer:
        return entry | {"state": "fails", "why": answer["failure"]}
    if answer["fault"]:
        return entry | {"state": "wrong", "why": answer["fault"]}
    return entry | {"memory": answer["memory"]}


def _rounds(ready, found, rounds):
    """Fills in `samples`: [seconds, the floor's before, the floor's after], and processor seconds."""
    order, chance = [name for name in ready if name != "floor"], random.Random(1)
    before = _load(ready, found, "floor")
    for index in range(rounds):
        chance.shuffle(order)
        for name in order:
            entry = found[name]
            if entry["state"] != "right" or index % SELDOM and _is_slow(entry["samples"]):
                continue
            taken = _load(ready, found, name)
            after = _load(ready, found, "floor")
            if taken and before and after:
                entry["samples"].append([taken["seconds"], before["seconds"], after["seconds"], taken["cores"]])
            before = after


def _load(ready, found, name):
    answer = ready[name].ask("load")
    if "failure" in answer:
        found[name].update(state="fails", why=answer["failure"])
        return None
    if name == "floor":
        found[name]["samples"].append([answer["seconds"], answer["seconds"], answer["seconds"], answer["cores"]])
    return answer


def _is_slow(samples):
    return bool(samples) and min(sample[0] / max(sample[1:3]) for sample in samples) > SLOW


def _own_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
