"""Outcomes that earlier runs made: one is taken again while the bytes of its file, its project path and the plan are the same.

An outcome depends on nothing else, so which run made it can't be told from what comes out: `KeptOutcomes` gives what making all of them
anew would give, in the same order. Two kinds of files hold them, by the plan's digest and the format. *Segments* are compressed
outcomes, written once and never changed. The *index* says for each path the stamp of its file, and where in which segment its outcome
is; it is written anew when something in it changed. A segment of which less than half is in use is given up, and what is in use goes
into the next one.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from exporter.cache.coding import encode_outcome
from exporter.cache.folder import Cache, CacheAccount, Note
from exporter.cache.index import Index, IndexBuilder
from exporter.cache.segments import NewSegment, Segments
from exporter.cache.stamps import UNTIMED, Look, Stamp, look, rested, unchanged
from exporter.digests import content_digest
from exporter.errors import CacheError
from exporter.outcomes.outcome import Outcome
from exporter.records.reading import Reader

Make = Callable[[Iterable[str]], Iterator[Outcome]]
"""Makes outcomes of files, in their order."""

_SEGMENTS = 16
"""More of them are put together: each edit may leave one."""


class _Awaited(NamedTuple):
    """A file whose outcome is being made, and what was seen of it before; None for one whose outcome is not to be kept."""

    path: str
    looked: Look | None = None
    looked_at_ns: int = 0

    def stamp(self, digest: bytes) -> Stamp:
        """Make the stamp of a file with a content."""
        assert self.looked is not None
        size, mtime_ns, ctime_ns, inode = self.looked
        return Stamp(size, mtime_ns if rested(self.looked, self.looked_at_ns) else UNTIMED, ctime_ns, inode, digest)


class _Held(NamedTuple):
    """A file whose outcome is kept in a row; `stamp` is what the file is now."""

    row: int
    stamp: Stamp


_Due = _Awaited | _Held


class KeptOutcomes:
    """The kept outcomes of one plan and format, by its `name`. What a run makes is kept when `save` is called after its last outcome."""

    def __init__(self, cache: Cache, name: str, reader: Reader) -> None:
        self._cache = cache
        self._name = name
        self._reader = reader
        self._index = self._read_index()
        self._segments = Segments(cache, self._index)
        self._next = IndexBuilder()
        self._new = NewSegment(first_chunk=self._index.chunk_count)
        self._changed = False
        self.kept = self.made = 0

    def _read_index(self) -> Index:
        data = self._cache.read(self._name)
        try:
            return Index.parse(data)
        except CacheError as error:
            self._cache.notes.append(Note(f"the index of the cache can't be read: {error}; it is made again", 1))
            return Index.parse(None)

    def outcomes(self, make: Make, paths: Iterable[str]) -> Iterator[Outcome]:
        """Yield the outcome of each file in the order of `paths`: the kept one, or that which `make` gives."""
        due: deque[_Due] = deque()
        for outcome in make(self._missing(paths, due)):
            yield from self._held(due, make)  # what is made comes in order, so what stands before it is held
            awaited = due.popleft()
            assert isinstance(awaited, _Awaited)
            self._keep(awaited, outcome)
            yield outcome
        yield from self._held(due, make)
        self._changed = self._changed or len(self._next) != len(self._index)

    def _missing(self, paths: Iterable[str], due: deque[_Due]) -> Iterator[str]:
        """Yield the files that have no outcome yet; all of them become due."""
        tree, expected = self._reader.tree, 0
        for path in paths:
            if tree.overlays and tree.data(path) is not None:  # what an editor holds is not what the file is
                due.append(_Awaited(path))
                yield path
                continue
            row = self._index.find(path, expected)
            expected = row + 1
            awaited = self._look(path)
            held = self._find(row, awaited) if row >= 0 and awaited.looked is not None else None
            due.append(held or awaited)
            if held is None:
                yield path

    def _look(self, path: str) -> _Awaited:
        at = time.time_ns()
        try:
            return _Awaited(path, look(self._reader.tree.place(path)), at)
        except OSError:
            return _Awaited(path)

    def _find(self, row: int, awaited: _Awaited) -> _Held | None:
        """Say whether a file is what its row says: by a quick look, or where that does not tell, by its bytes."""
        stamp = self._index.stamp(row)
        assert awaited.looked is not None
        if unchanged(stamp, awaited.looked, awaited.looked_at_ns):
            return _Held(row, stamp)
        if awaited.looked.size != stamp.size:
            return None
        try:
            same = content_digest(self._reader.data(awaited.path)) == stamp.digest
        except OSError:
            return None
        return _Held(row, awaited.stamp(stamp.digest)) if same else None

    def _held(self, due: deque[_Due], make: Make) -> Iterator[Outcome]:
        """Yield the kept outcomes that are due before the next one that is made."""
        while due and isinstance(held := due[0], _Held):
            due.popleft()
            path, place = self._index.path(held.row), self._index.place(held.row)
            outcome = self._segments.outcome(place)
            if outcome is None:  # the segment is damaged or gone
                awaited = self._look(path.decode("utf-8", "surrogateescape"))
                outcome = next(make([awaited.path]))
                self._keep(awaited, outcome)
            else:
                self._next.add(path, held.stamp, place)
                self._changed = self._changed or held.stamp != self._index.stamp(held.row)
                self.kept += 1
            yield outcome

    def _keep(self, awaited: _Awaited, outcome: Outcome) -> None:
        """Enter an outcome that was made."""
        self._changed = True
        self.made += 1
        if awaited.looked is not None and outcome.content:
            place = self._new.add(encode_outcome(outcome))
            if place is not None:
                self._next.add(awaited.path.encode("utf-8", "surrogateescape"), awaited.stamp(outcome.content), place)

    def account(self) -> CacheAccount:
        """Say what was kept and what was made, and what is to be said."""
        return CacheAccount(self.kept, self.made, tuple(self._cache.notes))

    def save(self) -> None:
        """Keep what this run made, for later ones. What is not in a run is not kept any longer: its files are gone, or not asked for."""
        with closing(self._new):
            if self._changed:
                try:
                    self._save()
                except CacheError:  # a segment that went, or was damaged, while it was read
                    self._cache.remove(self._name)
        self._cache.finish(self.kept, self.made)

    def _save(self) -> None:
        index, places = self._index, self._next.places
        self._move_from(self._given_up())
        names = [*index.segments, f"{self._name}-{self._new.finish()}"]
        chunks = [*index.chunks(), *(chunk._replace(segment=len(index.segments)) for chunk in self._new.chunks)]
        if self._new.chunks and not self._cache.write(names[-1], self._new.parts()):
            return
        used = {old: new for new, old in enumerate(sorted({place.chunk for place in places}))}
        segments = {old: new for new, old in enumerate(sorted({chunks[old].segment for old in used}))}
        places[:] = [place._replace(chunk=used[place.chunk]) for place in places]
        kept = [names[old] for old in segments]
        packed = self._next.packed([chunks[old]._replace(segment=segments[chunks[old].segment]) for old in used], kept)
        if self._cache.write(self._name, packed):
            for name in set(index.segments).difference(kept):
                self._cache.remove(name)

    def _given_up(self) -> set[int]:
        """Choose the segments to give up: those of which less than half is in use, and all but the largest where there are many."""
        used: Counter[int] = Counter()
        whole: Counter[int] = Counter()
        chunks = list(self._index.chunks())
        for chunk in chunks:
            whole[chunk.segment] += chunk.raw
        for place in self._next.places:
            if place.chunk < len(chunks):
                used[chunks[place.chunk].segment] += place.length
        given_up = {segment for segment, size in whole.items() if 2 * used[segment] < size}
        others = sorted(set(whole) - given_up, key=lambda segment: (whole[segment], segment))
        return given_up.union(others[:-1] if len(others) > _SEGMENTS else ())

    def _move_from(self, segments: set[int]) -> None:
        """Take what is in use of some segments into the new one."""
        places = self._next.places
        for row, place in enumerate(places) if segments else ():
            if place.chunk < self._index.chunk_count and self._index.chunk(place.chunk).segment in segments:
                places[row] = self._new.add(self._segments.data(place)) or place
