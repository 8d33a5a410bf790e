"""A state of records: from a project, or from an RDF file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from exporter.comparing.model import ComparedRecord, Said, StateOfRecords
from exporter.outcomes.vocabulary import vocabulary
from exporter.pipeline.exporting import Exporting
from exporter.plan.model import Plan
from exporter.policy.runs import validate
from exporter.problems import Problem
from exporter.project import Project
from exporter.rdf.terms import LABELS, RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, split_statement
from exporter.validation.data.rdf_files import read_rdf
from exporter.writers.formats import find_format, make_writer

_TYPE, _FIRST, _REST, _NIL = map(str, (RDF_TYPE, RDF_FIRST, RDF_REST, RDF_NIL))
_RANK = {f"<{iri}>": rank for rank, iri in enumerate(LABELS)}


@dataclass(slots=True)
class _Growing:
    records: dict[str, ComparedRecord] = field(default_factory=dict)
    shared: dict[str, Said] = field(default_factory=dict)
    labels: dict[str, tuple[int, str]] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)

    def label(self, iri: str, predicate: str, value: str) -> None:
        """Take what may be the name of a thing."""
        rank = _RANK.get(predicate)
        if rank is not None and value.startswith('"') and rank < self.labels.get(iri, (len(_RANK), ""))[0]:
            self.labels[iri] = (rank, value[1 : value.rindex('"')])

    def state(self, problems: Iterable[Problem]) -> StateOfRecords:
        labels = {iri: label for iri, (_, label) in self.labels.items()}
        found = frozenset((problem.code, problem.location.path, problem.message) for problem in problems)
        return StateOfRecords(self.records, self.shared, labels, found)


def read_project(project: Project, plan: Plan, *, validates: bool) -> tuple[StateOfRecords, set[str]]:
    """Read the records of a project as a plan maps them; gives the statements besides. With shapes, their problems count, too."""
    run = Exporting(project, plan, allow_nothing=True)
    writer = make_writer(find_format("ntriples").format, vocabulary(plan))
    growing, shared = _Growing(), dict[str, dict[str, None]]()
    for path, _, record in run.exported():
        lines = record.written.record.decode().split("\n")[:-1]
        growing.lines.update(lines)
        iri = record.iri or ""
        growing.records[iri] = _record(iri, path, lines, growing)
        for subject, statements in record.written.shared:
            shared.setdefault(subject, {}).update(dict.fromkeys(statements))
    for subject, all_of_it in sorted(shared.items()):
        lines = writer.resource(subject, sorted(all_of_it)).decode().split("\n")[:-1]
        growing.lines.update(lines)
        growing.shared[subject[1:-1]] = _record(subject[1:-1], "", lines, growing).said
    problems = validate(project=project).problems if validates and project.shapes else run.account("").problems
    return growing.state(problems), growing.lines


def graph_lines(path: str) -> set[str]:
    """Read an RDF file as lines of N-Triples; raises UsageError."""
    return set(read_rdf(path).data.decode().split("\n")[:-1])


def state_of_graph(statements: set[str]) -> StateOfRecords:
    """Take statements apart: each resource with an IRI is a record, and what stands at its fragments is a part of it."""
    lines = sorted(statements)
    by_page: dict[str, list[str]] = {}
    loose: list[str] = []
    for line in lines:
        subject = line.split(" ", 1)[0]
        (loose if subject.startswith("_:") else by_page.setdefault(subject[1:-1].partition("#")[0], [])).append(line)
    growing = _Growing()
    cells: dict[str, dict[str, str]] = {}
    for line in loose:
        subject, predicate, value = split_statement(line)
        cells.setdefault(subject, {})[predicate] = value
    for iri, of in by_page.items():
        growing.records[iri] = _record(iri, "", of, growing, cells)
    return growing.state(())


def _record(
    iri: str, path: str, lines: Iterable[str], growing: _Growing, known: Mapping[str, dict[str, str]] | None = None
) -> ComparedRecord:
    """Take the lines of a record apart; `known` are cells of lists that stand elsewhere."""
    own, cells = f"<{iri}>", dict(known or {})
    rows: list[tuple[str, str, str]] = []
    for line in lines:
        subject, predicate, value = split_statement(line)
        if subject.startswith("_:"):
            cells.setdefault(subject, {})[predicate] = value
        else:
            rows.append((subject, predicate, value))
            growing.label(subject[1:-1], predicate, value)
    said: dict[tuple[str, str], set[str]] = {}
    classes = []
    for subject, predicate, value in rows:
        part = subject[1:-1].removeprefix(iri)
        if predicate == _TYPE and not part:
            classes.append(value[1:-1])
            continue
        shown = _listed(value, cells) if value.startswith("_:") else value
        said.setdefault((part, predicate[1:-1]), set()).add("<>" if shown == own else shown.replace(f"<{iri}#", "<#"))
    return ComparedRecord(iri, tuple(classes), path, {key: frozenset(values) for key, values in said.items()})


def _listed(head: str, cells: Mapping[str, Mapping[str, str]]) -> str:
    """Write a list as one value; what is not a list is its own statements."""
    if _FIRST not in cells.get(head, {}):
        return (
            "[ " + " ; ".join(f"{key} {value}" for key, value in sorted(cells.get(head, {}).items()) if not value.startswith("_:")) + " ]"
        )
    return f"( {' '.join(_items(head, cells))} )"


def _items(head: str, cells: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    seen = set[str]()
    while head != _NIL and head in cells and head not in seen:
        seen.add(head)
        item = cells[head].get(_FIRST, "")
        yield _listed(item, cells) if item.startswith("_:") else item
        head = cells[head].get(_REST, _NIL)
