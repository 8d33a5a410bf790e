"""The fast engine: the `shacl` package (Rust). Its regular expressions run in linear time."""

from __future__ import annotations

import io
import re
from functools import cached_property
from pathlib import Path

import shacl
from pyoxigraph import Literal

from exporter.rdf.terms import SH
from exporter.system.undoing import temporary_folder
from exporter.validation.engines.model import EngineError
from exporter.validation.engines.normalising import normalised, shape_term
from exporter.validation.engines.preparing import prepared
from exporter.validation.results.model import ValidationResult, ordered
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.patterns import rust_pattern
from exporter.validation.shapes.queries import projection

_BLANK = re.compile(rb"(?m)^_:([^ ]+)(?= )|(?<= )_:([^ ]+)(?= \.$)")
_NAMED_BLANK = re.compile(r"<urn:owltype:blank:([^>]+)>")
_NUMBERED_BLANK = re.compile(r"_:0_b(\d+)")
_BLOCK = 8_000_000
_SENSITIVE = ("nodeKind", "pattern", "minLength", "maxLength", "sparql", "datatype")
"""Parameters that tell a blank node from an IRI."""


class RustEngine:
    """`shacl` behind our interface. Stateless; compiling shapes takes less than a millisecond."""

    name = "shacl"
    apart = False

    def run(self, data: bytes | Path, shapes: ShapesGraph, *, advanced: bool = False) -> tuple[ValidationResult, ...]:
        """Validate N-Triples; `advanced` runs SHACL-AF rules first.

        The engine renames blank nodes, so they get IRIs for the run where no constraint could tell.
        """
        try:
            compiled = shacl.Shapes.from_text(prepared(shapes, self.name).decode(), "ntriples")
            report = _validate(compiled, data, "rules" if advanced else "none", not shapes.has(*_SENSITIVE))
        except ValueError as error:
            raise EngineError(str(error).removeprefix("invalid shapes graph: ")) from error
        labels = _Labels(shapes, data)
        return ordered([_result(found, shapes, labels) for found in report.results])

    def pattern_error(self, pattern: str, flags: str) -> str | None:
        """Say why the pattern can't be written in the engine's syntax, or why it does not compile."""
        try:
            shape = f"<urn:s> <{SH}targetNode> <urn:n> ; <{SH}pattern> {Literal(rust_pattern(pattern, flags))} ."
            shacl.Shapes.from_text(shape, "turtle")
        except ValueError as error:
            return str(error).rpartition("error: ")[2].strip()
        return None

    def close(self) -> None:
        """Hold nothing."""


def ill_formed(datatype: str, data: bytes) -> set[int]:
    """Say which literals of a datatype the engine takes for ill-formed: the values of `<urn:p>`, by the number of their `<urn:n1>`."""
    shape = f"<urn:s> <{SH}targetSubjectsOf> <urn:p> ; <{SH}property> [ <{SH}path> <urn:p> ; <{SH}datatype> <{datatype}> ] ."
    report = shacl.Shapes.from_text(shape, "turtle").validate_text(data.decode(), "ntriples", inference="none")
    return {int(result.focus_node.removeprefix("<urn:n").removesuffix(">")) for result in report.results}


def _validate(compiled: shacl.Shapes, data: bytes | Path, inference: str, name_blanks: bool) -> shacl.Report:
    """Run over a text, or over a file without holding it in memory."""
    if isinstance(data, bytes):
        return compiled.validate_text((_named(data) if name_blanks else data).decode(), "ntriples", inference=inference)
    if not name_blanks:
        return compiled.validate_file(str(data), inference=inference)
    with temporary_folder() as folder, data.open("rb") as source:
        target = folder / "data.nt"
        with target.open("wb") as stream:
            while lines := source.readlines(_BLOCK):
                stream.write(_named(b"".join(lines)))
        return compiled.validate_file(str(target), inference=inference)


def _named(data: bytes) -> bytes:
    """Give blank nodes IRIs."""
    if b"_:" not in data:
        return data
    return _BLANK.sub(lambda match: b"<urn:owltype:blank:" + (match[1] or match[2]) + b">", data)


class _Labels:
    """The way back from the engine's labels of blank nodes: it counts them in the order in which shapes and data name them first."""

    def __init__(self, shapes: ShapesGraph, data: bytes | Path) -> None:
        self._shapes, self._data = shapes, data

    @cached_property
    def _in_order(self) -> list[str]:
        labels: dict[bytes, None] = {}
        of_shapes = {match[1] or match[2] for match in _BLANK.finditer(self._shapes.ntriples)}
        with io.BytesIO(self._data) if isinstance(self._data, bytes) else self._data.open("rb") as source:
            while lines := source.readlines(_BLOCK):
                labels.update(dict.fromkeys(match[1] or match[2] for match in _BLANK.finditer(b"".join(lines))))
        return [*("" for _ in of_shapes), *(label.decode() for label in labels)]

    def restore(self, term: str) -> str:
        """Give a term as the data has it; a blank node that a rule made keeps the engine's label."""
        if "urn:owltype:blank:" in term:
            return _NAMED_BLANK.sub(r"_:\1", term)
        numbered = _NUMBERED_BLANK.fullmatch(term)
        if numbered is None or int(numbered[1]) >= len(self._in_order):
            return term
        return "_:" + self._in_order[int(numbered[1])]


def _value(found: shacl.Result, shapes: ShapesGraph, shape: str) -> str | None:
    """Give the value; a SPARQL constraint of a property shape has none where its query gives no `?value` (SHACL, section 5.3.2)."""
    if found.component_iri == SH + "SPARQLConstraintComponent" and found.value == found.focus_node:
        node = shape_term(shape)
        queries = [text for constraint in shapes.values(node, "sparql") for text in shapes.values(constraint, "select")]
        if shapes.value(node, "path") is not None and not any(_gives_value(query.value) for query in queries):
            return None
    return found.value


def _gives_value(query: str) -> bool:
    return "value" in query and any(token.kind == "var" and token.text[1:] == "value" for token in projection(query))


def _result(found: shacl.Result, shapes: ShapesGraph, labels: _Labels) -> ValidationResult:
    shape = (found.source_shape or "").strip("<>")
    value = _value(found, shapes, shape)
    return normalised(
        shapes,
        focus_node=labels.restore(found.focus_node),
        path=found.path,
        value=None if value is None else labels.restore(value),
        component=found.component_iri,
        severity=found.severity_iri,
        source_shape=shape,
        messages=found.messages,
    )
