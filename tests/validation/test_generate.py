"""Default shapes: the axioms of an ontology, said in SHACL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exporter import validate
from exporter.generate.shapes import generate_shapes
from exporter.plan.compiling import load_plan
from exporter.rdf.terms import KEY
from exporter.validation.data.graphs import known_terms
from exporter.validation.shapes.checking import CheckOptions, check_shapes
from exporter.validation.shapes.loading import load_shapes
from tests.cases import discover
from tests.data import DIGITALGOV, OBOFOUNDRY, require
from tests.mapping.test_cases import standing_in

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ROOT = Path(__file__).parents[2]
ONTOLOGY = """@prefix : <https://example.org/ont#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/ont> a owl:Ontology ; map:typeKey "layout" .
:Content a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :title ; owl:minCardinality 1 ] .
:Page a owl:Class ; rdfs:subClassOf :Content ,
        [ a owl:Restriction ; owl:onProperty :part ; owl:qualifiedCardinality 1 ; owl:onClass :Part ] ,
        [ a owl:Restriction ; owl:onProperty :title ; owl:maxCardinality 2 ] ;
    map:owlType "Page" ; map:iri "https://example.org/page/{id}" .
:Part a owl:Class .
:id a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:domain :Page ; rdfs:range xsd:string ; map:key "id" .
:title a owl:DatatypeProperty ; rdfs:domain :Page ; rdfs:range xsd:string ; map:key "title" .
:size a owl:DatatypeProperty ; rdfs:domain :Part ; rdfs:range xsd:integer ; map:key "size" .
:part a owl:ObjectProperty ; rdfs:domain :Page ; rdfs:range :Part ; map:key "part" .
:see a owl:ObjectProperty ; rdfs:domain :Page ; rdfs:range rdfs:Resource ; map:key "see" .
"""
SHAPES = """# Default shapes, generated from the ontology by `owltype gen shapes`. Change the ontology, and generate them again.

