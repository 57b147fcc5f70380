"""Everything that tifffile can write, read back: matrix.py FOLDER.

Writes small files of every sample type, compression, predictor, layout and byte
order that tifffile and imagecodecs can make, loads each with zstack, and compares it
with what tifffile reads. Prints one table; ends with 1 where samples differ.
"""

import collections
import itertools
import sys
import warnings
from pathlib import Path

import numpy as np
import tifffile

import zstack_ctypes as zstack

ROOT = Path(sys.argv[1])
HEIGHT, WIDTH = 37, 45  # no multiple of a tile

TYPES = ["?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "c8", "c16"]
COMPRESSIONS = {  # name: (tifffile's compression, predictors, options)
    "none": (None, [None], {}),
    "LZW": ("lzw", [None, 2, 3], {}),
    "deflate": ("zlib", [None, 2, 3], {}),
    "Adobe deflate": ("adobe_deflate", [None, 2, 3], {}),
    "PackBits": ("packbits", [None], {}),
    "Zstandard": ("zstd", [None, 2, 3], {}),
    "LZMA": ("lzma", [None, 2, 3], {}),
    "JPEG": ("jpeg", [None], {}),
    "WebP lossless": ("webp", [None], {"lossless": True}),
    "JPEG 2000": ("jpeg2000", [None], {}),
    "JPEG XL lossless": ("jpegxl", [None], {"lossless": True}),
    "LERC": ("lerc", [None], {}),
    "PNG": ("png", [None], {}),
    "JPEG XR lossless": ("jpegxr", [None], {"level": 1.0}),
}
LAYOUTS = {  # name: (samples per pixel, planar, options)
    "strips": (1, None, {"rowsperstrip": 8}),
    "tiles": (1, None, {"tile": (16, 32)}),
    "RGB strips": (3, "contig", {"rowsperstrip": 8}),
    "RGB tiles": (3, "contig", {"tile": (16, 32)}),
    "planar strips": (3, "separate", {"rowsperstrip": 8}),
    "planar tiles": (3, "separate", {"tile": (16, 32)}),
}


def samples(kind, count):
    """A slope and some noise, over all of the type's range."""
    random = np.random.default_rng(5)
    shape = (HEIGHT, WIDTH, count)
    if kind == "?":
        return random.integers(0, 2, shape).astype(bool)
    slope = np.arange(HEIGHT * WIDTH * count).reshape(shape)
    dtype = np.dtype(kind)
    if dtype.kind in "ui":
        noise = random.integers(0, 4, shape)
        return ((slope * 13 + noise) * (dtype.itemsize * 77 + 1)).astype(dtype)
    values = (slope - 700) / 64 + random.random(shape)
    return (values * (1 - 2j) if dtype.kind == "c" else values).astype(dtype)


def write(path, kind, compression, predictor, layout, order):
    """Whether tifffile can write that."""
    name, _, options = COMPRESSIONS[compression]
    count, planar, places = LAYOUTS[layout]
    pixels = samples(kind, count)
    if planar == "separate":
        pixels = np.moveaxis(pixels, -1, 0)
    elif planar is None:
        pixels = pixels[..., 0]
    photometric = "rgb" if planar else "minisblack"
    try:
        tifffile.imwrite(
            path, np.ascontiguousarray(pixels), compression=name, predictor=predictor, byteorder=order, metadata=None,
            compressionargs=options, photometric=photometric, planarconfig=planar, **places)
        return True
    except Exception:  # tifffile and imagecodecs raise what they like
        return False


def expected(path):
    """The samples as tifffile reads them, or None where it cannot."""
    try:
        with tifffile.TiffFile(path) as file:
            page = file.pages[0]
            pixels = page.asarray()
            planar = page.samplesperpixel > 1 and page.planarconfig == 2
    except Exception:
        return None
    pixels = np.moveaxis(pixels, 0, -1) if planar else pixels
    pixels = np.ascontiguousarray(pixels).reshape(HEIGHT, WIDTH, -1)
    if pixels.dtype.kind == "c":
        pixels = pixels.view(pixels.real.dtype)
    return pixels.astype("u1") if pixels.dtype == bool else pixels


class Refused(Exception):
    """What is found out only when a slice is loaded."""


def loaded(path):
    with zstack.open(path) as stack:
        pixels, report = stack.load()
    if report.slices[0].status:
        raise Refused(report.slices[0].message)
    return pixels.reshape(HEIGHT, WIDTH, -1)


def main():
    warnings.simplefilter("ignore")
    path = ROOT / "one.tif"
    equal, refused, wrong, reasons = collections.Counter(), collections.Counter(), [], collections.Counter()
    columns = [(name, predictor) for name, (_, predictors, _) in COMPRESSIONS.items() for predictor in predictors]
    for kind, (name, predictor) in itertools.product(TYPES, columns):
        for layout, order in itertools.product(LAYOUTS, "<>"):
            path.unlink(missing_ok=True)
            if not write(path, kind, name, predictor, layout, order):
                continue
            want = expected(path)
            if want is None:
                continue
            key = kind, name, predictor
            try:
                found = loaded(path)
            except (zstack.Error, Refused) as error:
                refused[key] += 1
                reasons[str(error).split(": ", 1)[-1]] += 1
                continue
            if found.dtype == want.dtype and np.array_equal(found, want, equal_nan=want.dtype.kind == "f"):
                equal[key] += 1
            else:
                wrong.append((*key, layout, order))

    print(f"| compression | predictor | {' | '.join('bool' if kind == '?' else kind for kind in TYPES)} |")
    print("|---" * (len(TYPES) + 2) + "|")
    for name, predictor in columns:
        cells = []
        for kind in TYPES:
            good, bad = equal[kind, name, predictor], refused[kind, name, predictor]
            cells.append(f"{good}, not {bad}" if bad else str(good or ""))
        print(f"| {name} | {predictor or ''} | {' | '.join(cells)} |")
    print(f"\n{sum(equal.values())} files equal, {sum(refused.values())} refused.")
    for reason, count in sorted(reasons.items()):
        print(f"refused {count}: {reason}", file=sys.stderr)
    for case in wrong:
        print("WRONG", *case, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
