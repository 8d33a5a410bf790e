"""Where the metadata of a page stands that has a line for each key, and what it says, as nodes.

Pelican: https://docs.getpelican.com/en/latest/content.html#file-metadata (the Meta extension of Python-Markdown).
Nikola: https://getnikola.com/handbook.html#metadata-fields. Pandoc: https://pandoc.org/MANUAL.html#extension-pandoc_title_block.
Logseq: https://docs.logseq.com, page properties. Org: https://orgmode.org/manual/In_002dbuffer-Settings.html, as Hugo reads it
(https://gohugo.io/content-management/formats/#emacs-org-mode).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from exporter.records.nodes import Map, MapEntry, Node, Scalar, Sequence

_LINE = re.compile(r"(?P<text>[^\r\n]*+)(?:\r\n|\n|\r|\Z)")
_PELICAN = re.compile(r"[ ]{0,3}+(?P<key>[A-Za-z0-9_-]++):[ \t]*+(?P<value>.*+)")
_PELICAN_MORE = re.compile(r"(?:[ ]{4}|\t)[ \t]*+(?P<value>.*+)")
_NIKOLA = re.compile(r"\.\.[ \t]++(?P<key>[A-Za-z0-9_-]++):[ \t]*+(?P<value>.*+)")
_COMMENT = re.compile(r"<!--[ \t]*+")
_LOGSEQ = re.compile(r"(?:[-*][ \t]++|[ \t]++)?+(?P<key>[^\s:#\[\](),\"'`][^\s:\[\](),\"'`]*+)::(?:[ \t]++(?P<value>.*+))?+")
_PANDOC = re.compile(r"%[ \t]*+(?P<value>.*+)")
_PANDOC_MORE = re.compile(r"[ \t]++(?P<value>\S.*+)")
_PANDOC_KEYS = ("title", "author", "date")
_PART = re.compile(r"[^,]++")
_SEMICOLON_PART = re.compile(r"[^;]++")
_ORG = re.compile(r"#\+(?P<key>[^\s:]++):(?:[ \t]++(?P<value>.*+))?+")
_ORG_DAY = re.compile(r"[<\[](?P<day>\d{4}-\d\d-\d\d) .*[>\]]")
_WORD = re.compile(r"\S++")
_BETWEEN_COLONS = re.compile(r"[^:]++")
_NAME = re.compile(r"\[\[(?P<linked>[^\[\]]++)\]\]|#\[\[(?P<tagged>[^\[\]]++)\]\]|#?(?P<bare>.++)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The keys of a page with their values, where the last line of them ends, and where the body begins."""

    entries: tuple[MapEntry, ...]
    end: int
    body: int

    def node(self, start: int) -> Map:
        """Give the keys as one map; a key that stands several times is a list of its values."""
        found: dict[str, MapEntry] = {}
        for entry in self.entries:
            first = found.get(entry.key.text)
            found[entry.key.text] = entry if first is None else MapEntry(first.key, _joined(first.value, entry.value))
        return Map(start, self.end, list(found.values()))


def _joined(first: Node, second: Node) -> Sequence:
    items = [item for node in (first, second) for item in (node.items if isinstance(node, Sequence) else [node])]
    return Sequence(first.start, second.end, items)


