"""Where the front matter of a text begins and ends: fences, and how a closing one is misspelt."""

from __future__ import annotations

import re
from typing import NamedTuple

from exporter.records.faults import Fault, ReadingError
from exporter.records.yaml.blocks import KEY_LINE, is_usual
from exporter.text import quote

FENCED_SUFFIXES = (".md", ".markdown", ".mdx", ".html", ".htm")
WHOLE_FILE_SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}
"""Extensions whose files are front matter from the first character to the last, with their syntax."""
RECORD_SUFFIXES = (*FENCED_SUFFIXES, *WHOLE_FILE_SUFFIXES)
"""What is taken from a folder; a file that is named may have any extension, and is read like Markdown."""
TABLE_SUFFIXES = {".csv": "csv", ".tsv": "tsv"}
"""Extensions of tables, with their syntax: read only where a class says that their rows are records."""
TEXT_SUFFIXES = (
    *(".qmd", ".rmd", ".rst", ".adoc", ".asciidoc", ".asc", ".org", ".txt", ".text", ".mkd", ".mkdn", ".mdown", ".mdwn", ".mdtext"),
    *(".markdoc", ".mdoc", ".svx", ".textile", ".wiki", ".ipynb", ".njk", ".liquid", ".hbs", ".ejs", ".pug", ".j2", ".jinja", ".tmpl"),
)
"""Further endings of texts that may have front matter: left out of a folder, but counted."""

INVISIBLE = "\ufeff\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
"""Marks and formats of Unicode that no editor shows."""

DASHES = "‐‑‒–—―−⸺⸻﹘﹣－─━"
"""What editors and word processors make of hyphens."""


class Frame(NamedTuple):
    """The front matter is `text[start:end]`, the body is `text[body:]`; `remarks` are problems that don't stop the reading."""

    start: int
    end: int
    body: int
    remarks: tuple[Fault, ...] = ()


_REST_OF_LINE = re.compile(r"[ \t]*+(?:\r?\n|\r|\Z)")
_REST_OF_TICKS = re.compile(r"[`~]*+[ \t]*+(?:\r?\n|\r|\Z)")
# Every repetition below is possessive: what it could give back never helps the rest to match, and a body is read in one pass.
_KEY_LINE = r"[ \t]*+(?:- ++)*+(?:[\w$@.-]++|\"[^\"\n]*+\"|'[^'\n]*+'):(?:[ \t][^\n]*+|\r)?+\n"
_INSIDE_LINE = r"(?:(?:[ \t#]|- )[^\n]*+|\r)?+\n"
_REST_OF_BLOCK = rf"{_KEY_LINE}(?:{_INSIDE_LINE}|{_KEY_LINE})*+(?:-{{3,}}+|\.\.\.)[ \t]*+\r?(?:\n|\Z)"
_YAML_BLOCK = re.compile(rf"(?:(?!{_KEY_LINE}){_INSIDE_LINE})*+{_REST_OF_BLOCK}")
_BLANK_LINES = re.compile(r"(?:[ \t]*+\r?\n)*+")
_NEAR_CLOSING = re.compile(
    rf"^(?P<fence>(?:[^\S\n]|[{INVISIBLE}])++(?:---|\.\.\.|\+\+\+)|-{{2,}}+|-*+[{DASHES}][{DASHES}-]*+|---[^\n]*?[^\s-][^\n]*+"
    rf"|\+\+\+[ \t]*+#[^\n]*+|\+{{2,}}+|;{{2,}}+|\.{{3,}}+|…|=++[ \t]*+\w++[ \t]*+=++)(?P<behind>(?:[^\S\n]|[{INVISIBLE}])*+)$",
    re.MULTILINE,
)
_ONLY_INSIDE = re.compile(r"[ \t]|---[ \t]++[^#]")
_HIDDEN_BEFORE = re.compile(rf"[ \t]*+(?:[^\S\n \t]|[{INVISIBLE}])")
_LONE_RETURN = re.compile(r"\r(?!\n)")


def fenced(text: str, opening: re.Pattern[str], closings: tuple[str, ...]) -> Frame:
    """Frame what stands between an opening fence and the next line that is one of `closings`.

    Raises `ReadingError` where the fence is never closed.
    """
    match = opening.match(text)
    assert match is not None  # the handler's `detect` said so
    start = match.end()
    found: tuple[int, int] | None = None
    for closing in closings:
        found = find_line(text, closing, start, found[0] if found else len(text)) or found
    if found is None:
        if "\r" in text and any(find_line(with_line_feeds(text), closing, start, len(text)) for closing in closings):
            raise ReadingError(lone_returns(text, *match.span("fence")))
        refuse_near_closing(text, start, len(text), closings[0], inside=True)
        wanted = " or ".join(closings)
        message = f"the front matter opened here is never closed, expected a line {wanted}"
        raise ReadingError(Fault("READ-UNCLOSED", message, match.start("fence"), match.end("fence"), f"add the line {closings[0]}"))
    return Frame(start, *found)


