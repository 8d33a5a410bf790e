"""Which shapes have no focus node in the data (SHACL, section 2.1.3): they check nothing, and a run should say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

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

    Shapes with a SPARQL target are left out. One look through the text serves all shapes, and one that is met is not looked for again.
    """
    targets = {shape: [t for t in shapes.about(shape) if t.predicate.value in _TARGETS] for shape in shapes.shapes}
    aimed = {s: of for s, of in targets.items() if shapes.is_class(s) or (of and not shapes.values(s, "target"))}
    yield from ((shape, idle_problem(shapes, shape)) for shape in _unmet(data, shapes, aimed))


def idle_problem(shapes: ShapesGraph, shape: Subject) -> Problem:
    """Say that a shape has no focus node."""
    place = next((t.object_at for t in shapes.about(shape) if t.predicate.value in _TARGETS), shapes.location(shape))
    message = f"the shape {shapes.label(shape)} checks nothing: no record has its target"
    advice = "validate the folder that has such records, or fix the target"
    return Problem("SHAPES-NO-FOCUS", place, message, Severity.WARNING, advice)


def _unmet(data: DataFile, shapes: ShapesGraph, aimed: Mapping[Subject, Sequence[PlacedTriple]]) -> list[Subject]:
    """Give the shapes of whose targets the data has none, in their order."""
    children = _children(data)
    wanted = {
        shape: [
            *(_instances(shape, children) if shapes.is_class(shape) else ()),
            *(text for t in of for text in _texts(t.predicate.value.removeprefix(SH), t.object, children)),
        ]
        for shape, of in aimed.items()
    }
    for _, block in data.blocks():
        lines = b"\n" + block if any(text.startswith(b"\n") for texts in wanted.values() for text in texts) else block
        wanted = {shape: texts for shape, texts in wanted.items() if not any(text in lines for text in texts)}
        if not wanted:
            break
    return list(wanted)


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


def _children(data: DataFile) -> Mapping[bytes, Sequence[bytes]]:
    children: dict[bytes, list[bytes]] = {}
    for _, block in data.blocks():
        if _SUBCLASS_OF in block:
            for child, parent in _SUBCLASS.findall(block):
                children.setdefault(parent, []).append(child)
    return children


def _texts(target: str, value: Term, children: Mapping[bytes, Sequence[bytes]]) -> list[bytes]:
    """Give what lines of the text hold, one of them, where a target has a focus node; a line feed stands for the start of a line.

    Bytes are found at gigabytes a second, where a regular expression takes a hundred megabytes.
    """
    text = str(value).encode()
    if target == "targetClass":
        return _instances(value, children)
    if target == "targetNode":
        return [b"\n" + text + b" ", b" " + text + b" .\n"]
    return [b" " + text + b" "] if isinstance(value, NamedNode) else []


def _instances(class_: Term, children: Mapping[bytes, Sequence[bytes]]) -> list[bytes]:
    """Give the ends of the lines that make a node an instance of a class, or of one below it."""
    below = [str(class_).encode()]
    for found in below:
        below += [child for child in children.get(found, ()) if child not in below]
    return [f" {RDF_TYPE} ".encode() + found + b" .\n" for found in below]
