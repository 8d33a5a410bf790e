"""What classes contradict each other in, so that nothing but the order of statements would decide: labels, globs, and what is inherited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from exporter.ontology.model import About, ClassRow, Ontology, OntologyClass
from exporter.ontology.rows import Conflict, Inheritance
from exporter.rdf.terms import MAP, RDFS

Said = tuple[About, str | None, str | None]
"""Where something is said: of what, with which predicate, which value."""
Short = Callable[[str], str]

_INHERITED: Mapping[str, Callable[[OntologyClass], object]] = {
    "iri": lambda known: known.templates or None,
    "pattern": lambda known: known.pattern,
    "filePattern": lambda known: known.file_pattern,
    "match": lambda known: known.match or None,
    "language": lambda known: known.languages or None,
    "replace": lambda known: known.replace or None,
    "newFile": lambda known: known.new_file,
}
"""The annotations that hold for subclasses."""


class Contradiction(NamedTuple):
    """Two statements that can't both hold: what is to be said of the first place, with the others beside it."""

    code: str
    at: Said
    message: str
    help: str
    beside: tuple[Said, ...]


def contradictions(ontology: Ontology, short: Short) -> Iterator[Contradiction]:
    """Yield what classes contradict each other in; `short` writes an IRI for people."""
    yield from _claimed_twice(ontology, short)
    for known in ontology.classes.values():
        yield from _inherited(ontology, known, short)
    inheritance = Inheritance(ontology)
    for conflict in inheritance.conflicts():
        yield _rows(conflict, short)
    for iri, rows in inheritance.rows().items():
        yield from _restricted(ontology, ontology.classes[iri], rows, short)


def _claimed_twice(ontology: Ontology, short: Short) -> Iterator[Contradiction]:
    """Find labels and globs that two classes claim; several classes may read one data file."""
    claimed: dict[tuple[str, str], OntologyClass] = {}
    for known in ontology.classes.values():
        globs = () if known.records is not None else known.files
        for term, text in (*(("owlType", label) for label in known.owl_types), *(("files", glob) for glob in globs)):
            first = claimed.setdefault((term, text), known)
            if first is not known:
                what = f"owlType {text!r}" if term == "owlType" else f"files {text!r}"
                message = f"claims the {what}, which {short(first.iri)} claims too"
                help_ = f"give one of the two classes another {'label' if term == 'owlType' else 'glob'}"
                said = MAP + term
                yield Contradiction("ONT-LABEL", (known.iri, said, text), message, help_, ((first.iri, said, text),))


def _inherited(ontology: Ontology, known: OntologyClass, short: Short) -> Iterator[Contradiction]:
    for term, says in _INHERITED.items():
        near = ontology.heard(known.iri, says)
        if len(set(near.values())) > 1:
            from_ = " and from ".join(map(short, near))
            message = f"inherits different values of map:{term} from {from_}"
            help_ = f"give {short(known.iri)} a map:{term} of its own"
            beside = tuple((iri, MAP + term, None) for iri in near)
            yield Contradiction("ONT-VALUE", (known.iri, None, None), message, help_, beside)


def _restricted(ontology: Ontology, known: OntologyClass, rows: Sequence[ClassRow], short: Short) -> Iterator[Contradiction]:
    """Find properties whose ranges restrictions say, and say in several ways: a row's own range is taken before these."""
    own = {row.property for iri in ontology.ancestors(known.iri) for row in _written(ontology, iri) if row.ranges}
    for property_ in dict.fromkeys(row.property for row in rows if row.property not in own):
        said = {iri: ranges for iri in ontology.ancestors(known.iri) if (ranges := _said_ranges(ontology, iri, property_))}
        near = ontology.nearest_of(known.iri, said)
        if len(set().union(*near.values())) > 1:
            name = short(property_)
            from_ = f" from {' and from '.join(map(short, near))}" if known.iri not in near else ""
            message = f"{'inherits' if from_ else 'has'} restrictions with different ranges for {name}{from_}"
            help_ = f"give {short(known.iri)} a row of its own for {name}, with the map:range that holds"
            beside = tuple((iri, RDFS + "subClassOf", None) for iri in near if iri != known.iri)
            yield Contradiction("ONT-VALUE", (known.iri, None, None), message, help_, beside)


def _written(ontology: Ontology, iri: str) -> Sequence[ClassRow]:
    return ontology.classes[iri].rows if iri in ontology.classes else ()


def _said_ranges(ontology: Ontology, iri: str, property_: str) -> frozenset[str]:
    said = ontology.classes[iri].restrictions if iri in ontology.classes else ()
    return frozenset(each.all_values_from for each in said if each.property == property_ and each.all_values_from is not None)


def _rows(found: Conflict, short: Short) -> Contradiction:
    name, of = short(found.one.property), short(found.of.iri)
    one, other = ((row.about, None, None) for row in (found.one, found.other))
    if len(found.classes) > 1:
        message = f"inherits different rows for {name} from {' and from '.join(map(short, found.classes))}"
        return Contradiction("ONT-ROW", (found.of.iri, None, None), message, f"give {of} a row of its own for {name}", (one, other))
    message = f"reads {name} by a row and by the domain of the property, and only one can hold"
    return Contradiction("ONT-ROW", one, message, f"remove the row, or {of} from the domain of {name}", (other,))
