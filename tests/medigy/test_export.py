"""The committed export of the examples: fresh, whole, and made by every part of the ontology."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from exporter.pipeline.export import export
from exporter.plan.compiling import load_plan
from exporter.records.reading import read_file
from tests.medigy.places import EXAMPLES, ONTOLOGY, OUTPUT, example_files

COMMITTED = sorted(OUTPUT.glob("medigy.*"))


def test_the_turtle_and_the_json_ld_are_committed() -> None:
    assert [path.suffix for path in COMMITTED] == [".jsonld", ".ttl"]


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.name)
def test_the_committed_export_is_what_would_be_written(path: Path) -> None:
    account = export(EXAMPLES, path, ontology=[ONTOLOGY], check=True, jobs=1)
    assert account.fresh, f"{account.stale}; run `make demo` and commit the result"
    assert account.problems == ()
    assert account.unmapped == ()
    assert account.exported == len(example_files()) == 13
    assert account.rejected == 0


def test_both_committed_files_are_one_graph() -> None:
    turtle = set(ox.parse(path=str(OUTPUT / "medigy.ttl"), format=ox.RdfFormat.TURTLE))
    assert turtle == set(ox.parse(path=str(OUTPUT / "medigy.jsonld"), format=ox.RdfFormat.JSON_LD))


def test_the_ontology_that_comes_along_is_the_default() -> None:
    assert export(EXAMPLES, OUTPUT / "medigy.ttl", check=True, jobs=1).fresh


def test_the_examples_use_every_property_and_every_class_that_the_ontology_maps() -> None:
    plan = load_plan([ONTOLOGY])
    predicates, classes = set(), set()
    for quad in ox.parse(path=str(OUTPUT / "medigy.ttl"), format=ox.RdfFormat.TURTLE):
        predicates.add(quad.predicate)
        if quad.predicate.value == str(rdflib.RDF.type):
            classes.add(quad.object)
    assert {p.iri for p in plan.properties} - predicates == set()
    assert {known.iri for known in plan.classes.values()} - classes == set()


def test_the_examples_come_in_every_syntax() -> None:
    records = [read_file(str(path)).record for path in example_files()]
    assert {record.syntax for record in records if record} == {"yaml", "toml", "json"}
    assert {path.suffix for path in example_files()} == {".md", ".html"}
