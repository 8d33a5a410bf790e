"""What a result is about, in words, where no key of a record says it: a node and a property path, shortened as people write them.

Labels come from the shapes and the ontology, never from records: the same problem has the same message in every run, or a baseline would
not know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import Literal, NamedNode

from exporter.ontology.model import Ontology
from exporter.rdf.prefixes import Prefixes, prefixes_for_people
from exporter.rdf.terms import RDFS, SH, Term
from exporter.validation.data.rdf_files import RdfFile
from exporter.validation.shapes.graph import ShapesGraph

_INVERSE = re.compile(r"\^(<[^<>]*>)")
_SKOS = "http://www.w3.org/2004/02/skos/core#"
# The notation first: it is what stands in front matter where a resource has both.
_RANKS = {_SKOS + "notation": 0, _SKOS + "prefLabel": 1, RDFS + "label": 2}
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class About:
    """A node with the property path at which something is wrong, and what was counted there.

    `noun` is what the property's values are called (`name`), where people have a word for it. `referring` says that the path goes against
    the direction of its property, so that what is counted are references to the node. `values` are the counted ones with their places.
    `value` is the result's value as it would be written in an RDF file.
    """

    node: str
    property: str | None = None
    count: int | None = None
    values: tuple[str, ...] = ()
    noun: str | None = None
    referring: bool = False
    value: str | None = None


def inverse_predicate(path: str | None) -> str | None:
    """Give the property of a path that is just one property backwards.

    >>> inverse_predicate("^<http://e/from>"), inverse_predicate("<http://e/from>")
    ('<http://e/from>', None)
    """
    found = _INVERSE.fullmatch(path or "")
    return found[1] if found else None


def name_node(node: str, files: Sequence[RdfFile], names: Prefixes) -> str:
    """Name a node for people: an IRI, a blank node's label in its file, or else how one gets there from a node with a name."""
    if not node.startswith("_:"):
        return names.show_all(node) if node.startswith("<") else node
    file = next((file for file in files if file.holds(node)), None)
    if file is None:
        return "a blank node"
    if label := file.label(node):
        return f"_:{label}"
    steps: list[str] = []
    seen = {file.node(node)}
    holder = file.holder(node)
    while holder is not None:
        steps.append(names.show(holder.predicate.value))
        subject = str(holder.subject)
        if isinstance(holder.subject, NamedNode) or subject in seen:
            name = names.show_all(subject) if isinstance(holder.subject, NamedNode) else "a blank node"
            return f"the blank node at {'/'.join(reversed(steps))} of {name}"
        seen.add(subject)
        holder = file.holder_of(subject)
    return "a blank node" if not steps else f"the blank node at {'/'.join(reversed(steps))} of a blank node"


def identify_node(node: str, files: Sequence[RdfFile]) -> str:
    """Name a node so that it keeps its name when lines move and another node gets another one.

    A blank node in brackets is what leads to it, and what is said of it.
    """
    file = next((file for file in files if node.startswith("_:") and file.holds(node)), None)
    if file is None:
        return node
    if label := file.label(node):
        return f"_:{label}"
    leading = name_node(node, files, prefixes_for_people())
    said = sorted(f"{s.predicate} {s.object}" for s in file.about(node) if str(s.object)[:2] != "_:")
    return leading if leading.endswith(">") else f"{leading} [{' ; '.join(said)}]"


class TermLabels:
    """What an ontology calls its classes and properties."""

    def __init__(self, ontology: Ontology | None) -> None:
        self._labels: dict[Term, str] = {}
        for subject, predicate, value in ontology.statements if ontology else ():
            if predicate.value == RDFS + "label" and isinstance(value, Literal) and (value.language or "en").split("-")[0] == "en":
                self._labels.setdefault(subject, value.value)

    def noun(self, iri: str) -> str:
        """Call a class or property by its label, else by the words of its name.

        >>> TermLabels(None).noun("https://example.org/ns#BlogPost")
        'blog post'
        """
        label = self._labels.get(NamedNode(iri))
        if label is not None:
            return label if label.isupper() else label[:1].lower() + label[1:]
        local = re.split(r"[/#:]", iri.rstrip("/#"))[-1]
        return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in _WORDS.findall(local)) or local


def plural_noun(noun: str) -> str:
    """Give the plural of an English noun, by the rules.

    >>> plural_noun("name"), plural_noun("category"), plural_noun("address")
    ('names', 'categories', 'addresses')
    """
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def allowed_labels(shapes: ShapesGraph, ontology: Iterable[tuple[Term, Term, Term]]) -> Mapping[Term, str]:
    """Give the labels of the IRIs in the shapes' `sh:in` lists, as the shapes and the ontology say them."""
    lists = [triple.object for triple in shapes.triples if triple.predicate.value == SH + "in"]
    wanted = {item for head in lists for item in shapes.items(head) if isinstance(item, NamedNode)}
    found: dict[Term, tuple[int, str]] = {}
    for subject, predicate, value in chain((triple[:3] for triple in shapes.triples), ontology):
        if subject in wanted and isinstance(value, Literal) and (rank := _RANKS.get(predicate.value)) is not None:
            found[subject] = min(found.get(subject, (rank, value.value)), (rank, value.value))
    return {iri: label for iri, (_, label) in found.items()}
