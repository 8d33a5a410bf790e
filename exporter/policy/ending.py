"""The one ending of every command: all problems of a run, whoever found them, become those that are reported, and the rest is counted.

One fault is one problem → suppressed, by the settings or the record → in the baseline → in scope → reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from exporter.policy.baseline import Baseline, compare, stale_entries
from exporter.policy.fingerprints import fingerprints
from exporter.policy.merging import merged
from exporter.policy.scope import Scope, Since
from exporter.policy.sources import read_source
from exporter.problems import Problem
from exporter.rdf.syntaxes import is_rdf
from exporter.settings.suppressions import Suppression
from exporter.text import plural
from exporter.tree import Tree, open_tree

if TYPE_CHECKING:
    from exporter.records.reading import Reader


def _reader() -> Reader:
    from exporter.records.reading import Reader  # as below

    return Reader(open_tree())


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """What a run looked at: the `files` that it looked at, with everything that can be wrong with them where `complete` is set.

    Only a complete run can say that a record's suppression meets nothing, and only one that is `whole`, over folders, that one of the
    settings does. `drift` says that drift was looked for, too: else nothing can be said of what is expected of that. `reader` reads the
    records again.
    """

    files: Sequence[str] = ()
    complete: bool = False
    whole: bool = False
    drift: bool = False
    reader: Reader = field(default_factory=_reader)


@dataclass(frozen=True, slots=True)
class Settled:
    """The problems to report, sorted; how many were left out for each cause, and a `note` on the baseline."""

    problems: tuple[Problem, ...]
    suppressed: int = 0
    listed: int = 0
    outside: int = 0
    note: str | None = None

    @property
    def notes(self) -> list[str]:
        """Say how many problems were left out, and why.

        >>> Settled((), suppressed=2, listed=5).notes, Settled(()).notes
        (['2 problems suppressed, 5 in the baseline'], [])
        """
        causes = [(self.suppressed, "suppressed"), (self.listed, "in the baseline"), (self.outside, "out of scope")]
        causes = [(count, why) for count, why in causes if count]
        parts = [f"{count:,} {why}" if number else f"{plural(count, 'problem')} {why}" for number, (count, why) in enumerate(causes)]
        return [*([", ".join(parts)] if parts else []), *([self.note] if self.note else [])]


@dataclass(frozen=True, slots=True)
class Policy:
    """What is not to be reported: suppressions, with the settings file that they stand in, known problems, and what is out of scope."""

    suppressions: tuple[Suppression, ...] = ()
    settings_file: str | None = None
    known: Baseline | None = None
    scope: Scope | Since | None = None

    def settle(self, problems: Sequence[Problem], run: FinishedRun | None = None) -> Settled:
        """Take the problems of a run through all stages."""
        from exporter.policy.suppressing import DRIFT, stale_settings, suppress  # 80 ms with what reads records, for runs with problems

        run = run or FinishedRun()
        tree = run.reader.tree
        records = [path for path in run.files if not is_rdf(path)] if run.complete else ()
        left = suppress(merged(problems), self.suppressions, records=records, reader=run.reader, complete=run.complete, drift=run.drift)
        found = left.problems
        everything = run.complete and run.whole and self.scope is None
        if everything and left.unused and self.settings_file:
            found = (*found, *map(tree.relocate, stale_settings(left.unused, self.suppressions, tree.named(self.settings_file), run.files)))
        found = tuple(sorted(found, key=lambda problem: problem.sort_key))
        if self.known is None:
            return self._scoped(found, Settled((), left.count), tree)
        new, unmet = compare(found, fingerprints(found, partial(read_source, tree=tree)), self.known)
        expected = [entry for entry in unmet if run.drift or not entry.code.startswith(DRIFT)]
        stale = stale_entries(expected, self.known, run.files) if everything else []
        return self._scoped([*new, *stale], Settled((), left.count, len(found) - len(new), note=self.known.note), tree)

    def _scoped(self, problems: Sequence[Problem], counted: Settled, tree: Tree) -> Settled:
        asked = problems if self.scope is None else self.scope.within(problems, tree)
        return replace(counted, problems=tuple(asked), outside=len(problems) - len(asked))
