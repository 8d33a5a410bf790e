"""How deep JSON in a string may be is ours to say: Python's own limit differs from version to version."""

from __future__ import annotations

import pytest

from exporter.language.conversions import ConversionOptions, from_json


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def test_a_hundred_levels_are_read() -> None:
    assert from_json(nested(100), ConversionOptions())


@pytest.mark.parametrize("levels", [101, 900, 5_000, 200_000])
def test_more_are_too_many(levels: int) -> None:
    with pytest.raises(ValueError, match="expected JSON, found one that is nested more than 100 deep"):
        from_json(nested(levels), ConversionOptions())
