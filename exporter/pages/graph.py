"""The graph of a site on disk: what is said of each resource, by whom it is named, and which class it is of.

An SQLite file in a temporary folder, filled from outcomes record by record, so that 50,000 records take no memory. Texts are the N-Triples
that outcomes have: every literal is as its author typed it, as no store would give it back.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from exporter.digests import short_digest
from exporter.rdf.terms import RDF_TYPE, split_statement

_SCHEMA = """
CREATE TABLE record (
    part INTEGER PRIMARY KEY, place INTEGER NOT NULL, iri TEXT NOT NULL, class TEXT NOT NULL, path TEXT NOT NULL, item INTEGER NOT NULL
);
CREATE TABLE block (subject TEXT NOT NULL, part INTEGER NOT NULL, kind INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE type (subject TEXT NOT NULL, class TEXT NOT NULL, part INTEGER NOT NULL);
CREATE TABLE name (subject TEXT PRIMARY KEY, label TEXT NOT NULL, day TEXT NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE link (subject TEXT NOT NULL, predicate TEXT NOT NULL, object TEXT NOT NULL, part INTEGER NOT NULL);
"""
_INDEXES = """
CREATE INDEX block_subject ON block (subject);
CREATE INDEX type_class ON type (class, subject);
CREATE INDEX type_subject ON type (subject);
CREATE INDEX link_subject ON link (subject);
CREATE INDEX link_object ON link (object, predicate, subject);
CREATE INDEX record_iri ON record (iri);
"""
_CHANGING = "".join(f"CREATE INDEX {table}_part ON {table} (part);\n" for table in ("block", "type", "link"))
_RECORD, _SHARED, _LOOSE = range(3)
"""The kinds of parts, in the order in which an export has them."""
_TYPE = str(RDF_TYPE)
BLANK = "urn:blank:"
"""How the IRIs begin that blank nodes have on pages."""


class Mention(NamedTuple):
    """A resource that names another one, and with which property; IRIs."""

    subject: str
    predicate: str


class RecordPlace(NamedTuple):
    """Where a record stands: the project path of its file, and its number there, from 0."""

    path: str
    item: int


def _named(term: str) -> str:
    return f"<{BLANK}{term[2:]}>" if term.startswith("_:") else term


class GraphPart(NamedTuple):
    """What is put in at once, as N-Triples: the lines of a record's own part of the graph, or of a resource that records share."""

    text: bytes
    iri: str = ""
    class_name: str = ""
    place: RecordPlace | None = None
    """None for a resource that is shared."""


class GraphChange(NamedTuple):
    """How a graph differs from what it was: lines of N-Triples, without those about cells of lists and what leads to them.

    `relisted` are subjects whose lists differ, with all lines about their cells as they are now.
    """

    removed: list[str]
    added: list[str]
    relisted: dict[str, list[str]]

    def lines(self) -> Iterator[str]:
        """Yield the change as datasets take it (`exporter.dataset.sources.change`)."""
        yield from (f"-{line}\n" for line in self.removed)
        yield from (f"+{line}\n" for line in self.added)
        for subject, lines in self.relisted.items():
            yield f"~{subject}\n"
            yield from (f"+{line}\n" for line in lines)


class GraphFile:
    """Takes the N-Triples of records and of what they share, and gives them back by subject; `finish` stands between the two.

    `lock` is held by who changes it, and by those who read several things that belong together.
    """

    def __init__(self, file: Path) -> None:
        self._file, self._process = file, os.getpid()
        self._open = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        self._db.execute("BEGIN")
        self._parts = self._records = 0
        self.lock = threading.RLock()
        self._left: sqlite3.Connection | None = None

    @property
    def _db(self) -> sqlite3.Connection:
        """The connection of this process: SQLite's can't be used in one that was forked (https://www.sqlite.org/howtocorrupt.html, 2.6)."""
        if self._process != os.getpid():
            self._left = self._open  # not closed either
            self._open, self._process = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False), os.getpid()
        return self._open

    def add(self, part: GraphPart, place: int | None = None) -> int:
        """Take a part, and give its number. `place` is that of a record among the others; without it, it is the next one."""
        number, self._parts = self._parts, self._parts + 1
        if part.place is None:
            self._add(_read_part(part.text.decode()), number, _SHARED)
            return number
        at = self._records if place is None else place
        self._db.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)", (number, at, part.iri, part.class_name, *part.place))
        self._add(_read_part(part.text.decode()), number, _RECORD)
        self._records += 1
        return number

    def add_loose(self, text: str) -> None:
        """Take lines of any order and with blank nodes, which become resources of this site by their labels."""
        grouped: dict[str, list[str]] = {}
        for line in text.split("\n")[:-1]:
            subject, predicate, value = split_statement(line)
            subject, value = _named(subject), _named(value)
            grouped.setdefault(subject, []).append(f"{subject} {predicate} {value} .\n")
        number, self._parts = self._parts, self._parts + 1
        for lines in grouped.values():
            self._add(_read_part("".join(lines)), number, _LOOSE)

    def _add(self, read: _ReadPart, part: int, kind: int) -> None:
        blocks = [(subject, part, kind, text) for subject, text in read.blocks.items()]
        self._db.executemany("INSERT INTO block VALUES (?, ?, ?, ?)", blocks)
        self._db.executemany("INSERT INTO type VALUES (?, ?, ?)", [(*type_, part) for type_ in read.types])
        self._db.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", [(*link, part) for link in read.links])

    def finish(self, name: Callable[[str], tuple[str, str]], *, changes: bool = False) -> None:
        """Put what was taken in order; `name` gives the label and the day of a resource from its lines. From now on it is read.

        With `changes` it can be changed later.
        """
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES + (_CHANGING if changes else ""))
        self._db.execute("BEGIN")
        with closing(self._db.cursor()) as cursor:
            cursor.executemany(
                "INSERT INTO name VALUES (?, ?, ?, ?)", ((subject, *name(lines), short_digest(lines)) for subject, lines in self._texts())
            )
        self._db.execute("COMMIT")

    def change(
        self, gone: Sequence[int], new: Sequence[tuple[GraphPart, int]], name: Callable[[str], tuple[str, str]]
    ) -> tuple[list[int], GraphChange]:
        """Take parts out by their numbers, and put others in, records at their places; give the numbers of these, and what changed."""
        concerned = {row[0] for part in gone for row in self._db.execute("SELECT subject FROM block WHERE part = ?", (part,))}
        concerned.update(subject for part, _ in new for subject in _read_part(part.text.decode()).blocks)
        subjects = sorted(concerned)
        before = [self.lines(subject) for subject in subjects]
        self._db.execute("BEGIN")
        for part in gone:
            self._records -= self._db.execute("DELETE FROM record WHERE part = ?", (part,)).rowcount
            for table in ("block", "type", "link"):
                self._db.execute(f"DELETE FROM {table} WHERE part = ?", (part,))  # noqa: S608 - names of our own tables
        numbers = [self.add(part, place) for part, place in new]
        after = [self.lines(subject) for subject in subjects]
        for subject, lines in zip(subjects, after, strict=True):
            self._db.execute("DELETE FROM name WHERE subject = ?", (subject,))
            if lines:
                self._db.execute("INSERT INTO name VALUES (?, ?, ?, ?)", (subject, *name(lines), short_digest(lines)))
        self._db.execute("COMMIT")
        return numbers, _compare(subjects, before, after)

    def move(self, places: Iterable[tuple[int, int]]) -> None:
        """Give records other places among one another: the new place and the number of the part of each."""
        self._db.execute("BEGIN")
        self._db.executemany("UPDATE record SET place = ? WHERE part = ?", places)
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def subjects(self) -> Iterator[str]:
        """Yield the IRIs of all resources, sorted."""
        return (row[0] for row in self._db.execute("SELECT DISTINCT subject FROM block ORDER BY subject"))

    def _texts(self) -> Iterator[tuple[str, str]]:
        """Yield each resource with the lines that say something of it, by IRI, before anything is changed."""
        rows = self._db.execute("SELECT subject, text FROM block ORDER BY subject, rowid")
        for subject, of in groupby(rows, key=itemgetter(0)):
            yield subject, "".join(text for _, text in of)

    def name(self, subject: str) -> tuple[str, str] | None:
        """Give the label and the day of a resource; None for what the graph only names."""
        row: tuple[str, str] | None = self._db.execute("SELECT label, day FROM name WHERE subject = ?", (subject,)).fetchone()
        return row

    def names(self) -> list[tuple[str, str]]:
        """Give the resources that have a name, with it, by name."""
        return list(self._db.execute("SELECT subject, label FROM name WHERE label <> '' ORDER BY label, subject"))

    def around(self, iri: str) -> list[tuple[str, str | None, bytes | None]]:
        """Give the resources that are named by one or its parts, with labels and digests of what is said of them where something is."""
        below = (iri, iri + "#", iri + "$")
        return list(
            self._db.execute(
                "SELECT DISTINCT object, label, digest FROM link LEFT JOIN name ON name.subject = object "
                "WHERE link.subject = ? OR (link.subject > ? AND link.subject < ?) ORDER BY object",
                below,
            )
        )

    def content(self, iri: str) -> list[tuple[str, bytes]]:
        """Give a resource and its parts with the digests of what is said of them."""
        found = self._db.execute(
            "SELECT subject, digest FROM name WHERE subject = ? OR (subject > ? AND subject < ?) ORDER BY subject",
            (iri, iri + "#", iri + "$"),
        )
        return list(found)

    def newest(self, limit: int) -> list[tuple[str, str]]:
        """Give the records with the latest days, with these."""
        found = self._db.execute(
            "SELECT subject, day FROM name WHERE day <> '' AND subject IN (SELECT iri FROM record) ORDER BY day DESC, subject LIMIT ?",
            (limit,),
        )
        return list(found)

    def lines(self, subject: str) -> str:
        """Give the lines that say something of a resource, in the order in which they were exported."""
        rows = self._db.execute(
            "SELECT text FROM block LEFT JOIN record USING (part) WHERE subject = ? ORDER BY kind, place, block.rowid", (subject,)
        )
        return "".join(row[0] for row in rows)

    def below(self, page: str) -> list[str]:
        """Give the resources that are fragments of an IRI, sorted."""
        found = self._db.execute(
            "SELECT DISTINCT subject FROM block WHERE subject > ? AND subject < ? ORDER BY subject", (page + "#", page + "$")
        )
        return [row[0] for row in found]

    def record(self, iri: str) -> RecordPlace | None:
        """Say where the record of a resource stands; None for what is not a record's own."""
        found = self._db.execute("SELECT path, item FROM record WHERE iri = ? ORDER BY place LIMIT 1", (iri,)).fetchone()
        return RecordPlace(*found) if found else None

    def records(self) -> Iterator[tuple[str, RecordPlace]]:
        """Yield each record, in the order of the files."""
        for iri, path, item in self._db.execute("SELECT iri, path, item FROM record ORDER BY place"):
            yield iri, RecordPlace(path, item)

    def main_subjects(self) -> Iterator[str]:
        """Yield the IRIs of records, or where there are none those of all resources."""
        some = self._db.execute("SELECT 1 FROM record LIMIT 1").fetchone()
        query = "SELECT iri FROM record" if some else "SELECT DISTINCT subject FROM block"
        return (row[0] for row in self._db.execute(query))

    def mentions(self, iri: str, limit: int) -> tuple[list[Mention], int]:
        """Give the first resources that name another one, by property, and how many there are."""
        total = self._db.execute("SELECT count(*) FROM (SELECT DISTINCT subject, predicate FROM link WHERE object = ?)", (iri,)).fetchone()[
            0
        ]
        rows = self._db.execute(
            "SELECT DISTINCT subject, predicate FROM link WHERE object = ? ORDER BY predicate, subject LIMIT ?", (iri, limit)
        )
        return [Mention(*row) for row in rows], total

    def named(self, prefix: str) -> list[str]:
        """Give the IRIs that resources name and that begin so, sorted."""
        rows = self._db.execute("SELECT DISTINCT object FROM link WHERE substr(object, 1, ?) = ? ORDER BY object", (len(prefix), prefix))
        return [row[0] for row in rows]

    def predicates(self) -> list[str]:
        """Give the properties that lead to resources, the most frequent first."""
        return [row[0] for row in self._db.execute("SELECT predicate FROM link GROUP BY predicate ORDER BY count(*) DESC, predicate")]

    def classes(self) -> list[tuple[str, int]]:
        """Give each class with the number of its instances, the most frequent first."""
        return list(self._db.execute("SELECT class, count(DISTINCT subject) AS n FROM type GROUP BY class ORDER BY n DESC, class"))

    def record_classes(self) -> frozenset[str]:
        """Give the classes that records are of."""
        rows = self._db.execute("SELECT DISTINCT type.class FROM record JOIN type ON type.subject = record.iri")
        return frozenset(row[0] for row in rows)

    def types(self, iri: str) -> list[str]:
        """Give the classes of a resource, in the order in which they were exported."""
        rows = self._db.execute(
            "SELECT type.class FROM type LEFT JOIN record USING (part) WHERE subject = ? ORDER BY place IS NULL, place, type.rowid", (iri,)
        )
        return list(dict.fromkeys(row[0] for row in rows))

    def instances(self, of: str) -> list[str]:
        """Give the instances of a class, sorted by IRI."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT subject FROM type WHERE class = ? ORDER BY subject", (of,))]

    def class_content(self, of: str) -> list[list[tuple[object, ...]]]:
        """Give the instances of a class with digests of what is said of them, and the labels of what they name."""
        said = "SELECT DISTINCT subject, digest FROM type JOIN name USING (subject) WHERE class = ? ORDER BY subject"
        named = (
            "SELECT DISTINCT object, label FROM type JOIN link USING (subject) LEFT JOIN name ON name.subject = object "
            "WHERE class = ? ORDER BY object"
        )
        return [list(self._db.execute(query, (of,))) for query in (said, named)]

    @property
    def counts(self) -> tuple[int, int]:
        """How many records and how many resources there are."""
        return self._records, self._db.execute("SELECT count(DISTINCT subject) FROM block").fetchone()[0]


class _ReadPart(NamedTuple):
    """The lines of a part by the resource that they say something of, and what they say of classes and of other resources."""

    blocks: dict[str, str]
    types: list[tuple[str, str]]
    links: list[tuple[str, str, str]]


def _read_part(text: str) -> _ReadPart:
    blocks: dict[str, list[str]] = {}
    owner = ""
    types: list[tuple[str, str]] = []
    links: list[tuple[str, str, str]] = []
    for line in text.split("\n")[:-1]:  # not `splitlines`: a literal may hold U+2028
        subject, predicate, rest = line.split(" ", 2)
        owner = owner if subject.startswith("_:") else subject  # the cells of a list follow the statement that they are in
        blocks.setdefault(owner, []).append(line + "\n")
        if rest.startswith("<"):
            named = rest[1:-3]  # "> ."
            if predicate == _TYPE:
                types.append((subject[1:-1], named))
            else:
                links.append((owner[1:-1], predicate[1:-1], named))
    return _ReadPart({subject[1:-1]: "".join(of) for subject, of in blocks.items()}, types, links)


def _compare(subjects: Sequence[str], before: Sequence[str], after: Sequence[str]) -> GraphChange:
    change = GraphChange([], [], {})
    for subject, old, new in zip(subjects, before, after, strict=True):
        old_lines, new_lines = dict.fromkeys(old.split("\n")[:-1]), dict.fromkeys(new.split("\n")[:-1])
        removed = [line for line in old_lines if line not in new_lines]
        added = [line for line in new_lines if line not in old_lines]
        if any(map(_tells_of_cell, (*removed, *added))):
            change.relisted[subject] = [line for line in new_lines if _tells_of_cell(line)]
        change.removed.extend(line for line in removed if not _tells_of_cell(line))
        change.added.extend(line for line in added if not _tells_of_cell(line))
    return change


def _tells_of_cell(line: str) -> bool:
    subject, _, value = split_statement(line)
    return subject.startswith("_:") or value.startswith("_:")
