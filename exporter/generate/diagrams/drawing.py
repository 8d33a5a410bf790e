"""A diagram of an ontology: classes as boxes, properties whose values are resources as arrows; and how Mermaid writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exporter.generate.constraints import together
from exporter.generate.typed_keys import TypedClasses
from exporter.language.datatypes import is_datatype
from exporter.ontology.model import ClassRow, OntologyClass

_ORIGIN = "Generated from the ontology by `owltype gen diagram`. Change the ontology, and generate it again."
_UNSAFE = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Box:
    """A class: its IRI, what it is called, of what else it is a kind, and a line for each property that makes no arrow."""

    iri: str
    title: str
    above: tuple[str, ...]
    lines: tuple[str, ...]
    is_record: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a class to another: the properties that lead there, or none where the first is a subclass of the second."""

    start: str
    end: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagram:
    """The boxes in the order in which a reader meets the classes, and the arrows between them."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(classes: TypedClasses) -> Diagram:
    """Draw the classes that records and what they hold are of, with those above them that say what they read.

    >>> from exporter.plan.compiling import load_plan
    >>> diagram = draw(TypedClasses(load_plan(["examples/digitalgov/ontology.ttl"])))
    >>> [box.title for box in diagram.boxes][:2], diagram.arrows[0].end
    (['News', 'Author'], 'https://w3id.org/owltype/examples/digitalgov#Page')
    """
    return _Drawing(classes).diagram()


class _Drawing:
    def __init__(self, classes: TypedClasses) -> None:
        self._classes = classes
        self._ontology = classes.plan.ontology
        reached = [of.of.iri.value for of in classes.reached(classes.plan.record_classes)]
        above = (iri for of in reached for iri in self._ontology.ancestors(of) if self._ontology.rows.get(iri) and self._known(iri))
        self._shown = dict.fromkeys([*reached, *above])

    def _known(self, iri: str) -> OntologyClass | None:
        return self._ontology.classes.get(iri)

    def diagram(self) -> Diagram:
        return Diagram(tuple(map(self._box, self._shown)), tuple(self._arrows()))

    def _rows(self, iri: str) -> list[ClassRow]:
        """Give what a class reads and no class above it does, which is shown there."""
        inherited = [
            row for parent in self._ontology.ancestors(iri)[1:] if parent in self._shown for row in self._ontology.rows.get(parent, ())
        ]
        return [row for row in self._ontology.rows.get(iri, ()) if row not in inherited]

    def _box(self, iri: str) -> Box:
        known = self._known(iri)
        above = [parent for parent in (known.superclasses if known else ()) if parent not in self._shown]
        lines = [line for row in self._rows(iri) for line in self._lines(iri, row)]
        return Box(iri, self._name(iri), tuple(map(self._name, above)), tuple(dict.fromkeys(lines)), bool(known and known.makes_records))

    def _lines(self, iri: str, row: ClassRow) -> Iterator[str]:
        ranges = [range_ for range_ in row.ranges if range_ not in self._shown or range_ == iri]
        if ranges:
            kinds = " or ".join(dict.fromkeys(self._kind(range_) for range_ in ranges))
            yield f"{_local(row.property)}: {kinds}{self._counts(iri, row.property)}"

    def _kind(self, range_: str) -> str:
        if range_ in self._shown:
            return self._name(range_)
        return _local(range_) if is_datatype(range_) or range_ in self._ontology.datatypes else "IRI"

    def _arrows(self) -> Iterator[Arrow]:
        for iri in self._shown:
            known = self._known(iri)
            yield from (Arrow(iri, parent) for parent in (known.superclasses if known else ()) if parent in self._shown)
            labels: dict[str, list[str]] = {}
            for row in self._rows(iri):
                for range_ in row.ranges:
                    if range_ in self._shown and range_ != iri:
                        labels.setdefault(range_, []).append(_local(row.property) + self._counts(iri, row.property))
            yield from (Arrow(iri, end, tuple(dict.fromkeys(names))) for end, names in labels.items())

    def _counts(self, iri: str, property_: str) -> str:
        """Write how many values a property has, as UML does; nothing where any number will do."""
        plan = self._classes.plan.classes.get(iri)
        types = [type_.value for type_ in plan.types] if plan is not None else []
        said = self._classes.said(iri, types).properties.get(property_, ())
        limits = together(said)
        if not limits.least and limits.most is None:
            return ""
        most = "*" if limits.most is None else str(limits.most)
        return f" [{limits.least if str(limits.least) == most else f'{limits.least}..{most}'}]"

    def _name(self, iri: str) -> str:
        known = self._known(iri)
        return (known.label if known else None) or _local(iri)


def _local(iri: str) -> str:
    """Give how an IRI ends."""
    return re.split("[/#:]", iri.rstrip("/#"))[-1] or iri


def mermaid(diagram: Diagram) -> str:
    """Write a diagram as Mermaid's class diagram (https://mermaid.js.org/syntax/classDiagram.html).

    >>> print(mermaid(Diagram((Box("http://e/A", 'The "A"', (), ("name: string",), True),), ())))
    %% Generated from the ontology by `owltype gen diagram`. Change the ontology, and generate it again.
    classDiagram
      direction LR
      class A["The #34;A#34;"] {
        <<record>>
        name: string
      }
    <BLANKLINE>
    """
    names = _identifiers(diagram)
    lines = [
        "%% Generated from the ontology by `owltype gen diagram`. Change the ontology, and generate it again.",
        "classDiagram",
        "  direction LR",
    ]
    for box in diagram.boxes:
        inner = [*(["<<record>>"] if box.is_record else []), *map(_escaped_line, box.lines)]
        head = f'  class {names[box.iri]}["{_escaped(box.title)}"]'
        lines += [head + " {", *(f"    {line}" for line in inner), "  }"] if inner else [head]
    for arrow in diagram.arrows:
        if arrow.labels:
            lines.append(f"  {names[arrow.start]} --> {names[arrow.end]} : {_escaped(', '.join(arrow.labels))}")
        else:
            lines.append(f"  {names[arrow.end]} <|-- {names[arrow.start]}")
    return "\n".join(lines) + "\n"


def _identifiers(diagram: Diagram) -> dict[str, str]:
    """Name the boxes by what Mermaid takes for one word."""
    names: dict[str, str] = {}
    for box in diagram.boxes:
        local = _UNSAFE.sub("_", _local(box.iri)).strip("_") or "Class"
        local = local if local[0].isalpha() else f"C{local}"
        tries = (local, *(f"{local}_{number}" for number in range(2, len(names) + 3)))
        names[box.iri] = next(free for free in tries if free not in names.values())
    return names


def _escaped(text: str) -> str:
    """Write what Mermaid would read as syntax by its number (https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters)."""
    return "".join(c if c.isalnum() or c in " _-.,[]*" else f"#{ord(c)};" for c in " ".join(text.split()))


def _escaped_line(text: str) -> str:
    name, colon, rest = text.partition(": ")
    return _escaped(name) + colon + _escaped(rest)
