"""What a writer writes with gaps and fills later is what it writes where it knows the values."""

from __future__ import annotations

import itertools

import pytest
from pyoxigraph import Literal, NamedNode

from exporter.rdf.terms import RDF_TYPE, XSD, Block, Term, hole_node, make_list
from exporter.writers.formats import FORMATS, make_writer
from exporter.writers.gaps import Filling
from exporter.writers.model import Property, Vocabulary

EX = "https://example.org/"
PAGE, KNOWS, NEXT, NAME, PAGE_CLASS, PART = (NamedNode(EX + name) for name in ("page", "knows", "next", "name", "Page", "part"))
WORDS = Vocabulary(
    {"ex": EX},
    (
        Property(NAME, 1, datatype=XSD + "string"),
        Property(KNOWS, 2, "resource"),
        Property(NEXT, 3, "resource", ordered=True),
        Property(PART, 4, "resource"),
    ),
    (PAGE_CLASS,),
)
VALUES: dict[str, list[Term]] = {
    "one": [NamedNode(EX + "a")],
    "several": [NamedNode(EX + "a"), Literal("a\n<b> \\ \u0085 \U0001f600"), NamedNode(EX + "b")],
    "a text": [Literal('say "x"')],
}


def blocks(known: list[Term] | None, listed: list[Term] | None, nested: list[Term] | None) -> list[Block]:
    """Make a record with three holes, or with their values: a property, a list, and a property of a nested resource."""
    inner = NamedNode(EX + "page#part")
    head, cells = make_list(listed, "x") if listed is not None else (hole_node(1, ordered=True), [])
    pairs = [(KNOWS, value) for value in known] if known is not None else [(KNOWS, hole_node(0, ordered=False))]
    parts = [(KNOWS, value) for value in nested] if nested is not None else [(KNOWS, hole_node(2, ordered=False))]
    return [
        Block(PAGE, [(RDF_TYPE, PAGE_CLASS), (NAME, Literal("x")), *pairs, (NEXT, head), (PART, inner)]),
        *cells,
        Block(inner, [(RDF_TYPE, PAGE_CLASS), *parts, (NAME, Literal("y"))]),
    ]


@pytest.mark.parametrize("syntax", FORMATS, ids=lambda syntax: syntax.name)
def test_what_is_filled_later_is_what_is_written_at_once(syntax: object) -> None:
    for known, listed, nested in itertools.product(VALUES.values(), repeat=3):
        writer = make_writer(syntax, WORDS)  # type: ignore[arg-type]  # a format, by the parameters
        parts = writer.parts(blocks(None, None, None))
        fillings = {0: Filling(PAGE, KNOWS, known), 1: Filling(PAGE, NEXT, listed, ordered=True)}
        fillings[2] = Filling(NamedNode(EX + "page#part"), KNOWS, nested)
        expected = writer.record(blocks(known, listed, nested))
        assert writer.fill(parts, fillings).decode() == expected.decode()
        assert any(not isinstance(part, bytes) for part in parts)


@pytest.mark.parametrize("syntax", FORMATS, ids=lambda syntax: syntax.name)
def test_a_record_without_holes_has_no_gaps(syntax: object) -> None:
    writer = make_writer(syntax, WORDS)  # type: ignore[arg-type]  # a format, by the parameters
    whole = blocks(VALUES["one"], VALUES["several"], VALUES["a text"])
    assert writer.fill(writer.parts(whole), {}) == writer.record(whole)
