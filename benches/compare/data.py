"""Makes the data: noisy slices of a phantom, written by tifffile and Pillow.

zstack has no part in it. What was made is kept under the folder of data and made
again only when CONTENT changes.
"""

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import numpy as np
import tifffile
from PIL import Image

CONTENT = 2  # count it up when slices come out differently


def slice_of(case, z):
    """A cross-section of a bottle with rods in it, with the noise of a scanner.

    Of 16 bits the lowest five or so are noise, of 8 bits the lowest two.
    """
    slices, rows, columns = case.shape
    noise = np.random.default_rng([CONTENT, z]).standard_normal((rows, columns), np.float32)
    y, x = np.ogrid[-1:1:rows * 1j, -1:1:columns * 1j]
    turn = 2 * np.pi * z / slices
    volume = np.full((rows, columns), 0.05, np.float32)
    volume[x * x + y * y < 0.81] = 0.4
    for rod in range(5):
        angle = turn + rod * 2 * np.pi / 5
        inside = (x - 0.55 * np.cos(angle)) ** 2 + (y - 0.55 * np.sin(angle)) ** 2 < 0.02 + 0.01 * rod
        volume[inside] = 0.2 + 0.12 * rod
    match case.dtype:
        case "u1":
            return np.clip(volume * 255 + noise * 2, 0, 255).astype("u1")
        case "u2":
            return np.clip(volume * 65535 + noise * 12, 0, 65535).astype("u2")
        case "f4":
            return volume + noise * np.float32(0.002)


class Data:
    """A case on disk: where it is, and what a reader has to find there."""

    def __init__(self, root, case):
        self.case = case
        self.folder = root / case.folder
        self._about = root / f"{case.folder}.json"
        # Lossy files: what libjpeg makes of them, and the only expectation kept whole.
        self._decoded = root / f"{case.folder}.npy"

    @property
    def paths(self):
        return sorted(str(path) for path in self.folder.iterdir())

    @property
    def source(self):
        """What one would hand to a program: the folder, or the one file."""
        return self.paths[0] if self.case.one_file else str(self.folder)

    def make(self):
        made = {"content": CONTENT, "case": asdict(replace(self.case, title=""))}
        if self._about.exists():
            found = json.loads(self._about.read_text())
            if found.pop("sha256") and found == json.loads(json.dumps(made)):
                return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        made["sha256"] = self._write()
        self._about.write_text(json.dumps(made))

    def _write(self):
        match self.case.store:
            case "tiff":
                return self._write_each("tif", lambda path, pixels: tifffile.imwrite(
                    path, pixels, metadata=None, **self.case.options))
            case "png":
                return self._write_each("png", lambda path, pixels: Image.fromarray(pixels).save(path))
            case "bmp":
                return self._write_each("bmp", lambda path, pixels: Image.fromarray(pixels).save(path))
            case "jpeg":
                self._write_each("jpg", lambda path, pixels: Image.fromarray(pixels).save(path, quality=90))
                decoded = np.stack([np.asarray(Image.open(path)) for path in self.paths])
                np.save(self._decoded, decoded)
                return _digest(decoded)
            case "pages" | "imagej":
                return self._write_one()

    def _write_each(self, extension, write):
        digest = hashlib.sha256()

        def one(z):
            pixels = slice_of(self.case, z)
            write(self.folder / f"slice_{z:05}.{extension}", pixels)
            return pixels

        with ThreadPoolExecutor(2) as pool:
            for first in range(0, self.case.shape[0], 64):
                for pixels in pool.map(one, range(first, min(first + 64, self.case.shape[0]))):
                    digest.update(pixels)
        return digest.hexdigest()

    def _write_one(self):
        volume = np.stack([slice_of(self.case, z) for z in range(self.case.shape[0])])
        path = self.folder / "stack.tif"
        if self.case.store == "imagej":
            tifffile.imwrite(path, volume, imagej=True, metadata={"axes": "ZYX"}, **self.case.options)
        else:
            with tifffile.TiffWriter(path, bigtiff=self.case.options["bigtiff"]) as file:
                options = {name: value for name, value in self.case.options.items() if name != "bigtiff"}
                for pixels in volume:
                    file.write(pixels, contiguous=False, metadata=None, **options)
        return _digest(volume)

    def fault(self, array):
        """Says in a few words what is wrong with what a reader gave; None when nothing is."""
        if array.ndim == 2:
            array = array[np.newaxis]
        if array.shape != self.case.shape:
            return "shape " + "x".join(map(str, array.shape))
        if array.dtype.newbyteorder("=") != np.dtype(self.case.dtype):
            return f"type {array.dtype}"
        if _digest(array) == json.loads(self._about.read_text())["sha256"]:
            return None
        # Decoders of JPEG may round differently.
        if self._decoded.exists():
            expected = np.load(self._decoded, mmap_mode="r")
            worst = max(int(np.abs(a.astype("i2") - b).max()) for a, b in zip(array, expected))
            return None if worst <= 2 else f"samples differ by up to {worst}"
        return "samples differ"


def _digest(array):
    native = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    return hashlib.sha256(memoryview(native).cast("B")).hexdigest()
