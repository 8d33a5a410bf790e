"""`owltype check`: ontology, shapes, settings and content held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from exporter.cache.folder import CacheAccount
from exporter.drift.idle import idle_parts
from exporter.drift.spelling import are_keywords, shown_apart, spellings
from exporter.drift.survey import Finder, NamedThings, Survey, take_survey
from exporter.errors import UsageError
from exporter.keypaths import parse_key_path
from exporter.paths import Paths
from exporter.pipeline.account import Progress, UnmappedKey
from exporter.pipeline.exporting import referred_classes
from exporter.policy.ending import FinishedRun, Policy
from exporter.problems import KeyPath, Location, Problem, Severity
from exporter.project import Project, choose_project
from exporter.rdf.syntaxes import is_rdf, part_rdf
from exporter.records.reading import Reader
from exporter.text import plural, quote
from exporter.validation.validating import validate

OWN = ("CHECK-", "IGNORE-STALE", "BASELINE-STALE", "SHAPES-NO-", "SHAPES-TARGET", "SHAPES-PATH", "ONT-NO-EFFECT")
"""How the codes begin that are about drift; the others are `validate`'s to tell."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Drift:
    """What a run found: `problems` of every kind, which `of_drift` parts. `whole` says that all of the project was read."""

    problems: tuple[Problem, ...]
    checked: int
    files: tuple[str, ...]
    skipped: Mapping[str, int]
    reader: Reader
    whole: bool
    cache: CacheAccount | None = None

    @property
    def run(self) -> FinishedRun:
        """What the run looked at, for the policy: all that can be wrong with its files."""
        return FinishedRun(self.files, complete=True, whole=self.whole, drift=True, reader=self.reader)


def check(
    paths: Paths = (),
    *,
    project: Project | None = None,
    ontology: Paths | None = None,
    shapes: Paths | None = None,
    unreferenced: bool = False,
) -> tuple[Problem, ...]:
    """Hold ontology, shapes and content against each other, and give the problems of what has grown apart.

    Where files are named and not their folders, what nothing uses can't be told. With `unreferenced` records that no other refers to
    are told, too. Raises OntologyError, ShapesError and UsageError.

    >>> from exporter import check
    >>> sorted({problem.code for problem in check("examples/medigy/content", ontology="medigy", shapes="medigy")})
    []
    """
    chosen = choose_project(project, paths, ontology=ontology, shapes=shapes)
    found = measure_drift(chosen, whole=not any(map(is_narrow, chosen.required_paths)), unreferenced=unreferenced)
    return tuple(of_drift(Policy().settle(found.problems, found.run).problems))


def is_narrow(path: str) -> bool:
    """Say whether a PATH is one record, and so not the whole of anything."""
    return not (is_rdf(path) or Path(path).is_dir())


def of_drift(problems: Sequence[Problem]) -> list[Problem]:
    """Give the problems that are about drift."""
    return [problem for problem in problems if problem.code.startswith(OWN)]


def measure_drift(
    project: Project, *, whole: bool = True, unreferenced: bool = False, engine: str = "auto", progress: Progress | None = None
) -> Drift:
    """Survey the records of a project, and validate them: what shapes have no focus node and what suppressions are stale, that finds."""
    records, _ = part_rdf(project.required_paths)
    if not records:
        raise UsageError("nothing to check: records are held against their ontology, and no PATH has records")
    plan = project.plan()
    survey = take_survey(project.with_paths(records), plan, progress)
    account = survey.account
    assert account is not None
    checked = validate(project=project, engine=engine)
    finder = Finder(project, plan)
    found = [*_unread_keys(account.unmapped), *_spelt_in_two_ways(survey, finder), *_titles_used_twice(survey, finder)]
    if whole:
        found += map(project.tree.relocate, idle_parts(survey))
        found += _unreferenced(survey) if unreferenced else ()
    unknown = {problem.location for problem in checked.problems if problem.code == "SHAPES-TARGET"}  # no record can have such a target
    kept = [problem for problem in checked.problems if problem.code != "SHAPES-NO-FOCUS" or (whole and problem.location not in unknown)]
    problems = tuple(sorted((*kept, *found), key=lambda problem: problem.sort_key))
    return Drift(problems, checked.checked, checked.files, account.skipped, checked.reader, whole, checked.cache)