@prefix : <https://example.org/ont#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:PageDefaultShape a sh:NodeShape ;
    sh:targetClass :Page ;
    sh:property [ sh:path :id ; sh:datatype xsd:string ; sh:maxCount 1 ] ;
    sh:property [ sh:path :title ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 2 ] ;
    sh:property [ sh:path :part ; sh:class :Part ] ;
    sh:property [ sh:path :part ; sh:qualifiedValueShape [ sh:class :Part ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ;
    sh:property [ sh:path :see ; sh:nodeKind sh:IRI ] .

:PartDefaultShape a sh:NodeShape ;
    sh:targetClass :Part ;
    sh:property [ sh:path :size ; sh:datatype xsd:integer ] .

:PageClosedShape a sh:NodeShape ;
    sh:targetClass :Page ;
    sh:severity sh:Warning ;
    sh:closed true ;
    sh:ignoredProperties ( rdf:type :id :title :part :see ) .

:PartClosedShape a sh:NodeShape ;
    sh:targetClass :Part ;
    sh:severity sh:Warning ;
    sh:closed true ;
    sh:ignoredProperties ( rdf:type :size ) .
"""


def _ontology(folder: Path) -> Path:
    path = folder / "ontology.ttl"
    path.write_text(ONTOLOGY, "utf-8")
    return path


def test_axioms_become_shapes(tmp_path: Path) -> None:
    assert generate_shapes(load_plan([_ontology(tmp_path)])) == SHAPES


def test_default_shapes_find_what_breaks_an_axiom(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPES, "utf-8")
    record = tmp_path / "a.md"
    record.write_text("---\nlayout: Page\nid: a\npart:\n  - size: wide\n  - size: 1\nsee: here\nmore: 1\n---\n", "utf-8")
    found = validate(record, shapes=[shapes], ontology=[_ontology(tmp_path)], engine="both", jobs=1)
    assert [(p.location.line, p.location.column, p.code, p.severity.value) for p in found.problems if p.shacl] == [
        (1, 1, "SH-MIN-COUNT", "error"),
        (5, 11, "MAP-DATATYPE", "error"),
        (6, 5, "SH-QUALIFIED-MAX-COUNT", "error"),
        (7, 6, "MAP-IRI", "error"),
        (8, 1, "SH-CLOSED", "warning"),
    ]


ONTOLOGIES = {
    "medigy": (ROOT / "ontology", ROOT / "examples" / "medigy" / "content"),
    "digitalgov": (ROOT / "examples" / "digitalgov" / "ontology.ttl", DIGITALGOV),
    "obofoundry": (ROOT / "examples" / "obofoundry" / "ontology.ttl", OBOFOUNDRY / "ontology"),
}


@pytest.mark.parametrize("name", ONTOLOGIES)
def test_default_shapes_pass_the_checks_and_both_engines_agree_on_them(name: str, tmp_path: Path) -> None:
    ontology, records = ONTOLOGIES[name]
    require(*([] if records.is_relative_to(ROOT / "examples") else [records]))
    plan = load_plan([ontology])
    shapes = tmp_path / "default.ttl"
    shapes.write_text(generate_shapes(plan), "utf-8")
    assert check_shapes(load_shapes([shapes]), CheckOptions(known_terms(plan))) == ()
    found = validate(records, shapes=[shapes], ontology=[ontology], engine="both")
    assert found.engines == ("shacl", "pyshacl")
    assert not [problem for problem in found.problems if problem.code == "SHAPES-ENGINES-DIFFER"]


def test_medigy_shapes_give_the_same_problems_with_each_engine() -> None:
    one, two, both = (validate(ROOT / "examples" / "medigy" / "content", engine=engine).problems for engine in ("shacl", "pyshacl", "both"))
    assert one == two == both


@discover(str(ROOT / "tests" / "mapping" / "test_cases.py"), least=30)
def test_generated_shapes_ask_for_what_mapping_makes(case: Path, tmp_path: Path) -> None:
    """Where mapping finds no fault, its statements conform; nothing is said of keys that no property reads."""
    if (case / "problems.txt").exists():
        return
    options = json.loads((case / "options.json").read_text("utf-8")) if (case / "options.json").exists() else {}
    known = {name: options[name] for name in ("constants", "default_class", "handlers") if name in options}
    plan = load_plan([case / "ontology.ttl"], options.get("constants"))
    if not any(of.steps for of in plan.classes.values()):
        return
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(generate_shapes(plan), "utf-8")
    with standing_in(case):
        found = validate("content", shapes=[shapes], ontology=["ontology.ttl"], jobs=1, **known).problems
    others = [problem for problem in found if problem.shacl and not (problem.code == "SH-CLOSED" and KEY in (problem.shacl.path or ""))]
    assert [str(problem) for problem in others] == []


def test_shapes_of_a_class_let_a_subclass_read_a_property_in_another_way(tmp_path: Path) -> None:
    """The rows of a subclass replace those that it inherits, and SHACL's targets take its records in."""
    (tmp_path / "ontology.ttl").write_text(
        """@prefix ex: <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Page a owl:Class ; map:owlType "Page" ; map:iri "https://example.org/{slug}" ;
    map:reads [ map:property ex:date ; map:key "date" ; map:range xsd:date ] .
ex:Post a owl:Class ; rdfs:subClassOf ex:Page ; map:owlType "Post" ;
    map:reads [ map:property ex:date ; map:key "date" ; map:range xsd:dateTime ] ,
        [ map:property ex:tag ; map:key "tag" ; map:range xsd:string ] .
""",
        "utf-8",
    )
    for name, text in (("page", "Page\ndate: 2024-01-01"), ("post", "Post\ndate: 2024-01-01T10:00:00Z\ntag: a")):
        (tmp_path / f"{name}.yaml").write_text(f"slug: {name}\nowlType: {text}\n", "utf-8")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(generate_shapes(load_plan([tmp_path / "ontology.ttl"])), "utf-8")
    records = [tmp_path / "page.yaml", tmp_path / "post.yaml"]
    assert validate(records, shapes=[shapes], ontology=[tmp_path / "ontology.ttl"], jobs=1).problems == ()
    assert "sh:path ex:date ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:dateTime ] )" in shapes.read_text("utf-8")
