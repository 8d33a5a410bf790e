"""One form for all functions: a path or a sequence of paths; and what users hold shows in a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Graph

from exporter import Selection, export, load_plan, map_record, open_dataset, query, read, validate
from exporter.errors import UsageError
from exporter.pipeline.coverage import measure_coverage
from exporter.project import make_project

ONTOLOGY = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix site: <https://ex.org/ns#> .
site:Page a owl:Class ; map:files "**" ; map:iri "https://ex.org/{file.stem}/" .
site:title a owl:DatatypeProperty ; rdfs:domain site:Page ; rdfs:range xsd:string ; map:key "title" .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix site: <https://ex.org/ns#> .
site:PageShape a sh:NodeShape ; sh:targetClass site:Page ; sh:property [ sh:path site:title ; sh:minCount 2 ] .
"""
ASK = "SELECT ?t { ?s <https://ex.org/ns#title> ?t }"
Form = Callable[[Path], str | Path | list[str] | list[Path] | tuple[str | Path, ...]]
FORMS: list[Form] = [str, Path, lambda path: [str(path)], lambda path: [path], lambda path: (path, str(path))]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "site.ttl").write_text(ONTOLOGY)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    return tmp_path


@pytest.mark.parametrize("form", FORMS)
def test_every_function_takes_a_path_or_a_sequence_of_paths(form: Form, site: Path) -> None:
    records, ontology, shapes = form(site / "a.md"), form(site / "site.ttl"), form(site / "shapes.ttl")
    plan = load_plan(ontology)
    assert {found.path for found in read(records) if hasattr(found, "path")} == {"a.md"}
    assert export(records, [], ontology=ontology).exported == 1
    assert validate(records, ontology=ontology, shapes=shapes).checked == 1
    assert measure_coverage(make_project(records, ontology=ontology)).seen >= 1
    assert [row["t"] for row in query(records, ASK, ontology=ontology)]
    with open_dataset(records, ontology=ontology) as dataset:
        assert dataset.triples == 2
    assert list(plan.classes) == ["https://ex.org/ns#Page"]


@pytest.mark.parametrize("wrong", [7, [["a.md"]], [b"a.md"], None])
def test_what_is_not_a_path_is_a_sentence(wrong: object) -> None:
    with pytest.raises(UsageError, match="a path is a str or a Path, and not"):
        export(wrong, [])  # type: ignore[arg-type]  # that is the test


def test_one_glob_and_one_handler_are_texts_and_not_letters(site: Path) -> None:
    assert Selection(include="*.md").include == ("*.md",)  # type: ignore[arg-type]  # mypy says so; it is taken all the same
    with pytest.raises(UsageError, match="no_such_module:Handler"):
        export(site / "a.md", [], ontology=site / "site.ttl", handlers="no_such_module:Handler")


def test_a_graph_of_rdflib_gets_the_prefixes_of_the_ontology(site: Path) -> None:
    graph = Graph()
    export(site / "a.md", graph, ontology=site / "site.ttl")
    assert ("site", "https://ex.org/ns#") in [(prefix, str(namespace)) for prefix, namespace in graph.namespaces()]
    assert "site:title" in graph.serialize(format="turtle")


def test_what_users_hold_shows_in_a_line(site: Path) -> None:
    records, ontology = site / "a.md", site / "site.ttl"
    record = next(found for found in read(records))
    held = [
        export(records, [], ontology=ontology),
        validate(records, ontology=ontology, shapes=site / "shapes.ttl"),
        query(records, ASK, ontology=ontology),
        load_plan(ontology),
        map_record(record, load_plan(ontology)),  # type: ignore[arg-type]  # the file is a record
        record,
    ]
    assert [len(repr(each)) < 300 for each in held] == [True] * len(held), [repr(each)[:99] for each in held]
