"""What each engine is known to get wrong: every row of the table is shown, so that one which is mended fails here."""

from __future__ import annotations

import pytest

from exporter.validation.engines import EngineError, choose, make_engine
from exporter.validation.engines.features import FEATURES, Feature, unsuited
from exporter.validation.loading import join_shapes, read_shapes
from exporter.validation.shapes import ShapesGraph

PREFIXES = """@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
X = "<https://example.org/x>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/C>"
TEXT = f'{X} {TYPE} .\n{X} <https://example.org/p> "ab\\n" .\n{X} <https://example.org/q> "B" .\n'.encode()

# Feature: shapes, and how many results there must be; None where the shapes must be refused.
CASES: dict[str, tuple[str, int | None]] = {
    "nested-select": (
        ':S sh:targetClass :C ; sh:sparql [ sh:select "SELECT $this WHERE { $this ?x ?y . { SELECT ?o WHERE { ?o ?p ?c } } }" ] .',
        None,
    ),
    "lookaround": (':S sh:targetClass :C ; sh:property [ sh:path :p ; sh:pattern "^(?!ab)" ] .', 1),
    "shapes-graph": (
        ':S sh:targetClass :C ; sh:sparql [ sh:select "SELECT DISTINCT $this WHERE { GRAPH $shapesGraph { ?s ?p ?o } }" ] .',
        1,
    ),
    "imported-prefixes": (
        """<https://example.org/o> owl:imports <https://example.org/i> .
        <https://example.org/i> sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
        :S sh:targetClass :C ; sh:sparql [ sh:prefixes <https://example.org/o> ; sh:select "SELECT $this WHERE { $this ex:p ?o }" ] .""",
        1,
    ),
    "ask-value": (
        """:K a sh:ConstraintComponent ; sh:parameter [ sh:path :no ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(false) }" ] .
        :S sh:targetClass :C ; sh:property [ sh:path :q ; :no true ] .""",
        1,
    ),
    "pattern-flags": (':S sh:targetClass :C ; sh:property [ sh:path :q ; sh:pattern "b # comment" ; sh:flags "xi" ] .', 0),
    "pattern-end": (':S sh:targetClass :C ; sh:property [ sh:path :p ; sh:pattern "^ab$" ] .', 1),
}


def _shapes(name: str) -> ShapesGraph:
    return join_shapes([read_shapes("shapes.ttl", (PREFIXES + CASES[name][0]).encode())])


def _right(engine: str, name: str) -> bool:
    expected = CASES[name][1]
    try:
        results = make_engine(engine).run(TEXT, _shapes(name))
    except EngineError:
        return expected is None
    complete = name != "ask-value" or all(result.value == '"B"' for result in results)
    return len(results) == expected and complete


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_engine_is_wrong_about_the_feature_and_auto_takes_the_other(feature: Feature) -> None:
    assert [found.name for found, _ in unsuited(feature.engine, _shapes(feature.name))] == [feature.name]
    assert not _right(feature.engine, feature.name), f"{feature.engine} has become right: take the row out"
    (chosen,) = choose("auto", _shapes(feature.name))
    assert chosen != feature.engine
    assert _right(chosen, feature.name)


def test_every_feature_is_shown() -> None:
    assert set(CASES) == {feature.name for feature in FEATURES}


ADVANCED = {
    "expression": ":S sh:targetClass :C ; sh:expression false .",
    "target": ':S sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this a <https://example.org/C> }" ] ; '
    "sh:property [ sh:path :none ; sh:minCount 1 ] .",
    "rule": ':S sh:targetClass :C ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate :none ; sh:object "x" ] ; '
    "sh:property [ sh:path :none ; sh:maxCount 0 ] .",
}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("name", ADVANCED)
def test_advanced_features_run_behind_their_switch(engine: str, name: str) -> None:
    shapes = join_shapes([read_shapes("shapes.ttl", (PREFIXES + ADVANCED[name]).encode())])
    assert len(make_engine(engine).run(TEXT, shapes, advanced=True)) == 1
