"""Which blank node of one reading of a file is which of another: they have no names that last.

Nodes are told apart by what is said of them and around them, as canonicalization does before it has to guess
(https://www.w3.org/TR/rdf-canon/): nodes that stay alike are interchangeable in all that a person could say of them, and are paired in the
order of the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, Literal

from exporter.rdf.terms import Subject, Term

Triples = Sequence[tuple[Subject, Term, Term]]
_ROUNDS = 16
"""How far around a node is looked; each round is one statement further."""


def pair_blank_nodes(ours: Triples, theirs: Triples, known: Mapping[str, str]) -> dict[str, str]:
    """Give for each blank node of `ours` the one of `theirs`, by label; `known` pairs those that are named in the text.

    Nodes that only one side has are left out.
    """
    left, right = _colours(ours, {old: old for old in known}), _colours(theirs, {new: old for old, new in known.items()})
    unpaired: dict[int, list[str]] = {}
    for label, colour in right.items():
        unpaired.setdefault(colour, []).append(label)
    pairs: dict[str, str] = {}
    for label, colour in left.items():
        if same := unpaired.get(colour):
            pairs[label] = same.pop(0)
    return pairs


def same_triples(ours: Triples, theirs: Triples) -> bool:
    """Say whether two readings give the same triples, whatever their blank nodes are called."""
    return _written(ours) == _written(theirs)


def _written(triples: Triples) -> Counter[tuple[str, str, str]]:
    colours = _colours(triples, {})

    def one(term: Term) -> str:
        return f"_:{colours[term.value]}" if isinstance(term, BlankNode) else str(term)

    return Counter((one(s), str(p), one(o)) for s, p, o in set(triples))


def _colours(triples: Triples, names: Mapping[str, str]) -> dict[str, int]:
    """Give each blank node, in the order of the file, a number that is the same for what is said of it alike."""
    blank = [t for t in triples if isinstance(t[0], BlankNode) or isinstance(t[2], BlankNode)]
    colours = {label: hash(names.get(label, "")) for label in dict.fromkeys(_labels(blank))}
    count = 0
    for _ in range(_ROUNDS):
        around: dict[str, list[int]] = {label: [] for label in colours}
        for subject, predicate, value in blank:
            if isinstance(subject, BlankNode):
                around[subject.value].append(hash((0, str(predicate), _colour(value, colours))))
            if isinstance(value, BlankNode):
                around[value.value].append(hash((1, str(predicate), _colour(subject, colours))))
        colours = {label: hash((colours[label], *sorted(found))) for label, found in around.items()}
        if len(set(colours.values())) == count:
            break
        count = len(set(colours.values()))
    return colours


def _colour(term: Term, colours: Mapping[str, int]) -> int:
    # A literal counts as what is typed: not every reading knows its datatype.
    return colours[term.value] if isinstance(term, BlankNode) else hash((isinstance(term, Literal), term.value))


def _labels(triples: Iterable[tuple[Subject, Term, Term]]) -> Iterable[str]:
    for subject, _, value in triples:
        if isinstance(subject, BlankNode):
            yield subject.value
        if isinstance(value, BlankNode):
            yield value.value
