"""Which record a value names: by IRI, path or template; by what records have at a key; and then by nearly that (docs/mapping.md)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from exporter.mapping.model import Sought
from exporter.plan.model import Ambiguous
from exporter.references.known_records import KnownRecords, Occurrence, language_in_name
from exporter.references.targets import ENDINGS, LinkTarget, read_targets
from exporter.references.unanswered import Unanswered

_AS_TYPED = ":/?#[]@!$&'()*+,;=%~"
"""What stays of an address whose other characters are percent-encoded."""


class Match(NamedTuple):
    """What a value names: the `iri` of a record, or nothing where none or several answer. `numbers` are those that answer.

    `key` is the key they answered by, by its number in `map:match`, `range` the class; `loose` says that nothing was equal. Where no record
    answers it may be a `file`, by its project path, with its address as `iri` where that is known and wanted.
    """

    iri: str | None = None
    numbers: tuple[int, ...] = ()
    range: str = ""
    key: int | None = None
    loose: bool = False
    file: str | None = None

    @property
    def nearest(self) -> bool:
        """Whether it was chosen among several."""
        return self.iri is not None and len(self.numbers) > 1


_Found = tuple[Sequence[int], int | None]
_Step = Callable[[str, Sequence[str], Sequence[LinkTarget], Occurrence], Iterator[_Found]]


class Matcher:
    """Looks values up. `keys` says how many keys each class has in its `map:match`; `ambiguous` what several records in one step are."""

    def __init__(
        self, known: KnownRecords, keys: Mapping[str, int], ambiguous: Ambiguous = "problem", unanswered: Unanswered | None = None
    ) -> None:
        self._known = known
        self._keys = keys
        self._ambiguous = ambiguous
        self._unanswered = unanswered
        self._files = unanswered.files if unanswered else None
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
        if self._unanswered is not None and any(self._unanswered.is_meant(target, place) for target in targets if target.is_path):
            return Match()
        for step in (self._by_address, self._by_path, self._by_relative_address, self._by_key, self._by_folded):
            for index, range_ in enumerate(ranges):
                said = parts[index] if index < len(parts) and parts[index] else [""] * self._keys[range_]
                for found, key in step(range_, said, targets, place):
                    by_address = step in (self._by_address, self._by_relative_address)
                    if found and (numbers := found if by_address else self._in_language(range_, found, targets, place)):
                        return self._answer(numbers, range_, key, place, loose=step == self._by_folded)
        return Match()

    def answer(self, sought: Sought, place: Occurrence) -> Match:
        """Find the record that a value of a hole names, or else the file; one with a page's ending was to be a record."""
        found = self.find(sought.text, place, sought.ranges, sought.iris, linked=sought.linked, parts=sought.parts)
        if self._files is None or found.iri is not None or found.numbers or sought.fits:
            return found
        targets = [target for target in read_targets(sought.text, linked=sought.linked) if sought.file or target.may_be_file]
        path = self._files.find(sought.text, targets, place)
        if path is None or self._files.is_page(path):
            return found
        return found._replace(file=path, iri=self._files.address(path, place) if sought.file else None)

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
            language = target.language or language_in_name(place.path)
            yield from self._at_path(range_, target.text.rstrip("/"), language, place)

    def _at_path(self, range_: str, typed: str, language: str, place: Occurrence) -> Iterator[_Found]:
        """Look below the folder of the file, then from the root, then for the end of a project path; in the language first."""
        known, folder = self._known, posixpath.dirname(place.path)
        localized = _localized(typed, language)
        paths = [path for path in (localized, typed) if path is not None]

        def found(find: Callable[[str, str], list[int]], path: str, end: str) -> _Found:
            numbers = find(range_, end)  # a page is not meant by its own translation
            return [number for number in numbers if path is typed or known.records[number].path != place.path], None

        for path in paths:
            if not path.startswith("/"):
                yield found(known.at_path, path, posixpath.normpath(posixpath.join(folder, path)))
        for find in (known.at_path, known.at_end):
            for path in paths:
                if end := posixpath.normpath(posixpath.join("/", path)).lstrip("/"):
                    yield found(find, path, end)

    def _in_language(self, range_: str, found: Sequence[int], targets: Sequence[LinkTarget], place: Occurrence) -> Sequence[int]:
        """Give those that are meant among translations of each other: the ones in the language of the file, or that is asked for.

        A file is in the language that its name has (Hugo: `post.fr.md`), or else a folder of its path. A page is not meant by its own
        translation.
        """
        records = self._known.records
        asked = next((target.language for target in targets if target.language), "")
        language = asked or language_in_name(place.path)
        if language:
            paths = [_localized(records[number].path, language) for number in found]
            there = [other for path in paths if path is not None for other in self._known.at_path(range_, path)]
            others = [number for number in found if records[number].path != place.path]
            there = [*(number for number in there if records[number].path != place.path), *(others or found)]
            found = others or found
            same = list(dict.fromkeys(number for number in there if language_in_name(records[number].path).lower() == language.lower()))
            if same or asked.lower() in self._known.languages:
                return same
        if asked:
            found = [number for number in found if records[number].path != place.path]
        plain = [number for number in found if not language_in_name(records[number].path)] if asked or len(found) > 1 else found
        return self._in_folder(plain if plain or asked else found, asked.lower(), _folders_of_language(place.path)[0])

    def _in_folder(self, found: Sequence[int], asked: str, own: str) -> Sequence[int]:
        """Give the one below a folder that is called as a language is, where all are translations of each other."""
        parted = [_folders_of_language(self._known.records[number].path) for number in found]
        if asked and own and asked != own:  # what stands below the file's own folder is in another language than the one asked for
            kept = [(number, each) for number, each in zip(found, parted, strict=True) if each[0] != own]
            found, parted = [number for number, _ in kept], [each for _, each in kept]
        language = asked or own
        paths = [self._known.records[number].path for number in found]
        if not language and any(rest.count("/") != path.count("/") for (_, rest), path in zip(parted, paths, strict=True)):
            return found  # a folder such as `js/` is hardly that of a language; `content.fr/` is
        same = [number for number, (folder, _) in zip(found, parted, strict=True) if folder == language]
        return same if len(found) > 1 and same and len({rest for _, rest in parted}) == 1 else found

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
    forms = [address, address.rstrip("/") if address.endswith("/") else f"{address}/"]
    return forms if address.isascii() else [*forms, *(quote(form, safe=_AS_TYPED) for form in forms)]


