"""A picture of a volume: its three middle sections side by side, as a PNG."""

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Pixels of one section along its longer side, at most.
_SIDE = 512


def sections(volume: NDArray[Any]) -> NDArray[np.uint8]:
    """The middle (y, x), (z, x) and (z, y) sections, uint8, shape (y, x) of the picture.

    The darkest hundredth of the samples becomes black, the brightest white; of
    channels, the first is shown.
    """
    grey = volume[..., 0] if volume.ndim == 4 else volume
    z, y, x = (size // 2 for size in grey.shape)
    parts = [_thinned(part).astype(np.float64) for part in (grey[z], grey[:, y], grey[:, :, x])]
    samples = np.concatenate([part.ravel() for part in parts])
    samples = samples[np.isfinite(samples)]
    low, high = np.percentile(samples, [1, 99]) if samples.size else (0.0, 1.0)
    picture = np.zeros((max(len(part) for part in parts), sum(part.shape[1] for part in parts)), np.uint8)
    left = 0
    for part in parts:
        scaled = np.nan_to_num((part - low) / ((high - low) or 1.0), nan=0.0)
        picture[: len(part), left : left + part.shape[1]] = (scaled.clip(0, 1) * 255).round()
        left += part.shape[1]
    return picture


def _thinned(part: NDArray[Any]) -> NDArray[Any]:
    every = -(-max(part.shape) // _SIDE)
    return part[::every, ::every]


def write_png(path: str, picture: NDArray[np.uint8]) -> None:
    """Writes a grey picture, shape (y, x)."""
    height, width = picture.shape
    # Each row begins with the number of its filter, 0.
    rows = np.pad(picture, ((0, 0), (1, 0))).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
            file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
