"""Cases in folders: they are discovered, never listed, and an empty discovery fails.

A test module's cases stand in `cases` beside it; what a folder holds is said there. `snapshot` (a fixture) holds texts against the files
that stand for what is expected, and `pytest --update` writes these anew: read the diff as code is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Snapshot = Callable[[Mapping[Path, str]], None]
"""Takes the text that each file is expected to hold; a file that is not there stands for an empty one."""


def discover(module: str, pattern: str = "*/", *, least: int = 1, below: str = "cases") -> pytest.MarkDecorator:
    """Give the mark that runs a test once for each case beside a test module (its `__file__`), in the order of their names."""
    return pytest.mark.parametrize("case", find(module, pattern, least=least, below=below), ids=lambda case: case.stem)


def find(module: str, pattern: str = "*/", *, least: int = 1, below: str = "cases") -> list[Path]:
    """Find the cases beside a test module; fewer than `least` fail the module, as a folder that was moved would pass otherwise."""
    folder = Path(module).parent / below
    found = sorted(path for path in folder.glob(pattern) if not path.name.startswith((".", "_")))
    assert len(found) >= least, f"{folder} has {len(found)} cases, not {least}"
    return found


def compare(texts: Mapping[Path, str], *, update: bool) -> None:
    """Hold texts against files, or write the files; see `Snapshot`."""
    if update:
        for file, text in texts.items():
            _write(file, text)
    expected = {file: file.read_bytes().decode() if file.exists() else "" for file in texts}
    assert dict(texts) == expected


def _write(file: Path, text: str) -> None:
    if text:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
    else:
        file.unlink(missing_ok=True)
