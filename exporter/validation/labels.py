"""What people call the resources that shapes allow: a message should say `Medigy`, and not the IRI that was made of it.

Labels come from the shapes and the ontology, never from records: the same problem has the same message in every run, or a baseline would
not know it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from pyoxigraph import Literal, NamedNode

from exporter.terms import RDFS, SH, Term
from exporter.validation.shapes import ShapesGraph

_SKOS = "http://www.w3.org/2004/02/skos/core#"
# The notation first: it is what stands in front matter where a resource has both.
_RANKS = {_SKOS + "notation": 0, _SKOS + "prefLabel": 1, RDFS + "label": 2}


def allowed_labels(shapes: ShapesGraph, ontology: Iterable[tuple[Term, Term, Term]]) -> Mapping[Term, str]:
    """Give the labels of the IRIs in the shapes' `sh:in` lists, as the shapes and the ontology say them."""
    lists = [triple.object for triple in shapes.triples if triple.predicate.value == SH + "in"]
    wanted = {item for head in lists for item in shapes.items(head) if isinstance(item, NamedNode)}
    found: dict[Term, tuple[int, str]] = {}
    for subject, predicate, value in chain((triple[:3] for triple in shapes.triples), ontology):
        if subject in wanted and isinstance(value, Literal) and (rank := _RANKS.get(predicate.value)) is not None:
            found[subject] = min(found.get(subject, (rank, value.value)), (rank, value.value))
    return {iri: label for iri, (_, label) in found.items()}
