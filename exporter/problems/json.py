"""Problems as JSON has them: the one form in which they travel to other programs and between our own processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exporter.problems import Location, Problem, Severity, ShaclDetail, TextFix


def to_json(problem: Problem) -> dict[str, Any]:
    """Give a problem as plain values: no field without a value.

    >>> to_json(Problem("X", Location("a.md", 2, 5), "no such day", key_path=("due",)))["keyPath"]
    ['due']
    """
    fields: dict[str, Any] = {
        **_place(problem.location),
        "severity": problem.severity.value,
        "code": problem.code,
        "key": problem.key,
        "keyPath": list(problem.key_path),
        "message": problem.message,
        "help": problem.help,
        "related": [_place(place) for place in problem.related],
        "shacl": _shacl(problem.shacl) if problem.shacl else None,
        "fixes": [_fix(fix) for fix in problem.fixes],
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def from_json(fields: Mapping[str, Any]) -> Problem:
    """Read what `to_json` gives.

    >>> problem = Problem("X", Location("a.md", 2, 5, 2, 9), "no such day", key_path=("due", 0))
    >>> from_json(to_json(problem)) == problem
    True
    """
    detail = fields.get("shacl")
    return Problem(
        fields["code"],
        _location(fields),
        fields.get("message", ""),
        Severity(fields["severity"]),
        fields.get("help"),
        tuple(fields.get("keyPath", ())),
        tuple(map(_location, fields.get("related", ()))),
        None if detail is None else _detail(detail),
        tuple(
            TextFix(fix["title"], tuple((_location(edit), edit["text"]) for edit in fix["edits"]), fix["safe"])
            for fix in fields.get("fixes", ())
        ),
    )


def _place(place: Location) -> dict[str, Any]:
    fields = {"file": place.path, "line": place.line, "column": place.column, "endLine": place.end_line, "endColumn": place.end_column}
    return {name: value for name, value in fields.items() if value is not None}


def _location(fields: Mapping[str, Any]) -> Location:
    return Location(fields["file"], fields["line"], fields["column"], fields.get("endLine"), fields.get("endColumn"))


def _fix(fix: TextFix) -> dict[str, Any]:
    return {"title": fix.title, "safe": fix.safe, "edits": [{**_place(place), "text": new} for place, new in fix.edits]}


def _shacl(detail: ShaclDetail) -> dict[str, Any]:
    fields = {
        "focusNode": detail.focus_node,
        "path": detail.path,
        "value": detail.value,
        "component": detail.component,
        "shape": detail.shape,
        "shapeLocation": _place(detail.shape_location) if detail.shape_location else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _detail(fields: Mapping[str, Any]) -> ShaclDetail:
    place = fields.get("shapeLocation")
    shape_location = None if place is None else _location(place)
    return ShaclDetail(
        fields["focusNode"], fields["component"], fields.get("path"), fields.get("value"), fields.get("shape"), shape_location
    )
