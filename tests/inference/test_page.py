"""The page on `owltype init` names every profile and form of dates that there is; its commands run in `test_walkthroughs`."""

from __future__ import annotations

from exporter.inference.kinds import FORMS
from exporter.language.dates import date_form
from exporter.sites.profile import PLAIN, load_profiles
from tests.running import ROOT

PAGE = ROOT / "docs" / "init.md"


def test_every_profile_is_on_the_page() -> None:
    for name in load_profiles():
        assert name == PLAIN or f"`{name}`" in PAGE.read_text("utf-8")


def test_every_form_of_dates_is_one_that_the_vocabulary_reads() -> None:
    for form in FORMS:
        assert date_form(form).text == form
