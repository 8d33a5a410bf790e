"""TOML front matter (TOML 1.0): tomllib says what it is, the file what was typed."""

from __future__ import annotations

import re
import tomllib

from exporter.records.depth import too_deep
from exporter.records.faults import Fault, ReadingError
from exporter.records.nodes import MAX_DEPTH, Map, Node, Scalar, Sequence
from exporter.records.toml.errors import advise, in_words
from exporter.records.toml.nodes import compose_toml
from exporter.records.values import Plain, Value
from exporter.records.yaml.core import IMPOSSIBLE, name_character, resolve_integer
from exporter.text import shorten

_AT = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d")
_LONG_NUMBER = re.compile(r"(?<![0-9_])[0-9_]{1000,}+")


def read_toml(text: str, start: int, end: int) -> Value:
    """Read the TOML document in `text[start:end]`; no keys at all is an empty map."""
    deep = too_deep(text, start, end)
    if deep is not None:
        raise ReadingError(
            Fault("TOML-DEPTH", f"arrays and tables are nested more than {MAX_DEPTH} deep", deep, deep + 1, "flatten the value")
        )
    source = text[start:end]
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ReadingError(_syntax(str(error), source, start)) from None
    except (ValueError, RecursionError) as error:
        raise ReadingError(_beyond_limits(error, source, start)) from None
    return _construct(compose_toml(text, start, end), 0)


def _construct(node: Node, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise ReadingError(Fault("TOML-DEPTH", f"tables are nested more than {MAX_DEPTH} deep", node.start, node.end, "flatten the value"))
    if isinstance(node, Map):
        for key, _ in node.entries:
            _refuse_unprintable(key)
        return {key.text: _construct(child, depth + 1) for key, child in node.entries}
    if isinstance(node, Sequence):
        return [_construct(item, depth + 1) for item in node.items]
    _refuse_unprintable(node)
    return _plain(node.text) if node.style == "plain" else node.text


def _refuse_unprintable(node: Scalar) -> None:
    if found := IMPOSSIBLE.search(node.text):
        message = f"the {name_character(found[0])} is not allowed"
        raise ReadingError(Fault("READ-CONTROL", message, node.start, node.end, "remove the character"))


def _plain(text: str) -> Value:
    """Read an unquoted value that tomllib has accepted.

    >>> _plain("1_000"), _plain("1979-05-27 07:32:00").core
    ('1_000', 'dateTime')
    """
    if text in ("true", "false"):
        return text == "true"
    if _DATE.match(text):
        return Plain(text, "dateTime" if len(text) > len("1979-05-27") else "date")
    if _TIME.match(text):
        return Plain(text, "time")
    if text.startswith(("0x", "0o", "0b")):
        return Plain(text, "integer")
    is_double = any(mark in text for mark in ".eEn")  # inf and nan have an n
    return Plain(text, "double") if is_double else resolve_integer(text)


def _syntax(message: str, source: str, offset: int) -> Fault:
    found = _AT.search(message)
    at = len(source)
    if found and found[1]:
        lines = source.split("\n")
        at = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
    at = max(min(at, len(source) - 1), 0)
    words = _AT.sub("", message)
    words = words[:1].lower() + words[1:]
    is_duplicate = "overwrite" in words or "twice" in words or "uplicate" in words
    if is_duplicate:  # tomllib reports where the line ends
        at, end = _key_of_line(source, at)
        shown = source[at:end]
        what = f"the table {shown}" if shown.startswith("[") else f'the key "{shorten(shown, 40)}"'
        return Fault("TOML-DUPLICATE-KEY", f"{what} is repeated", offset + at, offset + end, "keep one of the two")
    said = f"the front matter is not valid TOML: {in_words(words, source, at)}"
    return Fault("TOML-SYNTAX", said, offset + at, offset + at + 1, advise(words, source, at))


def _key_of_line(source: str, at: int) -> tuple[int, int]:
    start = source.rfind("\n", 0, at) + 1
    line = source[start:].partition("\n")[0]
    key = line.partition("=")[0].rstrip()
    return start + len(key) - len(key.lstrip()), start + len(key)


def _beyond_limits(error: Exception, source: str, offset: int) -> Fault:
    if isinstance(error, RecursionError):
        return Fault("TOML-DEPTH", f"arrays and tables are nested more than {MAX_DEPTH} deep", offset, offset + 1, "flatten the value")
    found = _LONG_NUMBER.search(source)  # Python converts at most 4,300 digits
    start, end = found.span() if found else (0, 1)
    return Fault("TOML-SYNTAX", "the number does not fit 64 bits", offset + start, offset + end, "quote it")
