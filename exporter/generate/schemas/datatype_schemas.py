"""Datatypes of XML Schema as JSON Schema has them: what an author may type for a value of each.

YAML and JSON have types of their own, and owltype reads characters: `1` and `"1"` are one integer. So each schema takes both.
"""

from __future__ import annotations

from typing import TypeAlias, Union

from exporter.generate.schemas.ecma import to_ecma
from exporter.language.datatypes import LEXICAL, Datatype, bounds
from exporter.rdf.terms import RDF, RDFS, XSD

Json: TypeAlias = Union[str, int, float, bool, list["Json"], "Schema", None]
Schema: TypeAlias = dict[str, Json]

SCALAR: list[Json] = ["string", "number", "boolean"]
NOTHING: Schema = {"description": "Left empty, which says nothing.", "enum": [None, "", {}, []]}
TEXT: Schema = {"description": "A text; one that looks like a number needs no quotes.", "type": SCALAR, "not": {"const": ""}}
IRI: Schema = {
    "description": "A whole address, such as https://example.org/page.",
    "type": "string",
    "format": "iri",
    "pattern": r'^\s*[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>"{}|\\^`]*\s*$',
}
FILE_NAME: Schema = {"description": "The path of a file, such as an image, or a whole address.", "type": "string", "minLength": 1}
RELATIVE_IRI: Schema = {"description": "An address, whole or relative.", "type": "string", "minLength": 1}
_CLOSE_DAY = r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}"
_CLOSE_TIME = r"(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[ \t]*(?:[Zz]|[+\-][0-9]{2}(?::?[0-9]{2})?))?"
TIMESTAMP: Schema = {
    "description": "A date and time such as 2026-08-16 12:05:34 +0000.",
    "type": "string",
    "pattern": rf"^\s*{_CLOSE_DAY}{_CLOSE_TIME}\s*$",
}
"""What `map:timestamp` reads."""
DAY: Schema = {
    "description": "A date such as 2026-08-16, or a date and time.",
    "type": "string",
    "pattern": rf"^\s*{_CLOSE_DAY}(?:{_CLOSE_TIME}|Z|[+\-][0-9]{{2}}:[0-9]{{2}})?\s*$",
}
"""What `map:day` reads."""
_ZONE = r"(?:Z|[+\-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_DAY = r"-?[0-9]{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_FORMATS: dict[str, Schema] = {
    # RFC 3339 has no form for a date with a zone, and none for a time without one
    "date": {"anyOf": [{"format": "date"}, {"pattern": f"^{_DAY}{_ZONE}$"}]},
    "dateTime": {"anyOf": [{"format": "date-time"}, {"pattern": f"^{_DAY}T{_TIME}{_ZONE}?$"}]},
    "dateTimeStamp": {"format": "date-time"},
}
_WHOLE = r"^[+\-]?[0-9]+$"
_NUMBER = r"^[+\-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_NUMERIC: dict[str, Schema] = {
    "decimal": {"type": ["number", "string"], "pattern": _NUMBER + "$"},
    "double": {"type": ["number", "string"], "pattern": _NUMBER + r"(?:[eE][+\-]?[0-9]+)?$|^[+\-]?INF$|^NaN$"},
}
_BOOLEAN: Schema = {"enum": [True, False, "true", "false", 1, 0, "1", "0"]}


def datatype_schema(range_: Datatype) -> Schema:
    """Write what may be typed for one value of a datatype; one that owltype doesn't check takes every scalar.

    >>> from exporter.language.datatypes import datatype
    >>> datatype_schema(datatype(XSD + "byte"))["maximum"], datatype_schema(datatype(XSD + "gYear"))["type"]
    (127, ['string', 'number'])
    """
    if range_.is_text or range_.iri in (RDFS + "Literal", RDF + "langString"):
        return TEXT
    name = (range_.node.value if range_.node is not None else range_.iri).removeprefix(XSD)
    described: Schema = {"description": range_.expected[:1].upper() + range_.expected[1:] + "."}
    if name == "boolean":
        return {**described, **_BOOLEAN}
    numeric = _NUMERIC.get("double" if name == "float" else name)
    if numeric is not None:
        return {**described, **numeric}
    low, high = bounds(name)
    if name == "integer" or (low, high) != (None, None):
        limits: Schema = {**({} if low is None else {"minimum": low}), **({} if high is None else {"maximum": high})}
        return {**described, "type": ["integer", "string"], "pattern": _WHOLE, **limits}
    if name in _FORMATS:
        return {**described, "type": "string", **_FORMATS[name]}
    pattern = to_ecma(LEXICAL[name]) if name in LEXICAL else None
    return {**described, "type": ["string", "number"], **({"pattern": f"^(?:{pattern})$"} if pattern else {})}
