"""The Python lines of the two READMEs run."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["README.md", "python/README.md"])
def test_the_lines_of_the_readme_run(name: str, scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scan.parent)
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(import zstack\n.*?)^```", text, re.M | re.S)
    assert len(blocks) == 1
    known: dict[str, object] = {}
    exec(blocks[0], known)
    assert known["measured"].shape == (12, 40, 50)  # type: ignore[attr-defined]
