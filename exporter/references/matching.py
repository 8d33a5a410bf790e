"""Which record a value names: by IRI, path or template; by what records have at a key; and then by nearly that (docs/mapping.md)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from exporter.mapping.model import Sought
from exporter.plan.model import Ambiguous
from exporter.references.known_records import KnownRecords
from exporter.references.targets import ENDINGS, LinkTarget, read_targets

_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
"""The language in the name of a file, before its ending."""


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
_Step = Callable[[str, Sequence[str], Sequence[LinkTarget], Occurrence], Iterator[_Found]]


class Matcher:
    """Looks values up. `keys` says how many keys each class has in its `map:match`; `ambiguous` what several records in one step are."""

    def __init__(self, known: KnownRecords, keys: Mapping[str, int], ambiguous: Ambiguous = "problem") -> None:
        self._known = known
        self._keys = keys
        self._ambiguous = ambiguous
        self._sites: dict[str, list[str]] = {}

    def find(
        self,
        text: str,
        place: Occurrence,
        ranges: Sequence[str],
        iris: Sequence[str] = (),
        *,
        linked: bool = False,
        parts: Sequence[Sequence[str]] = (),
    ) -> Match:
        """Find the record that a text names among those of some classes; `iris` are what it makes of the template of each.

        A text that is `linked` is the target of a link. `parts` are texts that stand for it at the keys of each class.
        """
        for range_, iri in zip(ranges, iris, strict=False):
            if iri and (named := self._known.at_iri(range_, iri)):
                return self._answer(named, range_, None, place)
        targets = read_targets(text, linked=linked)
        for step in (self._by_address, self._by_path, self._by_relative_address, self._by_key, self._by_folded):
            for index, range_ in enumerate(ranges):
                said = parts[index] if index < len(parts) and parts[index] else [""] * self._keys[range_]
                for numbers, key in step(range_, said, targets, place):
                    if numbers:
                        return self._answer(numbers, range_, key, place, loose=step == self._by_folded)
        return Match()

    def answer(self, sought: Sought, place: Occurrence) -> Match:
        """Find the record that a value of a hole names."""
        return self.find(sought.text, place, sought.ranges, sought.iris, linked=sought.linked, parts=sought.parts)

    def _by_address(self, range_: str, _parts: Sequence[str], targets: Sequence[LinkTarget], place: Occurrence) -> Iterator[_Found]:
        for target in targets:
            if target.is_address:
                addresses = [target.text]
            elif target.text.startswith("/"):
                addresses = [site + target.text for site in self._sites_of(place)]
            else:
                continue
            for address in addresses:
                for variant in _variants(address):
                    yield self._known.at_iri(range_, variant), None

    def _by_path(self, range_: str, _parts: Sequence[str], targets: Sequence[LinkTarget], place: Occurrence) -> Iterator[_Found]:
        known = self._known
        for target in targets:
            if not target.is_path:
                continue
            if target.post:
                posts = known.at_end(range_, posixpath.basename(target.text))
                yield [number for number in posts if _is_post(target.text, known.records[number].path)], None
                continue
            own = _localized(target.text, place.path)
            yield from self._at_path(range_, [path.rstrip("/") for path in (own, target.text) if path is not None], place)

    def _at_path(self, range_: str, paths: Sequence[str], place: Occurrence) -> Iterator[_Found]:
        """Look below the folder of the file, then from the root, then for the end of a project path."""
        known, folder = self._known, posixpath.dirname(place.path)
        for path in paths:
            if not path.startswith("/"):
                yield known.at_path(range_, posixpath.normpath(posixpath.join(folder, path))), None
        below = [posixpath.normpath(posixpath.join("/", path)).lstrip("/") for path in paths]
        for find in (known.at_path, known.at_end):
            for path in filter(None, below):
                yield find(range_, path), None

    def _by_relative_address(
        self, range_: str, _parts: Sequence[str], targets: Sequence[LinkTarget], place: Occurrence
    ) -> Iterator[_Found]:
        """Look from the page's own address, as a browser does: `../` in a page at `/news/today/` is `/news/`."""
        for target in targets:
            if target.is_path and not target.post and not target.text.startswith("/") and place.iri.startswith(("http:", "https:")):
                for variant in _variants(urljoin(place.iri, quote(target.text, safe="/.~-_"))):
                    yield self._known.at_iri(range_, variant), None

    def _by_key(self, range_: str, parts: Sequence[str], targets: Sequence[LinkTarget], _place: Occurrence) -> Iterator[_Found]:
        for key, part in enumerate(parts):
            for text in _names(targets, part):
                yield self._known.at_key(range_, key, text), key

    def _by_folded(self, range_: str, parts: Sequence[str], targets: Sequence[LinkTarget], _place: Occurrence) -> Iterator[_Found]:
        for target in targets:
            if target.is_path and not target.post and (path := posixpath.normpath(posixpath.join("/", target.text)).lstrip("/")):
                yield self._known.at_folded_end(range_, path), None
        for key, part in enumerate(parts):
            for text in _names(targets, part):
                yield self._known.at_folded_key(range_, key, text), key

    def _answer(self, numbers: Sequence[int], range_: str, key: int | None, place: Occurrence, *, loose: bool = False) -> Match:
        records = self._known.records
        found = Match(None, tuple(numbers), range_, key, loose)
        if len(numbers) == 1:
            return found._replace(iri=records[numbers[0]].iri)
        if self._ambiguous == "nearest":
            return found._replace(iri=records[min(numbers, key=lambda number: _distance(records[number].path, place.path))].iri)
        return found

    def _sites_of(self, place: Occurrence) -> list[str]:
        """Give what an address that begins with `/` may be below: the record's host, what all pages of that share, then the other hosts."""
        if not self._sites:
            by_origin: dict[str, list[str]] = {}
            for record in self._known.records:
                by_origin.setdefault(_origin(record.iri), []).append(record.iri)
            self._sites = {origin: [origin, _shared_base(iris)] for origin, iris in by_origin.items()}
        own = _origin(place.iri) if place.iri else ""
        sites = [self._sites.get(own, [own] if own else []), *self._sites.values()]
        return list(dict.fromkeys(site for each in sites for site in each))


