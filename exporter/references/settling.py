"""Settling: the holes of a run's records get their values, and what is wrong with these is said."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from exporter.language.templates import Template
from exporter.mapping.holes import Settle, made_instead, settled_values
from exporter.mapping.model import Answers, Held, Made, Reference, Sought, Span
from exporter.outcomes.outcome import Outcome, RecordOutcome, Text
from exporter.plan.model import Plan, sought_classes
from exporter.problems import KeyPath, Location, Problem, Severity, format_key_path
from exporter.references import Lookups
from exporter.references.comparing import folded
from exporter.references.known_records import KnownRecords, Occurrence, path_forms
from exporter.references.matching import Match, Matcher
from exporter.references.near_names import NearNames
from exporter.references.other_files import OtherFiles
from exporter.references.targets import LinkTarget, read_targets
from exporter.references.unanswered import Reason, Unanswered, reason_of
from exporter.text import enumerate_names, plural, quote
from exporter.writers.gaps import Filling, Gap
from exporter.writers.model import Writer, group_shared

Where = tuple[str, int]
"""The project path of a record's file, and its number there."""

Locate = Callable[[Where, KeyPath, Span | None], Location]
"""Gives the place of a key path in a record."""

Once = tuple[object, ...]
"""What values have in common of which something is said once: the classes, the text, and the IRI."""


@dataclass(frozen=True, slots=True)
class _Remark:
    """Something to say of a value, where it was typed first."""

    match: Match
    sought: Sought
    where: Where
    key_path: KeyPath
    span: Span | None
    iri: str

    @property
    def once(self) -> Once:
        """Give what is said once for all values that have it in common."""
        return (self.sought.ranges, self.sought.text, self.match.iri)


class Nameable(NamedTuple):
    """A record that values may name, by its `answers` or as the page of its folder; or for what `reason` the record of a file is none."""

    path: str
    iri: str = ""
    alone: bool = True
    answers: tuple[Answers, ...] = ()
    reason: Reason | None = None


def entries_of(outcome: Outcome, exported: Sequence[tuple[int, RecordOutcome]]) -> Iterator[Nameable]:
    """Yield what there is to enter of a file; one of many records is not named by its path."""
    alone = len(outcome.records) == 1
    for _, record in exported:
        yield Nameable(outcome.path, record.iri or "", alone, record.answers)
    if alone and not exported:
        yield Nameable(outcome.path, reason=reason_of(outcome))


