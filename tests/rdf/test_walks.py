"""Where a walk and the parser disagree, shapes have no places, and never other triples."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode

from exporter.rdf.blank_nodes import same_triples
from exporter.rdf.terms import Statement
from exporter.validation.shapes.loading import load_shapes

P, Q = NamedNode("urn:p"), NamedNode("urn:q")


def test_readings_are_the_same_whatever_blank_nodes_are_called() -> None:
    ours: list[Statement] = [(BlankNode("a"), P, BlankNode("b")), (BlankNode("b"), Q, P)]
    same: list[Statement] = [(BlankNode("y"), Q, P), (BlankNode("x"), P, BlankNode("y"))]
    others: list[Statement] = [(BlankNode("x"), P, BlankNode("y")), (BlankNode("x"), Q, P)]
    assert same_triples(ours, same)
    assert not same_triples(ours, others)
    assert not same_triples(ours, ours[:1])


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        # Containers of JSON-LD are beyond the walk: the shape is read, and stands at the top of the file.
        ("s.jsonld", '{\n"@context": {"m": {"@id": "urn:p", "@container": "@language"}},\n"@id": "urn:s", "m": {"en": "a", "de": "b"}}', 1),
        ("t.jsonld", '{\n"@context": {"m": {"@id": "urn:p"}},\n"@id": "urn:s", "m": ["a", "b"]}', 3),
        ("s.n3", "<urn:s> <urn:p> 1 .\n<urn:a> is <urn:p> of <urn:s> .", 1),
        ("s.n3", "\n<urn:s> <urn:p> 1 , 2 .", 2),
    ],
)
def test_shapes_are_what_the_parser_reads(tmp_path: Path, name: str, text: str, line: int) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    graph = load_shapes([tmp_path / name])
    assert {str(triple.subject) for triple in graph.triples} == {"<urn:s>"}
    assert len(graph.triples) == 2
    assert graph.triples[0].subject_at.line == line