def _shared_base(iris: Sequence[str]) -> str:
    """Give the address that all pages are below, without the slash at its end.

    >>> _shared_base(["https://e.org/blog/a/", "https://e.org/blog/b/c/", "https://e.org/blog/"])
    'https://e.org/blog'
    """
    least, most = min(iris).split("/")[:-1], max(iris).split("/")[:-1]
    pairs = list(zip(least, most, strict=False))
    length = next((number for number, (one, other) in enumerate(pairs) if one != other), len(pairs))
    return "/".join(least[:length])


def _origin(iri: str) -> str:
    parts = urlsplit(iri)
    return f"{parts.scheme}://{parts.netloc}"


def _variants(address: str) -> list[str]:
    """Give the forms in which a page's address is typed: with and without the slash at its end, or with `index.html` there."""
    if address.endswith("/index.html"):
        address = address.removesuffix("index.html")
    return [address, address.rstrip("/") if address.endswith("/") else f"{address}/"]


def _names(targets: Sequence[LinkTarget], part: str) -> list[str]:
    """Give what may be a name; a post is named by its file alone."""
    return [*(target.text for target in targets if not target.post), *([part] if part else [])]


def _localized(typed: str, path: str) -> str | None:
    """Give what is typed in a file with a language in its name, as it is called in this language (Hugo: `post.fr.md`).

    >>> _localized("../news/post.md", "content/x.fr.md"), _localized("post", "content/x.pt-BR.md"), _localized("post.md", "content/x.md")
    ('../news/post.fr.md', 'post.pt-BR', None)
    """
    language = _LANGUAGE.fullmatch(posixpath.splitext(posixpath.splitext(path)[0])[1])
    if language is None or not typed.strip("./"):
        return None
    stem, ending = posixpath.splitext(typed.rstrip("/"))
    return f"{stem}{language[0]}{ending}" if ending.lower() in ENDINGS else f"{typed.rstrip('/')}{language[0]}"


def _is_post(target: str, path: str) -> bool:
    """Whether Jekyll's `post_url` means this file: a post in `_posts`, in the folders that are named before or after that."""
    folders = path.split("/")[:-1]
    return "_posts" in folders and all(folder in folders for folder in target.strip("/").split("/")[:-1])


def _distance(path: str, own: str) -> tuple[bool, int, int, str]:
    """Order records as Obsidian does: the one in the file's own folder, then the shortest path."""
    return (posixpath.dirname(path) != posixpath.dirname(own), path.count("/"), len(path), path)
