"""Which patterns of users may run, and what is shown instead of those that may not."""

from __future__ import annotations

import re

import pytest

from exporter.language.patterns import PatternError, parse_pattern

ORDINARY = r"""
(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})
(?P<y>\d{4})(?:-(?P<m>\d{2})(?:-(?P<d>\d{2}))?)?
(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{2,4})
(?P<name>.+?)\s*<(?P<mail>[^@\s]+@[^>\s]+)>
(?P<name>.+?)\s*\((?P<role>.+?)\)
(?P<last>[^,]+),\s*(?P<first>.+)
(?P<first>\S+)(?:\s+(?P<mid>\S+))?\s+(?P<last>\S+)
(?P<scheme>[^:]+): (?P<label>.+)
(?P<a>.+) - (?P<b>.+)
(?P<a>.+?)\s+[-–—]\s+(?P<b>.+)
\s*(?P<k>.+?)\s*[:=]\s*(?P<v>.+?)\s*
(?P<a>.+), (?P<b>.+), (?P<c>.+)
#?(?P<tag>[\w-]+)
https?://(?:www\.)?(?P<host>[^/:]+)(?::(?P<port>\d+))?(?P<path>/[^?#]*)?(?:\?(?P<q>[^#]*))?(?:#(?P<f>.*))?
(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)
(?P<v>\d+\.\d+\.\d+(?:-[\w.]+)?(?:\+[\w.]+)?)
(?P<doi>10\.\d{4,9}/[-._;()/:A-Za-z0-9]+)
(?P<isbn>97[89][- ]?(?:\d[- ]?){9}[\dX])
(?i)chapter\s+(?P<n>\d+)(?::\s*(?P<t>.+))?
(?P<lat>[+-]?\d+(?:\.\d+)?)\s*,\s*(?P<lon>[+-]?\d+(?:\.\d+)?)
\[(?P<text>[^\]]*)\]\((?P<url>[^)\s]+)(?:\s+"(?P<title>[^"]*)")?\)
(?P<words>\w+(?:[ '-]\w+)*)
(?P<city>.+), (?P<state>[A-Z]{2}) (?P<zip>\d{5}(?:-\d{4})?)
(?P<q>["'])(?P<t>(?:(?!(?P=q)).)*)(?P=q)
(?P<w>(?:\w|\d)+):
(?P<words>(?:\b\w+\b\s*)+)
(?P<name>(?:\w++\s?)++)
""".strip().split("\n")

ENDLESS = {
    r"(?P<x>(a+)+)": "(?P<x>a+)",
    r"(?P<x>(\w+\s?)+)": r"(?P<x>(?:\w++\s?)++)",
    r"(?P<x>(?:[a-z]+)*)!": "(?P<x>[a-z]*)!",
    r"(?P<x>(?:\w+[ ,]*)+)": r"(?P<x>(?:\w++[ ,]*+)++)",
    r"(?P<x>(\s*\S+\s*)*)": r"(?P<x>(?:\s*+\S++\s*+)*+)",
    r"(?P<x>^(\w+\.?)+@(\w+\.?)+$)": r"(?P<x>^(?:\w++\.?)++@(?:\w++\.?)++$)",
    r"(?P<x>(?:a|ab|b)*)!": "(?P<x>(?:a|ab|b)*+)!",
    r"(?P<x>(x+x+)+y)": "(?P<x>x{2,}y)",
    r"(?P<x>(.*)*)": "(?P<x>.*)",
    r"(?P<x>(?:.|\s)*)y": "(?P<x>(?s:.)*)y",
    r"(?P<x>(?: ?)+b)+": None,
    r"(?P<x>(?:a?){30}a{30})": None,
    r"(?P<x>(.*?,){11}P)": None,
    r"(?P<a>.+), (?P<b>.+), (?P<c>.+), (?P<d>.+), (?P<e>.+)": (
        r"(?P<a>[^,\n]+), (?P<b>[^,\n]+), (?P<c>[^,\n]+), (?P<d>[^,\n]+), (?P<e>.+)"
    ),
}


@pytest.mark.parametrize("pattern", ORDINARY)
def test_ordinary_patterns_may_run(pattern: str) -> None:
    longest = parse_pattern(pattern).longest
    assert longest is None or longest >= 100


@pytest.mark.parametrize("pattern", ENDLESS)
def test_patterns_that_backtrack_are_refused_with_one_that_does_not(pattern: str) -> None:
    with pytest.raises(PatternError) as raised:
        parse_pattern(pattern)
    assert raised.value.backtracks
    assert raised.value.instead is not None
    assert ENDLESS[pattern] in {None, raised.value.instead}
    assert parse_pattern(raised.value.instead).compiled.groupindex == re.compile(pattern).groupindex or raised.value.instead.count("(?P<")


def test_what_counts_as_a_letter_is_unicode() -> None:
    match = parse_pattern(r"(?P<name>\w+)").match(" سعدی ")
    assert match is not None
    assert match["name"] == "سعدی"


def test_a_long_value_is_read_where_that_takes_few_steps() -> None:
    pattern = parse_pattern("(?P<a>.+), (?P<b>.+), (?P<c>.+), (?P<d>.+)")
    assert pattern.longest is not None
    assert pattern.match("a, b, c, d" + "x" * 5 * pattern.longest) is not None
    assert pattern.reads("a, " * 60 + "x")
    assert not pattern.reads("a, " * 60 + "\nx")
    assert pattern.match("a, " * 60 + "\nx") is None


def test_patterns_without_end_are_refused() -> None:
    with pytest.raises(PatternError, match="at most 2,000"):
        parse_pattern("(?P<a>" + "x" * 3_000 + ")")


def test_a_long_list_of_words_may_run() -> None:
    words = "|".join(f"{first}{second}word{first}" for first in "abcdefghijklm" for second in "nopqrstuvwxyz")
    assert parse_pattern(f"(?P<word>{words})").longest is None


def test_a_bracket_in_a_set_prints_no_warning_of_python() -> None:
    """Warnings are errors here; a user would see one among the messages."""
    match = parse_pattern("(?P<a>[[a-z]+)").match("[x")
    assert match is not None
    assert match["a"] == "[x"


@pytest.mark.parametrize("pattern", [".*" * 300, "(?:a{1,1000}){1,1000}", "(?:a{1000}){1000}", "(?:a?){4000}b", "a?" * 600 + "a{600}"])
def test_patterns_that_stand_for_millions_of_characters_are_refused_without_writing_them_out(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse_pattern(f"(?P<x>{pattern})x")
