"""Pages that are read with a terminal beside them: the files that a page shows are written, its commands run, and give what it shows.

A file stands behind `<!-- file: NAME -->`; `<!-- folder: examples/NAME -->` stands for a copy of that folder. Commands stand in `console`
blocks behind `$ `, what they say on both streams below them. A page is one walk through one folder; where it has the mark
`<!-- a folder for each section -->`, each section (`## `) is one of its own. `pytest --update` writes what the commands say into the page.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.running import ROOT, clean_environment

_FILE = re.compile(r"<!-- file: ([^\n]+?) -->\n```\w*\n(.*?)```", re.DOTALL)
_FOLDER = re.compile(r"<!-- folder: (\S+) -->")
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Walkthrough:
    """One walk: the `page` that it is on, its `name`, and its `text` there."""

    page: Path
    name: str
    text: str

    def __str__(self) -> str:
        """Name it for a test."""
        return f"{self.page.stem}-{self.name}".replace(" ", "-")

    @property
    def has_commands(self) -> bool:
        """Whether there is something to run."""
        return _CONSOLE.search(self.text) is not None

    def prepare(self, folder: Path) -> None:
        """Write the files and copy the folders that the page begins with."""
        for name in _FOLDER.findall(self.text):
            shutil.copytree(ROOT / name, folder, dirs_exist_ok=True)
        for name, text in _FILE.findall(self.text):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    def walk(self, folder: Path, *, is_there: Callable[[str], bool] = lambda _: True) -> str:
        """Run the commands in `folder`, and give the text with what they say; a tool that is not there is taken at the page's word."""

        def run_block(block: re.Match[str]) -> str:
            steps = re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]
            assert steps, f"{self}: a console block without a command"
            return "```console\n" + "".join(f"$ {run_step(step)}" for step in steps) + "```"

        def run_step(step: str) -> str:
            command, _, said = step.partition("\n")
            return f"{command}\n{run(command, folder) if is_there(shlex.split(command)[0]) else said}"

        return _CONSOLE.sub(run_block, self.text)

    def replace(self, text: str) -> str:
        """Give the page's text as it stands now, with another text of this walk."""
        return self.page.read_text("utf-8").replace(self.text, text)


def walkthroughs(*pages: str) -> list[Walkthrough]:
    """Give the walks of pages, which are named from the repository's root; one without commands is no walk."""
    found: list[Walkthrough] = []
    for page in pages:
        text = (ROOT / page).read_text("utf-8")
        sections = re.split(r"^(?=## )", text, flags=re.MULTILINE) if "<!-- a folder for each section -->" in text else [text]
        found += [Walkthrough(ROOT / page, part.partition("\n")[0].lstrip("# "), part) for part in sections]
    return [walk for walk in found if walk.has_commands]


def run(command: str, folder: Path) -> str:
    """Run one command line, and give what it says on both streams, each line ended."""
    words = shlex.split(command)
    if words[0] == "owltype":
        words[:1] = [sys.executable, "-m", "exporter"]
    done = subprocess.run(
        words, cwd=folder, env=clean_environment({}), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120
    )
    return done.stdout if done.stdout.endswith("\n") or not done.stdout else f"{done.stdout}\n"
