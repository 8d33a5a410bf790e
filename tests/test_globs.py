"""A glob means what its regular expression means, and takes few steps whatever it and the path are."""

from __future__ import annotations

import re
from random import Random

import pytest

from exporter.globs import glob_pattern
from exporter.language.backtracking import cost
from exporter.language.regex import parse

_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def meaning(glob: str) -> re.Pattern[str]:
    """The glob as a regular expression, which may be slow."""
    tokens = re.split(r"(\*\*/?|\*|\?)", glob.strip("/"))
    return re.compile("(?:.*/)?" + "".join(_MEANINGS.get(token, re.escape(token)) for token in tokens), re.DOTALL)


def test_globs_fit_what_their_meaning_fits() -> None:
    chance = Random(5)
    kinds = set()
    for _ in range(20_000):
        glob = "".join(chance.choice(["a", "b", "/", "*", "**", "**/", "?", "ab", "/a"]) for _ in range(chance.randint(0, 8)))
        path = "".join(chance.choice(["a", "b", "/", "\n", "ab"]) for _ in range(chance.randint(0, 9)))
        made = glob_pattern(glob)
        kinds.add(made.compiled is None)
        assert made.fullmatch(path) == (meaning(glob).fullmatch(path) is not None), (glob, path)
    assert kinds == {True, False}


@pytest.mark.parametrize("glob", ["content/**/*.md", "**/a/*b*c", "**/drafts/**", "a*/?b*.md", "**/_*/**/x"])
def test_what_is_a_regular_expression_takes_few_steps(glob: str) -> None:
    compiled = glob_pattern(glob.removesuffix("/**")).compiled
    assert compiled is not None
    assert cost(parse(f"(?s){compiled.pattern}")).degree in {0, 1, 2}  # of a path, which has 4,096 characters at most


def test_a_glob_of_many_stars_ends() -> None:
    path = "/".join(["a" * 60] * 60)
    assert not glob_pattern("**/a*/**/a*a*a*a*a*b/**/a*/**/c").fullmatch(path)
    assert glob_pattern("**/a*/**/a*a*a*a*a*a/**/a*").fullmatch(path)
