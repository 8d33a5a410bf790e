"""The filter `path` makes of a path what Hugo's urlize does."""

from __future__ import annotations

import pytest

from exporter.language.filters import NO_OPTIONS, VariableError, apply_filters

# What Hugo 0.111.3 made of each with `urlize`, percent-encoding taken back.
URLIZED = {
    "C++": "c++",
    "Hello World": "hello-world",
    " lead  trail ": "lead-trail",
    "Über uns": "über-uns",
    "a/b c/D": "a/b-c/d",
    "50% off": "50-off",
    "50%25": "50%25",
    "a--b": "a--b",
    "a - b": "a-b",
    "a & b": "a-b",
    "what?": "what",
    "it's": "its",
    "a,b;c:d": "abcd",
    "(x) [y] {z}": "x-y-z",
    "naïve café": "naïve-café",
    "日本語 テスト": "日本語-テスト",
    "हिन्दी भाषा": "हिन्दी-भाषा",
    "~tilde@at+plus=eq$dol!": "~tilde@at+pluseqdol",
    "a.b_c": "a.b_c",
    "/lead/slash/": "/lead/slash/",
    "a//b": "a//b",
    "emoji 😀 x": "emoji-x",
    "ﬁ İ ẞ": "ﬁ-i-ß",
    "a\u00a0b": "a-b",
    "tab\tx": "tab-x",
    "-dash- ": "-dash-",
    "x%": "x",
    "%zz": "zz",
    "“quoted”": "quoted",
    "٣": "٣",
    "a·b": "ab",
}


@pytest.mark.parametrize(("text", "expected"), URLIZED.items())
def test_path_is_as_hugo_makes_it(text: str, expected: str) -> None:
    assert apply_filters(["path"], text, NO_OPTIONS) == expected


@pytest.mark.parametrize("text", ["²³½", "Ⅷ", "’", "?!"])
def test_path_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(VariableError):
        apply_filters(["path"], text, NO_OPTIONS)


def test_number_sign_does_not_begin_a_fragment() -> None:
    assert apply_filters(["path"], "Hello C#", NO_OPTIONS) == "hello-c%23"