def _lines(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Yield each line with its offset, and that of the next one."""
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        yield line["text"], at, line.end()
        at = line.end()


def _scalar(start: int, text: str) -> Scalar:
    """Make a value of a text that begins at an offset; white space around it does not count."""
    first = start + len(text) - len(text.lstrip())
    return Scalar(first, first + len(text.strip()), text.strip(), "plain")


def _parts(value: Scalar, part: re.Pattern[str]) -> Node:
    """Take a list apart that is written in one line; a single item stays one value."""
    items = [_scalar(value.start + found.start(), found[0]) for found in part.finditer(value.text) if found[0].strip()]
    return Sequence(value.start, value.end, list(items)) if len(items) > 1 else value


def read_pelican(text: str, at: int) -> Metadata | None:
    """Read `Key: value` lines up to the first blank line; a line that is indented goes on with the value above it. Keys ignore case."""
    entries: list[MapEntry] = []
    end = body = at
    for line, start, following in _lines(text, at):
        more = _PELICAN_MORE.match(line) if entries else None
        found = _PELICAN.match(line) if more is None else None
        if more is not None:
            entries.append(MapEntry(entries[-1].key, _scalar(start + more.start("value"), more["value"])))
        elif found is not None:
            key = Scalar(start + found.start("key"), start + found.end("key"), found["key"].lower(), "plain")
            value = _scalar(start + found.start("value"), found["value"])
            listed = key.text in ("tags", "authors")
            entries.append(MapEntry(key, _parts(value, _SEMICOLON_PART if ";" in value.text else _PART) if listed else value))
        else:
            body = following if not line.strip() else start
            break
        end = start + len(line)
        body = following
    return Metadata(tuple(entries), end, body) if entries else None


def read_nikola(text: str, at: int) -> Metadata | None:
    """Read lines `.. key: value`, alone or in an HTML comment."""
    entries: list[MapEntry] = []
    comment = _COMMENT.match(text, at)
    end = body = comment.end() if comment else at
    for line, start, following in _lines(text, body):
        found = _NIKOLA.match(line)
        if found is not None:
            key = Scalar(start + found.start("key"), start + found.end("key"), found["key"].lower(), "plain")
            value = _scalar(start + found.start("value"), found["value"])
            entries.append(MapEntry(key, _parts(value, _PART) if key.text == "tags" else value))
        elif line.strip() or entries:
            is_end = not line.strip() or line.strip() == "-->"
            body = following if is_end else start
            break
        end = start + len(line)
        body = following
    if comment and not text[:body].rstrip().endswith("-->"):
        closing = text.find("-->", end)
        body = closing + len("-->") if closing >= 0 else body
    return Metadata(tuple(entries), end, body) if entries else None


def read_pandoc(text: str, at: int) -> Metadata | None:
    """Read a title block: a line `% …` each for title, authors (with semicolons, or a line each) and date; `%` alone says nothing."""
    entries: list[MapEntry] = []
    end = body = at
    number = -1
    for line, start, following in _lines(text, at):
        more = _PANDOC_MORE.match(line) if number >= 0 else None
        found = _PANDOC.match(line) if more is None else None
        if (found is None and more is None) or (found is not None and number + 1 == len(_PANDOC_KEYS)):
            break
        number += found is not None
        match = found or more
        assert match is not None
        value = _scalar(start + match.start("value"), match["value"])
        end, body = start + len(line), following
        if value.text:
            key = Scalar(start, start + 1, _PANDOC_KEYS[number], "plain")
            entries.append(MapEntry(key, _parts(value, _SEMICOLON_PART) if key.text == "author" else value))
    return Metadata(tuple(_with_whole_titles(entries)), end, body) if number >= 0 and entries else None


def _with_whole_titles(entries: list[MapEntry]) -> Iterator[MapEntry]:
    """Put the lines of a title together, which are one text; those of the authors are one each."""
    title = [entry for entry in entries if entry.key.text == "title"]
    if len(title) > 1:
        text = " ".join(entry.value.text for entry in title if isinstance(entry.value, Scalar))
        yield MapEntry(title[0].key, Scalar(title[0].value.start, title[-1].value.end, text, "plain"))
    yield from (entry for entry in entries if len(title) <= 1 or entry.key.text != "title")


def read_logseq(text: str, at: int) -> Metadata | None:
    """Read page properties, lines `key:: value` up to a line that is none; `tags` and `alias` are lists of names."""
    entries: list[MapEntry] = []
    end = body = at
    for line, start, following in _lines(text, at):
        found = _LOGSEQ.match(line)
        if found is None or (entries and line.lstrip().startswith(("- ", "* "))) or (not entries and line[:1] in " \t"):
            body = following if not line.strip() else start
            break
        key = Scalar(start + found.start("key"), start + found.end("key"), found["key"], "plain")
        raw = found["value"]
        value = _scalar(start + found.start("value"), raw) if raw is not None else Scalar(start + len(line), start + len(line), "", "plain")
        listed = key.text.lower() in ("tags", "alias", "aliases")
        entries.append(MapEntry(key, _names(_parts(value, _PART)) if listed else value))
        end = start + len(line)
        body = following
    return Metadata(tuple(entries), end, body) if entries else None


def _names(node: Node) -> Node:
    """Take `[[…]]` and `#` away from names of pages."""
    if isinstance(node, Sequence):
        return Sequence(node.start, node.end, [_names(item) for item in node.items])
    found = _NAME.fullmatch(node.text) if isinstance(node, Scalar) else None
    if found is None:
        return node
    group = next(name for name in ("linked", "tagged", "bare") if found[name] is not None)
    return Scalar(node.start + found.start(group), node.start + found.end(group), found[group], "plain")


def read_org(text: str, at: int) -> Metadata | None:
    """Read lines `#+key: value` up to one that does not begin with `#+`; keys ignore case.

    A list has brackets behind its key, `#+authors[]: a b`, which `tags`, `categories` and `aliases` do without. A day stands in
    brackets with its name, `[2026-08-16 Sun]`.
    """
    entries: list[MapEntry] = []
    end = body = at
    for line, start, following in _lines(text, at):
        if not line.startswith("#+"):
            body = start
            break
        found = _ORG.fullmatch(line)
        if found is not None:
            name = found["key"].lower()
            key = Scalar(start + found.start("key"), start + found.end("key"), name.removesuffix("[]"), "plain")
            value = _scalar(start + (found.start("value") if found["value"] else len(line)), found["value"] or "")
            entries.append(MapEntry(key, _of_org(name, value)))
        end, body = start + len(line), following
    return Metadata(tuple(entries), end, body) if entries else None


def _of_org(name: str, value: Scalar) -> Node:
    if name.endswith("[]") or name in ("tags", "categories", "aliases"):
        return Sequence(value.start, value.end, [_scalar(value.start + word.start(), word[0]) for word in _WORD.finditer(value.text)])
    if name == "filetags":
        return _parts(value, _BETWEEN_COLONS)
    day = _ORG_DAY.search(value.text) if name == "date" else None
    return Scalar(value.start + day.start("day"), value.start + day.end("day"), day["day"], "plain") if day else value


READERS: Mapping[str, Callable[[str, int], Metadata | None]] = {
    "pelican": read_pelican,
    "nikola": read_nikola,
    "pandoc": read_pandoc,
    "logseq": read_logseq,
    "org": read_org,
}
"""What reads the metadata of a page, by its syntax."""


def compose_lines(syntax: str, text: str, start: int, end: int) -> Map:
    """Give the keys that stand in a part of a text that was found to hold them."""
    metadata = READERS[syntax](text[:end], start)
    return metadata.node(start) if metadata else Map(start, end, [])
