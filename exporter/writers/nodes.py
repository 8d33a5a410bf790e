"""Blocks become JSON-LD node objects as a web developer would write them.

Nested, with short keys, and plain strings and numbers where nothing is lost by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.terms import RDF_NIL, RDF_TYPE, XSD, Block, Term, read_hole
from exporter.writers.context import Json, JsonTerm, class_names, property_terms
from exporter.writers.gaps import Filling, mark_gap
from exporter.writers.lists import NO_CELLS, Cells, list_items, take_cells
from exporter.writers.model import Vocabulary

_INTEGER, _BOOLEAN, _STRING = XSD + "integer", XSD + "boolean", XSD + "string"
# Up to 2^53 a number in JSON is the same integer in every language (RFC 8259, section 6).
_EXACT_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_BOOLEANS = {"true": True, "false": False}


class NodeMaker:
    """Makes node objects with the short names of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._terms = property_terms(vocabulary)
        self._classes = class_names(vocabulary)

    def nodes(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> list[dict[str, Json]]:
        """Make the record's node, with its other resources inside it where they are first used, then nodes for those that nothing uses.

        `shared` are nested like the record's own.
        """
        resources, cells = take_cells([*blocks, *shared])
        nesting = _Nesting(self, resources, cells)
        return [nesting.node(block.subject) for block in resources if block.subject in nesting.waiting]

    def statement(self, predicate: NamedNode, value: Term, cells: Cells) -> tuple[str, Json]:
        """Make one key and one value that can be merged with others of the same subject, a list under the full IRI."""
        return self.pair(predicate, value, _Nesting(self, (), cells), lists=None)

    def pair(self, predicate: NamedNode, value: Term, nesting: _Nesting, lists: set[str] | None) -> tuple[str, Json]:
        """Make one key and one value.

        The key is the full IRI where the term's settings can't hold the value: a term for lists holds nothing but one list, and `lists` are
        the keys that have theirs, or None where no key may have one.
        """
        if predicate == RDF_TYPE and isinstance(value, NamedNode):
            return "@type", self._classes.get(value, value.value)
        hole = read_hole(value) if isinstance(value, BlankNode) else None
        if hole is not None:
            return self._gap(predicate, *hole, lists)
        term = self._terms.get(predicate) or JsonTerm(predicate.value)
        if not isinstance(value, BlankNode) and not (term.ordered and value == RDF_NIL):
            term = JsonTerm(predicate.value) if term.ordered else term
            return term.key, self._value(term, value, nesting)
        if term.ordered and (lists is None or term.key in lists):
            term = JsonTerm(predicate.value)
        if lists is not None:
            lists.add(term.key)
        items: list[Json] = [self._value(term, item, nesting) for item in list_items(value, nesting.cells)]
        return term.key, items if term.ordered else {"@list": items}

    def _gap(self, predicate: NamedNode, number: int, ordered: bool, lists: set[str] | None) -> tuple[str, Json]:
        """Make the key of values that are not known yet, and a mark for them: single values, a list as the term has it, or any list.

        The mark says `f` where the key is the full IRI.
        """
        term = self._terms.get(predicate) or JsonTerm(predicate.value)
        full = term.ordered and (not ordered or lists is None or term.key in lists)
        if full:
            term = JsonTerm(predicate.value)
        if ordered and lists is not None:
            lists.add(term.key)
        kind = "v" if not ordered else "t" if term.ordered else "l"
        return term.key, mark_gap(number, kind + "f" * full)

    def filling(self, made: Sequence[Block], filling: Filling, kind: str) -> list[Json]:
        """Make the values that belong into a gap of this kind; a list is one. Resources that are `made` stand inside."""
        known = None if "f" in kind else self._terms.get(filling.predicate)
        term = known or JsonTerm(filling.predicate.value)
        nesting = _Nesting(self, *take_cells(made))
        values = [self._value(term, value, nesting) for value in filling.values]
        return values if "v" in kind else [values if "t" in kind else {"@list": values}]

    def _value(self, term: JsonTerm, value: Term, nesting: _Nesting) -> Json:
        if isinstance(value, Literal):
            return literal_value(term, value)
        if isinstance(value, BlankNode):
            return {"@list": [self._value(term, item, nesting) for item in list_items(value, nesting.cells)]}
        if value in nesting.waiting:
            return nesting.node(value)
        return value.value if term.type == "@id" else {"@id": value.value}


class _Nesting:
    """One record's resources: which wait to be written, and where a resource goes on."""

    def __init__(self, maker: NodeMaker, resources: Iterable[Block], cells: Cells = NO_CELLS) -> None:
        self._maker = maker
        self.cells = cells
        self.waiting: dict[Term, list[tuple[NamedNode, Term]]] = {}
        for subject, pairs in resources:
            self.waiting[subject] = list(dict.fromkeys([*self.waiting.get(subject, ()), *pairs]))

    def node(self, subject: Term) -> dict[str, Json]:
        """Make the node of a resource that waits; from now on it is only referred to."""
        gathered: dict[str, list[Json]] = {}
        lists: set[str] = set()
        for predicate, value in self.waiting.pop(subject):
            key, made = self._maker.pair(predicate, value, self, lists)
            gathered.setdefault(key, []).append(made)
        node: dict[str, Json] = {"@id": str(subject)[1:-1]}
        for key, values in gathered.items():
            node[key] = values[0] if len(values) == 1 else values
        return node


def literal_value(term: JsonTerm, literal: Literal) -> Json:
    """Write a literal as briefly as the term's settings let it be read back exactly.

    >>> from pyoxigraph import NamedNode
    >>> size = Literal("01", datatype=NamedNode(_INTEGER))
    >>> literal_value(JsonTerm("size", _INTEGER), size), literal_value(JsonTerm("size"), size)
    ('01', {'@value': '01', '@type': 'http://www.w3.org/2001/XMLSchema#integer'})
    """
    text, datatype, language = literal.value, literal.datatype.value, literal.language
    untyped = term.type is None and term.language is None
    if language:
        return text if term.language == language else {"@value": text, "@language": language}
    if untyped or term.type == datatype:
        if datatype == _INTEGER and _EXACT_INTEGER.fullmatch(text):
            return int(text)
        if datatype == _BOOLEAN and text in _BOOLEANS:
            return _BOOLEANS[text]
    if term.type == datatype or (untyped and datatype == _STRING):
        return text
    return {"@value": text} if datatype == _STRING else {"@value": text, "@type": datatype}
