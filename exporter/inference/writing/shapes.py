"""The shapes as Turtle: how many values, of what, and which, as the records have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exporter.generate.names import comment, escape
from exporter.inference.model import InferredClass, InferredModel, RowDraft
from exporter.inference.naming import PREFIX
from exporter.inference.writing.ontology import class_term, namespaces
from exporter.text import plural

_NEARLY, _ENOUGH = 0.95, 20
"""The part of the records that have a key that a few have only forgotten, and the records that tell so much."""
_FEW = 3  # records that say that a key is required


def write_shapes(model: InferredModel) -> str:
    """Write the shapes: one for each class that has a row with something to say."""
    blocks = [lines for each in model.classes if (lines := list(shape_lines(each, model)))]
    text = "\n".join(line for lines in blocks for line in lines)
    head = [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(namespaces(model).items()) if f"{prefix}:" in text]
    said = [
        f"# {comment(model.title)}: what holds in {plural(model.records, 'record')}, as shapes (SHACL).",
        "# Written by `owltype init` as a start: what every record has today is required, and what nearly every one has is a warning.",
    ]
    return "\n".join([*head, "", *said, "", "\n\n".join("\n".join(lines) for lines in blocks), ""])


def shape_lines(each: InferredClass, model: InferredModel) -> Iterator[str]:
    """Yield the lines of a class's shape; none where there is nothing to say."""
    parts = list(property_shapes(each.shaped, model))
    if not parts:
        return
    term = class_term(each.name)
    yield f"{f'{term[:-1]}Shape>' if term.endswith('>') else f'{term}Shape'} a sh:NodeShape ;"
    yield f"    sh:targetClass {term} ;"
    for number, (notes, part) in enumerate(parts):
        yield from (f"    # {note}" for note in notes)
        yield f"    {part} {'.' if number == len(parts) - 1 else ';'}"


def property_shapes(shaped: Sequence[RowDraft], model: InferredModel) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what a shape says of each property of these rows, after the evidence."""
    by_property: dict[str, list[RowDraft]] = {}
    for row in shaped:
        by_property.setdefault(row.term, []).append(row)
    for rows in by_property.values():
        yield from ((notes, f"sh:property [ {part} ]") for notes, part in _property(rows, model))


def _property(rows: Sequence[RowDraft], model: InferredModel) -> Iterator[tuple[tuple[str, ...], str]]:
    row = rows[0]
    path = f"sh:path {row.term}"
    is_list = ("map:ordered", "true") in row.extras  # of whose items SHACL says nothing so simply
    said = [path, *(_values(row, model) if len(rows) == 1 and not is_list else [])]
    is_sure = row.held >= _FEW and not row.keys[0].startswith("@")
    if is_sure and row.held == row.maps:
        said.append("sh:minCount 1")
    if len(rows) == 1 and not row.many and row.held >= _FEW and row.keys != ("@value",):
        said.append("sh:maxCount 1")
    if len(said) > 1:
        yield (), " ; ".join(said)
    if is_sure and row.held < row.maps and row.maps >= _ENOUGH and row.held >= _NEARLY * row.maps:
        yield (f"{row.held:,} of {row.maps:,} have it",), f"{path} ; sh:minCount 1 ; sh:severity sh:Warning"
    if row.closed:
        values = " ".join(f'"{escape(value)}"' for value in row.closed)
        yield ("all values that more than one record has",), f"{path} ; sh:in ( {values} ) ; sh:severity sh:Warning"


def _values(row: RowDraft, model: InferredModel) -> list[str]:
    """Say what every value is; where a row has several ranges, one of them."""
    kinds = list(dict.fromkeys(_kind(range_, model) for range_ in row.ranges))
    if any(kind is None for kind in kinds):
        return []
    if len(kinds) == 1:
        return [str(kinds[0])]
    return [f"sh:or ( {' '.join(f'[ {kind} ]' for kind in kinds)} )"]


def _kind(range_: str, model: InferredModel) -> str | None:
    if range_ in {"rdfs:Resource", "map:File"}:
        return "sh:nodeKind sh:IRI"
    if range_.startswith((f"{PREFIX}:", "<")):
        found = next((each for each in model.classes if class_term(each.name) == range_), None)
        is_above = found is not None and any(other.parent == found.name for other in model.classes)
        return "sh:nodeKind sh:IRI" if is_above else f"sh:class {range_}"
    return f"sh:datatype {range_}"