def _names(targets: Sequence[LinkTarget], part: str) -> list[str]:
    """Give what may be a name; a post is named by its file alone."""
    return [*(target.text for target in targets if not target.post), *([part] if part else [])]


def _localized(typed: str, language: str) -> str | None:
    """Give what is typed in a file with a language in its name, as it is called in this language (Hugo: `post.fr.md`).

    >>> _localized("../news/post.md", "fr"), _localized("post", "pt-BR"), _localized("post.md", ""), _localized("a/b.fr.md", "fr")
    ('../news/post.fr.md', 'post.pt-BR', None, None)
    """
    if not language or not typed.strip("./"):
        return None
    stem, ending = posixpath.splitext(typed.rstrip("/"))
    if ending.lower() not in ENDINGS:
        stem, ending = typed.rstrip("/"), ""
    return None if stem.lower().endswith(f".{language.lower()}") else f"{stem}.{language}{ending}"


_LANGUAGE_FOLDER = re.compile(r"(?:[^.]+\.)?(?P<language>[a-z]{2}(?:[-_][A-Za-z]{2,4})?)")


def _folders_of_language(path: str) -> tuple[str, str]:
    """Give the first folder of a path that is called as a language is, and the path without it."""
    parts = path.split("/")
    for number, part in enumerate(parts[:-1]):
        if named := _LANGUAGE_FOLDER.fullmatch(part):
            kept = [part[: -len(named["language"]) - 1]] if named["language"] != part else []
            return named["language"].lower(), "/".join((*parts[:number], *kept, *parts[number + 1 :]))
    return "", path


def _is_post(target: str, path: str) -> bool:
    """Whether Jekyll's `post_url` means this file: a post in `_posts`, in the folders that are named before or after that."""
    folders = path.split("/")[:-1]
    return "_posts" in folders and all(folder in folders for folder in target.strip("/").split("/")[:-1])


def _distance(path: str, own: str) -> tuple[bool, int, int, str]:
    """Order records as Obsidian does: the one in the file's own folder, then the shortest path."""
    return (posixpath.dirname(path) != posixpath.dirname(own), path.count("/"), len(path), path)
