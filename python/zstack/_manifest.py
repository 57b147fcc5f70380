"""What is known of a stack, so that it opens again without looking for it.

The library has no way to open a stack from what is known already: a folder is
opened again as the list of its files in their order, which costs one header at
the first load, but no listing.
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .errors import Changed

VERSION = 1

# What is worked out by grouping names, which a list does without.
_GROUPING = ("prefix", "extension", "first_number", "last_number", "keep_gaps", "verify")
_SHAPE = ("slices", "height", "width", "channels", "sample_type")


def _absolute(path: Any) -> str:
    return os.path.abspath(os.fsdecode(path))


def made(source: Any, options: dict[str, Any], **known: Any) -> dict[str, Any]:
    """A manifest. `known`: info, names, rejected, gaps and spacing."""
    single = isinstance(source, (str, bytes, os.PathLike))
    return known | {
        "zstack_manifest": VERSION,
        "source": _absolute(source) if single else [_absolute(path) for path in source],
        "options": options,
        "names": [_absolute(name) for name in known["names"]],
    }


def source(manifest: dict[str, Any]) -> tuple[str | Sequence[str], dict[str, Any]]:
    """What to open, and how, to have the stack of a manifest again."""
    given, options, names = manifest["source"], dict(manifest["options"]), manifest["names"]
    if isinstance(given, list):
        return given, options
    if manifest["info"]["one_file"]:
        return str(names[0]), options
    # A file of several pages is named once for each of them.
    return list(dict.fromkeys(names)), {name: value for name, value in options.items() if name not in _GROUPING}


def compare(before: dict[str, Any], now: dict[str, Any]) -> None:
    """Raises Changed where the files make another shape or type."""
    for name in _SHAPE:
        if before[name] != now[name]:
            raise Changed(-1, f"the files have changed: {name} was {before[name]}, and is {now[name]}")


def write(path: str | os.PathLike[str], manifest: dict[str, Any]) -> None:
    """Writes a manifest, with the size and time of its files, in one step."""
    files = list(dict.fromkeys(manifest["names"]))
    text = json.dumps(manifest | {"files": [[name, *stamp] for name, stamp in zip(files, _stamps(files), strict=True)]})
    beside = f"{os.fspath(path)}.{os.getpid()}.part"
    with open(beside, "w", encoding="ascii") as file:
        file.write(text)
    os.replace(beside, path)


def read(path: str | os.PathLike[str], check: bool) -> dict[str, Any]:
    """Reads a manifest; with `check` it raises Changed where a file differs."""
    with open(path, encoding="ascii") as file:
        manifest = json.load(file)
    if not isinstance(manifest, dict) or manifest.get("zstack_manifest") != VERSION:
        raise ValueError(f"{os.fspath(path)} is no manifest of a stack that this version knows")
    files = manifest.pop("files")
    if check:
        for (name, *before), now in zip(files, _stamps([one[0] for one in files]), strict=True):
            if tuple(before) != now:
                gone = "is gone" if now == (-1, -1) else "has another size or time"
                raise Changed(-1, f"the file {gone} since the manifest was written", name)
    return manifest


def _stamps(files: list[str]) -> list[tuple[int, int]]:
    """Size and time of each file. On a network share a stat takes its time: many at once."""
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(_stamp, files))


def _stamp(name: str) -> tuple[int, int]:
    try:
        found = os.stat(name)
    except FileNotFoundError:
        return (-1, -1)
    return (found.st_size, found.st_mtime_ns)
