"""Makes zstack/_abi.py from include/zstack.h.

    python generate.py            # writes zstack/_abi.py
    python generate.py --check    # fails when the file is not what the header says

The header is made by cbindgen, in one regular layout; whatever is not in that
layout is an error here, never a declaration left out.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADER = HERE.parent / "include" / "zstack.h"
TARGET = HERE / "zstack" / "_abi.py"

SCALARS = {
    "size_t": "c_size_t",
    "float": "c_float",
    "double": "c_double",
    "char": "c_char",
    "zstack_status": "c_int32",
} | {f"{sign}int{bits}_t": f"c_{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}

# Its fields are the functions below, which are declared one by one.
TABLE = "zstack_api"

PRELUDE = '''"""The declarations of zstack.h for ctypes.

Made by generate.py from include/zstack.h; do not edit.
"""

import ctypes
from ctypes import *  # noqa: F403
from typing import Any, Final

'''


class Header:
    """What is declared in the text of a header, in its order."""

    def __init__(self, text: str) -> None:
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        text = re.sub(r"//[^\n]*", "", text)
        self.text = re.sub(r"\(\*(\w+)\)\s*\(", r"(*\1)(", text)
        self.defines = {
            name: int(value) for name, value in re.findall(r"^#define (ZSTACK_\w+) (-?\d+)$", self.text, re.M)
        }
        self.enums: dict[str, dict[str, int]] = {}
        for name, body in re.findall(r"^enum (\w+)\n(?:#if.*?#endif\s*?\n)?\s*\{(.*?)^\};", self.text, re.M | re.S):
            self.enums[name] = {key: int(value) for key, value in re.findall(r"(\w+) = (-?\d+),", body)}
        self.opaque = re.findall(r"^typedef struct (\w+) \1;", self.text, re.M)
        self.structs = dict(re.findall(r"^typedef struct (\w+) \{(.*?)^\} \1;", self.text, re.M | re.S))
        self.callbacks = re.findall(r"^typedef ([\w ]+?) \(\*(\w+)\)\((.*?)\);", self.text, re.M | re.S)
        self.functions = re.findall(
            r"^ZSTACK_API\n(?:ZSTACK_\w+\n)*([^;(]*?)(zstack_\w+)\(([^;]*?)\);", self.text, re.M | re.S
        )
        self._refuse_what_was_missed()

    def _refuse_what_was_missed(self) -> None:
        for what, found, there in (
            ("enums", len(self.enums), len(re.findall(r"^enum ", self.text, re.M))),
            ("functions", len(self.functions), len(re.findall(r"^ZSTACK_API$", self.text, re.M))),
            (
                "types",
                len(self.opaque) + len(self.structs) + len(self.callbacks) + 2 * len(self.enums),
                len(re.findall(r"^typedef ", self.text, re.M)),
            ),
        ):
            if found != there:
                raise SystemExit(f"zstack.h: {there} {what} are declared, of which only {found} are understood")

    def ctype(self, declared: str) -> str:
        """The ctypes expression for a C type, such as `const struct zstack *`."""
        words = re.sub(r"\b(const|struct|enum)\b", "", declared).replace("*", " * ").split()
        base, stars = words[0], words.count("*")
        if len(words) != 1 + stars:
            raise SystemExit(f"zstack.h: unknown type: {declared}")
        if base in self.opaque or base in (TABLE, "void"):
            if stars == 0:
                return "None"
            return "POINTER(" * (stars - 1) + "c_void_p" + ")" * (stars - 1)
        if base == "char" and stars:
            return "POINTER(" * (stars - 1) + "c_char_p" + ")" * (stars - 1)
        known = SCALARS.get(base) or (base if base in self.structs or self._is_callback(base) else None)
        if known is None:
            raise SystemExit(f"zstack.h: unknown type: {declared}")
        return "POINTER(" * stars + known + ")" * stars

    def _is_callback(self, name: str) -> bool:
        return any(name == callback for _, callback, _ in self.callbacks)

    def parameters(self, declared: str) -> list[str]:
        """The ctypes expressions of a list of parameters."""
        if declared.strip() in ("", "void"):
            return []
        return [self.ctype(re.sub(r"\w+$", "", one.strip())) for one in declared.split(",")]

    def fields(self, struct: str) -> list[tuple[str, str]]:
        """The fields of a struct: (name, ctypes expression)."""
        fields = []
        for line in self.structs[struct].split(";"):
            if not line.strip():
                continue
            match = re.fullmatch(r"(.*?)(\w+)((?:\[\w+\])?)", line.strip(), re.S)
            if match is None:
                raise SystemExit(f"zstack.h: unknown field: {line.strip()}")
            ctype = self.ctype(match[1])
            fields.append((match[2], f"{ctype} * {match[3][1:-1]}" if match[3] else ctype))
        return fields


def declarations(header: Header) -> str:
    """The text of _abi.py."""
    out = [PRELUDE]
    for constants in (header.defines, *header.enums.values()):
        out += [f"{name}: Final = {value}\n" for name, value in constants.items()] + ["\n"]
    # A callback or a struct may name those before it: in the order of the header.
    named = [(header.text.index(f"(*{name})("), name, (result, params)) for result, name, params in header.callbacks]
    named += [(header.text.index(f"typedef struct {name} {{"), name, None) for name in header.structs if name != TABLE]
    for _, name, callback in sorted(named, key=lambda one: one[0]):
        if callback:
            types = [header.ctype(callback[0]), *header.parameters(callback[1])]
            out.append(f"\n{name} = CFUNCTYPE({', '.join(types)})\n")
        else:
            out.append(f"\n\nclass {name}(Structure):\n    _fields_ = [\n")
            out += [f'        ("{field}", {ctype}),\n' for field, ctype in header.fields(name)]
            out.append("    ]\n\n")
    out.append("\n# Each function: its result, and its arguments.\n")
    out.append("FUNCTIONS: Final[dict[str, tuple[Any, list[Any]]]] = {\n")
    for result, name, params in header.functions:
        out.append(f'    "{name}": ({header.ctype(result)}, [{", ".join(header.parameters(params))}]),\n')
    out.append("}\n")
    text = "".join(out)
    used = sorted(set(re.findall(r"\b(c_\w+|POINTER|CFUNCTYPE|Structure)\b", text)))
    text = text.replace("import ctypes\nfrom ctypes import *  # noqa: F403\n", f"from ctypes import {', '.join(used)}\n")
    return re.sub(r"\n{4,}", "\n\n\n", text)


def main() -> None:
    text = declarations(Header(HEADER.read_text(encoding="utf-8")))
    if sys.argv[1:] == ["--check"]:
        if TARGET.read_text(encoding="utf-8") != text:
            raise SystemExit("zstack/_abi.py differs from what zstack.h says: run python/generate.py")
    else:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
