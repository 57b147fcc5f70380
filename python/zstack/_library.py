"""The shared library: where it is, and its functions with their types.

Looked for beside this file (there it is in an installed package), then where the
environment variable ZSTACK_LIBRARY says, then where `cargo build --release` puts
it in a source tree.
"""

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

from . import _abi
from .errors import ZstackError, error_of


def find() -> Path:
    """The path of the shared library."""
    name = {"win32": "zstack.dll", "darwin": "libzstack.dylib"}.get(sys.platform, "libzstack.so")
    here = Path(__file__).resolve().parent
    bundled, built = here / name, here.parents[1] / "target" / "release" / name
    if bundled.exists():
        return bundled
    if given := os.environ.get("ZSTACK_LIBRARY"):
        return Path(given)
    if built.exists():
        return built
    raise ImportError(
        f"{name} is not beside {here.name}: install the wheel, or run `cargo build --release`, "
        "or name the library in ZSTACK_LIBRARY"
    )


def _bound(path: Path) -> ctypes.CDLL:
    library = ctypes.CDLL(str(path))
    for name, (result, arguments) in _abi.FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"{path} is older than this package: it has no {name}") from None
        function.restype, function.argtypes = result, arguments
    if library.zstack_abi() != _abi.ZSTACK_ABI:
        raise ImportError(f"{path} has ABI {library.zstack_abi()}, this package needs {_abi.ZSTACK_ABI}")
    return library


library = _bound(find())


def new(struct: type[Any], **fields: Any) -> Any:
    """A struct with its size set, the given fields, and everything else zero."""
    return struct(struct_size=ctypes.sizeof(struct), **fields)


def plain(struct: Any) -> dict[str, Any]:
    """The fields of a struct as Python values that outlive the handle they belong to."""
    values = {}
    for field in struct._fields_:
        value = getattr(struct, field[0])
        if field[0] not in ("struct_size", "reserved"):
            values[field[0]] = os.fsdecode(value) if isinstance(value, bytes) else value
    return values


def call(name: str, *arguments: Any, fine: tuple[int, ...] = (_abi.ZSTACK_STATUS_OK,)) -> tuple[int, ZstackError | None]:
    """Calls a function whose last argument is the error.

    Returns the status if it is among the `fine` ones, with what the library has to
    say to it (None for nothing); raises otherwise.
    """
    error = new(_abi.zstack_error)
    status: int = getattr(library, name)(*arguments, ctypes.byref(error))
    said = error_of(status, word("status", status), plain(error)) if status != _abi.ZSTACK_STATUS_OK else None
    if status not in fine and said is not None:
        raise said
    return status, said


def word(kind: str, number: int) -> str:
    """The library's word for a number: kind is status, state, reason, format and so on."""
    return str(getattr(library, f"zstack_{kind}_name")(number).decode())


class Handle:
    """A pointer that the library gave out, freed when nobody uses it any more.

    Whoever calls the library keeps a reference during the call, so that a
    `close` in another thread frees nothing under it.
    """

    __slots__ = ("_free", "pointer")

    def __init__(self, pointer: ctypes.c_void_p, free: str) -> None:
        self.pointer, self._free = pointer, getattr(library, free)

    def __del__(self) -> None:
        self._free(self.pointer)
