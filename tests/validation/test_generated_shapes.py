"""Generated shapes ask for what mapping makes: they come from the same rows, after inheritance."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter import export, validate
from exporter.generate.shapes import generate_shapes
from exporter.plan.compiling import load_plan
from exporter.rdf.terms import RDF_TYPE, SH, Statement

CASES = [
    path
    for path in sorted((Path(__file__).parents[1] / "mapping" / "cases").iterdir())
    if (path / "ontology.ttl").exists()
    and not any((path / name).exists() for name in ("options.json", "owltype.toml", "problems.txt"))
    and any(of.steps for of in load_plan([path / "ontology.ttl"]).classes.values())
]
SEVERAL_LABELS = "labels-several"


def generated(ontology: Path, *, closed: bool = True) -> str:
    return generate_shapes(load_plan([ontology]), closed=closed)


def paths_by_class(shapes: str) -> dict[str, set[str]]:
    """Read which properties each class's shape speaks of."""
    store = ox.Store()
    store.load(shapes.encode(), format=ox.RdfFormat.TURTLE)
    rows = store.query(f"SELECT ?of ?path {{ ?shape <{SH}targetClass> ?of ; <{SH}property>/<{SH}path> ?path }}")
    found: dict[str, set[str]] = {}
    for row in rows:  # type: ignore[union-attr]  # a SELECT gives solutions
        found.setdefault(row["of"].value, set()).add(row["path"].value)
    return found


def test_there_are_cases() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_mapping_makes_conforms(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(generated(case / "ontology.ttl", closed=case.name != SEVERAL_LABELS), "utf-8")
    found = validate("content", shapes=[shapes], ontology=["ontology.ttl"], unmapped="drop", jobs=1)
    assert [problem for problem in found.problems if problem.shacl is not None] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_class_has_a_property_shape_for_each_property_that_it_is_given(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    triples: list[Statement] = []
    export("content", triples, ontology=["ontology.ttl"], unmapped="drop", jobs=1)
    types: dict[object, set[str]] = {}
    for subject, predicate, value in triples:
        if predicate == RDF_TYPE and isinstance(value, ox.NamedNode):
            types.setdefault(subject, set()).add(value.value)
    shapes = paths_by_class(generated(case / "ontology.ttl"))
    for subject, predicate, _ in triples:
        if predicate != RDF_TYPE and subject in types:
            spoken_of = set().union(*(shapes.get(of, set()) for of in types[subject]))
            assert predicate.value in spoken_of, f"{subject} {predicate}"


def test_inherited_and_replaced_rows_are_those_that_mapping_reads() -> None:
    case = Path(__file__).parents[1] / "mapping" / "cases" / "rows-inherited"
    shapes = generated(case / "ontology.ttl", closed=False)
    news = re.search(r"ex:NewsDefaultShape.*?(?=\n\n)", shapes + "\n\n", re.DOTALL)
    assert news is not None
    assert re.findall(r"sh:path (\S+) ; sh:(?:datatype|nodeKind) (\S+)", news[0]) == [
        ("schema:name", "xsd:string"),
        ("schema:datePublished", "xsd:dateTime"),
        ("schema:url", "sh:IRI"),
        ("schema:genre", "xsd:string"),
        ("schema:expires", "xsd:date"),
    ]
