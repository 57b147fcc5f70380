"""Stacks that go to other processes, and come back from disk."""

import json
import multiprocessing
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

import zstack


def middle(stack: zstack.Stack) -> Any:
    return stack[5]


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_a_stack_goes_to_other_processes(scan: Path, volume: Any, way: str) -> None:
    with zstack.open(scan) as stack, multiprocessing.get_context(way).Pool(2) as pool:
        for read in pool.map(middle, [stack, stack]):
            np.testing.assert_array_equal(read, volume[5])


def test_a_pickled_stack_is_the_same_and_touches_no_file(scan: Path, volume: Any, monkeypatch: Any) -> None:
    (scan / "notes.txt").write_text("x")
    monkeypatch.chdir(scan.parent)
    with zstack.open("scan") as stack:
        data, told = pickle.dumps(stack), (stack.rejected, stack.gaps, stack.spacing, stack.meta, stack.shape)
    monkeypatch.chdir("/")
    away = scan.with_name("away")
    scan.rename(away)
    again = pickle.loads(data)
    assert (again.rejected, again.gaps, again.spacing, again.meta, again.shape) == told
    with pytest.raises(OSError):
        again[0]
    away.rename(scan)
    np.testing.assert_array_equal(again[::-1], volume[::-1])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(again))[3], volume[3])


@pytest.mark.parametrize("how", ["pages", "list", "repeated", "part"])
def test_every_kind_of_source_comes_back(scan: Path, volume: Any, how: str, tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "pages.tif", volume)
    source: Any = {
        "pages": tmp_path / "pages.tif",
        "list": [scan / "s_3.tif", scan / "s_1.tif"],
        "repeated": [scan / "s_3.tif"] * 3,
        "part": scan,
    }[how]
    with zstack.open(source, **(dict(first_number=4) if how == "part" else {})) as stack:
        again = pickle.loads(pickle.dumps(stack))
        np.testing.assert_array_equal(again[:], stack[:])


def test_kept_gaps_stay_where_they_are(scan: Path, volume: Any) -> None:
    (scan / "s_5.tif").unlink()
    with zstack.open(scan, keep_gaps=True) as stack:
        again = pickle.loads(pickle.dumps(stack))
    with pytest.warns(zstack.IncompleteWarning):
        read = again[:]
    assert not read[5].any()
    np.testing.assert_array_equal(read[6:], volume[6:])


def test_a_manifest_on_disk_tells_a_change(scan: Path, volume: Any, tmp_path: Path) -> None:
    with zstack.open(scan) as stack:
        stack.save_manifest(tmp_path / "scan.json")
    np.testing.assert_array_equal(zstack.open_manifest(tmp_path / "scan.json")[:], volume)
    os.utime(scan / "s_7.tif", (1, 1))
    with pytest.raises(zstack.Changed, match="s_7"):
        zstack.open_manifest(tmp_path / "scan.json")
    np.testing.assert_array_equal(zstack.open_manifest(tmp_path / "scan.json", check=False)[7], volume[7])
    (scan / "s_7.tif").unlink()
    with pytest.raises(zstack.Changed, match="gone"):
        zstack.open_manifest(tmp_path / "scan.json")
    (tmp_path / "other.json").write_text(json.dumps({"a": 1}))
    with pytest.raises(ValueError, match="no manifest"):
        zstack.open_manifest(tmp_path / "other.json")


def test_files_that_make_another_shape_are_refused(scan: Path) -> None:
    with zstack.open(scan) as stack:
        data = pickle.dumps(stack)
    tifffile.imwrite(scan / "s_0.tif", np.zeros((3, 3), np.uint8))
    with pytest.raises(zstack.Changed):
        pickle.loads(data)[0]