def _unread_keys(keys: Sequence[UnmappedKey]) -> Iterator[Problem]:
    usual: dict[tuple[str, str], UnmappedKey] = {}
    for key in keys:
        other = usual.setdefault((key.class_name, _folded(key.key)), key)
        if other.count < key.count:
            usual[key.class_name, _folded(key.key)] = key
    for key in keys:
        yield _unread_key(key, usual[key.class_name, _folded(key.key)])


def _folded(key: str) -> str:
    return "".join(character for character in key.casefold() if character not in "-_ ")


def _unread_key(key: UnmappedKey, usual: UnmappedKey) -> Problem:
    have = f"{plural(key.count, 'record')} of {key.class_name} {'has' if key.count == 1 else 'have'}"
    message = f"no property reads the key {quote(key.key)}, which {have}"
    near = f"did you mean {quote(key.near)}? Else " if key.near else ""
    if usual is not key:
        near = f"did you mean {quote(usual.key)}, which {plural(usual.count, 'record')} have? Else "
    help_ = f"{near}map it (`owltype coverage` writes the lines), or drop it on purpose with map:ignore"
    return Problem("CHECK-KEY", key.example, message, Severity.WARNING, help_, key_path=_key_path(key.key))


def _key_path(text: str) -> KeyPath:
    try:
        return parse_key_path(text)
    except ValueError:
        return (text,)


def _spelt_in_two_ways(survey: Survey, finder: Finder) -> Iterator[Problem]:
    for names in survey.names.values():
        if names.keywords and not are_keywords([naming.count for naming in names.by_text.values()]):
            continue
        for rare, usual, difference in spellings([(text, naming.count) for text, naming in names.by_text.items()], words=names.words):
            yield _spelling(names, rare, usual, difference, finder)


def _spelling(names: NamedThings, rare: str, usual: str, difference: str, finder: Finder) -> Problem:
    one, other = names.by_text[rare], names.by_text[usual]
    outcome = "" if names.keywords else ", and make one resource with two names" if one.iris == other.iris else ", and make two resources"
    apart, usually = shown_apart(rare, usual)
    message = f"{quote(apart)} ({plural(one.count, 'record')}) and {quote(usually)} ({other.count:,}) differ only in {difference}{outcome}"
    place, related = finder.find(one.first, one.predicate, rare), finder.find(other.first, other.predicate, usual)
    write = quote(usually) if other.count > one.count else "one of the two everywhere"
    help_ = f"write {write}, unless they are two things"
    return Problem("CHECK-CONCEPT", place, message, Severity.WARNING, help_, related=(related,))


def _titles_used_twice(survey: Survey, finder: Finder) -> Iterator[Problem]:
    for title, uses in survey.titles.items():
        if len(uses) > 1:
            first, *others = (finder.find(use.where, use.predicate, use.text) for use in uses[: _SHOWN + 1])
            # the records of a series, such as monthly meetings, have a day each
            severity = Severity.INFO if len({use.days for use in uses if use.days}) == len(uses) else Severity.WARNING
            message = f"{len(uses):,} records of {title.class_name} have the title {quote(title.text)}"
            help_ = "give each a title of its own: readers and references can't tell them apart"
            yield Problem("CHECK-TITLE", others[0], message, severity, help_, related=(first, *others[1:]))


def _unreferenced(survey: Survey) -> Iterator[Problem]:
    """Tell records that no other refers to, of the classes that are there to be referred to."""
    classes = referred_classes(survey.plan)
    for iri, class_name, (path, _) in survey.records:
        if class_name in classes and iri not in survey.referred:
            message = f"no record refers to this {class_name}, <{iri}>"
            yield Problem("CHECK-UNREFERENCED", Location(path), message, Severity.INFO, "refer to it, or remove it")
