"""The walker over Turtle agrees with a real parser, and points at what a reader would point at."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.rdf.places import PlacedText
from exporter.rdf.turtle_places import turtle_positions
from tests.data import HOSTILE, W3C_SHACL, needs

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "ontology", ROOT / "shapes", W3C_SHACL, HOSTILE]
FILES = sorted(path for folder in FOLDERS if folder.exists() for path in folder.rglob("*.ttl"))


@needs(W3C_SHACL, HOSTILE)
def test_the_files_of_others_are_among_them() -> None:
    assert len(FILES) > 140


def _graph(quads: list[ox.Quad]) -> set[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_walker_finds_the_triples_that_the_parser_finds(path: Path) -> None:
    text = path.read_text("utf-8")
    try:
        parsed = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri="https://example.org/base"))
    except SyntaxError:
        pytest.skip("no valid Turtle, and not meant to be")
    walked = turtle_positions(text, "https://example.org/base").statements
    assert len(walked) == len(parsed)
    assert _graph([ox.Quad(s.subject, s.predicate, s.object) for s in walked]) == _graph(parsed)


TRIG = """@prefix : <http://e/> .
:g { :a :b [ :c 1 ] . [ :d 2 ] } GRAPH _:x { _:y :p ( 1 [ :q "x" ] ) . } { :s :p _:y }
:q :r [ :t 1 ] . [] { :a :b :c } { [ :d 1 ] . } {} graph :z {} [ :u _:x ] ."""
QUADS = '<s:> <p:> <o:> <g:> .\n<s:> <p:> "x"@en _:g .\n<s:> <p:> "x"^^<d:> .\n_:a <p:> _:b <g:> .'


@pytest.mark.parametrize(("text", "syntax"), [(TRIG, ox.RdfFormat.TRIG), (QUADS, ox.RdfFormat.N_QUADS)], ids=["trig", "nquads"])
def test_walker_finds_the_triples_of_every_graph(text: str, syntax: ox.RdfFormat) -> None:
    walked = turtle_positions(text, graphs=True).statements
    parsed = [ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(text, format=syntax)]
    assert len(walked) == len(parsed)
    assert _graph([ox.Quad(s.subject, s.predicate, s.object) for s in walked]) == _graph(parsed)


def _shown(found: PlacedText) -> list[tuple[str, str, str]]:
    return [
        tuple(found.text[slice(*span)] for span in (s.subject_span, s.predicate_span, s.object_span))  # type: ignore[misc]
        for s in found.statements
    ]


def test_spans_cover_the_terms_as_typed() -> None:
    text = """@prefix : <http://e/> .
PREFIX ex: <http://x/>
:s a :C ; :p 'it''' , '''a "long" one'''@en-GB , "5"^^:d , 1.5e3 , -0.5 , 7 , true ; # a comment <http://no>
  :q [ :r ( 1 [ :z _:l ] ) ; ] .
[] ex:a\\,b ex:c.d. """.replace("'it'''", "'it'")
    assert _shown(turtle_positions(text)) == [
        (":s", "a", ":C"),
        (":s", ":p", "'it'"),
        (":s", ":p", "'''a \"long\" one'''@en-GB"),
        (":s", ":p", '"5"^^:d'),
        (":s", ":p", "1.5e3"),
        (":s", ":p", "-0.5"),
        (":s", ":p", "7"),
        (":s", ":p", "true"),
        ("1", "1", "1"),
        ("1", "1", "1"),
        ("[", ":z", "_:l"),
        ("[ :z _:l ]", "[ :z _:l ]", "[ :z _:l ]"),
        ("[ :z _:l ]", "[ :z _:l ]", "[ :z _:l ]"),
        ("[", ":r", "( 1 [ :z _:l ] )"),
        (":s", ":q", "[ :r ( 1 [ :z _:l ] ) ; ]"),
        ("[]", "ex:a\\,b", "ex:c.d"),
    ]


def test_lines_count_as_editors_count_them() -> None:
    found = turtle_positions('@prefix : <http://e/> .\r\n:s :p """one\ntwo""" ,\n  "ä😀" , :o .')
    places = [found.location("f", s.object_span) for s in found.statements]
    assert [(p.line, p.column, p.end_line, p.end_column) for p in places] == [(2, 7, 3, 7), (4, 3, 4, 7), (4, 10, 4, 12)]


def test_a_text_that_is_no_turtle_is_refused() -> None:
    with pytest.raises(ValueError, match="no Turtle token"):
        turtle_positions("<http://e/s> ~ .")
