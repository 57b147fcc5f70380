"""Builds the library with cargo and puts it into the wheel, whose version it gives.

The Rust sources are the repository around this folder, or, in an sdist, rust/.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags

HERE = Path(__file__).resolve().parent
CRATE = HERE / "rust" if (HERE / "rust").exists() else HERE.parent
LIBRARY = {"win32": "zstack.dll", "darwin": "libzstack.dylib"}.get(sys.platform, "libzstack.so")


def version() -> str:
    """The crate's."""
    found = re.search(r'^version = "([^"]+)"', (CRATE / "Cargo.toml").read_text(encoding="utf-8"), re.M)
    if found is None:
        raise RuntimeError("Cargo.toml has no version")
    return found[1]


class Hook(BuildHookInterface[Any]):
    """Called by hatchling before it packs a wheel or an sdist."""

    def initialize(self, kind: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            if CRATE != HERE / "rust":
                for name in ("Cargo.toml", "Cargo.lock", "cbindgen.toml", "src", "include", "benches"):
                    build_data["force_include"][str(CRATE / name)] = f"rust/{name}"
            return
        if kind == "editable":
            return
        cargo = shutil.which("cargo")
        if cargo is None:
            raise RuntimeError("cargo is needed to build zstack: https://rustup.rs (or install a wheel)")
        target = Path(os.environ.get("CARGO_TARGET_DIR", CRATE / "target"))
        subprocess.run(
            [cargo, "build", "--release", "--lib", "--locked", "--target-dir", str(target)], cwd=CRATE, check=True
        )
        build_data["force_include"][str(target / "release" / LIBRARY)] = f"zstack/{LIBRARY}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{_platform()}"


def _platform() -> str:
    """This system and newer ones: with manylinux, the glibc that was linked is the oldest that will do."""
    known = [tag.platform for tag in sys_tags()]
    return next((platform for platform in known if platform.startswith("manylinux")), known[0])
