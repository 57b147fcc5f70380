"""What the samples of a run say."""

from collections import namedtuple
from math import exp, log
from statistics import median

Figures = namedtuple("Figures", "ratio median least work memory")


def figures(entry):
    """Of a reader on a case: times the floor, seconds, least seconds of processors, memory; None if it was not timed."""
    samples = entry["samples"]
    if entry["state"] != "right" or not samples:
        return None
    return Figures(
        ratio=median(2 * taken / (before + after) for taken, before, after, _ in samples),
        median=median(sample[0] for sample in samples),
        least=min(sample[0] for sample in samples),
        work=min(taken * cores for taken, _, _, cores in samples),
        memory=entry["memory"])


def table(run):
    """{case: {peer: Figures}} of those that read it right."""
    return {case["name"]: {peer: its for peer, entry in case["peers"].items() if (its := figures(entry))}
            for case in run["cases"]}


def geometric_mean(values):
    values = list(values)
    return exp(sum(map(log, values)) / len(values)) if values else None


def ahead(run, peers, of="zstack"):
    """How many times as long as zstack the best of some peers takes, case by case."""
    result = {}
    for case, its in table(run).items():
        best = min((its[peer].ratio for peer in peers if peer in its), default=None)
        if best is not None and of in its:
            result[case] = best / its[of].ratio
    return result
