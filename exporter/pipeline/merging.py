"""Different texts that make one IRI: two topics would become one resource, with two labels and nobody told."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from exporter.digests import short_digest
from exporter.mapping.model import Name, Named
from exporter.problems import KeyPath, Location, Problem, Severity
from exporter.text import quote

REMEMBERED = 100_000
"""How many shared IRIs of a run are compared: some 200 bytes each."""
_SHOWN = 60
_KEPT = 10_000


class _First(NamedTuple):
    name: bytes
    text: str
    number: int
    key_path: KeyPath


class _Merge(NamedTuple):
    iri: str
    first: _First
    text: str
    where: tuple[str, int]
    key_path: KeyPath


class Merges:
    """Takes what was typed for each shared IRI, in the order of the files."""

    def __init__(self) -> None:
        self._firsts: dict[bytes, _First] = {}
        self._paths: dict[KeyPath, KeyPath] = {}
        self._told: set[tuple[bytes, bytes]] = set()
        self._merges: list[_Merge] = []
        self._entered: set[Name] = set()

    def add(self, named: Sequence[Named], number: int, where: tuple[str, int]) -> None:
        """Enter the names of one record: its number in the run, its file and its number there."""
        entered = self._entered
        for name, key_path in named:
            if name not in entered:  # most come again and again
                if len(entered) >= _KEPT:
                    entered.clear()
                entered.add(name)
                self._enter(name, number, where, key_path)

    def _enter(self, named: Name, number: int, where: tuple[str, int], key_path: KeyPath) -> None:
        iri, read, text = named
        name, at = short_digest(_without_case_and_space(read)), short_digest(iri)
        first = self._firsts.get(at)
        if first is None:
            if len(self._firsts) < REMEMBERED:
                self._firsts[at] = _First(name, text[: _SHOWN + 1], number, self._paths.setdefault(key_path, key_path))
        elif first.name != name and (at, name) not in self._told:
            self._told.add((at, name))
            self._merges.append(_Merge(iri, first, text, where, key_path))

    @property
    def numbers(self) -> list[int]:
        """The records that come first, by their number in the run."""
        return [merge.first.number for merge in self._merges]

    def problems(self, records: dict[int, tuple[str, int]], locate: Callable[[tuple[str, int], KeyPath], Location]) -> Iterator[Problem]:
        """Say what became one; `records` has the files of `numbers`, with their numbers there."""
        for merge in self._merges:
            first = locate(records[merge.first.number], merge.first.key_path)
            message = (
                f"{quote(merge.text, _SHOWN)} makes the IRI <{merge.iri}>, and so does {quote(merge.first.text, _SHOWN)} at {first}: "
                "two texts become one resource"
            )
            help_ = "if they are different things, rename one of them, or give the class a map:iri that keeps them apart"
            place = locate(merge.where, merge.key_path)
            yield Problem(
                "MAP-IRI-MERGED", place, message, severity=Severity.WARNING, help=help_, key_path=merge.key_path, related=(first,)
            )


def _without_case_and_space(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split()).casefold()
