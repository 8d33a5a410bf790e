"""What a report is made from beside its problems: which sources, how long, for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from exporter.policy.sources import read_source
from exporter.problems import Location, Problem, Severity
from exporter.text import enumerate_names, plural

if TYPE_CHECKING:
    from exporter.rdf.prefixes import Prefixes


@dataclass(frozen=True, slots=True)
class ReportContext:
    """How a report is made; the same for all formats.

    `limit` is how many problems are listed (None: as the format sees fit). `checked` is how many records (or what `noun` says)
    were looked at, and `files` names them for formats that list what is clean, too. `prefixes` shorten the IRIs of shapes.
    `notes` are sentences for the end, after which, for people, the problems are counted unless `counted` is false. `failure` says why the
    run could not be made: then the problems are those that kept it from it, and that there are none says nothing of the records. `shown`
    writes a project path as the user sees it; only reports for a terminal use it. `repair` gives problems with their fixes, for the reports
    that carry them.
    """

    version: str = "0"
    limit: int | None = None
    color: bool = False
    fail_on: str = "violation"
    checked: int | None = None
    noun: str = "record"
    files: Sequence[str] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    counted: bool = True
    failure: str | None = None
    source: Callable[[str], str | None] = read_source
    shown: Callable[[str], str] = str
    repair: Callable[[Sequence[Problem]], Sequence[Problem]] = tuple

    def place(self, location: Location) -> str:
        """Write a place as the user sees it: `file:line:column`."""
        return str(replace(location, path=self.shown(location.path)))

    def summarize(self, findings: Findings) -> str:
        """Count the problems in a sentence, or say why nothing ran.

        >>> ReportContext(failure="no such file").summarize(gather([], None))
        'could not run: no such file'
        """
        return findings.summary(self.checked, self.noun) if self.failure is None else f"could not run: {self.failure}"

    def shorten_iri(self, term: str) -> str:
        """Write an IRI in N-Triples syntax with a prefix, where one fits.

        >>> ReportContext(prefixes={"medigy": "https://ex.org/"}).shorten_iri("<https://ex.org/LinkShape>")
        'medigy:LinkShape'
        """
        if not (term.startswith("<") and term.endswith(">")):
            return term
        return _names(tuple(self.prefixes.items())).show(term[1:-1])


@cache
def _names(prefixes: tuple[tuple[str, str], ...]) -> Prefixes:
    from exporter.rdf.prefixes import prefixes_for_people  # every command can report, and few have IRIs to report

    return prefixes_for_people(dict(prefixes))


@dataclass(frozen=True, slots=True)
class Findings:
    """The problems of a report: those it lists, sorted, and how many there are of all, by severity and by code, most frequent first."""

    listed: tuple[Problem, ...]
    counts: Mapping[Severity, int]
    files: int
    codes: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many problems there are."""
        return sum(self.counts.values())

    @property
    def hidden(self) -> int:
        """How many of them the report doesn't list."""
        return self.total - len(self.listed)

    def summary(self, checked: int | None = None, noun: str = "record") -> str:
        """Count the problems in a sentence.

        >>> gather([], None).summary(checked=17)
        'no problems in 17 records'
        """
        of = f" in {plural(checked, noun)}" if checked is not None else ""
        if not self.total:
            return f"no problems{of}"
        words = [
            plural(self.counts[level], level) if level != "info" else f"{self.counts[level]:,} info"
            for level in Severity
            if self.counts[level]
        ]
        checked_too = f", {plural(checked, noun)} checked" if checked is not None else ""
        return f"{enumerate_names(words, 'and')} in {plural(self.files, 'file')}{checked_too}"

    def cut_note(self) -> str | None:
        """Say how many problems are not listed, where some are not."""
        return f"{plural(self.hidden, 'more problem')} not listed; --max-problems lists more" if self.hidden else None


def gather(problems: Sequence[Problem], limit: int | None) -> Findings:
    """Sort the problems by place, and keep `limit` of them: the worst where not all fit."""
    ordered = sorted(problems, key=lambda problem: problem.sort_key)
    counts = Counter(problem.severity for problem in ordered)
    files = len({problem.location.path for problem in ordered})
    codes = dict(sorted(Counter(problem.code for problem in ordered).items(), key=lambda item: (-item[1], item[0])))
    if limit is not None and len(ordered) > limit:
        ordered = sorted(sorted(ordered, key=lambda problem: problem.severity.rank)[:limit], key=lambda problem: problem.sort_key)
    return Findings(tuple(ordered), {level: counts[level] for level in Severity}, files, codes)
