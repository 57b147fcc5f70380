"""Writes what was measured as Markdown."""

import re

from figures import ahead, geometric_mean, table
from peers import PEERS

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
# Whom zstack is held against in sum, and which of a reader's ways count as one.
RIVALS = {
    "cpp-tiff (the better of both)": ["cpp-tiff", "cpp-tiff-batch"],
    "tifffile, tuned": ["tifffile-tuned"],
    "`image` + rayon": ["image-rayon"],
    "`tiff` + rayon": ["tiff-rayon"],
    "imagecodecs, 2 threads": ["imagecodecs"],
    "OpenCV, 2 threads": ["opencv"],
    "Pillow loop": ["pillow"],
}
NOISE = 0.05


def markdown(run, before=None):
    parts = [_conditions(run), _times_floor(run), _seconds(run), _work(run), _summary(run)]
    if before:
        parts.append(_before_after(before, run))
    return "\n\n".join(parts) + "\n"


def put_into(path, text):
    """Replaces what stands between the marks; the rest of the file is written by hand."""
    page = path.read_text()
    if BEGIN not in page or END not in page:
        raise SystemExit(f"{path} has no {BEGIN} and {END}")
    head, rest = page.split(BEGIN, 1)
    picture = "![How many times the floor each reader takes](performance.svg)"
    path.write_text(f"{head}{BEGIN}\n\n{picture}\n\n{text}\n{END}{rest.split(END, 1)[1]}")


def _rows(head, rows):
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _peers(run):
    return [name for name in PEERS if any(name in case["peers"] for case in run["cases"])]


def _conditions(run):
    machine, versions = run["machine"], run["versions"]
    others = sum(case["others"] * case["seconds"] for case in run["cases"]) / sum(
        case["seconds"] for case in run["cases"])
    named = ", ".join(f"{package} {number}" for package, number in versions.items() if package != "compare-peers")
    return "\n".join([
        "## Measured",
        "",
        f"- On {run['date']}, at commit {run['commit']}, by `{run['command']}`, {run['rounds']} rounds.",
        f"- {machine['processor']}, {machine['cores']} cores, {machine['memory']}, {machine['architecture']}, "
        f"{machine['kernel']}, transparent huge pages: {machine['huge pages']}.",
        f"- Python {machine['python']}; {named}; the floor with {versions['compare-peers']}.",
        f"- Meanwhile other programs kept {others:.1f} of the {machine['cores']} cores busy.",
    ])


def _times_floor(run):
    its = table(run)
    peers = [peer for peer in _peers(run) if peer != "floor"]

    def cell(case, peer):
        entry, found = case["peers"].get(peer), its[case["name"]].get(peer)
        if found:
            text = f"{found.ratio:.2f} / {_mebibytes(found.memory)}"
            return f"**{text}**" if peer.startswith("zstack") else text
        return "-" if entry is None or entry["state"] == "cannot" else entry["state"]

    rows = []
    for case in run["cases"]:
        floor = its[case["name"]]["floor"]
        rows.append([case["title"], f"{floor.median * 1000:.0f} / {_mebibytes(floor.memory)}",
                     *(cell(case, peer) for peer in peers)])
    head = ["case", "floor, ms", *(PEERS[peer].title for peer in peers)]
    return "### Times the floor / memory above the destination in MiB\n\n" + _rows(head, rows)


def _mebibytes(size):
    return f"{size / (1 << 20):.0f}"


def _seconds(run):
    its = table(run)
    peers = _peers(run)
    rows = [[case["title"], *(f"{found.median * 1000:.0f} ({found.least * 1000:.0f})"
                              if (found := its[case["name"]].get(peer)) else "-" for peer in peers)]
            for case in run["cases"]]
    head = ["case", *(PEERS[peer].title for peer in peers)]
    return "### Milliseconds: median (least)\n\n" + _rows(head, rows)


def _work(run):
    """Which other programs disturb the least."""
    its = table(run)
    peers = [peer for peer in _peers(run) if peer != "floor"]
    rows = [[case["title"], *(f"{ratio:.2f}" if (ratio := _work_ratio(its[case["name"]], peer)) else "-"
                              for peer in peers)]
            for case in run["cases"]]
    head = ["case", *(PEERS[peer].title for peer in peers)]
    return "### Processor time (the least), times the floor's\n\n" + _rows(head, rows)


def _summary(run):
    lines = ["### In sum", ""]
    rows = []
    for title, peers in RIVALS.items():
        cases = ahead(run, peers)
        if cases:
            worst = min(cases, key=cases.get)
            rows.append([title, len(cases), f"{geometric_mean(cases.values()):.2f}", f"{cases[worst]:.2f} ({worst})"])
    if rows:
        lines.append(_rows(["times as long as zstack", "cases", "geometric mean", "least"], rows))
    floor = ahead(run, ["floor"])
    if floor:
        mean = geometric_mean(1 / ratio for ratio in floor.values())
        lines += ["", f"zstack takes {mean:.2f} times the floor (geometric mean of {len(floor)} cases)."]
    malloc = ahead(run, ["zstack-malloc"])
    if malloc:
        lines[-1] += f" Into memory of malloc it takes {geometric_mean(malloc.values()):.2f} times as long as into NumPy's."
    faster = []
    for peer in _peers(run):
        if not peer.startswith("zstack") and peer != "floor":
            faster += [f"{PEERS[peer].title} on {case} ({ratio:.2f})"
                       for case, ratio in ahead(run, [peer]).items() if ratio < 1 - NOISE]
    lines += ["", "Faster than zstack by more than 5 %: " + ("; ".join(faster) if faster else "nobody on any case") + "."]
    wrong = [f"{PEERS[peer].title} on {case['name']} {entry['state']} ({_short(entry['why'])})"
             for case in run["cases"] for peer, entry in case["peers"].items() if entry["state"] in ("wrong", "fails")]
    if wrong:
        lines += ["", "Not read, or not as stored:", "", *(f"- {line}" for line in wrong)]
    return "\n".join(lines)


def _short(why):
    """The first line, without the paths of a machine."""
    return re.sub(r"/\S*/", "", why.splitlines()[0])[:100].replace("|", "/") if why else "no cause given"


def _before_after(before, after):
    """All in times the floor of their own run, so that the machine's mood drops out."""
    old, new = table(before), table(after)
    columns = {"time": ("zstack", _ratio), "processor": ("zstack", _work_ratio), "malloc": ("zstack-malloc", _ratio)}
    rows = []
    for case in after["cases"]:
        row = [case["title"]]
        for peer, of in columns.values():
            was, now = of(old.get(case["name"], {}), peer), of(new[case["name"]], peer)
            row += [f"{value:.2f}" if value else "-" for value in (was, now, was and now and now / was)]
        rows.append(row)
    head = ["case"]
    for name in columns:
        head += [f"{name}: before", "after", "after / before"]
    return (f"### zstack before ({before['date']}, {before['commit']}) and after, times the floor\n\n"
            + _rows(head, rows))


def _ratio(its, peer):
    return its[peer].ratio if peer in its else None


def _work_ratio(its, peer):
    return its[peer].work / its["floor"].work if peer in its else None
