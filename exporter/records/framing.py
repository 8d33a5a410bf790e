"""Where the front matter of a text begins and ends: fences, and the traps around them."""

from __future__ import annotations

import re
from typing import NamedTuple

from exporter.records.faults import Fault, ReadingError
from exporter.text import quote

FENCED_SUFFIXES = (".md", ".markdown", ".mdx", ".html", ".htm")
WHOLE_FILE_SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}
"""Extensions whose files are front matter from the first character to the last, with their syntax."""
RECORD_SUFFIXES = (*FENCED_SUFFIXES, *WHOLE_FILE_SUFFIXES)
"""What is taken from a folder; a file that is named may have any extension, and is read like Markdown."""


class Frame(NamedTuple):
    """The front matter is `text[start:end]`, the body is `text[body:]`; `remarks` are problems that don't stop the reading."""

    start: int
    end: int
    body: int
    remarks: tuple[Fault, ...] = ()


_REST_OF_LINE = re.compile(r"[ \t]*(?:\r?\n|\r|\Z)")
# Every repetition below is possessive: what it could give back never helps the rest to match, and a body is read in one pass.
_FIRST_LINE = re.compile(r"(?P<dashes>-{3,}+)[ \t]*+(?:(?P<language>[A-Za-z][\w+.-]*+)[ \t]*+)?+\r?(?:\n|\Z)")
_KEY_LINE = r"[ \t]*+(?:- ++)*+(?:[\w$@.-]++|\"[^\"\n]*+\"|'[^'\n]*+'):(?:[ \t][^\n]*+|\r)?+\n"
_INSIDE_LINE = r"(?:(?:[ \t#]|- )[^\n]*+|\r)?+\n"
_REST_OF_BLOCK = rf"{_KEY_LINE}(?:{_INSIDE_LINE}|{_KEY_LINE})*+(?:-{{3,}}+|\.\.\.)[ \t]*+\r?(?:\n|\Z)"
_YAML_BLOCK = re.compile(rf"(?:(?!{_KEY_LINE}){_INSIDE_LINE})*+{_REST_OF_BLOCK}")
_LATE_FENCE = re.compile(rf"^---[ \t]*+\r?\n(?={_REST_OF_BLOCK.replace('-{3,}+', '---')})", re.MULTILINE)
_LATE_WITHIN = 2_000
"""How far into a text a fence is looked for that stands too late; a `---` further down is a rule of Markdown."""


def fenced(text: str, opening: re.Pattern[str], closings: tuple[str, ...]) -> Frame:
    """Frame what stands between an opening fence and the next line that is one of `closings`.

    Raises `ReadingError` where the fence is never closed.
    """
    match = opening.match(text)
    assert match is not None  # the handler's `detect` said so
    start = match.end()
    found: tuple[int, int] | None = None
    for closing in closings:
        found = _find_line(text, closing, start, found[0] if found else len(text)) or found
    if found is None:
        wanted = " or ".join(closings)
        raise ReadingError(
            Fault(
                "READ-UNCLOSED",
                f"the front matter opened here is never closed, expected a line {wanted}",
                match.start("fence"),
                match.end("fence"),
                f"add the line {closings[0]}",
            )
        )
    return Frame(start, *found)


def _find_line(text: str, line: str, start: int, end: int) -> tuple[int, int] | None:
    """Give where a line that is exactly `line` starts before `end`, and where the next one does."""
    # str.find skips two thousand characters in 0.2 µs, a multi-line regular expression takes ten.
    at = text.find("\n" + line, start - 1, end)
    while at >= 0:
        rest = _REST_OF_LINE.match(text, at + 1 + len(line))
        if rest:
            return at + 1, rest.end()
        at = text.find("\n" + line, at + 1, end)
    return None


def looks_like_yaml(text: str, at: int) -> bool:
    """Say whether lines of YAML, closed by a fence, stand at an offset: the rest of a front matter that was closed too early."""
    return _YAML_BLOCK.match(text, at) is not None


def refuse_hidden_front_matter(text: str) -> None:
    """Raise `ReadingError` for a text that no handler detects but whose author meant front matter."""
    first = _FIRST_LINE.match(text)
    if first and first["language"] and _find_line(text, "---", first.end(), len(text)):
        message = f"front matter in the language {quote(first['language'])} is not read, and code never runs"
        raise ReadingError(
            Fault("READ-LANGUAGE", message, *first.span("language"), help="write it as YAML, TOML (---toml) or JSON (---json)")
        )
    if first and len(first["dashes"]) > 3 and looks_like_yaml(text, first.end()):
        message = f"the opening fence has {len(first['dashes'])} dashes, expected ---"
        raise ReadingError(Fault("READ-FENCE", message, *first.span("dashes"), help="write ---"))
    late = _LATE_FENCE.search(text, 0, _LATE_WITHIN)
    if late:
        start = late.start()
        message = "the front matter does not start at the first line of the file"
        raise ReadingError(Fault("READ-LATE", message, start, start + 3, "move what stands before it below the closing fence"))
