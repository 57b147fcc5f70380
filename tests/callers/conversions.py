"""Palettes as colors, white as the largest number, images upright: conversions.py FOLDER."""

import sys
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

import zstack_ctypes as zstack

ROOT = Path(sys.argv[1])
random = np.random.default_rng(3)
checked = 0


def load(path, region=None, **options):
    with zstack.open(path, **options) as stack:
        pixels, _ = stack.load(**(region or {}))
        return pixels[0], stack.info


def same(path, want, **options):
    """All of it, and a region."""
    global checked
    pixels, info = load(path, **options)
    assert pixels.dtype == want.dtype and np.array_equal(pixels, want), (path, options)
    region, _ = load(path, {"x": 5, "y": 3, "width": 17, "height": 11}, **options)
    assert np.array_equal(region, want[3:14, 5:22]), (path, options)
    checked += 1
    return info


def refused(path, **options):
    global checked
    try:
        load(path, **options)
    except zstack.Error as error:
        assert error.status == 32, (path, error)
    else:
        raise AssertionError(path)
    checked += 1


# Orientations, in strips and in tiles that reach over the edge, grey and color.
layouts = {"strips": {"rowsperstrip": 8}, "tiles": {"tile": (16, 32)}}
for orientation in range(1, 9):
    for layout, places in layouts.items():
        for kind, shape in (("grey", (45, 37)), ("rgb", (45, 37, 3))):
            pixels = random.integers(0, 256, shape).astype("u1")
            path = ROOT / f"{layout}_{kind}_{orientation}.tif"
            photometric = "rgb" if kind == "rgb" else "minisblack"
            tifffile.imwrite(path, pixels, photometric=photometric, extratags=[(274, "H", 1, orientation, True)], **places)
            turned = {
                1: pixels, 2: pixels[:, ::-1], 3: pixels[::-1, ::-1], 4: pixels[::-1],
                5: pixels.swapaxes(0, 1), 6: np.rot90(pixels, -1), 7: np.rot90(pixels, 2).swapaxes(0, 1), 8: np.rot90(pixels),
            }[orientation]
            info = same(path, turned, upright=1)
            assert (info.turned, info.orientation) == (0 if orientation == 1 else orientation, 1)

# Palettes.
colors = random.integers(0, 256, (256, 3)).astype("u1")
indices = random.integers(0, 256, (45, 37)).astype("u1")
image = Image.frombytes("P", (37, 45), indices.tobytes())
image.putpalette(colors.tobytes())
for name in ("palette.tif", "palette.png"):
    image.save(ROOT / name)
    with Image.open(ROOT / name) as reader:
        want = np.asarray(reader.convert("RGB"))
    info = same(ROOT / name, want, palette_to_rgb=1)
    assert (info.converted_to_rgb, info.photometric, info.channels) == (1, 2, 3)
    same(ROOT / name, indices)
image.save(ROOT / "palette.bmp")
refused(ROOT / "palette.bmp", palette_to_rgb=1)

# White.
for kind in ("u1", "u2", "u4"):
    pixels = random.integers(0, 200, (45, 37)).astype(kind)
    tifffile.imwrite(ROOT / f"white_{kind}.tif", pixels, photometric="miniswhite", byteorder=">")
    info = same(ROOT / f"white_{kind}.tif", np.iinfo(kind).max - pixels, invert_white=1)
    assert (info.inverted, info.photometric) == (1, 1)
bits = random.integers(0, 2, (45, 37)).astype(bool)
tifffile.imwrite(ROOT / "white_1.tif", bits, photometric="miniswhite")
same(ROOT / "white_1.tif", 1 - bits.astype("u1"), invert_white=1)
tifffile.imwrite(ROOT / "white_f4.tif", np.zeros((45, 37), "f4"), photometric="miniswhite")
refused(ROOT / "white_f4.tif", invert_white=1)

print(checked, "files")
