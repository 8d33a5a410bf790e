"""Findings with a location: the one `Problem` type that reading, mapping and SHACL share."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]
"""Where a value stands in the front matter: `("featuredImage", "size", 0)` is `featuredImage.size[0]`."""


class Severity(enum.StrEnum):
    """How bad a problem is; the order is the one that `--fail-on` counts in."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The place in the order, 0 for the worst."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file: lines and columns count from 1, columns in characters, the end is exclusive.

    A place that is a whole file has line 1, column 1 and no end.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int | None = None
    end_column: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class ShaclDetail:
    """What SHACL says about a problem, terms in N-Triples syntax (SHACL, section 3.6.2)."""

    focus_node: str
    component: str
    path: str | None = None
    value: str | None = None
    shape: str | None = None
    shape_location: Location | None = None


@dataclass(frozen=True, slots=True)
class TextFix:
    """What repairs a problem: `title` says it in a few words, and each of `edits` what takes the place of what in the file's text.

    One that is not `safe` is a guess.
    """

    title: str
    edits: tuple[tuple[Location, str], ...]
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding that its reader can fix: where it is, what it is, and what to do.

    `code` is stable (`YAML-DUPLICATE-KEY`, see `owltype explain`). `message` is one sentence in
    front-matter words, lower case, without a final stop; `help` says what to do about it.
    `related` are further places, such as the first of two duplicate keys. `fixes` are looked for where a report or an editor shows them.

    >>> Problem("MAP-REFERENCE", Location("a.md", 5, 10), "no record answers", key_path=("related",)).key
    'related'
    """

    code: str
    location: Location
    message: str
    severity: Severity = Severity.ERROR
    help: str | None = None
    key_path: KeyPath = ()
    related: tuple[Location, ...] = ()
    shacl: ShaclDetail | None = field(default=None)
    fixes: tuple[TextFix, ...] = ()

    @property
    def key(self) -> str:
        """The key path as an author writes it: `featuredImage.size[0]`."""
        return format_key_path(self.key_path)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Reports list problems by file, line, column, code and message."""
        place = self.location
        return (place.path, place.line, place.column, self.code, self.message)


def key_names(path: KeyPath) -> tuple[str, ...]:
    """Give the keys of a path, without positions in lists: what is said of a key in whatever item.

    >>> key_names(("authors", 0, "name"))
    ('authors', 'name')
    """
    return tuple(part for part in path if isinstance(part, str))


def format_key_path(path: KeyPath) -> str:
    """Write a key path as an author does; a key that holds a dot or a bracket itself stands in quotes, and so does an empty one.

    >>> format_key_path(("authors", 0, "name")), format_key_path(("a.b", "c")), format_key_path(("",))
    ('authors[0].name', '"a.b".c', '""')
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        name = part if part and (_AMBIGUOUS.isdisjoint(part) or '"' in part) else f'"{part}"'
        text += f".{name}" if text else name
    return text


_AMBIGUOUS = frozenset(".[]")
