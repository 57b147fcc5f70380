"""The declarations are those of the header, to the byte."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zstack import _abi

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
import generate  # noqa: E402


def test_the_checked_in_declarations_are_what_the_header_says() -> None:
    header = generate.Header(generate.HEADER.read_text(encoding="utf-8"))
    assert generate.TARGET.read_text(encoding="utf-8") == generate.declarations(header)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    uint32_t keep_gaps;\n", ""),
        ("    uint32_t keep_gaps;\n", "    uint64_t keep_gaps;\n"),
        ("ZSTACK_STATUS_MISSING = 37", "ZSTACK_STATUS_MISSING = 38"),
        ("size_t count", "uint32_t count"),
    ],
)
def test_a_changed_header_gives_other_declarations(old: str, new: str) -> None:
    text = generate.HEADER.read_text(encoding="utf-8")
    if old not in text:
        pytest.skip(f"the header has no {old!r}")
    changed = generate.declarations(generate.Header(text.replace(old, new)))
    assert changed != generate.TARGET.read_text(encoding="utf-8")


def test_what_is_not_understood_is_refused() -> None:
    text = generate.HEADER.read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        generate.Header(text + "\nZSTACK_API\nint odd(void), even(void) { }\n")


def test_sizes_offsets_and_constants_are_those_of_the_c_compiler(tmp_path: Path) -> None:
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        pytest.skip("no C compiler")
    structs = {
        name: value
        for name, value in vars(_abi).items()
        if name.startswith("zstack_") and isinstance(value, type) and issubclass(value, ctypes.Structure)
    }
    constants = {name: value for name, value in vars(_abi).items() if re.match("ZSTACK_", name)}
    assert len(structs) > 10 and len(constants) > 60
    expected, lines = [], []
    for name, struct in structs.items():
        expected.append(f"{name} {ctypes.sizeof(struct)}")
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field in struct._fields_:
            place = getattr(struct, field[0])
            expected.append(f"{name}.{field[0]} {place.offset} {place.size}")
            lines.append(
                f'printf("{name}.{field[0]} %zu %zu\\n", '
                f"offsetof({name}, {field[0]}), sizeof((({name} *)0)->{field[0]}));"
            )
    for name, value in constants.items():
        expected.append(f"{name} {value}")
        lines.append(f'printf("{name} %lld\\n", (long long){name});')
    source, program = tmp_path / "sizes.c", tmp_path / "sizes"
    source.write_text('#include <stdio.h>\n#include "zstack.h"\nint main(void) {\n' + "\n".join(lines) + "\n}\n")
    subprocess.run([compiler, "-I", str(ROOT / "include"), str(source), "-o", str(program)], check=True)
    output = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout
    assert output.splitlines() == expected
