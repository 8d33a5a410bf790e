"""The two ontology files: complete, declared, and OWL that others can read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS

from exporter.language.conversions import BUILT_IN
from exporter.rdf.terms import MAP
from exporter.records.reading import read_file
from tests.medigy.places import ONTOLOGY, ROOT, SEED, VOCABULARY

MEDIGY = "https://www.medigy.com/ontology#"
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN_NAMESPACES = (str(RDF), str(RDFS), str(OWL))


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY)


@pytest.fixture(scope="module")
def vocabulary() -> rdflib.Graph:
    return rdflib.Graph().parse(VOCABULARY)


def own_terms(graph: rdflib.Graph, namespace: str, *kinds: rdflib.URIRef) -> list[rdflib.URIRef]:
    found = {s for kind in kinds for s in graph.subjects(RDF.type, kind) if isinstance(s, rdflib.URIRef) and s.startswith(namespace)}
    assert found
    return sorted(found)


def test_every_own_class_has_label_and_comment(ontology: rdflib.Graph) -> None:
    for term in own_terms(ontology, MEDIGY, OWL.Class):
        assert ontology.value(term, RDFS.label), term
        assert ontology.value(term, RDFS.comment), term


def test_every_own_property_has_label_comment_domain_and_range(ontology: rdflib.Graph) -> None:
    for term in own_terms(ontology, MEDIGY, *PROPERTY_KINDS):
        for needed in (RDFS.label, RDFS.comment, RDFS.domain, RDFS.range):
            assert ontology.value(term, needed) is not None, f"{term} has no {needed}"


def test_every_concept_has_a_definition_and_a_scheme(ontology: rdflib.Graph) -> None:
    concepts = list(ontology.subjects(RDF.type, rdflib.URIRef(MEDIGY + "ContentKind")))
    assert len(concepts) == 3
    for concept in concepts:
        assert ontology.value(concept, SKOS.definition), concept
        assert ontology.value(concept, SKOS.inScheme) == rdflib.URIRef(MEDIGY + "ContentKinds")


@pytest.mark.parametrize("path", [ONTOLOGY, VOCABULARY], ids=lambda path: path.name)
def test_every_predicate_is_declared_as_a_property_of_one_kind(path: Path) -> None:
    graph = rdflib.Graph().parse(path)
    for predicate in sorted(map(str, set(graph.predicates()))):
        if not predicate.startswith(BUILT_IN_NAMESPACES):
            kinds = [kind for kind in PROPERTY_KINDS if (rdflib.URIRef(predicate), RDF.type, kind) in graph]
            assert len(kinds) == 1, f"{predicate} is declared as {kinds}"


@pytest.mark.parametrize("path", [ONTOLOGY, VOCABULARY], ids=lambda path: path.name)
def test_no_term_is_two_things_at_once(path: Path) -> None:
    graph = rdflib.Graph().parse(path)
    kinds = (OWL.Class, OWL.NamedIndividual, RDFS.Datatype, *PROPERTY_KINDS)
    for term in sorted({s for kind in kinds for s in graph.subjects(RDF.type, kind) if isinstance(s, rdflib.URIRef)}):
        assert sum((term, RDF.type, kind) in graph for kind in kinds) == 1, term


def test_every_row_says_where_its_values_come_from(ontology: rdflib.Graph) -> None:
    rows = [row for _, row in ontology.subject_objects(rdflib.URIRef(MAP + "reads"))]
    assert rows
    for row in rows:
        said = {str(predicate).removeprefix(MAP) for predicate in ontology.predicates(row)}
        assert "property" in said
        assert said & {"key", "value", "each"}, ontology.value(row, rdflib.URIRef(MAP + "property"))


def test_the_vocabulary_declares_every_map_term_that_the_ontology_uses(ontology: rdflib.Graph, vocabulary: rdflib.Graph) -> None:
    used = {p for p in ontology.predicates() if str(p).startswith(MAP)}
    used |= {o for o in ontology.objects() if isinstance(o, rdflib.URIRef) and str(o).startswith(MAP)}
    assert used
    assert used <= set(vocabulary.subjects(RDF.type))


def test_every_map_term_has_label_comment_scope_and_example(vocabulary: rdflib.Graph) -> None:
    for term in own_terms(vocabulary, MAP, OWL.AnnotationProperty):
        for needed in (RDFS.label, RDFS.comment, SKOS.scopeNote, SKOS.example):
            assert vocabulary.value(term, needed), f"{term} has no {needed}"


def test_the_vocabulary_lists_the_conversions_that_there_are(vocabulary: rdflib.Graph) -> None:
    listed = set(vocabulary.subjects(RDF.type, rdflib.URIRef(MAP + "Conversion")))
    assert {str(term) for term in listed} == set(BUILT_IN)
    for term in listed:
        assert vocabulary.value(term, RDFS.comment), term
        assert vocabulary.value(term, SKOS.example), term


def test_both_files_name_licence_and_version(ontology: rdflib.Graph, vocabulary: rdflib.Graph) -> None:
    for graph in (ontology, vocabulary):
        node = graph.value(None, RDF.type, OWL.Ontology)
        assert node is not None
        for needed in (rdflib.DCTERMS.title, rdflib.DCTERMS.license, OWL.versionInfo, OWL.versionIRI):
            assert graph.value(node, needed), needed


def keys_of(value: object, prefix: str = "") -> list[str]:
    if not isinstance(value, dict):
        return [prefix]
    return [name for key, item in value.items() for name in keys_of(item, f"{prefix}.{key}" if prefix else key)]


def test_the_model_page_has_a_row_for_every_key_of_the_seed_and_no_other() -> None:
    record = read_file(str(SEED)).record
    assert record is not None
    page = (ROOT / "docs" / "medigy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    assert sorted(row for row in rows if not row.startswith("@")) == sorted(keys_of(record.front_matter))


def test_the_model_page_names_only_terms_of_the_ontology(ontology: rdflib.Graph) -> None:
    page = (ROOT / "docs" / "medigy.md").read_text(encoding="utf-8")
    names = set(re.findall(r"`((?:schema|dcterms|dcat|prov|skos|foaf|medigy):\w[\w-]*)`", page))
    assert names
    known = set(ontology.subjects()) | set(ontology.objects())
    unknown = sorted(name for name in names if ontology.namespace_manager.expand_curie(name) not in known)
    assert unknown == []
