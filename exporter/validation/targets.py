"""Which shapes have no focus node in the data (SHACL, section 2.1.3): they check nothing, and a run should say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from exporter.problems import Problem, Severity
from exporter.terms import RDF_TYPE, RDFS, SH, Term
from exporter.validation.shapes import ShapesGraph

# No literal can look like these: it would end in a quotation mark before the full stop.
_TYPE = re.compile(b" " + re.escape(str(RDF_TYPE).encode()) + rb" (<[^>]*>) \.\n")
_SUBCLASS = re.compile(rb"(<[^>]*>) <" + re.escape((RDFS + "subClassOf").encode()) + rb"> (<[^>]*>) \.\n")


def idle_shapes(data: bytes, shapes: ShapesGraph) -> Iterator[Problem]:
    """Give a warning for each shape with targets of which `data` (N-Triples) has none.

    Shapes with a SPARQL target are left out. Scans the text with a regular expression, about 100 MB a second.
    """
    classes = _instantiated(data)
    for shape in shapes.shapes:
        targets = [t for t in shapes.about(shape) if t.predicate.value in _TARGETS]
        if shapes.is_class(shape):
            hit = str(shape) in classes
        elif not targets or shapes.values(shape, "target"):
            continue
        else:
            hit = False
        if not hit and not any(_has_focus(data, classes, t.predicate.value.removeprefix(SH), t.object) for t in targets):
            place = targets[0].object_at if targets else shapes.location(shape)
            message = f"the shape {shapes.label(shape)} checks nothing: no record has its target"
            yield Problem(
                "SHAPES-NO-FOCUS", place, message, Severity.WARNING, "validate the folder that has such records, or mend the target"
            )


_TARGETS = {SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")}


def _has_focus(data: bytes, classes: set[str], target: str, value: Term) -> bool:
    if target == "targetClass":
        return str(value) in classes
    if target == "targetNode":
        text = str(value).encode()
        return data.startswith(text + b" ") or b"\n" + text + b" " in data or b" " + text + b" .\n" in data
    return isinstance(value, NamedNode) and b" " + str(value).encode() + b" " in data


def _instantiated(data: bytes) -> set[str]:
    """The classes that have an instance, superclasses included."""
    parents: dict[bytes, list[bytes]] = {}
    for child, parent in _SUBCLASS.findall(data):
        parents.setdefault(child, []).append(parent)
    queue = list(dict.fromkeys(_TYPE.findall(data)))
    seen = set(queue)
    for found in queue:
        for parent in parents.get(found, ()):
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return {name.decode() for name in seen}
