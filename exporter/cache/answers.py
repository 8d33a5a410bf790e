"""Answers that earlier runs gave: bytes by the digest of all that an answer depends on, so that one that is found is right."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.cache.columns import ByteColumn, Column, pack_columns, unpack_columns
from exporter.cache.folder import Cache, Note
from exporter.errors import CacheError

_SPARE = 1_000
"""So many answers that a run did not use are kept beside as many as it used: the next run may look at other files."""


class KeptAnswers:
    """The answers that are kept under one name. What a run used and what it added is kept when `save` is called.

    >>> from pathlib import Path
    >>> answers = KeptAnswers(Cache(Path("nowhere"), off="for the example"), "results")
    >>> answers.add(b"question", b"answer")
    >>> answers.find(b"question")
    b'answer'
    """

    def __init__(self, cache: Cache, name: str) -> None:
        self._cache, self._name = cache, name
        self._old = self._read()
        self._used: dict[bytes, bytes] = {}
        self._added = False

    def _read(self) -> Mapping[bytes, bytes]:
        data = self._cache.read(self._name)
        try:
            return {} if data is None else _answers(unpack_columns(data))
        except (CacheError, KeyError) as error:
            self._cache.notes.append(Note(f"the answers of the cache can't be read: {error}; they are made again", 1))
            return {}

    def find(self, key: bytes) -> bytes | None:
        """Give the answer to a question, by its digest."""
        found = self._used.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self._used[key] = found
        return found

    def add(self, key: bytes, answer: bytes) -> None:
        """Keep an answer."""
        self._used[key] = answer
        self._added = True

    def save(self) -> None:
        """Write what is worth keeping, where that has changed."""
        spare = [key for key in self._old if key not in self._used]
        most = len(self._used) + _SPARE
        if self._added or len(spare) > most:
            kept = {**{key: self._old[key] for key in spare[-most:]}, **self._used}
            self._cache.write(self._name, pack_columns({"key": list(kept), "answer": list(kept.values())}))


def _answers(columns: Mapping[str, Column]) -> Mapping[bytes, bytes]:
    keys, answers = columns["key"], columns["answer"]
    if not isinstance(keys, ByteColumn) or not isinstance(answers, ByteColumn) or len(keys) != len(answers):
        raise CacheError("its columns do not fit together")
    return dict(zip(keys, answers, strict=True))
