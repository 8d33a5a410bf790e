"""One file's front matter and body, and where each key path stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exporter.problems import KeyPath, Location, Problem
from exporter.records.body.content import BodyContent
from exporter.records.values import Value

Syntax = Literal["yaml", "toml", "json"]


@dataclass(frozen=True, slots=True)
class Item:
    """Which record of a data file it is: `path` is where it stands there, `index` its number from 1, `key` its key in a map of records.

    `class_iri` is the class that claims it. `value` is an item that is not a map but a single value; the record has no keys then.
    """

    path: KeyPath
    index: int
    class_iri: str
    key: str | None = None
    value: Value = None


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """A record as its file says it: nothing is renamed, retyped or dropped.

    `path` is the file as the user named it, with `/` between its parts. `text` is the whole file as read,
    without a byte order mark; `body` is what follows the front matter and starts at line `body_line`.
    `span` says where the front matter stands in `text`, without its fences. `item` says which one of a data file's records it is.
    `folded` says that its keys may be spelled in another case there.

    >>> from exporter import read
    >>> record = next(read("examples/medigy/content"))
    >>> record.front_matter["aliases"][0], record.locate("aliases[0]").line
    ('/news/what-our-diabetes-group-learned', 3)
    """

    path: str
    front_matter: dict[str, Value]
    body: str
    syntax: str
    text: str
    body_line: int
    span: tuple[int, int] = (0, 0)
    item: Item | None = None
    folded: bool = False

    def __repr__(self) -> str:
        return f"Record(path={self.path!r}, syntax={self.syntax!r}, keys={len(self.front_matter)}, body={len(self.body)} characters)"

    def body_content(self) -> BodyContent:
        """Parse the body for what it says: its first heading, tags, inline fields and links."""
        from exporter.records.body.parsing import parse_body  # few classes read bodies

        return parse_body(self.path, self.body)

    def locate(self, key_path: str | KeyPath, *, key: bool = False, span: tuple[int, int] | None = None) -> Location:
        """Say where the value at `key_path` stands, or with `key` the key that names it.

        Reads the file's text again with a parser that keeps positions, so it costs as much as reading did and nothing
        before. A path that the record does not hold gives the map that should hold it. A path may go on into JSON in a string.
        `span` narrows a scalar to characters `[start, end)` of its value. `("@body",)` is the body.
        """
        from exporter.records.locating import locate  # positions are needed for problems only

        return locate(self, key_path, key=key, span=span)

    def extent(self) -> Location:
        """Say which part of the file is the record: all of it, or an item of a data file with its key."""
        from exporter.records.locating import KeyPositions

        return KeyPositions(self).extent()


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file, or an item of a data file: a record, perhaps with problems beside it; problems alone; a reason to skip it.

    Exactly one holds: `record` is set (read), `skipped` is set (skipped), `items` are set (a data file: what became of each of its
    records), or none of these (rejected, and `problems` says why). `body` is the offset of the body of a page whose front matter is empty.
    """

    path: str
    record: Record | None = None
    problems: tuple[Problem, ...] = ()
    skipped: str | None = None
    items: tuple[Reading, ...] = ()
    body: int | None = None

    @property
    def each(self) -> tuple[Reading, ...]:
        """What became of each record of the file: one, unless it is a data file."""
        return self.items or (self,)
