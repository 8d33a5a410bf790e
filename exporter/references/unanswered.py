"""Why nothing answers to a value: the file that is named was rejected, left out, or is called otherwise."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from exporter.outcomes.outcome import Outcome
from exporter.problems import Location, Severity
from exporter.references.comparing import folded
from exporter.references.known_records import KnownRecords, Occurrence, path_forms
from exporter.references.near_names import NearNames
from exporter.references.other_files import PAGE_SUFFIXES, OtherFiles
from exporter.references.targets import LinkTarget, read_targets


class Reason(NamedTuple):
    """Why a file that is named gives no answer, what to do about it, and where; a double has the IRI of a record that does."""

    message: str
    help: str
    path: str
    line: int = 1
    column: int = 1
    is_double: bool = False

    @property
    def place(self) -> Location:
        """Where it stands."""
        return Location(self.path, self.line, self.column)


class Unanswered:
    """Notes the files of a run that gave no record to name, and finds the one that a value means."""

    def __init__(self, files: OtherFiles, known: KnownRecords) -> None:
        self.files = files
        self._known = known
        self._reasons: dict[str, Reason] = {}
        self._forms: set[str] = set()
        self._by_name: dict[str, list[tuple[str, str]]] = {}

    def add(self, path: str, reason: Reason) -> None:
        """Enter a file that gave no record to name."""
        self._reasons[path] = reason
        self._forms.update(() if reason.is_double else path_forms(path))
        for form in path_forms(path):
            self._by_name.setdefault(folded(posixpath.basename(form)), []).append((form, path))

    def leave(self, path: str) -> None:
        """Take a file out again: it gives a record now, or is gone."""
        reason = self._reasons.pop(path, None)
        if reason is None:
            return
        self._forms.difference_update(() if reason.is_double else path_forms(path))
        for form in path_forms(path):
            name = folded(posixpath.basename(form))
            self._by_name[name] = [entry for entry in self._by_name.get(name, ()) if entry[1] != path]

    def reason(self, targets: Sequence[LinkTarget], ranges: Sequence[str], place: Occurrence) -> Reason | None:
        """Say why what was typed names no record of some classes, where the file that it means is there."""
        paths = [target for target in targets if target.is_path and not target.post]
        path = self.files.find_page(paths, place) or self._called(targets)
        if path is None or any(self._known.at_path(range_, path) for range_ in ranges):
            return None  # a record of a class that is looked for is not what is meant
        known = self._reasons.get(path)
        if known is not None:
            return known
        return Reason(f"{path} {self.files.why_not(path)}", "fix the value, or let the file be a record", path)

    def is_meant(self, target: LinkTarget, place: Occurrence) -> bool:
        """Say whether a path leads from its file right to one that gave no record, so that no other file is meant."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(place.path), target.text))
        return path in self._forms

    def near_files(self, text: str) -> list[tuple[str, str]]:
        """Give files that may have been meant where a text looks like the name of one that is not a page, each with its path."""
        for target in read_targets(text):
            name = posixpath.basename(target.text)
            ending = posixpath.splitext(name)[1]
            if 1 < len(ending) <= 6 and ending[1:].isalnum() and not name.lower().endswith(PAGE_SUFFIXES):
                return [(found, self._paths[number]) for found, number in self._names.near(name)]
        return []

    @cached_property
    def _paths(self) -> Sequence[str]:
        return [path for _, path in self.files.names()]

    @cached_property
    def _names(self) -> NearNames:
        return NearNames((posixpath.basename(path), number) for number, path in enumerate(self._paths))

    def _called(self, targets: Sequence[LinkTarget]) -> str | None:
        """Find a file that gave no record by the end of its path, or by its name alone."""
        for target in targets:
            wanted = target.text.strip("/")
            found = self._by_name.get(folded(posixpath.basename(wanted)), ()) if wanted and not target.is_address else ()
            ends = [path for form, path in found if f"/{form}".casefold().endswith(f"/{posixpath.normpath(wanted)}".casefold())]
            paths = dict.fromkeys(ends or ([path for _, path in found] if "/" not in wanted else []))
            if len(paths) == 1:
                return next(iter(paths))
        return None


def reason_of(outcome: Outcome) -> Reason:
    """Say why the one record of a file is not exported."""
    path, record = outcome.path, outcome.records[0]
    if record.skipped is not None:
        return Reason(f"{path} was skipped: {record.skipped}", "fix the value, or let the file be a record", path)
    text = record.text.problems if record.text is not None else ()
    if record.iri is not None and not text:
        return double(path)
    found = next((each for each in (*record.problems, *outcome.problems, *text) if each.severity == Severity.ERROR), None)
    if found is None:
        return Reason(f"{path} was rejected", f"fix {path}", path)
    # the line is beside it: a baseline should not change with lines
    return Reason(f"{path} was rejected ({found.code})", f"fix {path}", path, found.location.line, found.location.column)


def double(path: str) -> Reason:
    """Say that a record has the IRI of another one."""
    return Reason(f"{path} has an IRI that another record has already", f"give {path} an IRI of its own", path, is_double=True)
