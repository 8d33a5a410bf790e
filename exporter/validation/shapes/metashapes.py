"""SHACL-SHACL: the shapes that every shapes graph must conform to (https://www.w3.org/TR/shacl/#shacl-shacl)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode

from exporter.problems import Location
from exporter.rdf.terms import SH, Term
from exporter.text import quote
from exporter.validation.engines import make_engine
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import join_shapes, read_shapes


def check_form(shapes: ShapesGraph) -> Iterator[tuple[Location, str, str]]:
    """Give place, message and advice for each way in which the shapes break the rules of SHACL's syntax."""
    seen: set[Location] = set()
    results = make_engine("shacl").run(shapes.ntriples, _metashapes())
    paths = {result.focus_node for result in results if result.path == f"<{SH}path>"}
    for result in results:
        if result.path is None and result.focus_node in paths:
            continue  # what is wrong with its path says all
        place, message = _describe(result, shapes)
        if place not in seen:
            seen.add(place)
            yield place, message, "see https://www.w3.org/TR/shacl/#syntax-rules"


@cache
def _metashapes() -> ShapesGraph:
    """W3C's shapes, which pySHACL carries; it is only looked for here, to import it takes a quarter of a second."""
    found = find_spec("pyshacl")
    assert found is not None
    assert found.origin is not None
    text = Path(found.origin).with_name("assets").joinpath("shacl-shacl.ttl").read_bytes()
    return join_shapes([read_shapes("shacl-shacl.ttl", text)])


def _describe(result: ValidationResult, shapes: ShapesGraph) -> tuple[Location, str]:
    """Say in the author's words what is wrong: the parameter, and its value where there is one."""
    focus = _term(result.focus_node)
    place = shapes.location(focus)
    rule = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
    if rule == "Xone" and result.path is None:
        return place, f"the shape {shapes.label(focus)} must have one sh:path to be a property shape, or none to be a node shape"
    if result.path is None or not result.path.startswith(f"<{SH}"):
        return place, f"the shape {shapes.label(focus)} is not well-formed"
    name = result.path[1:-1].removeprefix(SH)
    values = [triple for triple in shapes.about(focus, SH + name) if result.value is None or str(triple.object) == result.value]
    place = values[0].object_at if values else place
    if name == "path" and rule in {"Or", "Node"}:
        return place, "sh:path is not a well-formed property path"
    sentence = _SENTENCES.get(rule, "is not as SHACL's rules ask for")
    blank = not values or isinstance(values[0].object, BlankNode)
    shown = "" if blank or result.value is None else f" {quote(_plain(values[0].object))}"
    return place, f"sh:{name}{shown} {sentence}"


_SENTENCES = {
    "MaxCount": "stands more often than SHACL allows",
    "MinCount": "is missing from the shape",
    "Datatype": "is of the wrong datatype",
    "NodeKind": "is of the wrong kind of term",
    "Class": "is of the wrong class",
    "MinInclusive": "is too small",
    "In": "is not one of the values that SHACL allows",
    "Or": "is of the wrong kind",
}


def _plain(term: Term) -> str:
    return term.value


def _term(text: str) -> Term:
    return BlankNode(text[2:]) if text.startswith("_:") else NamedNode(text[1:-1])
