"""The account of an export: what became of every record, and what is to be said of it; as bytes, too, for the run after."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from exporter.cache.columns import ByteColumn, Column, pack_columns, unpack_columns
from exporter.errors import CacheError
from exporter.problems import Location, Problem, Severity

if TYPE_CHECKING:
    from exporter.cache.folder import CacheAccount
    from exporter.pipeline.pages import PageAccount
    from exporter.references import Lookups
    from exporter.writers.compare import Difference

Progress = Callable[[int], None]
"""Called with the number of files done so far, some times a second."""

TOLD_ONCE = frozenset({"MAP-FILE-PATTERN"})
"""Codes that are told once for each class, with the first record that has the problem."""


@dataclass(frozen=True, slots=True)
class UnmappedKey:
    """A key that no property reads: in how many records of a class, and where first. `near` is a mapped key with a similar name."""

    class_name: str
    key: str
    count: int
    example: Location
    near: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Export:
    """The account of a run: `seen` records, of `files`, are exported, skipped (by reason) or rejected.

    A file that gives no record counts as one. `problems` are in the order of the files.

    `unmapped` lists the keys that no property reads. `fresh` says, for a check, whether the file or folder is what would be written,
    and `stale` where it is not. `pages` says, of an export with a context, what that left out. `lookups`
    counts the references that were looked up, where the ontology has a `map:match`. `cache` says what was kept from earlier runs.
    A run over a cluster lists so many problems and unmapped keys; `unlisted` are the others, by severity, and `unlisted_keys` their number.

    >>> from exporter import export
    >>> account = export("examples/medigy/content", [])
    >>> account.seen == account.exported + account.rejected + sum(account.skipped.values())
    True
    """

    output: str
    seen: int
    exported: int
    rejected: int
    skipped: Mapping[str, int]
    triples: int
    problems: tuple[Problem, ...]
    unmapped: tuple[UnmappedKey, ...]
    fresh: bool | None = None
    stale: Difference | None = None
    files: int = 0
    pages: PageAccount | None = None
    lookups: Lookups | None = None
    cache: CacheAccount | None = None
    unlisted: Mapping[Severity, int] = field(default_factory=dict)
    unlisted_keys: int = 0

    def __repr__(self) -> str:
        files = f"seen={self.seen}, exported={self.exported}, rejected={self.rejected}, skipped={sum(self.skipped.values())}"
        rest = f"triples={self.triples}, problems={len(self.problems)}, unmapped={len(self.unmapped)}"
        return f"Export(output={self.output!r}, {files}, {rest})"


_COUNTS = ("seen", "exported", "rejected", "triples", "files")
_NONE = -1


def pack_account(account: Export) -> list[bytes]:
    """Give an account as bytes: all but what is only of a check, or of an export with a context."""
    places = [key.example for key in account.unmapped]
    lookups = account.lookups
    problems: list[bytes] = []
    if account.problems:
        from exporter.cache.coding import encode_problems  # 100 ms with the types that it knows

        problems.append(encode_problems(account.problems))
    columns: dict[str, array[int] | Sequence[bytes]] = {
        "counts": array("q", [getattr(account, name) for name in _COUNTS]),
        "lookups": array("q", astuple(lookups) if lookups else ()),
        "skipped": array("q", account.skipped.values()),
        "reason": _encoded(account.skipped),
        "problems": problems,
        "unmapped": array("q", [key.count for key in account.unmapped]),
        "place": array("q", [_NONE if number is None else number for place in places for number in _numbers(place)]),
        "key": _encoded(text for key in account.unmapped for text in (key.class_name, key.key, key.example.path, key.near or "")),
        "output": _encoded([account.output]),
    }
    return pack_columns(columns)


def unpack_account(data: bytes | memoryview) -> Export:
    """Make an account of its bytes; raises CacheError for anything that `pack_account` does not give."""
    columns = unpack_columns(data)
    try:
        counts = dict(zip(_COUNTS, _whole(columns["counts"]), strict=True))
        (output,) = _texts(columns["output"])
        return Export(
            output=output,
            seen=counts["seen"],
            exported=counts["exported"],
            rejected=counts["rejected"],
            skipped=dict(zip(_texts(columns["reason"]), _whole(columns["skipped"]), strict=True)),
            triples=counts["triples"],
            problems=_problems(columns["problems"]),
            unmapped=tuple(_unmapped(columns)),
            files=counts["files"],
            lookups=_lookups(_whole(columns["lookups"])),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise CacheError(f"not an account: {error}") from None


def _problems(column: Column) -> tuple[Problem, ...]:
    if not len(column) or not isinstance(column, ByteColumn):
        return ()
    from exporter.cache.coding import decode_problems  # as above

    return decode_problems(column.item(0))


def _lookups(numbers: Sequence[int]) -> Lookups | None:
    if not numbers:
        return None
    from exporter.references import Lookups  # few plans look something up

    return Lookups(*numbers)


def _unmapped(columns: Mapping[str, Column]) -> Iterator[UnmappedKey]:
    texts, numbers = iter(_texts(columns["key"])), iter(_whole(columns["place"]))
    for count in _whole(columns["unmapped"]):
        class_name, key, path, near = islice(texts, 4)
        line, column, end_line, end_column = islice(numbers, 4)
        place = Location(path, line, column, None if end_line == _NONE else end_line, None if end_column == _NONE else end_column)
        yield UnmappedKey(class_name, key, count, place, near or None)


def _numbers(place: Location) -> tuple[int | None, ...]:
    return (place.line, place.column, place.end_line, place.end_column)


def _encoded(texts: Iterable[str]) -> list[bytes]:
    return [text.encode("utf-8", "surrogatepass") for text in texts]


def _texts(column: Column) -> list[str]:
    if not isinstance(column, ByteColumn):
        raise CacheError("a column of numbers where texts are expected")
    return [text.decode("utf-8", "surrogatepass") for text in column]


def _whole(column: Column) -> Sequence[int]:
    if isinstance(column, ByteColumn):
        raise CacheError("a column of texts where numbers are expected")
    return column
