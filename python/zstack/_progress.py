"""How progress is shown: a callable, tqdm, or a plain line."""

import sys
from collections.abc import Callable
from typing import Any

ProgressFn = Callable[[int, int, str], Any]


def shower(progress: bool | ProgressFn | None) -> ProgressFn | None:
    """What is called with (slices done, of so many, name of the last file)."""
    if callable(progress):
        return progress
    if not progress:
        return None
    try:
        from tqdm.auto import tqdm  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return _line
    bar = tqdm(unit="slice")

    def show(done: int, total: int, name: str) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return show


def _line(done: int, total: int, name: str) -> None:
    end = "\n" if done == total else ""
    sys.stderr.write(f"\r{done} of {total} slices{end}")
    sys.stderr.flush()
