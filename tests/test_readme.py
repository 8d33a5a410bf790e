"""The README's files, commands and Python run, and give what it shows; so does the page on Python, in the same folder."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT, clean_environment

README = (ROOT / "README.md").read_text("utf-8")
FILES = re.findall(r"<!-- file: (\S+) -->\n```\w*\n(.*?)```", README, re.DOTALL)
CONSOLES = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", README + (ROOT / "docs" / "python.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the README shows."""
    for name, text in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path


def test_readme_has_something_to_run() -> None:
    assert FILES
    assert CONSOLES
    assert PYTHON


def test_commands_give_what_the_readme_shows(folder: Path) -> None:
    for console in CONSOLES:
        for step in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
            command, _, expected = step.partition("\n")
            assert run(command, folder) == expected, command


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


def run(command: str, folder: Path) -> str:
    """Run one command line, and give what it says on both streams."""
    words = shlex.split(command)
    if words[0] == "owltype":
        words[:1] = [sys.executable, "-m", "exporter"]
    done = subprocess.run(
        words, cwd=folder, env=clean_environment({}), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120
    )
    return done.stdout
