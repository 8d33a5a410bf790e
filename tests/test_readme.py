"""The README's Python runs, and so does that of the page on Python, in the same folder; its commands run in `test_walkthroughs`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT, clean_environment
from tests.walkthroughs import walkthroughs

README = (ROOT / "README.md").read_text("utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README + (ROOT / "docs" / "python.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the README shows."""
    for walk in walkthroughs("README.md"):
        walk.prepare(tmp_path)
    return tmp_path


def test_there_is_something_to_run() -> None:
    assert PYTHON


@pytest.mark.parametrize("code", PYTHON)
def test_python_runs(code: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=folder, env=clean_environment({}), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_make_targets_of_the_readme_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"\bmake ([a-z]+)\b", README):
        if target != "are":  # "Python and make are all …"
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
