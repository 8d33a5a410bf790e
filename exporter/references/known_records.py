"""The records of a run as others may name them: by IRI, by path, and by what they have at the keys of `map:match`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from exporter.mapping.model import Answers
from exporter.references.comparing import folded

_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
INDEX_NAMES = ("index", "_index")
"""Files that stand for their folder."""


class Occurrence(NamedTuple):
    """Where a value was typed: the project path of its file, and the IRI of its record."""

    path: str
    iri: str = ""


class KnownRecord(NamedTuple):
    """A record that values may name."""

    iri: str
    path: str


_Form = tuple[int, str, int]
"""What a file may be called, the most literal first by the number before it, and the record behind it."""


class KnownRecords:
    """Takes records in the order of the files, and gives their numbers by what is typed."""

    def __init__(self) -> None:
        self.records: list[KnownRecord] = []
        self._by_iri: dict[str, int] = {}
        self._of: dict[str, set[int]] = {}
        self._by_text: dict[tuple[str, int], dict[str, list[int]]] = {}
        self._by_end: dict[str, list[_Form]] = {}
        self._folded: dict[tuple[str, int], dict[str, list[int]]] = {}
        self._folded_ends: dict[str, list[_Form]] = {}
        self.languages: set[str] = set()
        """The languages in the names of files, in lower case."""

    def enter(self, iri: str, path: str, answers: Sequence[Answers], *, alone: bool) -> None:
        """Enter a record by what it answers to; a file of many records, in which it is not `alone`, names none of them."""
        number = len(self.records)
        self.records.append(KnownRecord(iri, path))
        self._by_iri[iri] = number
        if language := language_in_name(path):
            self.languages.add(language.lower())
        for range_, texts in answers:
            self._of.setdefault(range_, set()).add(number)
            for key, said in enumerate(texts):
                by_text = self._by_text.setdefault((range_, key), {})
                for text in said:
                    by_text.setdefault(text, []).append(number)
                    if (by_folded := self._folded.get((range_, key))) is not None:
                        by_folded.setdefault(folded(text), []).append(number)
        if alone:
            self._folded_ends.clear()
            for level, form in enumerate(path_forms(path)):
                self._by_end.setdefault(posixpath.basename(form), []).append((level, form, number))

    def leave(self, iri: str, answers: Sequence[Answers]) -> None:
        """Take a record out again, which was entered with these answers; the numbers of the others stay."""
        number = self._by_iri.pop(iri, None)
        if number is None:
            return
        for range_, texts in answers:
            self._of.get(range_, set()).discard(number)
            for key, said in enumerate(texts):
                for text in said:
                    _take_out(self._by_text.get((range_, key), {}), text, number)
                    _take_out(self._folded.get((range_, key), {}), folded(text), number)
        for form in path_forms(self.records[number].path):
            name = posixpath.basename(form)
            self._by_end[name] = [entry for entry in self._by_end.get(name, ()) if entry[2] != number]
        self._folded_ends.clear()

    def at_iri(self, range_: str, iri: str) -> list[int]:
        """Give the record that has an IRI."""
        number = self._by_iri.get(iri)
        return [] if number is None or number not in self._of.get(range_, ()) else [number]

    def at_path(self, range_: str, path: str) -> list[int]:
        """Give the records whose project path this is: as it stands, without its ending, or for an `index` its folder."""
        return self._at_forms(range_, self._by_end, posixpath.basename(path), lambda form: form == path)

    def at_end(self, range_: str, path: str) -> list[int]:
        """Give the records whose project path ends so."""
        return self._at_forms(range_, self._by_end, posixpath.basename(path), lambda form: form == path or form.endswith(f"/{path}"))

    def at_folded_end(self, range_: str, path: str) -> list[int]:
        """Give the records whose project path ends nearly so."""
        if not self._folded_ends:
            for level, form, number in (entry for entries in self._by_end.values() for entry in entries):
                path_form = _folded_path(form)
                self._folded_ends.setdefault(posixpath.basename(path_form), []).append((level, path_form, number))
        wanted = _folded_path(path)
        return self._at_forms(range_, self._folded_ends, posixpath.basename(wanted), lambda form: f"/{form}".endswith(f"/{wanted}"))

    def _at_forms(self, range_: str, ends: Mapping[str, Sequence[_Form]], name: str, fits: Callable[[str], bool]) -> list[int]:
        """Give the records of a range of which the most literal form that any has fits; `ends` has the forms by their last part."""
        among = self._of.get(range_, set())
        found = [(level, number) for level, form, number in ends.get(name, ()) if fits(form) and number in among]
        best = min(found, default=(0, 0))[0]
        return list(dict.fromkeys(number for level, number in found if level == best))

    def at_key(self, range_: str, key: int, text: str) -> list[int]:
        """Give the records that have the text at a key of the range's `map:match`, by its number."""
        return self._by_text.get((range_, key), {}).get(text, [])

    def at_folded_key(self, range_: str, key: int, text: str) -> list[int]:
        """Give the records that have nearly the text there."""
        by_folded = self._folded.get((range_, key))
        if by_folded is None:
            by_folded = self._folded[range_, key] = {}
            for said, numbers in self._by_text.get((range_, key), {}).items():
                known = by_folded.setdefault(folded(said), [])
                known += [number for number in numbers if number not in known]
        return by_folded.get(folded(text), [])

    def names(self, range_: str, keys: int) -> Iterator[tuple[str, int]]:
        """Yield what the records of a range are called, by its number of keys, each with its record."""
        for key in range(keys):
            for text, numbers in self._by_text.get((range_, key), {}).items():
                yield text, numbers[0]

    def text_like(self, range_: str, key: int, number: int, typed: Collection[str]) -> str:
        """Give what a record has at a key that is nearly one of some texts."""
        said = (text for text, numbers in self._by_text.get((range_, key), {}).items() if number in numbers)
        return next((text for text in said if folded(text) in typed), "")

    def paths(self, numbers: Sequence[int]) -> list[str]:
        """Give the paths of records, each once."""
        return list(dict.fromkeys(self.records[number].path for number in numbers))


def path_forms(path: str) -> list[str]:
    """Give what a file may be called: its path, with or without its ending, and for an `index` its folder.

    >>> path_forms("content/about/index.md")
    ['content/about/index.md', 'content/about/index', 'content/about']
    """
    stem = posixpath.splitext(path)[0]
    folder, name = posixpath.split(stem)
    return [path, stem, *([folder] if name in INDEX_NAMES and folder else [])]


def language_in_name(path: str) -> str:
    """Give the language in the name of a file, before its ending (Hugo: `post.fr.md`); empty where there is none.

    >>> language_in_name("content/x.fr.md"), language_in_name("content/x.pt-BR.md"), language_in_name("content/x.md")
    ('fr', 'pt-BR', '')
    """
    ending = posixpath.splitext(posixpath.splitext(path)[0])[1]
    return ending[1:] if _LANGUAGE.fullmatch(ending) else ""


def _take_out(by_text: dict[str, list[int]], text: str, number: int) -> None:
    left = [other for other in by_text.get(text, ()) if other != number]
    if left:
        by_text[text] = left
    else:
        by_text.pop(text, None)


def _folded_path(path: str) -> str:
    return "/".join(map(folded, path.split("/")))
