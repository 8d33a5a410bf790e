"""Which record a value names: by IRI, path or template; by what records have at a key; and then by nearly that (docs/mapping.md)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from exporter.mapping.model import Sought
from exporter.plan.model import Ambiguous
from exporter.references.known_records import KnownRecords
from exporter.references.targets import LinkTarget, read_targets


class Occurrence(NamedTuple):
    """Where a value was typed: the project path of its file, and the IRI of its record."""

    path: str
    iri: str = ""


class Match(NamedTuple):
    """What a value names: the `iri` of a record, or nothing where none or several answer. `numbers` are those that answer.

    `key` is the key they answered by, by its number in `map:match`, `range` the class; `loose` says that nothing was equal.
    """

    iri: str | None = None
    numbers: tuple[int, ...] = ()
    range: str = ""
    key: int | None = None
    loose: bool = False

    @property
    def nearest(self) -> bool:
        """Whether it was chosen among several."""
        return self.iri is not None and len(self.numbers) > 1


_Found = tuple[Sequence[int], int | None]
_Step = Callable[[str, int, Sequence[LinkTarget], Occurrence], Iterator[_Found]]


class Matcher:
    """Looks values up. `keys` says how many keys each class has in its `map:match`; `ambiguous` what several records in one step are."""

    def __init__(self, known: KnownRecords, keys: Mapping[str, int], ambiguous: Ambiguous = "problem") -> None:
        self._known = known
        self._keys = keys
        self._ambiguous = ambiguous
        self._sites: list[str] = []

    def find(self, text: str, place: Occurrence, ranges: Sequence[str], iris: Sequence[str] = (), *, linked: bool = False) -> Match:
        """Find the record that a text names among those of some classes; `iris` are what it makes of the template of each.

        A text that is `linked` is the target of a link.
        """
        targets = read_targets(text, linked=linked)
        for step in (self._by_address, self._by_path, self._by_key, self._by_folded):
            for range_, iri in zip(ranges, iris or [""] * len(ranges), strict=True):
                if step == self._by_address and iri and (named := self._known.at_iri(range_, iri)):
                    return self._answer(named, range_, None, place)
                for numbers, key in step(range_, self._keys[range_], targets, place):
                    if numbers:
                        return self._answer(numbers, range_, key, place, loose=step == self._by_folded)
        return Match()

    def answer(self, sought: Sought, place: Occurrence) -> Match:
        """Find the record that a value of a hole names."""
        return self.find(sought.text, place, sought.ranges, sought.iris, linked=sought.linked)

    def _by_address(self, range_: str, _keys: int, targets: Sequence[LinkTarget], place: Occurrence) -> Iterator[_Found]:
        for target in targets:
            if target.is_address:
                addresses = [target.text]
            elif target.text.startswith("/"):
                addresses = [site + target.text for site in self._origins(place)]
            else:
                continue
            for address in addresses:
                for variant in _variants(address):
                    yield self._known.at_iri(range_, variant), None

    def _by_path(self, range_: str, _keys: int, targets: Sequence[LinkTarget], place: Occurrence) -> Iterator[_Found]:
        known = self._known
        for target in targets:
            if not target.is_path:
                continue
            if target.post:
                posts = known.at_end(range_, posixpath.basename(target.text))
                yield [number for number in posts if _is_post(target.text, known.records[number].path)], None
                continue
            path = target.text.rstrip("/")
            below = posixpath.normpath(posixpath.join("/", path)).lstrip("/")
            if not path.startswith("/"):
                yield known.at_path(range_, posixpath.normpath(posixpath.join(posixpath.dirname(place.path), path))), None
            if below:
                yield known.at_path(range_, below), None
                yield known.at_end(range_, below), None

    def _by_key(self, range_: str, keys: int, targets: Sequence[LinkTarget], _place: Occurrence) -> Iterator[_Found]:
        for key in range(keys):
            for target in targets:
                yield self._known.at_key(range_, key, target.text), key

    def _by_folded(self, range_: str, keys: int, targets: Sequence[LinkTarget], _place: Occurrence) -> Iterator[_Found]:
        for target in targets:
            if target.is_path and not target.post and (path := posixpath.normpath(posixpath.join("/", target.text)).lstrip("/")):
                yield self._known.at_folded_end(range_, path), None
        for key in range(keys):
            for target in targets:
                yield self._known.at_folded_key(range_, key, target.text), key

    def _answer(self, numbers: Sequence[int], range_: str, key: int | None, place: Occurrence, *, loose: bool = False) -> Match:
        records = self._known.records
        found = Match(None, tuple(numbers), range_, key, loose)
        if len(numbers) == 1:
            return found._replace(iri=records[numbers[0]].iri)
        if self._ambiguous == "nearest":
            return found._replace(iri=records[min(numbers, key=lambda number: _distance(records[number].path, place.path))].iri)
        return found

    def _origins(self, place: Occurrence) -> list[str]:
        """Give the sites that an address beginning with `/` may be below: that of the record, and those of the others."""
        if not self._sites:
            self._sites = list(dict.fromkeys(_origin(record.iri) for record in self._known.records))
        own = _origin(place.iri) if place.iri else ""
        return list(dict.fromkeys([*([own] if own else []), *self._sites]))


def _origin(iri: str) -> str:
    parts = urlsplit(iri)
    return f"{parts.scheme}://{parts.netloc}"


def _variants(address: str) -> list[str]:
    """Give the forms in which a page's address is typed: with and without the slash at its end, or with `index.html` there."""
    if address.endswith("/index.html"):
        address = address.removesuffix("index.html")
    return [address, address.rstrip("/") if address.endswith("/") else f"{address}/"]


def _is_post(target: str, path: str) -> bool:
    """Whether Jekyll's `post_url` means this file: a post in `_posts`, in the folders that are named before or after that."""
    folders = path.split("/")[:-1]
    return "_posts" in folders and all(folder in folders for folder in target.strip("/").split("/")[:-1])


def _distance(path: str, own: str) -> tuple[bool, int, int, str]:
    """Order records as Obsidian does: the one in the file's own folder, then the shortest path."""
    return (posixpath.dirname(path) != posixpath.dirname(own), path.count("/"), len(path), path)
