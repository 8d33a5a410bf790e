"""Shapes and data made at random, run by both SHACL engines: where they differ, one of them is wrong and `features` has to know it.

What an engine is known to get wrong is not compared. Both get the shapes as `prepared` writes them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pyoxigraph as ox

from exporter.validation.engines import EngineError, make_engine
from exporter.validation.engines.features import unsuited
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import join_shapes, read_shapes
from exporter.validation.shapes.metashapes import check_form
from tests.fuzz.harness import Finding, Rounds

SMOKE = 40
SECONDS = 20

PREFIXES = """@prefix : <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PROPERTIES = (":p", ":q", ":r")
CLASSES = (":C", ":D", ":E", "rdfs:Class", "owl:Class")
NODES = (":a", ":b", ":c", ":d", "_:x", "_:y", ":C", "<http://e/%41>", "<urn:ü>")
LITERALS = (
    '"a"', '""', '"A"', '"b\\n"', '"ab cd"', '"a"@en', '"a"@EN', '"b"@en', '"a"@en-GB', '"a"@de', '"1"', "1", "01", "+1", "-0", "0",
    "2", "1.0", "1.10", "1.1", "1e0", "-1.5E3", '"INF"^^xsd:double', '"NaN"^^xsd:double', '"NaN"^^xsd:float', '"1"^^xsd:float', "true",
    "false", '"1"^^xsd:boolean', '"0"^^xsd:boolean', '"maybe"^^xsd:boolean', '"x"^^xsd:integer', '" 1"^^xsd:integer', '"1"^^xsd:int',
    '"300"^^xsd:byte', '"-1"^^xsd:nonNegativeInteger', '"5"^^xsd:positiveInteger', '"2020-02-30"^^xsd:date', '"2020-02-29"^^xsd:date',
    '"2020-02-29Z"^^xsd:date', '"2020-03-01+14:00"^^xsd:date', '"2020-02-29T12:00:00"^^xsd:dateTime',
    '"2020-02-29T12:00:00Z"^^xsd:dateTime', '"2020-02-29T24:00:00Z"^^xsd:dateTime', '"2020-02-29T13:00:00+01:00"^^xsd:dateTime',
    '"12:00:00"^^xsd:time', '"2020"^^xsd:gYear', '"P1Y"^^xsd:duration', '"PT1H"^^xsd:dayTimeDuration', '"http://e/a"^^xsd:anyURI',
    '"a b"^^xsd:anyURI', '"a"^^xsd:token', '"a"^^xsd:normalizedString', '"0A"^^xsd:hexBinary', '"a"^^:own', '"<b>"^^rdf:HTML',
    '"{}"^^rdf:JSON', '"हिन्दी"', '"é"', '"e\\u0301"', '"😀"', '"a\\u00a0b"', '"0.1"^^xsd:decimal', '"1."^^xsd:decimal',
    '".5"^^xsd:decimal', '"1e3"^^xsd:decimal',
)  # fmt: skip
DATATYPES = (
    "xsd:string",
    "xsd:integer",
    "xsd:decimal",
    "xsd:double",
    "xsd:float",
    "xsd:boolean",
    "xsd:date",
    "xsd:dateTime",
    "xsd:time",
    "xsd:gYear",
    "xsd:int",
    "xsd:byte",
    "xsd:nonNegativeInteger",
    "xsd:positiveInteger",
    "xsd:anyURI",
    "xsd:token",
    "xsd:duration",
    "xsd:hexBinary",
    "rdf:langString",
    ":own",
    "rdf:HTML",
    "rdf:JSON",
)
KINDS = ("sh:IRI", "sh:BlankNode", "sh:Literal", "sh:BlankNodeOrIRI", "sh:BlankNodeOrLiteral", "sh:IRIOrLiteral")
PATTERNS = (
    "^a", "a$", "^.$", "[a-z-[aeiou]]", "\\\\s", "\\\\S", "\\\\w+", "^\\\\W*$", "\\\\d", "^\\\\i\\\\c*$", "\\\\p{Lu}", "[^\\\\p{L}]",
    "(a|b)+", "a{1,2}$", "e/[a-c]$", "^http", "b.", "A b", "a.b", "^[\\\\w-[b]]+$", "é", "^$", "\\\\.", "[.]", "[a&&b]", "\\\\bcd",
    "^(?:ab|a)$",
)  # fmt: skip
FLAGS = ("i", "s", "m", "x", "q", "is", "im", "iq")
RANGES = ("en", "de", "EN", "en-GB", "fr", "*")
PATHS = (
    *PROPERTIES, "[ sh:inversePath :p ]", "( :p :q )", "[ sh:alternativePath ( :p :q ) ]", "[ sh:zeroOrMorePath :p ]",
    "[ sh:oneOrMorePath :q ]", "[ sh:zeroOrOnePath :p ]", "( :p [ sh:inversePath :q ] )", "[ sh:inversePath ( :p :q ) ]",
    "[ sh:oneOrMorePath ( :p :q ) ]", "( [ sh:zeroOrMorePath :p ] :q )", "[ sh:alternativePath ( [ sh:inversePath :p ] ( :q :r ) ) ]",
    "[ sh:zeroOrMorePath [ sh:alternativePath ( :p [ sh:inversePath :p ] ) ] ]", "rdf:type",
)  # fmt: skip


