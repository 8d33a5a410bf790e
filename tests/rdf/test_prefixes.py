"""An IRI is shortened by one rule, whoever shows it."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from exporter.ontology.building import load_ontology
from exporter.ontology.checking import _Checker
from exporter.ontology.graph import OntologyGraph
from exporter.rdf.prefixes import Prefixes, prefixes_for_people
from exporter.reports import ReportContext
from exporter.sparql.queries.names import KnownNames
from exporter.sparql.results.tables import display
from exporter.validation.shapes.graph import ShapesGraph
from exporter.writers.names import PrefixedNames

BOUND = {"ex": "https://e.org/", "deep": "https://e.org/a/", "owl": "https://birds.example/", "": "https://empty.example/#"}
CASES = {
    "https://e.org/name": "ex:name",
    "https://e.org/a/name": "deep:name",
    "https://e.org/a/b/c": "<https://e.org/a/b/c>",
    "https://e.org/": "<https://e.org/>",
    "https://e.org/v1.2": "ex:v1.2",
    "https://e.org/end.": "<https://e.org/end.>",
    "https://e.org/-a": "<https://e.org/-a>",
    "https://e.org/größe": "ex:größe",
    "https://e.org/a%20b": "<https://e.org/a%20b>",
    "https://e.org/a(b)": "<https://e.org/a(b)>",
    "https://empty.example/#x": ":x",
    "http://www.w3.org/2002/07/owl#Class": "<http://www.w3.org/2002/07/owl#Class>",
}
WELL_KNOWN = {"http://www.w3.org/2001/XMLSchema#date": "xsd:date", "http://www.w3.org/ns/shacl#path": "sh:path"}


@pytest.mark.parametrize(("iri", "shown"), [*CASES.items(), *WELL_KNOWN.items()])
def test_every_reader_shows_the_same(iri: str, shown: str) -> None:
    names = prefixes_for_people(BOUND)
    assert names.show(iri) == shown
    assert names.show_all(f"^<{iri}>") == f"^{shown}"
    assert ReportContext(prefixes=BOUND).shorten_iri(f"<{iri}>") == shown
    assert ShapesGraph([], BOUND).shorten(NamedNode(iri)) == shown
    assert display(NamedNode(iri), names) == shown.strip("<>")


@pytest.mark.parametrize(("iri", "shown"), CASES.items())
def test_what_is_pasted_names_only_what_is_bound(iri: str, shown: str) -> None:
    assert KnownNames(BOUND).fold(iri) == shown
    assert PrefixedNames(BOUND)[NamedNode(iri)] == shown
    bound = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in Prefixes(BOUND).bound)
    assert next(iter(parse(f"{bound}{shown} a <urn:x> .", RdfFormat.TURTLE))).subject == NamedNode(iri)


@pytest.mark.parametrize("iri", WELL_KNOWN)
def test_what_nobody_bound_is_pasted_whole(iri: str) -> None:
    assert KnownNames(BOUND).fold(iri) == f"<{iri}>"


def test_an_ontology_is_told_by_the_same_rule() -> None:
    ontology = load_ontology(["tests/validation/faults/ontology.ttl"])
    checker = _Checker(ontology, OntologyGraph(ontology.statements))
    names = prefixes_for_people(ontology.prefixes)
    assert {checker._short(iri) for iri in ontology.classes} == {names.show(iri) for iri in ontology.classes}


def test_two_prefixes_of_one_namespace_give_the_first_by_name_whatever_their_order() -> None:
    one, other = ("b", "urn:x:"), ("a", "urn:x:")
    assert Prefixes(dict([one, other])).short("urn:x:a") == Prefixes(dict([other, one])).short("urn:x:a") == "a:a"
