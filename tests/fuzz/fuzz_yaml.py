"""YAML read the fast way and by the reference: the same value, or the fast way stands back. And the reference refuses with a place."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.records.faults import ReadingError
from exporter.records.reading import read_text
from exporter.records.values import Value, is_same
from exporter.records.yaml.fast import read_fast
from exporter.records.yaml.values import read_slowly
from tests.fuzz.harness import Finding, Rounds
from tests.records.places import text_at
from tests.records.yaml_soup import soup

SMOKE = 2_000
_DRESSED = ("'", '"', "|", ">", "!", "&", "*")
"""How a key may start that is not typed as it is: in quotes, as a block of text, by an alias, behind a tag or an anchor."""


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Make a text; read it both ways, as a whole file with and without its last line break, and between fences."""
    for chance in rounds:
        text = soup(chance)
        for source in (text, text + "\n"):
            yield from _compare(source)
        for path, source in (("a.yaml", text), ("a.md", f"---\n{text}\n---\nbody\n")):
            yield from _places(path, source)


def _compare(source: str) -> Iterator[Finding]:
    fast = read_fast(source)
    if fast is None:
        return
    slow: Value | str
    try:
        slow = read_slowly(source, 0, len(source))
    except ReadingError as error:
        yield Finding(f"the fast way reads what is {error.fault.code}", f"{source!r}\n{fast!r}\n{error.fault.message}")
        return
    if not is_same(fast, slow) or list(_keys(fast)) != list(_keys(slow)):
        yield Finding("the two ways give different values", f"{source!r}\nfast: {fast!r}\nslow: {slow!r}")


def _keys(value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _keys(child)


def _places(path: str, text: str) -> Iterator[Finding]:
    reading = read_text(path, text)
    for key in reading.record.front_matter if reading.record else ():
        assert reading.record is not None
        typed = text_at(reading.record.text, reading.record.locate((key,), key=True))
        if typed.split() != key.split() and typed[:1] not in _DRESSED:  # a key may go over lines
            yield Finding("a key is not where it is said to stand", f"{text!r}\n{key!r}\n{typed!r}")
    lines = text.count("\n") + text.count("\r") + 1
    for problem in reading.problems:
        place = problem.location
        if not (
            1 <= place.line <= lines and place.column >= 1 and (place.end_line or place.line, place.end_column or 0) >= (place.line, 0)
        ):
            yield Finding(f"{problem.code} stands outside the text", f"{text!r}\n{place!r}")