QUERIES = (
    "SELECT $this WHERE { $this :p ?x }",
    "SELECT $this ?value ?path WHERE { $this ?path ?value }",
    "SELECT $this ?value WHERE { $this :p ?value . FILTER (isLiteral(?value)) }",
    "SELECT DISTINCT $this WHERE { ?x ?p $this FILTER NOT EXISTS { $this :q ?y } }",
    "SELECT $this (COUNT(?x) AS ?n) WHERE { $this :p ?x } GROUP BY $this HAVING (COUNT(?x) > 1)",
    "SELECT $this WHERE { { FILTER(false) } UNION { FILTER(isIRI($this)) } }",
    "SELECT $this WHERE { FILTER(!isBlank($this)&&$this!=:a) }",
    "SELECT $this WHERE { BIND(str($this) AS ?s) FILTER(strlen(?s)>9) }",
    "SELECT $this ?value WHERE { OPTIONAL { $this :q ?q } $this :p ?value FILTER(bound($this) && !bound(?q)) }",
    "SELECT $this WHERE { $this :p ?a , ?b . FILTER(isNumeric(?a)&&isNumeric(?b)&&?a<?b) } # MINUS { }",
    "SELECT $this ?value WHERE { $this :q ?value FILTER(str(?value) != ' MINUS { VALUES ?x AS ?this ') }",
    "SELECT $this ?minus WHERE { $this :values/:p ?minus }",
    "SELECT DISTINCT $this WHERE { $this :p ?x { SELECT $this (COUNT(?y) AS ?m) WHERE { $this :p ?y } GROUP BY $this } FILTER(?m > 1) }",
    "SELECT $this ?value WHERE { $this (:p|:q)+ ?value . ?value a/rdfs:subClassOf* :C }",
    "SELECT $this WHERE { FILTER EXISTS { $this :p 1 } }",
    "SELECT $this ?value WHERE { ?value :p $this . FILTER(?value IN (:a, :b)) }",
)
PATH_QUERIES = (
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER (isIRI($this) && !isIRI(?value)) }",
    "SELECT $this WHERE { FILTER(isIRI($this)) FILTER NOT EXISTS { $this $PATH ?value } }",
)


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Make shapes and data, and compare what the engines find."""
    engines = (make_engine("shacl"), make_engine("pyshacl", SECONDS))
    try:
        for chance in rounds:
            shapes, data = Maker(chance).shapes(), Maker(chance).data()
            graph, triples = read_made(shapes, data)
            if any(check_form(graph)):
                continue
            outcomes = []
            for engine in engines:
                if unsuited(engine.name, graph, partial(list, [triples])):
                    break
                try:
                    outcomes.append(Counter(map(_comparable, engine.run(triples, graph))))
                except EngineError as error:
                    # Who can't run shapes says so; only the engine that is preferred may not.
                    if engine.name == "shacl":
                        yield Finding(f"shacl can't run what is well-formed: {str(error)[:60]}", shapes)
                    break
            if len(outcomes) == 2:
                yield from _differences(outcomes, f"{shapes}\n# data\n{data}")
    finally:
        for engine in engines:
            engine.close()


def read_made(shapes: str, data: str) -> tuple[ShapesGraph, bytes]:
    """Read what a `Maker` wrote: the shapes, and the data as N-Triples in its order."""
    graph = join_shapes([read_shapes("shapes.ttl", (PREFIXES + shapes).encode())])
    triples = ox.serialize(ox.parse(PREFIXES + data, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert triples is not None
    return graph, triples


def _comparable(result: ValidationResult) -> tuple[str, ...]:
    def label(term: str | None) -> str:
        return "_:" if term and term.startswith("_:") else term or ""

    # Where a query gives no value, the fast engine gives the focus node.
    value = "" if result.component.endswith("#SPARQLConstraintComponent") and result.value == result.focus_node else result.value
    return label(result.focus_node), result.path or "", label(value), result.component, result.severity, result.source_shape


def _differences(outcomes: list[Counter[tuple[str, ...]]], detail: str) -> Iterator[Finding]:
    one, other = outcomes
    kinds: dict[str, str] = {}
    for name, only in (("shacl", one - other), ("pyshacl", other - one)):
        for row in only:
            kinds.setdefault(f"only {name}: {row[3].rpartition('#')[2]}", str(row))
    for kind, shown in sorted(kinds.items()):
        yield Finding(kind, f"{shown}\n{detail}")


class Maker:
    """Writes Turtle at random; every decision is the round's chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pick: Callable[[Sequence[str]], str] = chance.choice
        self.names = 0

    def data(self) -> str:
        """Write data, without prefixes."""
        lines = []
        for _ in range(self.chance.randint(3, 14)):
            value = self.pick(LITERALS) if self.chance.random() < 0.6 else self.pick(NODES)
            lines.append(f"{self.pick(NODES)} {self.pick(PROPERTIES)} {value} .")
        lines += [f"{self.pick(NODES)} a {self.pick(CLASSES)} ." for _ in range(self.chance.randint(1, 6))]
        lines += [f"{self.pick(CLASSES[:3])} rdfs:subClassOf {self.pick(CLASSES)} ." for _ in range(self.chance.randint(0, 2))]
        return "\n".join(lines)

    def shapes(self) -> str:
        """Write shapes, without prefixes."""
        parts = []
        for number in range(self.chance.randint(1, 3)):
            kind = self.chance.random()
            body = (
                self.constraints(2, with_path=False)
                if kind < 0.6
                else f"sh:path {self.pick(PATHS)} ; {self.constraints(2, with_path=True)}"
            )
            name = self.pick(CLASSES[:3]) if self.chance.random() < 0.15 else f":S{number}"
            type_ = "sh:NodeShape" if kind < 0.6 else "sh:PropertyShape"
            more = f" , {self.pick(('rdfs:Class', 'owl:Class', ':Meta'))}" if name in CLASSES else ""
            parts.append(f"{name} a {type_}{more} ; {self.targets()} {body} .")
        return "\n".join([*parts, ":Meta rdfs:subClassOf owl:Class ."])

    def targets(self) -> str:
        made = (
            f"sh:targetNode {self.pick((*NODES[:4], *LITERALS[:12]))}",
            f"sh:targetClass {self.pick(CLASSES)}",
            f"sh:targetSubjectsOf {self.pick((*PROPERTIES, 'rdf:type'))}",
            f"sh:targetObjectsOf {self.pick((*PROPERTIES, 'rdf:type'))}",
        )
        return " ; ".join(self.chance.sample(made, self.chance.randint(1, 2))) + " ;"

    def constraints(self, depth: int, *, with_path: bool) -> str:
        makers = [*_ANYWHERE, *(_WITH_PATH if with_path else ())]
        chosen = self.chance.sample(makers, self.chance.randint(1, 2))
        parts = [text for maker in chosen if (text := maker(self, depth))]
        if self.chance.random() < 0.1:
            parts.append(f"sh:severity {self.pick(('sh:Warning', 'sh:Info', ':own'))}")
        if self.chance.random() < 0.04:
            parts.append(f"sh:deactivated {self.pick(('true', 'false'))}")
        return " ; ".join(parts) or "sh:nodeKind sh:IRI"

    def inner(self, depth: int) -> str:
        if depth and self.chance.random() < 0.5:
            return f"[ sh:path {self.pick(PATHS)} ; {self.constraints(depth - 1, with_path=True)} ]"
        return f"[ {self.constraints(depth - 1, with_path=False)} ]"

    def property(self, depth: int) -> str:
        return f"sh:property [ sh:path {self.pick(PATHS)} ; {self.constraints(depth - 1, with_path=True)} ]" if depth > 0 else ""

    def logical(self, depth: int) -> str:
        if depth <= 0:
            return ""
        members = " ".join(self.inner(depth - 1) for _ in range(self.chance.randint(1, 3)))
        return f"sh:{self.pick(('and', 'or', 'xone'))} ( {members} )"

    def nested(self, depth: int) -> str:
        if depth <= 0:
            return ""
        name = self.pick(("not", "node"))
        inner = self.inner(depth - 1) if name == "not" else f"[ {self.constraints(depth - 1, with_path=False)} ]"
        return f"sh:{name} {inner}"

    def closed(self, _depth: int) -> str:
        ignored = f" ; sh:ignoredProperties ( {' '.join(self.chance.sample(('rdf:type', *PROPERTIES), self.chance.randint(0, 2)))} )"
        inner = f" ; sh:property [ sh:path {self.pick(PATHS)} ]" * self.chance.randint(0, 2)
        return f"sh:closed {self.pick(('true', 'true', 'false'))}{ignored * self.chance.randint(0, 1)}{inner}"

    def qualified(self, depth: int) -> str:
        if depth <= 0:
            return ""
        count = self.pick(("sh:qualifiedMinCount 1", "sh:qualifiedMaxCount 1", "sh:qualifiedMinCount 0 ; sh:qualifiedMaxCount 0"))
        disjoint = " ; sh:qualifiedValueShapesDisjoint true" * self.chance.randint(0, 1)
        return f"sh:qualifiedValueShape {self.inner(depth - 1)} ; {count}{disjoint}"

    def siblings(self, depth: int) -> str:
        """Give property shapes with qualified value shapes beside each other."""
        if depth <= 0:
            return ""
        parts = [f"sh:property [ sh:path {self.pick(PROPERTIES)} ; {self.qualified(depth)} ]" for _ in range(2)]
        return " ; ".join(parts)

    def pattern(self, _depth: int) -> str:
        flags = f' ; sh:flags "{self.pick(FLAGS)}"' * (self.chance.random() < 0.4)
        return f'sh:pattern "{self.pick(PATTERNS)}"{flags}'

    def simple(self, _depth: int) -> str:
        literal = self.pick(LITERALS)
        return self.pick(
            (
                f"sh:class {self.pick(CLASSES)}",
                f"sh:datatype {self.pick(DATATYPES)}",
                f"sh:nodeKind {self.pick(KINDS)}",
                f"sh:minLength {self.chance.randint(0, 3)}",
                f"sh:maxLength {self.chance.randint(0, 3)}",
                f"sh:languageIn ( {' '.join(chr(34) + tag + chr(34) for tag in self.chance.sample(RANGES, 2))} )",
                f"sh:hasValue {self.pick((*NODES[:4], literal))}",
                f"sh:in ( {' '.join(self.chance.sample((*NODES[:4], *LITERALS), self.chance.randint(1, 4)))} )",
                f"sh:equals {self.pick(PROPERTIES)}",
                f"sh:disjoint {self.pick(PROPERTIES)}",
            )
        )

    def sparql(self, _depth: int) -> str:
        return self.query(QUERIES)

    def path_sparql(self, _depth: int) -> str:
        return self.query(PATH_QUERIES)

    def query(self, queries: tuple[str, ...]) -> str:
        off = f" ; sh:deactivated {self.pick(('true', 'false'))}" * (self.chance.random() < 0.1)
        severity = " ; sh:severity sh:Info" * (self.chance.random() < 0.1)
        prefixes = "PREFIX : <http://e/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        return f'sh:sparql [ sh:select """{prefixes}{self.pick(queries)}"""{off}{severity} ]'

    def bounds(self, _depth: int) -> str:
        name = self.pick(("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"))
        return f"sh:{name} {self.pick(LITERALS)}"

    def counts(self, _depth: int) -> str:
        return self.pick((f"sh:minCount {self.chance.randint(0, 2)}", f"sh:maxCount {self.chance.randint(0, 2)}", "sh:uniqueLang true"))

    def pairs(self, _depth: int) -> str:
        return f"sh:{self.pick(('lessThan', 'lessThanOrEquals'))} {self.pick(PROPERTIES)}"


_ANYWHERE = (
    Maker.simple, Maker.simple, Maker.simple, Maker.bounds, Maker.pattern, Maker.property, Maker.property, Maker.logical,
    Maker.nested,    Maker.closed, Maker.siblings, Maker.sparql,
)  # fmt: skip
_WITH_PATH = (Maker.counts, Maker.counts, Maker.pairs, Maker.qualified, Maker.path_sparql)
