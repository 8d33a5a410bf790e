"""RDF/XML (RDF 1.1 XML Syntax) by pyoxigraph's serializer, a record at a time.

The serializer leaves carriage returns, names and characters that XML can't hold to its caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from exporter.errors import OutputError
from exporter.rdf.prefixes import LETTER
from exporter.rdf.syntaxes import NOT_XML
from exporter.rdf.terms import RDF_TYPE, Block
from exporter.text import quote
from exporter.writers.gaps import Filling, Parts
from exporter.writers.model import Vocabulary
from exporter.writers.ntriples import NTriplesWriter

_FOOT = b"</rdf:RDF>"
_XML_PREFIX = re.compile(r"(?!xml)[A-Za-z_][A-Za-z0-9_.-]*", re.IGNORECASE)
_NOT_FIRST = r"0-9.\u00b7\u0300-\u036f\u203f\u2040-"
_XML_NAME_END = re.compile(rf"(?<![{LETTER}_{_NOT_FIRST}])[{_NOT_FIRST}]*+[{LETTER}_][{LETTER}_{_NOT_FIRST}]*+\Z")


class RdfXmlWriter:
    """Writes RDF/XML from N-Triples: it has the list cells' labels and the triples' order already.

    Properties and classes are elements here. So their IRIs have to end in an XML name; one that does not is an error, as is
    a value with a character that XML can't hold.
    """

    inline_shared = False
    separator = b""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._prefixes = {prefix: space for prefix, space in vocabulary.prefixes.items() if _XML_PREFIX.fullmatch(prefix)}
        self._ntriples = NTriplesWriter(vocabulary)
        self._head = self._serialize([])[: -len(_FOOT)].rstrip(b"\n") + b"\n"

    def head(self) -> bytes:
        """Declare the namespaces of the ontology's prefixes."""
        return self._head

    def record(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> bytes:  # noqa: ARG002  # shared resources have a section of their own
        """Write one element for each resource."""
        return self._elements(self._ntriples.record(blocks))

    def parts(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> Parts:  # noqa: ARG002  # as for `record`
        """Write the record as N-Triples with gaps: elements are made when all is known."""
        return self._ntriples.parts(blocks)

    def fill(self, parts: Parts, fillings: Mapping[int, Filling], made: Sequence[Block] = ()) -> bytes:
        """Fill the gaps, and write the elements."""
        return self._elements(self._ntriples.fill(parts, fillings, made))

    def statements(self, block: Block, cells: Sequence[Block] = ()) -> tuple[str, list[str]]:
        """Give the statements as N-Triples does."""
        return self._ntriples.statements(block, cells)

    def resource(self, subject: str, statements: Sequence[str]) -> bytes:
        """Write a shared resource's element."""
        return self._elements(self._ntriples.resource(subject, statements))

    def tail(self) -> bytes:
        """Close the document."""
        return _FOOT + b"\n"

    def _elements(self, ntriples: bytes) -> bytes:
        triples = [_check(triple) for triple in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)]
        text = self._serialize(triples)[len(self._head) : -len(_FOOT)]
        return text.rstrip(b"\n").replace(b"\r", b"&#13;") + b"\n"  # a parser would read a bare CR as a line end

    def _serialize(self, triples: Sequence[ox.Triple]) -> bytes:
        try:
            text = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=self._prefixes)
        except OSError as error:  # rdf:li and the other names of the syntax itself, as a property
            raise OutputError(f"can't write RDF/XML: {error}; choose another format") from error
        assert text is not None
        return text.rstrip(b"\n")


def _check(quad: ox.Quad) -> ox.Triple:
    triple = quad.triple
    predicate, value = triple.predicate, triple.object
    named = value if predicate == RDF_TYPE else predicate
    if not _XML_NAME_END.search(str(named)[1:-1]):
        raise OutputError(f"RDF/XML has no way to write {named} as an element: it does not end in an XML name; choose another format")
    if isinstance(value, ox.Literal) and NOT_XML.search(value.value):
        where = f"{predicate} of {triple.subject}"
        raise OutputError(f"XML can't hold a character of {quote(value.value)}, the {where}; choose another format")
    return triple
