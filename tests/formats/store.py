"""The folder of files and their manifest, and images to fill them with."""

import pathlib
import shutil
import subprocess

import numpy


class Store:
    def __init__(self, folder):
        self.folder = folder
        self.lines = []

    def path(self, name):
        return self.folder / name

    def good(self, name, pixels, page=0, bits=None, photometric="MinIsBlack", tolerance=0, note=""):
        """The page must come out as `pixels`: height, width and perhaps channels; complex
        ones as two channels each."""
        pixels = numpy.asarray(pixels)
        prefix = ""
        if pixels.dtype.kind == "c":
            prefix, pixels = "complex ", parts(pixels)
        if pixels.ndim == 2:
            pixels = pixels[:, :, None]
        if pixels.dtype == bool:
            pixels = pixels.astype(numpy.uint8)
        height, width, channels = pixels.shape
        native = numpy.ascontiguousarray(pixels, pixels.dtype.newbyteorder("="))
        native.tofile(self.path(f"{name}.{page}.raw"))
        kind = f"{native.dtype.kind}{native.dtype.itemsize * 8}"
        bits = bits or native.dtype.itemsize * 8
        self.line(name, page, "ok", prefix + kind, height, width, channels, bits, photometric, tolerance, note)

    def bad(self, name, status, text, page=0):
        self.line(name, page, "fail", status, text)

    def line(self, *fields):
        self.lines.append("\t".join(str(field) for field in fields))

    def close(self):
        self.path("manifest.tsv").write_text("\n".join(self.lines) + "\n")


def parts(pixels):
    """Complex pixels as real ones: the last axis has twice as many."""
    pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
    return numpy.ascontiguousarray(pixels).view(pixels.real.dtype)


def image(dtype, height=47, width=61, channels=0):
    """Smooth in one corner, noise in the other, with every extreme value."""
    dtype = numpy.dtype(dtype)
    if dtype.kind == "c":
        half = numpy.dtype(f"f{dtype.itemsize // 2}")
        return image(half, height, width, 2 * (channels or 1)).view(dtype).squeeze()
    shape = (height, width, channels) if channels else (height, width)
    noise = numpy.random.default_rng(height * width + channels + dtype.num)
    y, x = numpy.mgrid[:height, :width]
    ramp = ((y * 3 + x * 5) % 251).astype(float)
    if channels:
        ramp = ramp[:, :, None] + numpy.arange(channels) * 7
    rough = (y + x > (height + width) // 2)
    rough = rough[:, :, None] if channels else rough
    if dtype.kind == "f":
        pixels = numpy.where(rough, noise.standard_normal(shape) * 100, ramp / 7).astype(dtype)
        pixels.flat[:4] = [0.0, -0.0, numpy.inf, -1.5]
        return pixels
    limits = numpy.iinfo(dtype)
    raw = noise.integers(0, 256, (*shape, dtype.itemsize), numpy.uint8).view(dtype)[..., 0]
    pixels = numpy.where(rough, raw, ramp.astype(dtype)).astype(dtype)
    pixels.flat[:3] = [limits.min, limits.max, 1]
    return pixels


def smooth(height=47, width=61, channels=0):
    """What JPEG is made for."""
    y, x = numpy.mgrid[:height, :width]
    planes = [128 + 90 * numpy.sin((x * (1 + c) + y * 2) / 17 + c) for c in range(channels or 1)]
    pixels = numpy.stack(planes, axis=-1).astype(numpy.uint8)
    return pixels if channels else pixels[:, :, 0]


def run(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def convert(*arguments):
    """ImageMagick; not every `convert` is its own."""
    for program in filter(shutil.which, ("magick", "convert", "/usr/bin/convert")):
        said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        if said.startswith("Version: ImageMagick"):
            return run(program, *arguments)
    raise SystemExit("ImageMagick is missing: apt-get install imagemagick libtiff-tools")
