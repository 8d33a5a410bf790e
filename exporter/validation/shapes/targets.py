"""Which shapes have no focus node in the data (SHACL, section 2.1.3): they check nothing, and a run should say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from exporter.problems import Problem, Severity
from exporter.rdf.terms import RDF_TYPE, RDFS, SH, Subject, Term
from exporter.validation.data.data_file import DataFile
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph, is_library
from exporter.validation.shapes.vocabulary import TARGETS

_SUBCLASS_OF = b" <" + (RDFS + "subClassOf").encode() + b"> "
# No literal can look like this: it would end in a quotation mark before the full stop.
_SUBCLASS = re.compile(rb"(<[^<>]*+>)" + re.escape(_SUBCLASS_OF) + rb"(<[^<>]*+>) \.\n")


def idle_shapes(data: DataFile, shapes: ShapesGraph) -> Iterator[tuple[Subject, Problem]]:
    """Give each shape with targets of which `data` has none, and a warning that says so.

    Shapes with a SPARQL target are left out. A class that has instances is found soon; the others cost a search through the whole text.
    """
    looking = _Looking(data)
    for shape in shapes.shapes:
        targets = [t for t in shapes.about(shape) if t.predicate.value in _TARGETS]
        if shapes.is_class(shape):
            hit = looking.instance(shape)
        elif not targets or shapes.values(shape, "target"):
            continue
        else:
            hit = False
        if not hit and not any(looking.focus(t.predicate.value.removeprefix(SH), t.object) for t in targets):
            place = targets[0].object_at if targets else shapes.location(shape)
            message = f"the shape {shapes.label(shape)} checks nothing: no record has its target"
            advice = "validate the folder that has such records, or fix the target"
            yield shape, Problem("SHAPES-NO-FOCUS", place, message, Severity.WARNING, advice)


_TARGETS = {SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")}


def targeted(shapes: ShapesGraph) -> int:
    """Count the shapes that have a target of any kind."""
    named = (*_TARGETS, SH + "target")
    return sum(shapes.is_class(shape) or any(t.predicate.value in named for t in shapes.about(shape)) for shape in shapes.shapes)


def untargeted(shapes: ShapesGraph) -> Iterator[Subject]:
    """Give the shapes that have no target and that nothing refers to; those of vocabularies are there to be used or not."""
    referred = {triple.object for triple in shapes.triples if triple.predicate != RDF_TYPE}
    named = (*_TARGETS, SH + "target")
    for shape in shapes.shapes:
        if is_library(shape) or shape in referred or shapes.is_class(shape) or any(t.predicate.value in named for t in shapes.about(shape)):
            continue
        if not shapes.switched_on(shape, "deactivated"):
            yield shape


def is_target(shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    """Say whether a statement of a shape aims it at nodes."""
    if triple.predicate == RDF_TYPE:
        return triple.object in shapes.metaclasses
    return triple.predicate.value.startswith(SH) and triple.predicate.value.removeprefix(SH) in TARGETS


class _Looking:
    """Looks for focus nodes in the text; bytes are found at gigabytes a second, where a regular expression takes a hundred megabytes."""

    def __init__(self, data: DataFile) -> None:
        self._data = data
        self._children: dict[bytes, list[bytes]] = {}
        for _, block in data.blocks():
            if _SUBCLASS_OF in block:
                for child, parent in _SUBCLASS.findall(block):
                    self._children.setdefault(parent, []).append(child)

    def focus(self, target: str, value: Term) -> bool:
        """Say whether a target has a focus node."""
        text = str(value).encode()
        if target == "targetClass":
            return self.instance(value)
        if target == "targetNode":
            return any(
                block.startswith(text + b" ") or b"\n" + text + b" " in block or b" " + text + b" .\n" in block for block in self._blocks()
            )
        return isinstance(value, NamedNode) and any(b" " + text + b" " in block for block in self._blocks())

    def instance(self, class_: Term) -> bool:
        """Say whether a class or a class below it has an instance."""
        below = [str(class_).encode()]
        for found in below:
            below += [child for child in self._children.get(found, ()) if child not in below]
        wanted = [f" {RDF_TYPE} ".encode() + found + b" .\n" for found in below]
        return any(text in block for block in self._blocks() for text in wanted)

    def _blocks(self) -> Iterator[bytes]:
        return (block for _, block in self._data.blocks())
