"""Stacks written by another program."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile


@pytest.fixture
def volume() -> Any:
    return np.random.default_rng(5).integers(0, 60000, (12, 40, 50)).astype(np.uint16)


@pytest.fixture
def scan(tmp_path: Path, volume: Any) -> Path:
    """A folder of one TIFF per slice."""
    folder = tmp_path / "scan"
    folder.mkdir()
    for index, plane in enumerate(volume):
        tifffile.imwrite(folder / f"s_{index}.tif", plane, compression="zlib" if index % 2 else None)
    return folder


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A folder that takes a good while to load with one core: noise, deflated, listed many times."""
    plane = np.random.default_rng(5).integers(0, 255, (2000, 2000)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "noise.tif", plane, compression="zlib", rowsperstrip=64)
    return tmp_path / "noise.tif"
