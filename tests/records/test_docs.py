"""The examples in docs/reading.md run."""

from __future__ import annotations

import doctest

from tests.records.places import ROOT


def test_examples_of_the_reading_page_run() -> None:
    result = doctest.testfile(str(ROOT / "docs" / "reading.md"), module_relative=False)
    assert result.attempted >= 8
    assert result.failed == 0
