"""python -m zstack info|load|convert PATH"""

import argparse
import sys
import warnings
from typing import Any

import numpy as np

import zstack

from ._preview import sections, write_png


def main() -> int:
    """Runs one command; 0 = all well, 1 = failed, 2 = slices are missing, 130 = Ctrl-C."""
    arguments = _parser().parse_args()
    try:
        with zstack.open(arguments.path, prefix=arguments.prefix, keep_gaps=arguments.keep_gaps) as stack:
            if arguments.command == "info":
                return _info(stack)
            return _convert(stack, arguments) if arguments.command == "convert" else _load(stack, arguments)
    except KeyboardInterrupt:
        return 130
    except (zstack.ZstackError, OSError, ValueError) as error:
        print(f"zstack: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m zstack", description="Looks at, loads and converts stacks of images.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("info", "says what the stack is"),
        ("load", "loads it, and says what happened"),
        ("convert", "writes it as one file: .npy, or anything else for raw samples"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("path", help="a folder, a file, or a pattern in quotes")
        if name == "convert":
            command.add_argument("output")
        command.add_argument("--prefix", help="only names that begin with this")
        command.add_argument("--keep-gaps", action="store_true", help="missing numbers become missing slices")
        if name != "info":
            command.add_argument("--on-error", default="fill", choices=["fill", "raise", "interpolate"])
            command.add_argument("--preview", metavar="PNG", help="a picture of the three middle sections")
            command.add_argument("--quiet", action="store_true", help="no progress")
    return parser


def _info(stack: zstack.Stack) -> int:
    print(f"shape     {' x '.join(map(str, stack.shape))} {stack.dtype}, {stack.nbytes / 1e6:.1f} MB")
    spacing = stack.spacing
    known = [f"{axis} {size:g}" for axis, size in (("z", spacing.z), ("y", spacing.y), ("x", spacing.x)) if size]
    print(f"voxel     {', '.join(known)} um ({spacing.source})" if known else "voxel     not known")
    print(f"files     {stack.meta['format']}, {stack.meta['bits_stored']} bits, {stack.meta['photometric']}")
    for gap in stack.gaps:
        print(f"gap       no file has number {gap.first} to {gap.last}")
    for one in stack.rejected:
        page = "" if one.page is None else f" page {one.page}"
        print(f"left out  {one.path}{page} ({one.reason}): {one.message}")
    return 0


def _load(stack: zstack.Stack, arguments: argparse.Namespace, out: Any = None) -> int:
    with warnings.catch_warnings():
        # The report says it below.
        warnings.simplefilter("ignore", zstack.IncompleteWarning)
        volume, report = stack.load(out=out, on_error=arguments.on_error, progress=not arguments.quiet, report=True)
    print(report)
    if arguments.preview:
        write_png(arguments.preview, sections(volume))
    return 0 if report.complete else 2


def _convert(stack: zstack.Stack, arguments: argparse.Namespace) -> int:
    if arguments.output.endswith(".npy"):
        out: Any = np.lib.format.open_memmap(arguments.output, "w+", stack.dtype, stack.shape)
    else:
        out = np.memmap(arguments.output, stack.dtype, "w+", shape=stack.shape)
    status = _load(stack, arguments, out)
    out.flush()
    return status


if __name__ == "__main__":
    sys.exit(main())