class References:
    """What the records of a run answer to, and what becomes of the values that name them."""

    def __init__(self, plan: Plan, files: OtherFiles) -> None:
        self._classes = {iri: of for each in plan.classes.values() for iri, of in sought_classes(each).items()}
        self.known = KnownRecords()
        self._unanswered = Unanswered(files, self.known)
        keys = {iri: len(of.match) for iri, of in self._classes.items()}
        self.matcher = Matcher(self.known, keys, plan.policies.ambiguous, self._unanswered)
        self.files = files
        self._names: dict[str, NearNames] = {}
        self._near: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self.answered: tuple[str, ...] = ()
        """The IRIs that the values of the record that was settled last name, for `settle_again`; empty ones where there is none."""
        self.forget()

    def forget(self) -> None:
        """Forget what there was to say of values, and keep what the records answer to."""
        self._remarks: list[_Remark] = []
        self._told: Counter[Once] = Counter()
        self._looked_up = 0

    def add(self, outcome: Outcome, exported: Sequence[tuple[int, RecordOutcome]]) -> None:
        """Enter the records of a file that are exported; of the others it is noted why they answer to nothing."""
        for entry in entries_of(outcome, exported):
            self.enter(entry)

    def enter(self, entry: Nameable) -> None:
        """Enter what values may name."""
        if entry.reason is not None:
            self._unanswered.add(entry.path, entry.reason)
            return
        if entry.answers:
            self.known.enter(entry.iri, entry.path, entry.answers, alone=entry.alone)
        if entry.alone and self.files.needs_pages:
            for form in path_forms(entry.path)[1:]:
                self.files.pages.setdefault(form, entry.iri)

    def leave(self, entry: Nameable) -> None:
        """Take out what was entered of a record or a file."""
        self._unanswered.leave(entry.path)
        if entry.answers:
            self.known.leave(entry.iri, entry.answers)
        if entry.alone and self.files.needs_pages:
            for form in path_forms(entry.path)[1:]:
                if self.files.pages.get(form) == entry.iri:
                    del self.files.pages[form]

    def settle_as(self, path: str, iri: str) -> Settle:
        """Give what settles the values of one record."""
        place = Occurrence(path, iri)
        return lambda sought: self.matcher.answer(sought, place).iri

    def settled(self, where: Where, record: RecordOutcome, writer: Writer) -> RecordOutcome:
        """Give a record with its holes filled, and with the references that they are; what is wrong with them is remembered."""
        self.answered = ()
        if not record.holes:
            return record
        answers = _Answers(self.matcher, Occurrence(where[0], record.iri or ""))
        text, made = fill_holes(record, writer, answers.iri_of)
        references = list(record.references)
        for held in (held for hole in (*record.holes, *(hole for each in made for hole in each.holes)) for held in hole.values):
            if isinstance(held.value, Sought):
                found = answers.of(held.value)
                self._note(held.value, found, held, where, record.iri or "")
                references += [] if found.iri is None or found.file else [Reference(found.iri, held.key_path)]
        self.answered = answers.iris()
        return record._replace(references=tuple(references), text=text)

    def _note(self, sought: Sought, answer: Match, held: Held, where: Where, iri: str) -> None:
        self._looked_up += 1
        if answer.iri is None and not answer.numbers and sought.fits:
            return
        if answer.iri is not None and not (answer.loose or answer.nearest):
            return  # a record, or a file that has an address
        remark = _Remark(answer, sought, where, held.key_path, held.span, iri)
        if answer.iri is not None:
            self._told[remark.once] += 1
            if self._told[remark.once] > 1:
                return
        self._remarks.append(remark)

    @property
    def lookups(self) -> Lookups:
        """How many values were looked up, and how they ended."""
        remarks = [remark for remark in self._remarks if remark.match.file is None]
        ended = Counter((remark.match.iri is None, bool(remark.match.numbers)) for remark in remarks)
        return Lookups(self._looked_up, ended[True, False], ended[True, True])

    def problems(self, locate: Locate) -> Iterator[Problem]:
        """Yield what there is to say of values, in the order of the files."""
        yield from self.unanswered(locate)
        for problem, count in self.used(locate).values():
            yield say_again(problem, count - 1)

    def unanswered(self, locate: Locate) -> Iterator[Problem]:
        """Yield what there is to say of values that name no record."""
        for remark in self._remarks:
            if remark.match.iri is None:
                yield self._teller(remark.match)(remark, locate(remark.where, remark.key_path, remark.span))

    def _teller(self, match: Match) -> Callable[[_Remark, Location], Problem]:
        if match.file is not None:
            return self._of_file
        return self._ambiguous if match.numbers else self._dangling

    def used(self, locate: Locate) -> dict[Once, tuple[Problem, int]]:
        """Give what there is to say of values that were taken for a record, where they stand first, and how many have it in common."""
        first = [remark for remark in self._remarks if remark.match.iri is not None]
        places = (locate(remark.where, remark.key_path, remark.span) for remark in first)
        return {remark.once: (self._used(remark, place), self._told[remark.once]) for remark, place in zip(first, places, strict=True)}

    def _dangling(self, remark: _Remark, place: Location) -> Problem:
        sought = remark.sought
        by = "a link in the body leads to" if sought.linked else f"{format_key_path(remark.key_path)!r} refers to"
        message = f"no {self._kinds(sought)} is {quote(sought.text)}, which {by}"
        reason = self._unanswered.reason(_targets(sought), sought.ranges, Occurrence(remark.where[0], remark.iri))
        if reason is not None:
            help_ = f"{reason.help}; until then it is exported as text"
            return Problem(
                "REF-DANGLING", place, f"{message}: {reason.message}", help=help_, key_path=remark.key_path, related=(reason.place,)
            )
        near = [f"{quote(name)} ({self.known.records[number].path})" for name, number in self._nearest(sought)]
        near = near or [f"{quote(name)} ({path})" for name, path in self._unanswered.near_files(sought.text)]
        help_ = f"did you mean {enumerate_names(near, 'or')}?" if near else "fix the value, or add the record"
        help_ += " Until then it is exported as text" if near else "; until then it is exported as text"
        return Problem("REF-DANGLING", place, message, help=help_, key_path=remark.key_path)

    def _of_file(self, remark: _Remark, place: Location) -> Problem:
        path = remark.match.file or ""
        message = f"{quote(remark.sought.text)} is the file {path}, which is not a record; it is exported as text"
        if "*" in path:
            message = f"{quote(remark.sought.text)} matches several files, none of which is a record; it is exported as text"
            help_ = "name one of them, for the address that it has on the site"
        elif remark.sought.file:
            help_ = "the setting file-addresses can say at which address the site has the files of its folder"
        else:
            help_ = "add map:File to the range, for the address that the file has on the site"
        return Problem("REF-FILE", place, message, Severity.INFO, help_, remark.key_path)

    def _ambiguous(self, remark: _Remark, place: Location) -> Problem:
        paths = self.known.paths(remark.match.numbers)
        by = self._by(remark.match)
        message = f"{quote(remark.sought.text)} is {by} of {plural(len(remark.match.numbers), 'record')}: {enumerate_names(paths, 'and')}"
        help_ = "write the path of the one that is meant, or give the others another name; until then it is exported as text"
        related = tuple(Location(path) for path in paths)
        return Problem("REF-AMBIGUOUS", place, message, help=help_, key_path=remark.key_path, related=related)

    def _used(self, remark: _Remark, place: Location) -> Problem:
        answer, typed = remark.match, quote(remark.sought.text)
        record = next(self.known.records[number] for number in answer.numbers if self.known.records[number].iri == answer.iri)
        if answer.nearest:
            others = [path for path in self.known.paths(answer.numbers) if path != record.path]
            named = enumerate_names([record.path, *others], "and")
            message = f"{typed} is {self._by(answer)} of {named}; the first is taken, which is the nearest"
            return Problem("REF-NEAREST", place, message, Severity.INFO, "write its path to be certain", remark.key_path)
        said = self._said_of(answer, remark.sought)
        message = f"{typed} is taken for {said} of {record.path}"
        return Problem("REF-LOOSE", place, message, Severity.INFO, "write it as it stands there", remark.key_path)

    def _by(self, answer: Match) -> str:
        if answer.key is None:
            return "the path"
        key = self._classes[answer.range].match[answer.key]
        return f"the {key.text if isinstance(key, Template) else format_key_path(key)}"

    def _said_of(self, answer: Match, sought: Sought) -> str:
        if answer.key is None:
            return self._by(answer)
        typed = {folded(target.text) for target in read_targets(sought.text, linked=sought.linked)}
        typed |= {folded(part) for parts in sought.parts for part in parts if part}
        return f"{quote(self.known.text_like(answer.range, answer.key, answer.numbers[0], typed))}, {self._by(answer)}"

    def _kinds(self, sought: Sought) -> str:
        """Say what is looked for: records of classes, files, or both."""
        if not sought.ranges:
            return "file"
        return f"record of {self._class_names(sought.ranges)}{' and no file' if sought.file else ''}"

    def _class_names(self, ranges: Sequence[str]) -> str:
        return enumerate_names([f"the class {quote(self._classes[range_].name)}" for range_ in ranges], "or")

    def _nearest(self, sought: Sought) -> list[tuple[str, int]]:
        """Give the names that may have been meant, each with its record; most texts that dangle do so again and again."""
        for range_ in sought.ranges:
            near = self._near.get((range_, sought.text))
            if near is None:
                names = self._names.get(range_)
                if names is None:
                    names = self._names[range_] = NearNames(self.known.names(range_, len(self._classes[range_].match)))
                near = self._near[range_, sought.text] = names.near(_called(sought))
            if near:
                return near
        return []