def with_line_feeds(text: str) -> str:
    """Turn each CR that is alone into a line feed; offsets stay."""
    return _LONE_RETURN.sub("\n", text)


def lone_returns(text: str, start: int, end: int) -> Fault:
    """Word the fault of a text whose lines end with CR."""
    first = _LONE_RETURN.search(text)
    related = () if first is None or first.start() <= end else ((first.start(), first.end()),)
    message = "the lines end with a lone carriage return (CR), expected a line feed (LF or CRLF)"
    return Fault("READ-LINE-ENDS", message, start, end, "save the file with Unix (LF) line ends", related=related)


def find_line(text: str, line: str, start: int, end: int, rest: re.Pattern[str] = _REST_OF_LINE) -> tuple[int, int] | None:
    """Give where a line that is exactly `line` starts before `end`, and where the next one does."""
    # str.find skips two thousand characters in 0.2 µs, a multi-line regular expression takes ten.
    at = text.find("\n" + line, start - 1, end)
    while at >= 0:
        match = rest.match(text, at + 1 + len(line))
        if match:
            return at + 1, match.end()
        at = text.find("\n" + line, at + 1, end)
    return None


def fenced_code(text: str, opening: re.Pattern[str]) -> Frame:
    """Frame the code block that starts a text (CommonMark, section 4.5): its closing fence is as long as the opening one, or longer."""
    match = opening.match(text)
    assert match is not None  # the handler's `detect` said so
    found = find_line(text, match["ticks"], match.end(), len(text), _REST_OF_TICKS)
    if found is None:
        message = f"the code block opened here is never closed, expected a line {match['ticks']}"
        raise ReadingError(Fault("READ-UNCLOSED", message, *match.span("fence"), f"add the line {match['ticks']}"))
    return Frame(match.end(), *found)


def refuse_near_closing(text: str, start: int, end: int, closing: str, *, inside: bool = False) -> None:
    """Raise `ReadingError` where a line below `start` is nearly the closing fence.

    With `inside` nothing else closes the front matter, and so an indented fence counts, and one with text behind it.
    """
    for near in _NEAR_CLOSING.finditer(text, start, end):
        fence = near["fence"].rstrip()
        hidden = bool(near["behind"].strip(" \t\r")) or bool(_HIDDEN_BEFORE.match(fence))
        if not hidden and (fence == closing or (not inside and _ONLY_INSIDE.match(fence))):
            continue
        said = f"an invisible character stands beside the closing fence {closing}" if hidden else _near_words(fence, closing)
        raise ReadingError(Fault("READ-FENCE", said, near.start(), near.end("fence"), help=f"write {closing} alone on its line"))


def _near_words(fence: str, closing: str) -> str:
    if fence[0] in " \t":
        return f"the closing fence is indented, expected {closing} at the start of the line"
    if set(fence) == {closing[0]}:
        return f"the closing fence has {len(fence)} {_PLURALS[closing[0]]}, expected {closing}"
    return f"the closing fence is {quote(fence, 30)}, expected {closing}"


_PLURALS = {"-": "dashes", "+": "plus signs", ";": "semicolons", "=": "equals signs"}


def count_marks(fence: str) -> str:
    """Say how many marks a fence has.

    >>> count_marks("-----")
    '5 dashes'
    """
    return f"{len(fence)} {_PLURALS[fence[0]]}"


def goes_on(text: str, at: int) -> bool:
    """Say whether the rest of a front matter that was closed too early stands at an offset: YAML that a fence closes.

    A body that is set off by a blank line is one, whatever colons it has, unless it goes on indented.
    """
    match = _YAML_BLOCK.match(text, at)
    if match is None:
        return False
    blank = _BLANK_LINES.match(text, at, match.end())
    first = blank.end() if blank else at
    if first > at and text[first] not in " \t":
        return False
    keys = [key for key in map(_key_at, match[0].splitlines()) if key]
    return len(keys) > 1 or any(map(is_usual, keys))


def _key_at(line: str) -> str | None:
    match = KEY_LINE.match(line.strip(" \t").removeprefix("- "))
    return match["key"] if match else None
