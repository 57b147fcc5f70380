"""Measures zstack against its peers. `run` beside it prepares everything and calls this."""

import argparse
import json
import os
import sys
from pathlib import Path

import plot
import report
from cases import CASES
from machine import describe
from measure import measure
from peers import PEERS

ROOT = Path(__file__).resolve().parents[2]


def chosen(names, known, what):
    names = names.split(",") if names else list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no such {what}: {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def arguments():
    parser = argparse.ArgumentParser(prog="benches/compare/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller stacks and fewer rounds, for a first look")
    parser.add_argument("--cases", metavar="A,B", help="only these")
    parser.add_argument("--peers", metavar="X,Y", help="only these; the floor is measured in any case")
    parser.add_argument("--rounds", type=int, help="loads of each reader (15, or 5 with --quick)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the raw results")
    parser.add_argument("--before", metavar="FILE", type=Path, help="add a table against these earlier results")
    parser.add_argument("--old-library", metavar="FILE", type=Path,
                        help="another build of zstack to take turns with, as the peer zstack-old")
    parser.add_argument("--from-json", metavar="FILE", type=Path, help="measure nothing, report these results")
    parser.add_argument("--list", action="store_true", help="name the cases and the peers")
    return parser.parse_args()


def run(options):
    cases = chosen(options.cases, CASES, "case")
    peers = [name for name in chosen(options.peers, PEERS, "peer") if name != "floor"]
    environments = {None: dict(os.environ)}
    if options.old_library:
        environments["zstack-old"] = os.environ | {"ZSTACK_LIBRARY": str(options.old_library.resolve())}
    else:
        peers = [name for name in peers if name != "zstack-old"]
    rounds = options.rounds or (5 if options.quick else 15)
    results = describe([PEERS[name] for name in ["floor", *peers]], command()) | {"rounds": rounds, "cases": []}
    for name in cases:
        print(f"{CASES[name].title}", file=sys.stderr, flush=True)
        case = CASES[name].quick() if options.quick else CASES[name]
        results["cases"].append(measure(case, peers, rounds, Path(os.environ["COMPARE_DATA"]), environments, say))
        if options.json:
            options.json.write_text(json.dumps(results))
    return results


def say(line):
    print(line, file=sys.stderr, flush=True)


def command():
    """The call without what names a place on this machine."""
    places = ("--json", "--before", "--old-library", "--from-json")
    given, skip = ["benches/compare/run"], False
    for word in sys.argv[1:]:
        if not skip and not word.startswith(places):
            given.append(word)
        skip = word in places
    return " ".join(given)


def main():
    options = arguments()
    if options.list:
        for title, known in (("cases", CASES), ("peers", PEERS)):
            print(f"{title}:", *(f"  {name:16} {it.title}" for name, it in known.items()), sep="\n")
        return
    before = json.loads(options.before.read_text()) if options.before else None
    results = json.loads(options.from_json.read_text()) if options.from_json else run(options)
    text = report.markdown(results, before)
    print(text)
    # Only the whole of it goes into the documentation.
    if options.quick or options.cases or options.peers:
        return
    report.put_into(ROOT / "docs" / "PERFORMANCE.md", text)
    plot.draw(results, ROOT / "docs" / "performance.svg")


if __name__ == "__main__":
    main()
