"""An export after some edits: the new texts of the records that changed take the place of the old ones in the output that is there.

It is done only where an edit of a file says nothing about other records: their IRIs, what they refer to and answer to, the values that
they look up, the keys that nobody reads, and what they say of shared resources have to be as before. Then the rest of the output is what
it was, and is copied; whatever else there is to say of the run stays, but for the problems of these files. All else is left to a whole run.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from exporter.cache.folder import Cache
from exporter.cache.inputs import recall_digest
from exporter.cache.kept import KeptOutcomes
from exporter.cache.last_run import LastRun, Spans
from exporter.cache.listing import Listed
from exporter.cache.stamps import Seen, look_of
from exporter.errors import OutputError
from exporter.outcomes.making import FileTask
from exporter.outcomes.outcome import Outcome, RecordOutcome, Text
from exporter.pipeline.account import TOLD_ONCE, Export
from exporter.problems import Problem
from exporter.project import Project
from exporter.text import quote
from exporter.writers.files import AtomicFile
from exporter.writers.formats import format_of_file
from exporter.writers.gaps import Gap
from exporter.writers.model import Writer

_MANY = 500
"""More changed files than this are left to a whole run, which uses all processors."""


class Change(NamedTuple):
    """A file that changed, by its row, with what became of it before and now."""

    row: int
    seen: Seen
    before: Outcome
    now: Outcome


class Patching:
    """An export into a file that an earlier run left, and which nobody has touched."""

    def __init__(
        self,
        project: Project,
        cache: Cache,
        last: LastRun,
        account: Export,
        output: str,
        format: str | None,  # noqa: A002 - as in `export`
    ) -> None:
        self._project = project
        self._cache = cache
        self._last = last
        self._account = account
        self._output = output
        self._written = format_of_file(output, format)
        self._kept: KeptOutcomes | None = None
        self._writer: Writer | None = None

    def find_changes(self, now: Listed, rows: Sequence[int], looked_at_ns: int) -> list[Change] | None:
        """Make the outcomes of the files that changed, of some that look otherwise now; None where the plan is another one."""
        last, looks = self._last, {row: now.look(row) for row in rows}
        if self._written.compression is not None or any(look.size < 0 for look in looks.values()):
            return None
        plan = self._project.plan()
        if recall_digest(self._project, self._cache) != last.plan:  # asked again: it may have changed before it was loaded
            return None
        name = self._written.format.name
        task = FileTask(self._project, name, plan, keeps=True)
        kept = KeptOutcomes(self._cache, f"{name}-{last.plan}", task.reader)
        files = kept.changed(looks, now.files, looked_at_ns) if last.rows and kept.digest == last.rows else None
        if files is None or len(files) > _MANY:
            return None
        self._kept, self._writer = kept, task.writer
        changes = [(row, seen, kept.outcome(row), task.run_one(seen.path)) for row, seen in files]
        whole = [Change(row, seen, before, now) for row, seen, before, now in changes if before is not None and now.content]
        return whole if len(whole) == len(files) else None

    def fits(self, changes: Sequence[Change], spans: Spans) -> bool:
        """Say whether nothing but the texts and problems of these files differs, in an output where these records are."""
        holes = any(record.holes for change in changes for record in change.now.records)
        if holes and len(spans.answers) != len(spans.files):
            return False
        if not all(map(is_alone, changes)) or any(_spanned(spans, change.row) != _exported(change.now) for change in changes):
            return False
        paths = {change.now.path for change in changes}
        return not any(map(paths.__contains__, _named_elsewhere(self._account, changes)))

    def write(self, changes: Sequence[Change], spans: Spans) -> tuple[Export, bytes, Spans]:
        """Write the file anew, and give the account, the digest of the index of kept outcomes, and where the records are now."""
        assert self._kept is not None
        assert self._writer is not None
        texts = dict(_texts(changes, spans, self._writer))
        if texts:
            self._copy(texts, spans)
        kept = [self._kept.replace(change.row, change.seen, change.now) for change in changes]
        self._kept.save()
        triples = sum(_triples(change.now) - _triples(change.before) for change in changes)
        problems = sorted(
            (*left_problems(self._account.problems, changes), *problems_of(change.now for change in changes)),
            key=lambda found: found.sort_key,
        )
        account = replace(
            self._account, triples=self._account.triples + triples, problems=tuple(problems), cache=self._kept.account(), fresh=None
        )
        return account, self._kept.digest if all(kept) else b"", _moved(spans, texts)

    @property
    def uses(self) -> tuple[str, ...]:
        """The files of the cache that hold the kept outcomes."""
        return self._kept.uses if self._kept else ()

    def _copy(self, texts: dict[int, bytes], spans: Spans) -> None:
        with Path(self._output).open("rb") as old, AtomicFile(self._output) as new:
            if look_of(os.fstat(old.fileno())) != self._last.output:
                raise OutputError(f"{quote(self._output)} was changed while it was read; export it again")
            at = 0
            for number, text in sorted(texts.items()):
                new.copy(old, at, spans.starts[number] - at)
                new.write(text)
                at = spans.starts[number] + spans.lengths[number]
            new.copy(old, at, self._last.output.size - at)


def is_alone(change: Change) -> bool:
    """Say whether a change says nothing about other records."""
    before, now = change.before, change.now
    if len(before.records) != len(now.records) or any(problem.code in TOLD_ONCE for problem in problems_of((before, now))):
        return False
    return all(map(_says_the_same, before.records, now.records))


def _says_the_same(before: RecordOutcome, now: RecordOutcome) -> bool:
    facts = before.iri, before.class_name, before.skipped, before.references, before.unmapped, before.named, before.answers
    others = now.iri, now.class_name, now.skipped, now.references, now.unmapped, now.named, now.answers
    if facts != others or before.holes != now.holes:
        return False
    if before.text is None or now.text is None:
        return before.text is now.text
    if _gaps(before.text) != _gaps(now.text) or before.text.problems or now.text.problems:
        return False
    return before.text.shared == now.text.shared


def _gaps(text: Text) -> list[int]:
    """Give the holes that are filled in a record's own text; what belongs into the others is said of shared resources."""
    return sorted({part.hole for part in text.parts if isinstance(part, Gap)})


