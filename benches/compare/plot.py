"""Draws how many times the floor each reader takes."""

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from figures import table
from peers import PEERS

MARKS = "osD^v<>pPXh*d"


def draw(run, path):
    # The same figures give the same file.
    matplotlib.rcParams.update({"svg.hashsalt": "zstack", "svg.fonttype": "none", "font.size": 9})
    its, cases = table(run), run["cases"]
    peers = [peer for peer in PEERS if peer not in ("floor", "zstack-malloc")]
    colours = pyplot.get_cmap("tab20")
    figure, axes = pyplot.subplots(figsize=(9, 1.6 + 0.36 * len(cases)), layout="constrained")
    for index, peer in enumerate(peers):
        points = [(its[case["name"]][peer].ratio, row) for row, case in enumerate(cases) if peer in its[case["name"]]]
        if points:
            ours = peer == "zstack"
            axes.scatter(*zip(*points), label=PEERS[peer].title.replace("`", ""), zorder=3 if ours else 2,
                         marker="|" if ours else MARKS[index % len(MARKS)], s=240 if ours else 28,
                         linewidths=3.5 if ours else 0.5, color="black" if ours else colours(index),
                         alpha=1 if ours else 0.8)
    axes.axvline(1, color="black", linewidth=0.8, linestyle=":")
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator([1, 1.5, 2, 3, 5, 10, 20, 50, 100]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_yticks(range(len(cases)), [case["title"] for case in cases])
    axes.invert_yaxis()
    axes.grid(color="0.88", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("times as long as the floor (1 = what the machine can do)")
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    figure.savefig(path, metadata={"Date": None})
