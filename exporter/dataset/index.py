"""Which file, and which line, is behind an IRI."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from exporter.problems import KeyPath, Location

if TYPE_CHECKING:
    from exporter.records.record import Record

ReadRecord = Callable[[str], "Record | None"]
"""Reads a record by what an index gives for it, None where it can't be read."""

_ITEM = "\0"


def write_entry(path: str, item: int | None) -> str:
    """Write what an index gives for a record: the project path, and for a record of a data file its number there.

    >>> split_entry(write_entry("a.csv", 2)), split_entry(write_entry("a.md", None))
    (('a.csv', 2), ('a.md', None))
    """
    return path if item is None else f"{path}{_ITEM}{item}"


def split_entry(entry: str) -> tuple[str, int | None]:
    """Read what `write_entry` wrote."""
    path, _, item = entry.partition(_ITEM)
    return path, int(item) if item else None


_NUMBERED = re.compile(r"(.*)/([0-9]+)")


class RecordIndex(Protocol):
    """Gives the file of a record by its IRI, as `write_entry` wrote it."""

    def get(self, iri: str, /) -> str | None:
        """Give the entry, or None for an IRI that is not a record's."""


class SqliteIndex:
    """An index in a file beside a store."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)

    def get(self, iri: str, /) -> str | None:
        """Give the path, or None for an IRI that is not a record's."""
        row = self._connection.execute("SELECT path FROM record WHERE iri = ?", (iri,)).fetchone()
        return str(row[0]) if row else None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def write_index(path: Path, records: Mapping[str, str]) -> None:
    """Write an index file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE record (iri TEXT PRIMARY KEY, path TEXT NOT NULL) WITHOUT ROWID")
        rows: Iterable[tuple[str, str]] = sorted(records.items())
        connection.executemany("INSERT INTO record VALUES (?, ?)", rows)


def locate_iri(iri: str, index: RecordIndex, read: ReadRecord | None = None) -> Location | None:
    """Give the place of a record, or of the value that a resource nested in a record was made from; None for other IRIs.

    `read` reads a record by its project path, without it the place of a record is its file.

    >>> locate_iri("https://e.org/a", {"https://e.org/a": "content/a.md"})
    Location(path='content/a.md', line=1, column=1, end_line=None, end_column=None)
    """
    entry = index.get(iri)
    if entry is not None:
        path, item = split_entry(entry)
        record = read(entry) if read is not None and item is not None else None
        return record.locate(()) if record else Location(path)
    parent, hash_, fragment = iri.partition("#")
    entry = index.get(parent) if hash_ else None
    if entry is None:
        return None
    return _locate_nested(entry, fragment, read) if read is not None else Location(split_entry(entry)[0])


def _locate_nested(entry: str, fragment: str, read: ReadRecord) -> Location:
    """Read the record again for the place of a key path such as `breadcrumbs/2`, the second of a list."""
    from exporter.keypaths import parse_key_path  # most answers are not located, and YAML takes 30 ms to import

    record = read(entry)
    if record is None:
        return Location(split_entry(entry)[0])
    fragment = unquote(fragment)
    numbered = _NUMBERED.fullmatch(fragment)
    try:
        key_path: KeyPath = parse_key_path(numbered[1] if numbered else fragment)
    except ValueError:
        return record.locate(())
    return record.locate((*key_path, int(numbered[2]) - 1) if numbered else key_path)
