"""What each engine is known to get wrong: every row of the table is shown, so that one which is fixed fails here."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from exporter.validation.engines import EngineError, choose, make_engine
from exporter.validation.engines.features import FEATURES, Feature, Suitability, unsuited
from exporter.validation.engines.running import known_faults, open_engines
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import join_shapes, read_shapes

PREFIXES = """@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
XSD = "http://www.w3.org/2001/XMLSchema#"
X = "<https://example.org/x>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/C>"
TEXT = f'{X} {TYPE} .\n{X} <https://example.org/p> "ab\\n" .\n{X} <https://example.org/q> "B" .\n'.encode()

# Feature: shapes, data beside the usual, and how many results there must be; `None` where no engine is right.
CASES: dict[str, tuple[str, str, int]] = {
    "advanced": (
        """:S sh:targetClass :C ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate :n ; sh:object [ sh:path :q ] ] ;
        sh:property [ sh:path :n ; sh:minCount 1 ] .
        :T a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:parameter [ sh:path :c ] ; sh:select "SELECT ?this WHERE { ?this a $c }" .
        :U sh:target [ a :T ; :c :C ] ; sh:property [ sh:path :n ; sh:maxCount 0 ] .""",
        "",
        1,
    ),
    "closed-values": (
        ":S sh:targetClass :C ; sh:property [ sh:path :r ; sh:closed true ; sh:property [ sh:path :s ] ] .",
        "<https://example.org/x> <https://example.org/r> _:r . _:r <https://example.org/s> 'in' ; <https://example.org/t> 'out' .",
        1,
    ),
    "backtracking": (':S sh:targetClass :C ; sh:property [ sh:path :p ; sh:pattern "^(?!ab)" ] .', "", 1),
    "long-numbers": (
        ":S sh:targetClass :C ; sh:property [ sh:path :d ; sh:datatype xsd:decimal ; sh:maxInclusive 1.5 ] .",
        "<https://example.org/x> <https://example.org/d> 0.12345678901234567890123 .",
        0,
    ),
    "shape-in-data": (
        ":S sh:property [ sh:path :none ; sh:minCount 1 ] . :T sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .",
        "<https://example.org/x> <http://www.w3.org/ns/shacl#shape> <https://example.org/S> .",
        0,
    ),
    "text-order": (
        ':S sh:targetClass :C ; sh:property [ sh:path :l ; sh:maxInclusive "z" ] ; sh:property [ sh:path :l ; sh:lessThan :m ] .',
        "<https://example.org/x> <https://example.org/l> 'a'@en ; <https://example.org/m> 'b'@en .",
        2,
    ),
    "literal-forms": (
        ":S sh:targetClass :C ; sh:property [ sh:path :d ; sh:datatype xsd:gYear ] .",
        f"{X} <https://example.org/d> '0000'^^<{XSD}gYear> , '-0044'^^<{XSD}gYear> , '26'^^<{XSD}gYear> , '02026'^^<{XSD}gYear> .",
        2,
    ),
    "literal-order": (
        """:S sh:targetClass :C ; sh:property [ sh:path :d ; sh:not [ sh:maxInclusive "P1D"^^xsd:dayTimeDuration ] ] .""",
        f"{X} <https://example.org/d> 'PT24H'^^<{XSD}dayTimeDuration> , 'P2D'^^<{XSD}dayTimeDuration> .",
        1,
    ),
    "query-values": (
        f""":S sh:targetClass :C ; sh:sparql [ sh:select
        'SELECT $this ?value {{ $this <https://example.org/d> ?value FILTER(?value < "2000-01-01"^^<{XSD}date>) }}' ] .""",
        f"{X} <https://example.org/d> '1999-01-01'^^<{XSD}date> , '2026-01-01'^^<{XSD}date> .",
        1,
    ),
    "query-values-of-far-years": (
        f""":S sh:targetClass :C ; sh:sparql [ sh:select
        'SELECT $this ?value {{ $this <https://example.org/d> ?value FILTER(?value < "2000-01-01T00:00:00Z"^^<{XSD}dateTime>) }}' ] .""",
        f"{X} <https://example.org/d> '-0044-03-15T12:00:00Z'^^<{XSD}dateTime> , '2026-01-01T00:00:00Z'^^<{XSD}dateTime> .",
        1,
    ),
    "min-length-zero": (
        ":S sh:targetClass :C ; sh:property [ sh:path :r ; sh:minLength 0 ] .",
        "<https://example.org/x> <https://example.org/r> _:b .",
        1,
    ),
    "inverse-of-sequence": (
        ":S sh:targetNode :z ; sh:property [ sh:path [ sh:inversePath ( :a :b ) ] ; sh:minCount 1 ] .",
        "<https://example.org/y> <https://example.org/a> _:m . _:m <https://example.org/b> <https://example.org/z> .",
        0,
    ),
    "lonely-filter": (
        ":S sh:targetClass :C ; sh:sparql [ sh:select 'SELECT $this WHERE { { FILTER(false) } UNION { FILTER(isLiteral($this)) } }' ] .",
        "",
        0,
    ),
    "shapes-graph": (
        ':S sh:targetClass :C ; sh:sparql [ sh:select "SELECT DISTINCT $this WHERE { GRAPH $shapesGraph { ?s ?p ?o } }" ] .',
        "",
        1,
    ),
    "ask-value": (
        """:K a sh:ConstraintComponent ; sh:parameter [ sh:path :no ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(false) }" ] .
        :S sh:targetClass :C ; sh:property [ sh:path :q ; :no true ] .""",
        "",
        1,
    ),
    "parameter-values": (
        """:K a sh:ConstraintComponent ; sh:parameter [ sh:path :no ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(str($value) = $no) }" ] .
        :S sh:targetClass :C ; sh:property [ sh:path :q ; :no "A" , "B" , "C" ] .""",
        "",
        2,
    ),
}
NOBODY = {"parameter-values"}
"""What no engine gets right: it is said where it is asked for."""


