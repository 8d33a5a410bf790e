"""Additions to a Turtle file as a person wrote it: whole lines between its lines, and nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from exporter.rdf.base import file_iri
from exporter.rdf.places import PlacedStatement, PlacedText, walk
from exporter.rdf.prefixes import Prefixes
from exporter.rdf.syntaxes import TURTLE
from exporter.rdf.terms import Term

_PIECE = re.compile(r'"(?:[^"\\]|\\[\s\S])*+"?|#[^\n]*|<(?P<iri>[^<>\s]*)>|(?<![\w:])(?P<prefix>[a-z]+):(?=[A-Za-z])')
_COMMENT = re.compile(r"[ \t]*#.*")
_DROPPED = re.compile(r'^[ \t]*#.*?\bkey[ \t]+"((?:[^"\\]|\\.)*)"', re.MULTILINE)


class TurtleFile:
    """A Turtle text and the lines that are added to it: what is added is written with the prefixes that the file has."""

    def __init__(self, path: str, text: str, known: Mapping[str, str]) -> None:
        self._text = text
        self._placed = walk(text.removeprefix("\ufeff"), TURTLE, file_iri(path))
        self._offset = len(text) - len(text.removeprefix("\ufeff"))
        self._known = known
        self._end = "\r\n" if "\r\n" in text else "\n"
        self._inserted: list[tuple[int, int, str]] = []
        self._declared = dict(self._placed.prefixes) if self._placed else {}
        self._new_prefixes: dict[str, str] = {}

    @property
    def statements(self) -> Sequence[PlacedStatement]:
        """The file's statements with their places; none, where it could not be walked."""
        return self._placed.statements if self._placed else ()

    def dropped_keys(self) -> frozenset[str]:
        """Give the keys of rows that stand in comments."""
        return frozenset(match[1].replace('\\"', '"') for match in _DROPPED.finditer(self._text))

    def insert(self, subject: str, predicate: str, items: Iterable[Sequence[str]], *, mark: str = ",") -> bool:
        """Add lines before the last object that `subject` has, each with its mark; False where the file's lines don't allow it.

        With `;` as mark, each item says the predicate, too.
        """
        said = [each for each in self.statements if each.subject.value == subject and each.predicate.value == predicate]
        if not said or self._placed is None:
            return False
        last = max(said, key=lambda each: each.object_span)
        start = last.predicate_span[0] if mark == ";" else last.object_span[0]
        line = self._line_of(self._placed, start)
        indent = self._placed.text[line:start]
        if indent.strip() or self._is_inside(line):
            return False
        while line and _COMMENT.fullmatch(above := self._line_above(line)) and not self._is_inside(line - len(above) - 1):
            line = self._line_of(self._placed, line - 1)
        for item in items:
            *notes, written = item
            self._add(line, [f"{indent}{each}" for each in (*notes, f"{written} {mark}")])
        return True

    def has_object(self, predicate: str, term: str) -> bool:
        """Say whether something has this object, a term as it is written in what is added."""
        return any(each.predicate.value == predicate and self._iri(term) == each.object.value for each in self.statements)

    def says(self, subject: Term, predicate: str, inner: str, written: str) -> bool:
        """Say whether a node that `subject` has says the `inner` term that stands second in what would be added, such as a path."""
        nodes = {each.object for each in self.statements if each.subject == subject and each.predicate.value == predicate}
        found = {each.object.value for each in self.statements if each.subject in nodes and each.predicate.value == inner}
        return self._iri(written.split()[3]) in found

    def _iri(self, term: str) -> str:
        """Give the IRI of a term that is written in angle brackets, or with a prefix that is known."""
        prefix, _, local = term.partition(":")
        return term[1:-1] if term.startswith("<") else self._known.get(prefix, "") + local

    def append(self, lines: Sequence[str]) -> None:
        """Add a block at the end."""
        self._add(len(self._text) - self._offset, ["", *lines])

    def text(self) -> str:
        """Give the text with what was added."""
        text = self._text
        if self._new_prefixes:
            self._inserted.append((self._after_prefixes(), -1, "".join(self._declarations())))
        for offset, _, added in sorted(self._inserted, key=lambda each: each[:2], reverse=True):
            place = offset + self._offset
            joint = self._end if place == len(text) and text and not text.endswith("\n") else ""
            text = text[:place] + joint + added + text[place:]
        return text

    def _add(self, offset: int, lines: Sequence[str]) -> None:
        written = "".join(f"{self._renamed(line)}{self._end}" for line in lines)
        self._inserted.append((offset, len(self._inserted), written))

    def _renamed(self, line: str) -> str:
        """Write a line with the file's own prefixes; IRIs in angle brackets are shortened where it has one for them."""
        names = Prefixes(self._declared)

        def one(match: re.Match[str]) -> str:
            if match["iri"] is not None:
                return names.short(match["iri"]) or match[0]
            return f"{self._prefix(match['prefix'])}:" if match["prefix"] in self._known else match[0]

        return _PIECE.sub(one, line)

    def _prefix(self, name: str) -> str:
        """Give the file's prefix for a namespace that is called `name` elsewhere, and declare one where there is none."""
        space = self._known[name]
        twin = space.replace("https://schema.org/", "http://schema.org/")
        found = sorted(
            (prefix for prefix, declared in self._declared.items() if declared in (space, twin)),
            key=lambda each: (not each, each != name, each),
        )
        if found:
            return found[0]
        free = next(each for each in (name, *(f"{name}{number}" for number in range(1, 1000))) if each not in self._declared)
        self._declared[free] = self._new_prefixes[free] = space
        return free

    def _declarations(self) -> list[str]:
        return [f"@prefix {prefix}: <{space}> .{self._end}" for prefix, space in sorted(self._new_prefixes.items())]

    def _after_prefixes(self) -> int:
        """Give where the line after the last prefix begins; the file's start where that is not a line of its own."""
        assert self._placed is not None
        spans = [span for spans in self._placed.prefix_spans.values() for span in spans]
        if not spans:
            return 0
        start = max(spans)[0]
        end = self._placed.text.find("\n", start) + 1
        line = self._placed.text[self._line_of(self._placed, start) : end]
        return end if end and re.fullmatch(r"\s*(?:@prefix|PREFIX)\s[^<>]*<[^<>]*>\s*\.?\s*(?:#.*)?\s*", line, re.IGNORECASE) else 0

    def _is_inside(self, offset: int) -> bool:
        """Say whether a line begins within a term, such as a text of several lines."""
        spans = (each.object_span for each in self.statements)
        return any(start < offset < end and self._text[start + self._offset] in "\"'" for start, end in spans)

    def _line_above(self, line: int) -> str:
        assert self._placed is not None
        return self._placed.text[self._line_of(self._placed, line - 1) : line - 1].rstrip("\r")

    @staticmethod
    def _line_of(placed: PlacedText, offset: int) -> int:
        return placed.text.rfind("\n", 0, offset) + 1