def say_again(problem: Problem, more: int) -> Problem:
    """Say of a problem how often more it is so."""
    return replace(problem, message=f"{problem.message} (and {plural(more, 'time')} more)") if more else problem


def _targets(sought: Sought) -> tuple[LinkTarget, ...]:
    return read_targets(sought.text, linked=sought.linked)


def _called(sought: Sought) -> str:
    """Give what a text calls a record: of a path or an address the last part, for that is most of a name."""
    target = next(iter(read_targets(sought.text, linked=sought.linked)[-1:]), None)
    if target is None or not (target.is_path or target.is_address):
        return sought.text if target is None else target.text
    return posixpath.splitext(target.text.rstrip("/").rpartition("/")[2])[0]


def fill_holes(record: RecordOutcome, writer: Writer, settle: Settle) -> tuple[Text, list[Made]]:
    """Give the text of a record with its holes filled, and the resources that are made of values to which no record answers."""
    fillings: dict[int, Filling] = {}
    for number, hole in enumerate(record.holes):
        terms = [term for term, _ in settled_values(hole, settle)]
        fillings[number] = Filling(hole.subject, hole.predicate, terms, hole.ordered)
    made = [made for _, made in made_instead(record.holes, settle)]
    return _filled(record.written, writer, fillings, made), made


