"""Problems call allowed resources by the labels that the ontology or the shapes give them."""

from __future__ import annotations

from pyoxigraph import NamedNode

from exporter.validation.results.subjects import allowed_labels
from exporter.validation.shapes.loading import read_shapes

SHAPES = b"""@prefix : <urn:> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:S sh:targetClass :C ; sh:path :p ; sh:in ( :one :two :three "four" ) .
:one rdfs:label "One" . :other rdfs:label "Other" .
"""
ONTOLOGY = b"""@prefix : <urn:> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:two rdfs:label "Number two" ; skos:notation "two" .
"""


def test_notation_comes_before_label_and_what_is_not_allowed_has_none() -> None:
    statements = [triple[:3] for triple in read_shapes("o.ttl", ONTOLOGY).triples]
    assert allowed_labels(read_shapes("s.ttl", SHAPES), statements) == {NamedNode("urn:one"): "One", NamedNode("urn:two"): "two"}
