"""Outcomes of every kind: of the mapping's cases, of sites with references, of corpora."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from exporter.errors import ExporterError
from exporter.mapping.model import Answers, Held, Hole, Made, Name, Reference, Sought
from exporter.outcomes.making import FileTask
from exporter.outcomes.outcome import Outcome, RecordOutcome, Text
from exporter.problems import Location, Problem, Severity, ShaclDetail
from exporter.project import Project, make_project
from exporter.rdf.terms import Block, make_list
from exporter.settings.model import Settings
from exporter.writers.gaps import Gap
from tests.cases import find
from tests.data import ROOT
from tests.mapping import test_cases
from tests.references.sites import make_site


def outcomes_of(project: Project, *formats: str) -> Iterator[Outcome]:
    """Yield the outcomes of a project's files, in each format."""
    plan = project.plan()
    for format_ in formats:
        task = FileTask(project, format_, plan)
        yield from (task.make(path) for path in project.files(plan))


@cache
def small_outcomes() -> tuple[Outcome, ...]:
    """Give the outcomes of every case of the mapping, of a site with references, and one with everything that there is."""
    found = [everything()]
    for case in find(test_cases.__file__):
        project = case_project(case)
        try:
            found += outcomes_of(project, "turtle")
        except ExporterError:  # options that a test of its own has
            continue
    with TemporaryDirectory() as folder:
        site = make_site(Path(folder))
        project = make_project(site / "content", settings=Settings(), ontology=site / "ontology.ttl", jobs=1)
        found += outcomes_of(project, "turtle", "ntriples", "jsonld", "rdfxml")
    return tuple(found)


def case_project(case: Path) -> Project:
    """Give the project of a case of the mapping, without its options."""
    settings = Settings() if not (case / "owltype.toml").exists() else None
    config = None if settings else str(case / "owltype.toml")
    return make_project(case / "content", settings=settings, config=config, ontology=case / "ontology.ttl", jobs=1)


def medigy() -> Project:
    """Give the project of the example records."""
    return make_project(ROOT / "examples/medigy/content", settings=Settings(), ontology=ROOT / "ontology", jobs=1)


def everything() -> Outcome:
    """Make an outcome in which every type stands with every kind of value."""
    iri = ox.NamedNode("https://example.org/é")
    direction = ox.BaseDirection.RTL
    terms = (
        iri,
        ox.BlankNode("b1"),
        ox.Literal("x\0\n€𝄞"),
        ox.Literal("01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ox.Literal("hi", language="en-GB"),
        ox.Literal("سلام", language="ar", direction=direction),
    )
    head, cells = make_list(terms, "x")
    place = Location("a.md", 1, 2, 3, None)
    detail = ShaclDetail("<https://example.org/>", "sh:MinCount", "<p>", '"v"', None, place)
    problems = tuple(
        Problem("CODE", place, "is wrong", severity, "fix it", ("a", 0, ""), (place, Location("b.md")), shacl)
        for severity, shacl in zip(Severity, (detail, None, ShaclDetail("f", "c")), strict=True)
    )
    inner = Hole(iri, iri, (Held(Sought("t", ("r",), (), iri), ("k",)),))
    made = Made((Block(iri, [(iri, term) for term in terms]), *cells), (Block(ox.BlankNode("s"), []),), (inner,))
    sought = Sought("text", ("r1", "r2"), ("i",), head, True, True, made, ((), ("p", "q")))
    hole = Hole(iri, iri, (*(Held(term, ("k", 1), (0, 7)) for term in terms), Held(sought, ())), True)
    text = Text(b"<a> \xff", (("<s>", ("<p> <o> .",)), ("<t>", ())), 2**40, problems, (b"before", Gap(0, "l1", 4), b"", Gap(3)))
    records = (
        RecordOutcome(
            "https://example.org/é",
            "Note",
            None,
            (Reference("https://example.org/b", ("see", -1)),),
            (("<s>", ("<p>", '"o"')),),
            ((), ("a", 2**40)),
            ((Name("i", "n", "t"), ("k",)),),
            problems,
            text,
            (Answers("r", (("a", "b"), ())),),
            (hole,),
        ),
        RecordOutcome(skipped="draft"),
        RecordOutcome(text=Text()),
    )
    return Outcome("content/caf\udce9.md", records, problems[:1])
