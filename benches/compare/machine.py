"""What the figures were taken on, and with."""

import os
import platform
import re
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def busy_seconds():
    """Seconds that all processors together were busy since the machine was started."""
    user, nice, system, idle, iowait, irq, softirq, *_ = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def describe(peers, command):
    """For the file of results: machine, versions, date and command."""
    return {"date": date.today().isoformat(), "command": command, "commit": _commit(), "machine": _machine(),
            "versions": {name: _version(name) for name in sorted({peer.package for peer in peers})}}


def _machine():
    cpu = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(), re.M)
    huge = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return {
        "processor": cpu.group(1) if cpu else platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": f"{int(memory.group(1)) / (1 << 20):.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "huge pages": re.search(r"\[(\w+)\]", huge.read_text()).group(1) if huge.exists() else "none",
        "python": platform.python_version(),
    }


def _version(package):
    root = Path(__file__).resolve().parents[2]
    match package:
        case "zstack":
            return re.search(r'^version = "(.*)"', (root / "Cargo.toml").read_text(), re.M).group(1)
        case "tiff" | "image":
            return _locked(package)
        case "compare-peers":
            return ", ".join(f"{crate} {_locked(crate)}" for crate in ("libdeflate-sys", "fdeflate", "zstd-sys"))
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


def _locked(crate):
    lock = (Path(__file__).resolve().parent / "rust-peers" / "Cargo.lock").read_text()
    return re.search(rf'name = "{crate}"\nversion = "(.*)"', lock).group(1)


def _commit():
    ran = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True,
                         cwd=Path(__file__).parent)
    return ran.stdout.strip() or "?"