def _shapes(name: str) -> ShapesGraph:
    return join_shapes([read_shapes("shapes.ttl", (PREFIXES + CASES[name][0]).encode())])


def _data(name: str) -> bytes:
    more = ox.serialize(ox.parse(CASES[name][1], format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert more is not None
    return TEXT + more


def _found(engine: str, name: str) -> list[str]:
    return [feature.name for feature, _ in unsuited(engine, _shapes(name), lambda: [_data(name)])]


def _right(engine: str, name: str) -> bool:
    try:
        results = make_engine(engine).run(_data(name), _shapes(name), advanced=name == "advanced")
    except EngineError:
        return False
    complete = name != "ask-value" or all(result.value == '"B"' for result in results)
    return len(results) == CASES[name][2] and complete


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: f"{feature.engine}-{feature.name}")
def test_engine_is_wrong_about_the_feature_and_auto_takes_the_other(feature: Feature) -> None:
    assert feature.name in _found(feature.engine, feature.name)
    assert not _right(feature.engine, feature.name), f"{feature.engine} has become right: take the row out"
    (chosen,) = choose("auto", _shapes(feature.name), lambda: [_data(feature.name)])
    if feature.name not in NOBODY:
        assert chosen != feature.engine
        assert _right(chosen, feature.name)


def test_every_feature_is_shown() -> None:
    assert set(CASES) == {feature.name for feature in FEATURES}


def test_what_no_engine_gets_right_is_said() -> None:
    shapes, data = _shapes("parameter-values"), _data("parameter-values")
    suited = Suitability(shapes, lambda: [data])
    with open_engines("auto", suited, 60) as engines:
        (problem,) = known_faults(engines, suited)
    assert (problem.code, problem.severity) == ("SHAPES-ENGINE-WRONG", "error")


def test_one_engine_alone_says_what_it_gets_wrong() -> None:
    shapes, data = _shapes("closed-values"), _data("closed-values")
    suited = Suitability(shapes, lambda: [data])
    for name, count in (("shacl", 1), ("pyshacl", 0), ("auto", 0)):
        with open_engines(name, suited, 60) as engines:
            assert len(known_faults(engines, suited)) == count


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