def _exported(outcome: Outcome) -> list[int]:
    """Give the numbers of the records that have an IRI; where one of them is not in the output, another record has it."""
    return [number for number, record in enumerate(outcome.records) if record.iri is not None]


def _rows(spans: Spans, row: int) -> range:
    return range(bisect_left(spans.files, row), bisect_right(spans.files, row))


def _spanned(spans: Spans, row: int) -> list[int]:
    return [spans.items[number] for number in _rows(spans, row)]


def _texts(changes: Sequence[Change], spans: Spans, writer: Writer) -> Iterator[tuple[int, bytes]]:
    """Yield the texts that differ, by the number of the record in the output; values that are looked up name what they named before."""
    for change in changes:
        for number in _rows(spans, change.row):
            before, now = (outcome.records[spans.items[number]] for outcome in (change.before, change.now))
            if (before.written.record, before.written.parts) == (now.written.record, now.written.parts):
                continue
            if not now.holes:
                yield number, now.written.record
                continue
            from exporter.references.settling import settle_again  # few plans look something up

            yield number, settle_again(now, writer, spans.answers[number].decode().split("\n")).record


def _moved(spans: Spans, texts: dict[int, bytes]) -> Spans:
    lengths, starts, by = spans.lengths[:], array("q"), 0
    for number, start in enumerate(spans.starts):
        starts.append(start + by)
        if number in texts:
            by += len(texts[number]) - lengths[number]
            lengths[number] = len(texts[number])
    return spans._replace(starts=starts, lengths=lengths)


def _triples(outcome: Outcome) -> int:
    return sum(record.text.triples for record in outcome.records if record.text is not None and record.iri is not None)


def problems_of(outcomes: Iterable[Outcome]) -> Iterator[Problem]:
    """Yield the problems of files and of their records."""
    for outcome in outcomes:
        yield from outcome.problems
        yield from chain.from_iterable(record.problems for record in outcome.records)


def left_problems(problems: Iterable[Problem], changes: Sequence[Change]) -> list[Problem]:
    """Give the problems that other files have, or that stand between records."""
    gone = Counter(problems_of([change.before for change in changes]))
    left = []
    for problem in problems:
        if gone[problem]:
            gone[problem] -= 1
        else:
            left.append(problem)
    return left


def _named_elsewhere(account: Export, changes: Sequence[Change]) -> Iterator[str]:
    """Yield the files that something is said of which does not come from the file alone: it may be said otherwise now."""
    for problem in left_problems(account.problems, changes):
        yield from (place.path for place in (problem.location, *problem.related))
    yield from (key.example.path for key in account.unmapped)
