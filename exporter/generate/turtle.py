"""Statements as Turtle for people: a block for each resource, and what has no name where it is used, lists in parentheses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.prefixes import Prefixes
from exporter.rdf.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, XSD, Statement, Subject, Term
from exporter.writers.strings import escape_unseen, long_string

_WIDTH = 140


def write_turtle(statements: Iterable[Statement], prefixes: Mapping[str, str], comments: Iterable[str] = ()) -> str:
    r"""Write statements in their order, the types of a resource first; prefixes that nothing uses are left out.

    >>> a, b = NamedNode("http://e/a"), BlankNode()
    >>> print(write_turtle([(a, RDF_FIRST, b), (b, RDF_TYPE, a)], {"e": "http://e/"}, ["Two."]))
    # Two.
    <BLANKLINE>
    @prefix e: <http://e/> .
    <BLANKLINE>
    e:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> [ a e:a ] .
    <BLANKLINE>
    """
    writer = _Turtle(statements, prefixes)
    blocks = list(writer.blocks())
    head = [f"# {comment}" for comment in comments]
    declared = [f"@prefix {name}: <{space}> ." for name, space in writer.names.bound if name in writer.used]
    parts = ["\n".join(head), "\n".join(declared), *blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


class _Turtle:
    def __init__(self, statements: Iterable[Statement], prefixes: Mapping[str, str]) -> None:
        self.names = Prefixes(prefixes)
        self.used: set[str] = set()
        self._about: dict[Subject, dict[NamedNode, list[Term]]] = {}
        uses: Counter[Term] = Counter()
        for subject, predicate, value in statements:
            values = self._about.setdefault(subject, {}).setdefault(predicate, [])
            if value not in values:
                values.append(value)
                uses[value] += 1
        self._inner = {node for node in self._about if isinstance(node, BlankNode) and uses[node] == 1 and not self._is_circular(node)}
        others = [node for node in (*self._about, *uses) if isinstance(node, BlankNode) and uses[node] and node not in self._inner]
        named = (node for node in dict.fromkeys(others) if node in self._about or uses[node] > 1)
        self._labels = {node: f"_:b{number}" for number, node in enumerate(named, 1)}

    def _is_circular(self, node: Subject) -> bool:
        """Whether a node without a name leads back to itself."""
        queue: list[Term] = [node]
        seen: set[Term] = set()
        for found in queue:
            for values in self._about.get(found, {}).values() if not isinstance(found, Literal) else ():
                if node in values:
                    return True
                queue += [value for value in values if isinstance(value, BlankNode) and value not in seen]
                seen.update(values)
        return False

    def blocks(self) -> Iterator[str]:
        """Yield a block for each resource that stands for itself."""
        for subject, said in self._about.items():
            if subject not in self._inner:
                name = self._term(subject) if isinstance(subject, NamedNode) or subject in self._labels else "[]"
                pairs = self._pairs(said)
                one = f"{name} {' ; '.join(pairs)} ."
                yield one if len(one) <= _WIDTH and "\n" not in one else f"{name} " + " ;\n    ".join(pairs) + " ."

    def _pairs(self, said: Mapping[NamedNode, list[Term]]) -> list[str]:
        order = sorted(said, key=lambda predicate: predicate != RDF_TYPE)
        return [self._pair(predicate, said[predicate]) for predicate in order]

    def _pair(self, predicate: NamedNode, values: list[Term]) -> str:
        name = "a" if predicate == RDF_TYPE else self._term(predicate)
        texts = [self._term(value) for value in values]
        joined = " , ".join(texts)
        return f"{name} {joined}" if len(joined) <= _WIDTH - 40 or len(texts) == 1 else f"{name}\n        " + " ,\n        ".join(texts)

    def _term(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            found = self.names.split(term.value)
            if found is None:
                return str(term)
            self.used.add(found[0])
            return ":".join(found)
        if isinstance(term, Literal):
            return self._literal(term)
        if term not in self._inner:
            return self._labels.get(term, "[]")  # nothing is said of one that is used once
        items = self._items(term)
        if items is not None:
            return f"( {' '.join(map(self._term, items))} )"
        return f"[ {' ; '.join(self._pairs(self._about[term]))} ]"

    def _items(self, cell: Term) -> list[Term] | None:
        """Give the items of a list of cells that nothing else uses or describes."""
        items: list[Term] = []
        while cell != RDF_NIL:
            said = self._about.get(cell, {}) if cell in self._inner and isinstance(cell, BlankNode) else {}
            if set(said) != {RDF_FIRST, RDF_REST} or any(len(values) != 1 for values in said.values()):
                return None
            items.append(said[RDF_FIRST][0])
            cell = said[RDF_REST][0]
        return items

    def _literal(self, literal: Literal) -> str:
        text = long_string(literal.value) if "\n" in literal.value else escape_unseen(str(Literal(literal.value)))
        if literal.language:
            return f"{text}@{literal.language}"
        return text if literal.datatype.value == XSD + "string" else f"{text}^^{self._term(literal.datatype)}"
