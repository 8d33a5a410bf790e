"""Data files of a site: files beside the pages that hold many records, such as `_data/authors.yml` or a table of books.

A list of maps, a map of maps and a table hold records; what else lies there is data of the site's templates and no record.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exporter.inference.facts import Gatherer
from exporter.inference.observing import NAME_KEYS, RecordGroup
from exporter.project import Project
from exporter.records.data.claims import Claim
from exporter.records.framing import TABLE_SUFFIXES
from exporter.records.reading import read_file
from exporter.records.record import Record
from exporter.records.values import look_up

KEY, INDEX = "@key", "@index"
_IDENTIFYING = ("id", "key", "slug", "sku", "code", "isbn", "number")
"""Keys that are for telling records apart, the surest first."""

_PLACES = ("url", "link", "href", "path", "page")
_OF_A_WAY = 3  # keys: a text, a place, and an icon or the like


@dataclass(frozen=True, slots=True)
class EntryFile:
    """A file with records: where they stand in it (`map:records`), and the key that tells them apart; `keys` are those of a map of them."""

    path: str
    records: str
    key: str
    group: RecordGroup
    keys: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return posixpath.splitext(posixpath.basename(self.path))[0].lstrip("_.")


def read_data_files(project: Project, paths: Iterable[str]) -> tuple[EntryFile, ...]:
    """Read those of some files that hold records."""
    return tuple(found for path in paths if (found := _read(project, path)) is not None)


def _read(project: Project, path: str) -> EntryFile | None:
    tops = _tops(project, path)
    named = [top for top in tops if top == posixpath.splitext(posixpath.basename(path))[0].lstrip("_.")]  # `authors:` of `.authors.yml`
    for records in dict.fromkeys((*named, "", *tops)):
        claim = Claim((records,) if records else (), "")
        reading = read_file(path, place=project.tree.place(path), claims=(claim,))
        items = [each.record for each in reading.each if each.record is not None]
        maps = [item for item in items if item.front_matter]
        keys = frozenset(item.item.key for item in maps if item.item is not None and item.item.key is not None)
        is_menu = not keys and all(map(_is_way, maps))  # what has keys of its own is there to be named by them
        if maps and len(maps) == len(items) and not is_menu and all(each.record or each.skipped for each in reading.each):
            return EntryFile(path, records, KEY if keys else _identifying(maps), _group(path, maps), keys)
    return None


def _is_way(item: Record) -> bool:
    """Whether an item only says where a page stands, as those of a menu do."""
    said = item.front_matter
    places = [value for key in _PLACES if isinstance(value := said.get(key), str)]
    return bool(places) and len(said) <= _OF_A_WAY and all(place.startswith(("/", "#", ".")) or "://" in place for place in places)


def _tops(project: Project, path: str) -> Sequence[str]:
    """Give the one key of a file's top, below which the records may stand."""
    if posixpath.splitext(path)[1].lower() in TABLE_SUFFIXES:
        return ()
    record = read_file(path, place=project.tree.place(path)).record
    keys = list(record.front_matter) if record else []
    return keys if len(keys) == 1 and record is not None and isinstance(look_up(record.front_matter, (keys[0],)), (list, dict)) else ()


def _group(path: str, items: Sequence[Record]) -> RecordGroup:
    group = RecordGroup(paths=[path] * len(items))
    for record in items:
        said = [record.item.key if record.item else None, *(record.front_matter.get(key) for key in NAME_KEYS)]
        names = frozenset(text.casefold() for text in said if isinstance(text, str))
        Gatherer(path, names).add_map(group.facts, record.front_matter, ())
        group.syntaxes[record.syntax] += 1
    return group


def _identifying(items: Sequence[Record]) -> str:
    """Give the key that tells records apart: one that is for this, or the first one, where its texts are all different."""
    first = list(dict.fromkeys(key for record in items for key in record.front_matter))
    wanted = [key for key in first if key.lower() in _IDENTIFYING]
    for key in (*sorted(wanted, key=lambda key: _IDENTIFYING.index(key.lower())), *first[:1]):
        values = [record.front_matter.get(key) for record in items]
        texts = {str(value) for value in values if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip()}
        if len(texts) == len(values):
            return key
    return INDEX
