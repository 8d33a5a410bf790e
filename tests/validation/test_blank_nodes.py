"""Blank nodes keep their labels through the engines, and are found again in a second reading of their file."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.validation.data.rdf_files import RdfFile, read_rdf
from exporter.validation.engines import make_engine
from exporter.validation.shapes.loading import read_shapes

SHAPES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:S> sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:v> ; sh:in ( 1 2 3 ) ; sh:nodeKind sh:IRI ] ,
  [ sh:path ( <urn:p> <urn:p> ) ; sh:nodeKind sh:Literal ] .
<urn:S> sh:closed true ; sh:ignoredProperties ( <urn:p> ) ."""


def _data(seed: int) -> tuple[bytes, dict[str, str]]:
    """Make blank nodes that know their label: their value is it."""
    pick = random.Random(seed)
    labels = [f"x{pick.randrange(10**9)}" for _ in range(40)]
    lines = [f"_:{pick.choice(labels)} <urn:p> _:{pick.choice(labels)} .\n" for _ in range(120)]
    lines += [f'_:{label} <urn:v> "{label}" .\n' for label in labels]
    pick.shuffle(lines)
    return "".join(lines).encode(), {f'"{label}"': f"_:{label}" for label in labels}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("in_a_file", [False, True])
def test_engine_gives_labels_back(engine: str, in_a_file: bool, tmp_path: Path) -> None:
    for seed in range(3):
        data, labels = _data(seed)
        path = tmp_path / "data.nt"
        path.write_bytes(data)
        results = make_engine(engine).run(path if in_a_file else data, read_shapes("s.ttl", SHAPES))
        valued = [result for result in results if result.path == "<urn:v>" and result.value in labels]
        assert len(valued) > 20
        assert all(labels[result.value or ""] == result.focus_node for result in valued)


TEXT = """@prefix : <http://e/> .
:a :kid [ a :P ; :name "one" ] , [ a :P ; :kid [ a :P ; :name "three" ] ; :name "two" ] .
[] a :P ; :name "four" ; :list ( [ a :P ; :name "five" ] 2 ) .
_:six a :P ; :name "six" .
"""


@pytest.mark.parametrize(
    ("ending", "syntax"),
    [
        (".ttl", ox.RdfFormat.TURTLE),
        (".nt", ox.RdfFormat.N_TRIPLES),
        (".nq", ox.RdfFormat.N_QUADS),
        (".trig", ox.RdfFormat.TRIG),
        (".rdf", ox.RdfFormat.RDF_XML),
        (".jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_blank_node_is_found_again_in_every_syntax(ending: str, syntax: ox.RdfFormat, tmp_path: Path) -> None:
    path = tmp_path / f"d{ending}"
    text = TEXT.encode() if ending == ".ttl" else ox.serialize(ox.parse(TEXT, format=ox.RdfFormat.TURTLE), format=syntax)
    assert text is not None
    path.write_bytes(text)
    file = read_rdf(str(path))
    assert len(_named(file)) == 6
    for node, name in _named(file).items():
        assert [str(value) for value, _ in file.values(node, "<http://e/name>")] == [name]


def _named(file: RdfFile) -> dict[str, str]:
    return {
        str(t.subject): str(t.object) for t in ox.parse(file.data, format=ox.RdfFormat.N_TRIPLES) if t.predicate.value == "http://e/name"
    }
