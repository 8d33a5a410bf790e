"""The page on `owltype init` shows what its commands give, in the folder that it shows."""

from __future__ import annotations

import re
from pathlib import Path

from exporter.inference.kinds import FORMS
from exporter.language.dates import date_form
from exporter.sites.profile import PLAIN, load_profiles
from tests.cases import Snapshot
from tests.running import ROOT
from tests.test_readme import run

PAGE = ROOT / "docs" / "init.md"


def test_commands_give_what_the_page_shows(tmp_path: Path, snapshot: Snapshot) -> None:
    page, folder = PAGE.read_text("utf-8"), tmp_path / "kitchen"
    for name, text in re.findall(r"<!-- file: (\S+) -->\n```\w*\n(.*?)```", page, re.DOTALL):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    consoles = re.split(r"(?<=```console\n)(.*?)(?=```)", page, flags=re.DOTALL)
    assert len(consoles) > 7
    for number, console in enumerate(consoles):
        if number % 2:
            commands = re.findall(r"^\$ (.*)\n", console, flags=re.MULTILINE)
            consoles[number] = "".join(f"$ {command}\n{run(command, folder)}" for command in commands)
    snapshot({PAGE: "".join(consoles)})


def test_every_profile_is_on_the_page() -> None:
    for name in load_profiles():
        assert name == PLAIN or f"`{name}`" in PAGE.read_text("utf-8")


def test_every_form_of_dates_is_one_that_the_vocabulary_reads() -> None:
    for form in FORMS:
        assert date_form(form).text == form
