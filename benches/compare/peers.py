"""The readers. Each is asked for a load (see native.py), or for None where it
cannot read what a case stores; its module is imported only then.

Those that can read into an array are given one; the others make their own.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np

import native


@dataclass(frozen=True)
class Peer:
    name: str
    title: str
    package: str  # whose version the report names
    load: Callable


def _each(data, read, threads=1):
    """Slice by slice into one array: read(path, place) writes a slice."""
    case, paths = data.case, data.paths

    def load():
        volume = native.fresh(case)
        if threads == 1:
            for place, path in zip(volume, paths):
                read(path, place)
        else:
            with ThreadPoolExecutor(threads) as pool:
                for _ in pool.map(read, paths, volume):
                    pass
        return volume

    return load


def _is_tiff(case):
    return case.store in ("tiff", "pages", "imagej")


def _pillow(data, threads=1):
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None

    def read(path, place):
        with Image.open(path) as image:
            place[:] = np.asarray(image)

    def pages():
        volume = native.fresh(data.case)
        with Image.open(data.source) as image:
            for z, place in enumerate(volume):
                image.seek(z)
                place[:] = np.asarray(image)
        return volume

    if data.case.store in ("pages", "imagej"):
        return pages if threads == 1 else None
    return _each(data, read, threads)


def _pillow_threads(data):
    return None if data.case.one_file else _pillow(data, 4)


def _tifffile(data):
    import tifffile

    if _is_tiff(data.case):
        source = data.source if data.case.one_file else data.paths
        return lambda: tifffile.imread(source)


def _tifffile_tuned(data):
    import tifffile

    if not _is_tiff(data.case):
        return None

    def load():
        volume = native.fresh(data.case)
        if data.case.one_file:
            out = volume if len(volume) > 1 else volume[0]
            tifffile.imread(data.source, maxworkers=2, out=out)
        else:
            tifffile.imread(data.paths, ioworkers=2, maxworkers=1, out=volume)
        return volume

    return load


def _imagecodecs(data):
    import imagecodecs

    decode = {"tiff": imagecodecs.tiff_decode, "png": imagecodecs.png_decode,
              "jpeg": imagecodecs.jpeg8_decode, "bmp": imagecodecs.bmp_decode}.get(data.case.store)

    def read(path, place):
        decode(Path(path).read_bytes(), out=place)

    return decode and _each(data, read, threads=2)


def _opencv(data):
    import os

    # Its own limit on the size of an image, read when it is loaded.
    os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(1 << 40)
    import cv2

    cv2.setNumThreads(1)

    def read(path, place):
        place[:] = cv2.imread(path, cv2.IMREAD_UNCHANGED)

    def pages():
        volume = native.fresh(data.case)
        _, images = cv2.imreadmulti(data.source, flags=cv2.IMREAD_UNCHANGED)
        for place, image in zip(volume, images, strict=True):
            place[:] = image
        return volume

    return pages if data.case.store in ("pages", "imagej") else _each(data, read, threads=2)


def _simpleitk(data):
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    source = data.source if data.case.one_file else data.paths

    class Volume(np.ndarray):
        """A view that keeps the image whose memory it is."""

    def load():
        image = SimpleITK.ReadImage(source)
        volume = SimpleITK.GetArrayViewFromImage(image).view(Volume)
        volume.image = image
        return volume

    return load


def _cpp_tiff(data):
    import cpptiff

    if not _is_tiff(data.case):
        return None

    def read(path, place):
        cpptiff.read_tiff(path, out=place)

    def whole():
        volume = native.fresh(data.case)
        cpptiff.read_tiff(data.source, out=volume if len(volume) > 1 else volume[0])
        return volume

    return whole if data.case.one_file else _each(data, read)


def _cpp_tiff_batch(data):
    import cpptiff

    if data.case.one_file or not _is_tiff(data.case):
        return None

    def load():
        volume = native.fresh(data.case)
        cpptiff.read_tiff_batch([(path, None, place) for path, place in zip(data.paths, volume)])
        return volume

    return load


PEERS = {peer.name: peer for peer in [
    Peer("floor", "floor", "compare-peers", native.floor),
    Peer("zstack", "zstack", "zstack", native.zstack),
    Peer("zstack-malloc", "zstack, into malloc's memory", "zstack", native.zstack_malloc),
    # Another build of the library; see --old-library.
    Peer("zstack-old", "zstack, old", "zstack", native.zstack),
    Peer("cpp-tiff", "cpp-tiff, file by file", "cpp-tiff", _cpp_tiff),
    Peer("cpp-tiff-batch", "cpp-tiff, batch", "cpp-tiff", _cpp_tiff_batch),
    Peer("imagecodecs", "imagecodecs, 2 threads", "imagecodecs", _imagecodecs),
    Peer("opencv", "OpenCV, 2 threads", "opencv-python-headless", _opencv),
    Peer("tifffile", "tifffile", "tifffile", _tifffile),
    Peer("tifffile-tuned", "tifffile, tuned", "tifffile", _tifffile_tuned),
    Peer("tiff-rayon", "`tiff` + rayon", "tiff", native.tiff_rayon),
    Peer("image-rayon", "`image` + rayon", "image", native.image_rayon),
    Peer("simpleitk", "SimpleITK", "SimpleITK", _simpleitk),
    Peer("pillow", "Pillow loop", "pillow", _pillow),
    Peer("pillow-threads", "Pillow, 4 threads", "pillow", _pillow_threads),
]}
