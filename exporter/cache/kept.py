"""Outcomes that earlier runs made: one is taken again while the bytes of its file, its project path and the plan are the same.

An outcome depends on nothing else, so which run made it can't be told from what comes out: `KeptOutcomes` gives what making all of them
anew would give, in the same order. Two kinds of files hold them, by the plan's digest and the format. *Segments* are compressed
outcomes, written once and never changed. The *index* says for each path the stamp of its file, and where in which segment its outcome
is; it is written anew when something in it changed. A segment of which less than half is in use is given up, and what is in use goes
into the next one.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import NamedTuple

from exporter.cache.coding import encode_outcome
from exporter.cache.folder import Cache, CacheAccount, Note
from exporter.cache.index import Index, IndexBuilder
from exporter.cache.segments import NewSegment, Segments
from exporter.cache.stamps import Look, Seen, Stamp, see, unchanged
from exporter.digests import content_digest
from exporter.errors import CacheError
from exporter.outcomes.outcome import Outcome
from exporter.records.reading import Reader

Make = Callable[[Iterable[str]], Iterator[Outcome]]
"""Makes outcomes of files, in their order."""

_SEGMENTS = 16
"""More of them are put together: each edit may leave one."""


class _Held(NamedTuple):
    """A file whose outcome is kept in a row; `stamp` is what the file is now."""

    row: int
    stamp: Stamp


_Due = Seen | _Held


class KeptOutcomes:
    """The kept outcomes of one plan and format, by its `name`. What a run makes is kept when `save` is called after its last outcome."""

    def __init__(self, cache: Cache, name: str, reader: Reader) -> None:
        self._cache = cache
        self._name = name
        self._reader = reader
        self.digest = b""
        self._index = self._read_index()
        self._segments = Segments(cache, self._index)
        self._next = IndexBuilder()
        self._new = NewSegment(first_chunk=self._index.chunk_count)
        self._changed = False
        self._held_in = tuple(self._index.segments)
        self.kept = self.made = 0

    def _read_index(self) -> Index:
        data = self._cache.read(self._name)
        try:
            self.digest = b"" if data is None else content_digest(data)
            return Index.parse(data)
        except CacheError as error:
            self._cache.notes.append(Note(f"the index of the cache can't be read: {error}; it is made again", 1))
            return Index.parse(None)

    def outcomes(self, make: Make, paths: Iterable[str]) -> Iterator[Outcome]:
        """Yield the outcome of each file in the order of `paths`: the kept one, or that which `make` gives."""
        due: deque[_Due] = deque()
        try:
            for outcome in make(self._missing(paths, due)):
                yield from self._held(due, make)  # what is made comes in order, so what stands before it is held
                awaited = due.popleft()
                assert isinstance(awaited, Seen)
                self._keep(awaited, outcome)
                yield outcome
            yield from self._held(due, make)
        except BaseException:  # a run that ends here keeps nothing
            self._new.close()
            raise
        self._changed = self._changed or len(self._next) != len(self._index)

    def _missing(self, paths: Iterable[str], due: deque[_Due]) -> Iterator[str]:
        """Yield the files that have no outcome yet; all of them become due."""
        tree, expected = self._reader.tree, 0
        for path in paths:
            if tree.overlays and tree.data(path) is not None:  # what an editor holds is not what the file is
                due.append(Seen(path))
                yield path
                continue
            row = self._index.find(path, expected)
            expected = row + 1
            awaited = see(path, tree.place(path))
            held = self._find(row, awaited) if row >= 0 else None
            due.append(held or awaited)
            if held is None:
                yield path

    def _find(self, row: int, awaited: Seen) -> _Held | None:
        """Say whether a file is what its row says: by a quick look, or where that does not tell, by its bytes."""
        stamp = self._index.stamp(row)
        if awaited.looked is None:
            return None
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
                named = path.decode("utf-8", "surrogateescape")
                awaited = see(named, self._reader.tree.place(named))
                outcome = next(make([awaited.path]))
                self._keep(awaited, outcome)
            else:
                self._next.add(path, held.stamp, place)
                self._changed = self._changed or held.stamp != self._index.stamp(held.row)
                self.kept += 1
            yield outcome

    def _keep(self, awaited: Seen, outcome: Outcome) -> None:
        """Enter an outcome that was made."""
        self._changed = True
        self.made += 1
        if awaited.looked is not None and outcome.content:
            place = self._new.add(encode_outcome(outcome))
            if place is not None:
                self._next.add(awaited.path.encode("utf-8", "surrogateescape"), awaited.stamp(outcome.content), place)

    def changed(self, looks: Mapping[int, Look], files: int, looked_at_ns: int) -> list[tuple[int, Seen]] | None:
        """Give the rows of the files that changed, of some that look otherwise now; None where the run had not as many files as rows.

        What is the same by its bytes alone gets its new stamp.
        """
        if len(self._index) != files:
            return None
        self._next = IndexBuilder(self._index)
        changed = []
        for row, look in looks.items():
            seen = Seen(self._index.path(row).decode("utf-8", "surrogateescape"), look, looked_at_ns)
            held = self._find(row, seen)
            if held is None:
                changed.append((row, seen))
            elif held.stamp != self._index.stamp(row):
                self._changed = True
                self._next.restamp(row, held.stamp)
        self.kept = files - len(changed)
        return changed

    def path(self, row: int) -> str:
        """Give the project path of the file of a row."""
        return self._index.path(row).decode("utf-8", "surrogateescape")

    @property
    def rows(self) -> Mapping[str, int]:
        """The rows of what this run kept or found kept, by their paths, when it is saved."""
        return {path.decode("utf-8", "surrogateescape"): row for row, path in enumerate(self._next.paths)}

    def outcome(self, row: int) -> Outcome | None:
        """Give the kept outcome of a row; None where it can't be read."""
        return self._segments.outcome(self._index.place(row))

    def replace(self, row: int, seen: Seen, outcome: Outcome) -> bool:
        """Take another outcome in the place of a row's, after `changed`; False for one that is too large: the row stays as it is."""
        self.made += 1
        place = self._new.add(encode_outcome(outcome))
        if place is not None:
            self._changed = True
            self._next.restamp(row, seen.stamp(outcome.content), place)
        return place is not None

    def has_rows(self, files: int) -> bool:
        """Say whether each of so many files has a row."""
        return len(self._next) == files

    @property
    def uses(self) -> tuple[str, ...]:
        """The files of the cache that hold what is kept."""
        return (self._name, *self._held_in)

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
        index, rows = self._index, self._next
        self._move_from(self._given_up())
        names = [*index.segments, f"{self._name}-{self._new.finish()}"]
        if self._new.failure is not None:  # what the rows say is not there
            self._cache.turn_off(self._new.failure)
            return
        chunks = [*index.chunks(), *(chunk._replace(segment=len(index.segments)) for chunk in self._new.chunks)]
        if self._new.chunks and not self._cache.write(names[-1], self._new.parts()):
            return
        used = {old: new for new, old in enumerate(sorted(set(rows.chunks)))}
        segments = {old: new for new, old in enumerate(sorted({chunks[old].segment for old in used}))}
        rows.renumber(used)
        kept = [names[old] for old in segments]
        packed = rows.packed([chunks[old]._replace(segment=segments[chunks[old].segment]) for old in used], kept)
        if self._cache.write(self._name, packed):
            self.digest = content_digest(b"".join(packed))
            self._held_in = tuple(kept)
            for name in set(index.segments).difference(kept):
                self._cache.remove(name)

    def _given_up(self) -> set[int]:
        """Choose the segments to give up: those of which less than half is in use, and all but the largest where there are many."""
        used: Counter[int] = Counter()
        whole: Counter[int] = Counter()
        chunks = list(self._index.chunks())
        lengths = [0] * (len(chunks) + len(self._new.chunks) + 1)
        for number, length in zip(self._next.chunks, self._next.lengths, strict=True):
            lengths[number] += length
        for chunk, length in zip(chunks, lengths, strict=False):
            whole[chunk.segment] += chunk.raw
            used[chunk.segment] += length
        given_up = {segment for segment, size in whole.items() if 2 * used[segment] < size}
        others = sorted(set(whole) - given_up, key=lambda segment: (whole[segment], segment))
        return given_up.union(others[:-1] if len(others) > _SEGMENTS else ())

    def _move_from(self, segments: set[int]) -> None:
        """Take what is in use of some segments into the new one."""
        given_up = {number for number, chunk in enumerate(self._index.chunks()) if chunk.segment in segments} if segments else set()
        for row, number in enumerate(self._next.chunks) if given_up else ():
            if number in given_up:
                place = self._new.add(self._segments.data(self._next.place(row)))
                if place is not None:
                    self._next.move(row, place)
