"""JSON and TOML that is nearly right: what the standard library reads is read, what it refuses is explained at a place inside the text."""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterator

from exporter.problems import Problem
from exporter.records.reading import read_text
from exporter.records.record import Reading
from tests.fuzz.harness import Finding, Rounds

SMOKE = 100

JSON_SEEDS = (
    '{"title": "A", "tags": ["a", "b"], "n": [1, -2.5e3, 0], "x": {"y": null, "z": {"deep": [[]]}}}',
    '{\n  "a": "line\\n \\u00e9 \\\\",\n  "b": true,\n  "c": false,\n  "d": {}\n}\n',
)
TOML_SEEDS = (
    'title = "A"\nd = 2026-01-02\ntags = ["a", \'b\']\n\n[extra]\nn = 1_000\nx = { y = 1.5, z = [1, 2] }\n\n[[item]]\nname = """\nB\n"""\n',
    "a.b = 1\n\"c d\" = 07:30:00\ne = '''\nf'''\n# comment\nok = true\n",
)
PIECES = (
    '"',
    "'",
    ",",
    ":",
    "=",
    "{",
    "}",
    "[",
    "]",
    "\n",
    "\\",
    "//",
    "#",
    "1",
    "01",
    "True",
    "null",
    "NaN",
    " ",
    "“",
    "é",
    "\t",
    "a",
    "{{ x }}",
)


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Change a text that is right, and read it as front matter and as a file."""
    for chance in rounds:
        syntax = chance.choice(("json", "toml"))
        text = _change(chance, chance.choice(JSON_SEEDS if syntax == "json" else TOML_SEEDS))
        fenced = f"---{syntax}\n{text}\n---\n"
        yield from _check(syntax, f"a.{syntax}", text, text)
        if "\n---" not in f"\n{text}":
            yield from _check(syntax, "a.md", fenced, text + "\n")
        if syntax == "json":
            yield from _check(syntax, "b.md", f";;;\n{text}\n;;;\n", None)
            yield from _check(syntax, "c.md", text + "\nBody\n", None)


def _change(chance: random.Random, text: str) -> str:
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(len(text) + 1)
        cut = chance.choice((0, 0, 1, 2, 5))
        text = text[:at] + chance.choice(("", *PIECES)) + text[at + cut :]
    return text[: chance.randrange(len(text) + 1)] if chance.random() < 0.1 else text


def _check(syntax: str, path: str, text: str, inner: str | None) -> Iterator[Finding]:
    try:
        reading = read_text(path, text)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        yield Finding(f"{syntax}: {type(error).__name__} leaves the reader", f"{error}\n{text!r}")
        return
    for problem in reading.problems:
        if not _is_inside(problem, text):
            yield Finding(f"{syntax}: {problem.code} is at a place outside of the text", f"{problem.location}\n{text!r}")
        if problem.code.endswith("-SYNTAX") and syntax == "json" and not problem.help:
            yield Finding(f"{syntax}: {problem.message} has no advice", repr(text))
    if inner is not None:
        yield from _compare(syntax, inner, reading)


def _compare(syntax: str, inner: str, reading: Reading) -> Iterator[Finding]:
    right = _is_right(syntax, inner)
    syntax_error = any(problem.code in ("JSON-SYNTAX", "TOML-SYNTAX") for problem in reading.problems)
    if right and syntax_error:
        yield Finding(f"{syntax}: what the standard library reads is refused", f"{reading.problems}\n{inner!r}")
    if not right and reading.record is not None:
        yield Finding(f"{syntax}: what the standard library refuses is read", f"{reading.record.front_matter}\n{inner!r}")


def _is_right(syntax: str, text: str) -> bool:
    try:
        if syntax == "toml":
            tomllib.loads(text)
        else:
            json.loads(text)
    except ValueError:
        return not text.strip()
    return True


def _is_inside(problem: Problem, text: str) -> bool:
    lines = re.split(r"\r\n|\n|\r", text)
    place = problem.location
    return place.line <= len(lines) and place.column <= len(lines[place.line - 1]) + 2