def settle_again(record: RecordOutcome, writer: Writer, answered: Sequence[str]) -> Text:
    """Give the text of a record with the holes of one that was settled before, and with what was `answered` there."""
    known: dict[tuple[object, ...], str] = {}
    rest = iter(answered)

    def settle(sought: Sought) -> str | None:
        if sought.asked not in known:
            known[sought.asked] = next(rest, "")
        return known[sought.asked] or None

    return fill_holes(record, writer, settle)[0]


class _Answers:
    """What the values of one record name, each looked up once."""

    def __init__(self, matcher: Matcher, place: Occurrence) -> None:
        self._matcher = matcher
        self._place = place
        self._known: dict[tuple[object, ...], Match] = {}

    def of(self, sought: Sought) -> Match:
        found = self._known.get(sought.asked)
        if found is None:
            found = self._known[sought.asked] = self._matcher.answer(sought, self._place)
        return found

    def iris(self) -> tuple[str, ...]:
        return tuple([found.iri or "" for found in self._known.values()])

    def iri_of(self, sought: Sought) -> str | None:
        return self.of(sought).iri


def _filled(text: Text, writer: Writer, fillings: Mapping[int, Filling], made: Sequence[Made]) -> Text:
    """Fill the gaps of a record's text, and add what is said of shared resources."""
    gaps = {part.hole for part in text.parts if isinstance(part, Gap)}
    own = [block for each in made for block in (*each.blocks, *(each.shared if writer.inline_shared else ()))]
    shared = [] if writer.inline_shared else list(group_shared(block for each in made for block in each.shared))
    shared += [filling.blocks() for number, filling in fillings.items() if number not in gaps and filling.values]
    texts = [(subject, tuple(statements)) for subject, statements in (writer.statements(*each) for each in shared)]
    triples = sum([fillings[number].triples for number in gaps]) + sum([len(block.pairs) for block in own])
    whole = writer.fill(text.parts, fillings, own)
    return text._replace(record=whole, shared=(*text.shared, *texts), triples=text.triples + triples, parts=())
