"""Fences, line ends and marks at random: what is framed is what a slow and obvious reader frames, and nothing leaves without a name.

The oracle goes through the lines one by one. It knows the plain fences (`---`, `+++`) alone; where it finds front matter, so does the
program, with the same body; where the program reads a record from such a text, the oracle found one. Whatever the text, reading ends in
a record, a reason or problems, each at a place inside the text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from exporter.problems import Location
from exporter.records.reading import read_text
from exporter.records.record import Reading
from tests.fuzz.harness import Finding, Rounds

SMOKE = 150

FENCES = ("---", "+++", "...", "---yaml", "---toml", "---json", "----", "--", "—", "+++toml", "--- # c", "--- !!map", "---YAML", "\\---")
OTHER_FENCES = (";;;", "= yaml =", "= toml =", "= json =", "```toml", "```", "~~~", " ---", "---js", "{", "}", "-----", "= YAML =")
LINES = (
    "title: A",
    'title = "A"',
    '"title": "A",',
    "- a",
    "  - b",
    "# c",
    "",
    "  ",
    "Text.",
    "Note: read.",
    "<pre>",
    "</pre>",
    "[t]",
    "a: [",
    "---x",
)
ENDS = ("\n", "\n", "\n", "\n", "\r\n", "\r", "\u2028")
STARTS = ("", "", "", "", "", "\ufeff", "\u200b", "\n", " ", "\xa0", "<!-- c -->\n")


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Make texts of fences and lines, and read them."""
    for chance in rounds:
        text = _text(chance)
        yield from _check(text)


def _text(chance: random.Random) -> str:
    ends = ENDS if chance.random() < 0.3 else ("\n",) if chance.random() < 0.7 else ("\r\n",)
    pools = (FENCES, OTHER_FENCES, LINES, LINES, ("---",), ("title: A", "date: B"))
    lines = [chance.choice(chance.choice(pools)) + chance.choice(("", "", "", " ", "\t")) for _ in range(chance.randint(1, 9))]
    if chance.random() < 0.5:
        lines[0] = chance.choice(("---", "+++"))
    text = chance.choice(STARTS) + "".join(line + chance.choice(ends) for line in lines)
    return text if chance.random() < 0.8 else text.rstrip("\r\n")


def _check(text: str) -> Iterator[Finding]:
    try:
        reading = read_text("a.md", text)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        yield Finding(f"{type(error).__name__} leaves the reader", f"{error}\n{text!r}")
        return
    if (reading.record is None) and not reading.problems and not reading.skipped:
        yield Finding("a text ends as nothing", repr(text))
    for problem in reading.problems:
        if not _is_inside(problem.location, text):
            yield Finding(f"{problem.code} is at a place outside of the text", f"{problem.location}\n{text!r}")
    yield from _compare(text, reading)


def _is_inside(place: Location, text: str) -> bool:
    lines = re.split(r"\r\n|\n|\r", text)
    return place.line <= len(lines) and place.column <= len(lines[place.line - 1]) + 2


def _compare(text: str, reading: Reading) -> Iterator[Finding]:
    framed = frame_slowly(text)
    if framed is None:
        if reading.record is not None and re.match(r"(?:---|\+\+\+)[ \t]*\r?\n", text):
            yield Finding("front matter that nothing closes was read", repr(text))
        return
    body = framed
    if reading.record is not None and reading.record.body != body:
        yield Finding("the body begins elsewhere", f"{reading.record.body!r}\n{body!r}\n{text!r}")
    if reading.record is None and not reading.problems and reading.skipped != "the front matter is empty":
        yield Finding("fenced text is skipped without a problem", f"{reading.skipped}\n{text!r}")


def frame_slowly(text: str) -> str | None:
    """Give the body of a text with a plain fence at its first line, found line by line; None where there is none, or nothing closes it."""
    lines = [line for line in re.split(r"(?<=\n)", text) if line]
    first = lines[0].rstrip(" \t\r\n") if lines else ""
    if first not in ("---", "+++") or not re.fullmatch(r"(?:---|\+\+\+)[ \t]*\r?\n?", lines[0]):
        return None
    closings = ("---", "...") if first == "---" else ("+++",)
    rest = text[len(lines[0]) :]
    at = 0
    while at < len(rest):
        end = rest.find("\n", at) + 1 or len(rest)
        line = rest[at:end]
        for closing in closings:
            match = re.match(re.escape(closing) + r"[ \t]*(?:\r?\n|\r|\Z)", line)
            if match:
                return rest[at + match.end() :]
        at = end
    return None
