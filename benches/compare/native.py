"""The floor, the Rust crates, and zstack itself: libraries called through ctypes.

Each function takes the data of a case and gives back a load: a function without
arguments that returns a fresh array. What happens before it is called is not timed.
"""

import ctypes
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from ctypes import byref, c_bool, c_char_p, c_size_t, c_uint32, c_void_p
from functools import cache
from pathlib import Path

import numpy as np

from layout import PNG, PNG_BY_FDEFLATE, Layout


@cache
def _peers():
    library = ctypes.CDLL(os.environ["COMPARE_PEERS"])
    library.floor_plan.restype = c_void_p
    library.floor_plan.argtypes = [c_char_p, c_size_t, c_void_p, c_size_t, c_void_p, c_size_t,
                                   c_uint32, c_uint32, c_uint32]
    library.floor_load.restype = library.crates_load.restype = c_char_p
    library.floor_load.argtypes = [c_void_p, c_void_p, c_size_t]
    library.crates_load.argtypes = [c_bool, c_char_p, c_size_t, c_void_p, c_size_t, c_size_t]
    return library


def _succeed(cause):
    if cause is not None:
        raise RuntimeError(cause.decode())


def fresh(case):
    """A destination: new anonymous memory, for which NumPy asks for huge pages."""
    return np.empty(case.shape, case.dtype)


def floor(data):
    if data.case.store == "jpeg":
        return _floor_of_jpeg(data)
    layout = Layout(data)
    loads = [_floor(data.case, layout, codec)
             for codec in ([PNG, PNG_BY_FDEFLATE] if layout.codec == PNG else [layout.codec])]
    # Which of two decoders is the faster depends on the files.
    return min(loads, key=_least_seconds) if len(loads) > 1 else loads[0]


def _floor(case, layout, codec):
    library, paths = _peers(), "\0".join(layout.paths).encode()
    plan = library.floor_plan(paths, len(paths), layout.items.ctypes.data, len(layout.items),
                              layout.chunks.ctypes.data, len(layout.chunks), codec, layout.predictor,
                              int(case.dtype[-1]))

    def load():
        volume = fresh(case)
        _succeed(library.floor_load(plan, volume.ctypes.data, volume.nbytes))
        return volume

    return load


def _least_seconds(load):
    def once():
        start = time.perf_counter()
        load()
        return time.perf_counter() - start

    return min(once() for _ in range(5))


def _floor_of_jpeg(data):
    """libjpeg-turbo, as imagecodecs brings it, in two threads."""
    import imagecodecs

    case, paths = data.case, data.paths

    def load():
        volume = fresh(case)

        def every_second(first):
            for z in range(first, len(paths), 2):
                imagecodecs.jpeg8_decode(Path(paths[z]).read_bytes(), out=volume[z])

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(every_second, range(2)))
        return volume

    return load


def _crates(with_tiff, data):
    case, library, paths = data.case, _peers(), "\0".join(data.paths).encode()

    def load():
        volume = fresh(case)
        _succeed(library.crates_load(with_tiff, paths, len(paths), volume.ctypes.data, volume.nbytes,
                                     len(volume)))
        return volume

    return load


def image_rayon(data):
    return None if data.case.store in ("pages", "imagej") else _crates(False, data)


def tiff_rayon(data):
    return None if data.case.store in ("png", "jpeg", "bmp") else _crates(True, data)


def zstack(data):
    return _zstack(data, lambda _bytes: fresh(data.case))


def zstack_malloc(data):
    """The same into memory of malloc, as a program in C would have it."""
    libc = ctypes.CDLL(None)
    libc.malloc.argtypes, libc.malloc.restype = [c_size_t], c_void_p
    libc.free.argtypes = [c_void_p]

    class Owner:
        def __init__(self, size):
            self.start = libc.malloc(size)
            self.__array_interface__ = {"version": 3, "shape": data.case.shape, "data": (self.start, False),
                                        "typestr": np.dtype(data.case.dtype).str}

        def __del__(self):
            libc.free(self.start)

    return _zstack(data, lambda size: np.asarray(Owner(size)))


def _zstack(data, allocate):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "python"))
    import zstack_ctypes as zs

    def load():
        # Stack.load makes Python objects of the whole report, slice by slice; a
        # program that wants only the pixels and the status does not.
        with zs.open(data.source) as stack:
            plan, report = zs._Plan(), c_void_p()
            zs._plan(stack._handle, None, byref(plan))
            volume = allocate(plan.buffer_bytes)
            zs._load(stack._handle, None, volume.ctypes.data, volume.nbytes, byref(report))
            zs._report_free(report)
        return volume

    return load
