"""python -m zstack."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def run(*arguments: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zstack", *map(str, arguments)]
    where = {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | where, timeout=60)


def test_info_says_what_a_stack_is(scan: Path) -> None:
    (scan / "notes.txt").write_text("x")
    (scan / "s_5.tif").unlink()
    told = run("info", scan)
    assert told.returncode == 0
    for word in ("11 x 40 x 50 uint16", "voxel     not known", "number 5 to 5", "notes.txt"):
        assert word in told.stdout


def test_load_leaves_a_picture_and_tells_what_is_missing(scan: Path, volume: Any, tmp_path: Path) -> None:
    assert run("load", scan, "--preview", tmp_path / "a.png").returncode == 0
    picture = np.asarray(Image.open(tmp_path / "a.png"))
    assert picture.shape == (40, 50 + 50 + 40)
    assert np.corrcoef(picture[:, :50].ravel(), volume[6].ravel())[0, 1] > 0.99
    assert np.corrcoef(picture[:12, 50:100].ravel(), volume[:, 20].ravel())[0, 1] > 0.99
    (scan / "s_5.tif").write_bytes(b"II*\0")
    told = run("load", scan, "--quiet")
    assert told.returncode == 2 and "s_5.tif" in told.stdout and told.stderr == ""


def test_convert_writes_what_numpy_reads(scan: Path, volume: Any, tmp_path: Path) -> None:
    assert run("convert", scan, tmp_path / "a.npy").returncode == 0
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), volume)
    assert run("convert", scan, tmp_path / "a.raw").returncode == 0
    assert (tmp_path / "a.raw").read_bytes() == volume.tobytes()


def test_a_failure_is_one_line(tmp_path: Path) -> None:
    told = run("info", tmp_path / "nowhere")
    assert told.returncode == 1 and told.stderr.count("\n") == 1 and "nowhere" in told.stderr
