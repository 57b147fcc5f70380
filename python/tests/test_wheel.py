"""The wheel works where there is no Rust and no source tree."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
PROGRAM = """
import sys, zstack, zstack._library
assert zstack.__file__.startswith(sys.argv[1]), zstack.__file__
assert str(zstack._library.find()).startswith(sys.argv[1])
print(zstack.imread(sys.argv[2]).sum())
"""


def test_a_wheel_brings_its_library(scan: Path, volume: Any, tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    target = os.environ.get("CARGO_TARGET_DIR", PACKAGE.parent / "target")
    built = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, PACKAGE]
    subprocess.run(built, check=True, env=os.environ | {"CARGO_TARGET_DIR": str(target)})
    (wheel,) = tmp_path.glob("zstack-*-py3-none-*.whl")
    assert not wheel.name.endswith("-any.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "zstack/py.typed" in names and not any("test" in name for name in names)

    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", tmp_path / "site", wheel], check=True)
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "site", scan],
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.split() == [str(volume.sum())]
