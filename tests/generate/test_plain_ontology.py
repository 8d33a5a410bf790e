"""`owltype gen ontology`: what an ontology says without how records are mapped."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode
from rdflib.compare import isomorphic

from exporter.generate.plain_ontology import plain_ontology
from exporter.ontology.building import load_ontology
from exporter.ontology.claims import find_claims
from exporter.ontology.graph import OntologyGraph
from exporter.rdf.terms import MAP, Statement
from tests.cases import find
from tests.running import ROOT

ONTOLOGIES = {
    "medigy": ROOT / "ontology" / "medigy.ttl",
    **{name: ROOT / "examples" / name / "ontology.ttl" for name in ("digitalgov", "obofoundry", "problems")},
    **{case.name: case / "ontology.ttl" for case in find(str(ROOT / "tests" / "mapping" / "test_cases.py"), least=30)},
}
HEAD = """@prefix : <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def body(text: str) -> str:
    """Give a plain ontology without its comments."""
    return text[text.index("@prefix") :]


def plain(text: str, folder: Path) -> str:
    """Write a plain ontology, without its head."""
    file = folder / "ontology.ttl"
    file.write_text(HEAD + text, "utf-8")
    return plain_ontology(load_ontology([file])).split(" .\n\n", maxsplit=text.count("\0") + 1)[-1]


def constants(statements: tuple[Statement, ...]) -> set[tuple[str, str, str]]:
    """Give the statements between names and literals that do not speak of the mapping."""
    kept = [row for row in statements if not any(isinstance(term, BlankNode) or str(term).startswith(f"<{MAP[:-1]}") for term in row)]
    return {(str(s), str(p), str(o)) for s, p, o in kept}


@pytest.mark.parametrize("name", ONTOLOGIES)
def test_nothing_is_lost_but_the_mapping(name: str, tmp_path: Path) -> None:
    ontology = load_ontology([ONTOLOGIES[name]])
    text = plain_ontology(ontology)
    file = tmp_path / "plain.ttl"
    file.write_text(text, "utf-8")
    again = load_ontology([file])
    assert MAP not in text
    rows = {str(value) for _, predicate, value in ontology.statements if predicate.value == MAP + "reads"}
    assert {row for row in constants(ontology.statements) if row[0] not in rows} <= constants(again.statements)
    assert plain_ontology(again) == text.replace(
        text[: text.index("@prefix")], plain_ontology(again)[: plain_ontology(again).index("@prefix")]
    )
    assert not list(find_claims([again.statements], OntologyGraph(ontology.statements))) or list(
        find_claims([ontology.statements], OntologyGraph(ontology.statements))
    )


def test_rows_become_restrictions_of_own_classes_alone(tmp_path: Path) -> None:
    text = plain(
        """<https://example.org/ns> a owl:Ontology .
:Page a owl:Class ; map:owlType "Page" ; map:type schema:WebPage ; map:iri "https://example.org/{slug}" ;
    map:reads [ map:property schema:name ; map:key "title" ; map:range xsd:string ] ,
        [ map:property schema:datePublished ; map:key "date" ; map:range ( xsd:date xsd:gYear ) ] ,
        [ map:property schema:url ; map:key "url" ; map:range owl:Thing ] ,
        [ map:property rdfs:label ; map:key "label" ; map:range xsd:string ] ,
        [ map:property schema:about ; map:key "about" ; map:range :Topic , xsd:string ] .
:Post a owl:Class ; rdfs:subClassOf :Page ; map:owlType "Post" ;
    map:reads [ map:property schema:datePublished ; map:key "date" ; map:range xsd:dateTime ] .
:Topic a owl:Class ; map:iri "https://example.org/{@value|slug}" .
schema:Person a owl:Class ; map:files "people/*" ; map:iri "https://example.org/{file.stem}" ;
    map:reads [ map:property schema:email ; map:key "mail" ; map:range xsd:string ] .
""",
        tmp_path,
    )
    assert text == (
        """<https://example.org/ns> a owl:Ontology .

:Page a owl:Class ;
    rdfs:subClassOf
        schema:WebPage ,
        [ a owl:Restriction ; owl:onProperty schema:name ; owl:allValuesFrom xsd:string ] ,
        [ a owl:Restriction ; owl:onProperty schema:datePublished ; owl:allValuesFrom UNION ] .

:Post a owl:Class ; rdfs:subClassOf :Page , [ a owl:Restriction ; owl:onProperty schema:datePublished ; owl:allValuesFrom xsd:dateTime ] .

:Topic a owl:Class .

schema:Person a owl:Class .

schema:name a owl:DatatypeProperty .

schema:datePublished a owl:DatatypeProperty .

schema:url a owl:ObjectProperty .

schema:about a rdf:Property .

schema:email a owl:DatatypeProperty .

schema:WebPage a owl:Class .
"""
    ).replace("UNION", "[ a rdfs:Datatype ; owl:unionOf ( xsd:date xsd:gYear xsd:dateTime ) ]")


def test_every_shape_of_turtle_is_written_as_it_is_read(tmp_path: Path) -> None:
    statements = (
        HEAD
        + """:a :b [ :c [ :d "x"@en , "01"^^xsd:integer , "line\\nline" , 'quote"' ] ] , ( 1 ( ) ( "a" [ :e :f ] ) ) .
[] a owl:AllDisjointClasses ; owl:members ( :A :B ) .
:g :h _:shared . :i :h _:shared . _:shared :j _:shared , "\\u202E" .
_:one :k _:two . _:two :k _:one .
:l :m [] . <https://example.org/a'b(c> :n <urn:x> .
"""
    )
    file = tmp_path / "ontology.ttl"
    file.write_text(statements, "utf-8")
    text = plain_ontology(load_ontology([file]))
    assert isomorphic(rdflib.Graph().parse(data=statements, format="turtle"), rdflib.Graph().parse(data=text, format="turtle"))
    assert "\\u202E" in text
