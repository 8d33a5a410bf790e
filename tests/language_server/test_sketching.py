"""Sketches of front matter: of what parses the same as parsing gives, and of what does not, at least what stands there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from exporter.language_server.sketch.cursor import find_cursor
from exporter.language_server.sketch.sketching import sketch
from exporter.records.reading import read_file
from exporter.records.values import Plain, leaves
from tests.data import DIGITALGOV, needs

PLACES = ("examples", "tests/language_server/site", "tests/records/cases")
ENDINGS = {".md", ".yaml", ".yml", ".json", ".toml"}


def _records(folders: tuple[Path, ...]) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in ENDINGS and path.is_file()]


def _differing(paths: list[Path]) -> tuple[int, list[str]]:
    """Count the records that parse, and name those of which the sketch lacks a key or has another text."""
    read, wrong = 0, []
    for path in paths:
        reading = read_file(str(path))
        if reading.record is None or not reading.record.front_matter:
            continue
        read += 1
        drawn = sketch(str(path), path.read_bytes().decode("utf-8-sig"))
        known = {entry.path: entry for entry in drawn.entries if entry.whole} if drawn else {}
        for key_path, value in leaves(reading.record.front_matter):
            entry = known.get(key_path)
            same = entry is not None and (not _is_text(value) or entry.text is None or _plain(entry.text) == _plain(str(value)))
            if not same:
                wrong.append(f"{path}: {key_path}")
    return read, wrong


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, Plain)


def _plain(text: str) -> str:
    return "".join(text.split())


def test_the_sketch_of_what_parses_is_what_parsing_gives() -> None:
    read, wrong = _differing(_records((Path("examples"), Path("tests/language_server/site"))))
    assert read > 20
    assert wrong == []


@pytest.mark.slow
@needs(DIGITALGOV)
def test_so_it_is_on_real_records() -> None:
    read, wrong = _differing(_records((DIGITALGOV,)))
    assert read > 2_000
    assert len(wrong) < read / 100, wrong[:5]


def test_whatever_is_broken_the_cursor_is_somewhere_or_nowhere() -> None:
    rnd = random.Random(7)
    texts = [(str(path), path.read_text("utf-8")) for path in _records((Path("tests/language_server/site"),))]
    pieces = [
        '"',
        "'",
        "[",
        "]",
        "{",
        "}",
        ":",
        "\n",
        "\t",
        "- ",
        "#",
        "|",
        "é",
        "\r\n",
        "---\n",
        "=",
        ",",
        "\\",
        "[[",
        "*a",
        "\u2028",
        "\ufeff",
    ]
    for _ in range(3_000):
        path, text = rnd.choice(texts)
        at = rnd.randrange(len(text) + 1)
        text = text[:at] + rnd.choice(pieces) + text[at + rnd.randrange(3) :]
        drawn = sketch(path, text)
        for entry in drawn.entries if drawn is not None else ():
            assert 0 <= entry.key[0] <= entry.key[1] <= len(text)
            assert 0 <= entry.value[0] <= entry.value[1] <= len(text)
        cursor = find_cursor(path, text, rnd.randrange(len(text) + 1))
        assert cursor is None or 0 <= cursor.token[0] <= cursor.token[1] <= len(text)
