"""What libyaml misreads is disguised character for character, and the strict parser never sees an alias that it would copy out."""

from __future__ import annotations

import pytest

from exporter.records.reading import read_text
from exporter.records.yaml.disguise import Disguise

PAIR = r"\uD83D\uDE05"


@pytest.mark.parametrize("source", ["a: x\u2028y\x85", f'a: "{PAIR}{PAIR}"', f"a: {PAIR}", f'a: "\\\\{PAIR}"', "a: \ue000\u2029"])
def test_positions_stay_what_they_are(source: str) -> None:
    hidden = Disguise(source)
    assert len(hidden.text) == len(source)
    assert hidden.reveal(hidden.text, "plain") == source


def test_a_pair_is_one_character_in_double_quotes_only() -> None:
    hidden = Disguise(f'"{PAIR} x"')
    assert hidden.reveal(hidden.text, "double") == '"\U0001f605 x"'
    assert hidden.reveal(hidden.text, "single") == f'"{PAIR} x"'


def test_an_escaped_backslash_before_a_pair_is_no_pair() -> None:
    source = f'"\\{PAIR}"'
    assert Disguise(source).text == source


def test_the_strict_parser_gets_words_for_aliases() -> None:
    source = "a: &x:y 1\nb: [*x:y, *x:y ]\n"
    judged = Disguise(source).judged([source.index("*"), source.rindex("*")])
    assert judged == "a: &x:y 1\nb: [____, ____ ]\n"


def test_more_pairs_than_there_are_stand_ins_are_refused_as_they_stand() -> None:
    pairs = "".join(rf"\u{0xD800 + n // 1024:04X}\u{0xDC00 + n % 1024:04X}" for n in range(140_000))
    hidden = Disguise(f'"{pairs}"')
    assert len(hidden.text) == len(pairs) + 2
    assert r"\uD8" in hidden.text


def test_a_long_text_is_looked_at_once_however_many_aliases_it_has() -> None:
    record = read_text("a.yaml", f'a: &a "{"x" * 5_000}\\n"\nb: [{", ".join(["*a"] * 9_000)}]\n').record
    assert record is not None
    values = record.front_matter["b"]
    assert isinstance(values, list)
    assert len({id(value) for value in values}) == 1
