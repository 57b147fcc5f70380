"""Where a load goes: a new array, or one of the caller's."""

from typing import Any

import numpy as np
from numpy.typing import NDArray



def dtype_of(name: str) -> np.dtype[Any]:
    """NumPy's type for the library's name, such as "u16"."""
    return np.dtype(f"{name[0]}{int(name[1:]) // 8}")


def destination(out: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """`out` as a writable array of this shape, or a new one.

    A buffer without a shape (bytearray, mmap, shared memory) may be longer.
    """
    if out is None:
        return np.empty(shape, dtype)
    if isinstance(out, np.ndarray):
        array: NDArray[Any] = out
    else:
        view = memoryview(out)
        array = np.asarray(view)
        if view.ndim == 1 and view.itemsize == 1 and array.shape != shape:
            needed = int(np.prod(shape)) * dtype.itemsize
            if view.nbytes < needed:
                raise ValueError(f"out has {view.nbytes} bytes, {needed} are needed")
            array = np.frombuffer(view, dtype, int(np.prod(shape))).reshape(shape)
    if not array.flags.writeable:
        raise ValueError("out cannot be written to")
    if array.shape != shape or array.dtype != dtype:
        raise ValueError(f"out is {array.dtype} {array.shape}, the load gives {dtype} {shape}")
    return array


def set_strides(options: Any, array: NDArray[Any]) -> None:
    """Tells the library how the rows and slices of an array lie, or refuses it."""
    slices, height, width = array.shape[:3]
    channels = array.shape[3] if array.ndim == 4 else 1
    item = array.dtype.itemsize
    pixel = channels * item
    if (width > 1 and array.strides[2] != pixel) or (array.ndim == 4 and channels > 1 and array.strides[3] != item):
        raise ValueError("out has gaps within its rows, or its axes in another order; only rows and slices may lie apart")
    row = array.strides[1] if height > 1 else width * pixel
    apart = array.strides[0] if slices > 1 else height * row
    if row < width * pixel or apart < (height - 1) * row + width * pixel:
        raise ValueError("the rows or slices of out overlap, or go backwards")
    options.row_stride, options.slice_stride = row, apart


def extent(array: NDArray[Any]) -> int:
    """Bytes from the first sample of an array to the end of its last."""
    spans = [(n - 1) * s for n, s in zip(array.shape, array.strides, strict=True)]
    return array.dtype.itemsize + int(sum(spans))


