"""Time zones are those of the package that is installed with owltype, whatever the machine has."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from zoneinfo import reset_tzpath

import pytest

from exporter.language import filters
from exporter.language.filters import FilterOptions, apply_filters


def test_the_zones_of_the_machine_are_not_asked(tmp_path: Path) -> None:
    (tmp_path / "Europe").mkdir()
    other = files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo").read_bytes()
    (tmp_path / "Europe/Lisbon").write_bytes(other)
    (tmp_path / "Europe/Nowhere").write_bytes(other)
    reset_tzpath([str(tmp_path)])
    filters._find.cache_clear()
    try:
        assert apply_filters(["Europe/Lisbon", "%H"], "2022-01-01 00:30 +0300", FilterOptions()) == "21"
        assert filters._zone("Europe/Nowhere") is None
    finally:
        reset_tzpath()


@pytest.mark.parametrize("name", ["", "UTC", "Europe", "Europe/", "/Lisbon", "../zones", "Europe/../Europe/Lisbon", "europe/lisbon", "a/b"])
def test_what_is_not_a_zone(name: str) -> None:
    assert filters._zone(name) is None
