"""What is asked for: words and NumPy's indices as the library's load options."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import _abi
from ._library import new

POLICIES = {
    "fill": _abi.ZSTACK_POLICY_FILL,
    "raise": _abi.ZSTACK_POLICY_FAIL,
    "skip": _abi.ZSTACK_POLICY_SKIP,
    "interpolate": _abi.ZSTACK_POLICY_INTERPOLATE,
}

Z = int | slice | range | tuple[int, int] | None
Roi = Sequence[int] | None


def load_options(
    slices: int,
    z: Z = None,
    roi: Roi = None,
    step: int | None = None,
    on_error: str = "fill",
    fill: float = 0,
    **more: int | None,
) -> Any:
    """A zstack_load_options for a stack of so many slices."""
    if on_error not in POLICIES:
        raise ValueError(f"on_error is one of {', '.join(POLICIES)}, not {on_error!r}")
    known = {field[0] for field in _abi.zstack_load_options._fields_}
    given = {name: value for name, value in more.items() if value is not None}
    if unknown := sorted(given.keys() - known):
        raise TypeError(f"no such option: {', '.join(unknown)}")
    if negative := sorted(name for name, value in given.items() if value < 0):
        raise ValueError(f"negative: {', '.join(negative)}")
    chosen = z_range(slices, z, step)
    if len(chosen) == 0:
        raise ValueError(f"z {z} holds none of the {slices} slices")
    options = new(_abi.zstack_load_options, policy=POLICIES[on_error], fill_value=fill, **given)
    _set_z(options, chosen)
    if roi is not None:
        x, y, width, height = (int(value) for value in roi)
        if min(x, y) < 0 or min(width, height) < 1 or max(x, y, width, height) >= 1 << 32:
            raise ValueError(f"roi is (x, y, width, height) in pixels, not {tuple(roi)}")
        options.x, options.y, options.width, options.height = x, y, width, height
    return options


def z_range(slices: int, z: Z, step: int | None) -> range:
    """The slices asked for, as a range that goes forwards."""
    if step is not None and step < 1:
        raise ValueError(f"step is 1 or more, not {step}; s[::-1] gives slices in reverse")
    if z is None:
        chosen = range(slices)
    elif isinstance(z, slice):
        chosen = range(slices)[z]
    elif isinstance(z, range):
        chosen = z
    elif isinstance(z, tuple):
        chosen = range(*z)
    else:
        at = int(z) + (slices if z < 0 else 0)
        chosen = range(at, at + 1)
    if chosen.step < 0:
        raise ValueError("z goes forwards; s[::-1] gives slices in reverse")
    if len(chosen) and (chosen[0] < 0 or chosen[-1] >= slices):
        raise ValueError(f"z {z} reaches past the {slices} slices")
    return chosen[::step] if step else chosen


def _set_z(options: Any, chosen: range) -> None:
    options.z_first, options.z_step = chosen[0], chosen.step
    options.z_count = chosen[-1] - chosen[0] + 1


@dataclass(frozen=True)
class Selection:
    """What an index of NumPy takes from a volume.

    ranges: one per axis, what is read of it
    after: the index that is applied to what was read
    shape: of the result
    """

    ranges: tuple[range, ...]
    after: tuple[int | slice, ...]
    shape: tuple[int, ...]


def selection(key: Any, shape: tuple[int, ...]) -> Selection:
    """An index of integers, slices and an ellipsis over a volume of this shape."""
    keys = list(key) if isinstance(key, tuple) else [key]
    dots = [place for place, one in enumerate(keys) if one is Ellipsis]
    if len(dots) > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    if len(keys) - len(dots) > len(shape):
        raise IndexError(f"too many indices: the stack has {len(shape)} dimensions, {len(keys)} were given")
    missing: list[Any] = [slice(None)] * (len(shape) - len(keys) + len(dots))
    place = dots[0] if dots else len(keys)
    keys[place : place + len(dots)] = missing
    ranges: list[range] = []
    after: list[int | slice] = []
    result: list[int] = []
    for axis, (one, size) in enumerate(zip(keys, shape, strict=True)):
        if isinstance(one, slice):
            wanted = range(size)[one]
            forwards = wanted if wanted.step > 0 else wanted[::-1]
            # Only z is read in steps; of rows, columns and channels all between.
            read = forwards if axis == 0 else range(forwards[0], forwards[-1] + 1) if forwards else forwards
            ranges.append(read)
            every = 1 if axis == 0 else forwards.step
            after.append(slice(None, None, every if wanted.step > 0 else -every))
            if wanted.step < 0 and every > 1 and forwards:
                after[-1] = slice(len(read) - 1, None, -every)
            result.append(len(wanted))
        else:
            at = _index(one, axis, size)
            ranges.append(range(at, at + 1))
            after.append(0)
    return Selection(tuple(ranges), tuple(after), tuple(result))


def _index(one: Any, axis: int, size: int) -> int:
    if isinstance(one, bool) or not hasattr(one, "__index__"):
        raise TypeError(
            "a stack is indexed by integers, slices and an ellipsis; np.asarray(stack) gives an array for the rest"
        )
    at: int = one.__index__()
    if not -size <= at < size:
        raise IndexError(f"index {at} is out of bounds for axis {axis} with size {size}")
    return at % size
