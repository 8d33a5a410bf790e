"""The page on `owltype init` shows what its commands give, in the folder that it shows."""

from __future__ import annotations

import re
from pathlib import Path

from exporter.inference.kinds import FORMS
from exporter.language.dates import date_form
from exporter.sites.profile import PLAIN, load_profiles
from tests.running import ROOT
from tests.test_readme import run

PAGE = (ROOT / "docs" / "init.md").read_text("utf-8")


def test_commands_give_what_the_page_shows(tmp_path: Path) -> None:
    folder = tmp_path / "kitchen"
    for name, text in re.findall(r"<!-- file: (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    consoles = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    assert len(consoles) > 3
    for console in consoles:
        for step in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
            command, _, expected = step.partition("\n")
            assert run(command, folder) == expected, command


def test_every_profile_is_on_the_page() -> None:
    for name in load_profiles():
        assert name == PLAIN or f"`{name}`" in PAGE


def test_every_form_of_dates_is_one_that_the_vocabulary_reads() -> None:
    for form in FORMS:
        assert date_form(form).text == form
