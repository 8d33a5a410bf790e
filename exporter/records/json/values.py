"""JSON front matter: the standard decoder, strict where it is lenient (duplicate keys, NaN, lone surrogates)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, NoReturn

from exporter.records.depth import too_deep
from exporter.records.faults import Fault, ReadingError, Readout, equal_key, repeated_key
from exporter.records.json.errors import explain, explain_rest
from exporter.records.json.nodes import compose_json
from exporter.records.nodes import MAX_DEPTH, Map, MapEntry, Node, Scalar
from exporter.records.values import DuplicateKeys, Plain, Value, is_same
from exporter.records.yaml.core import IMPOSSIBLE, name_character, resolve_integer

_SPACE = re.compile(r"[ \t\r\n]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r?\n|\r|\Z)")


def read_json(text: str, start: int, end: int, duplicate_keys: DuplicateKeys = "reject") -> Readout:
    """Read the one JSON value in `text[start:end]`; nothing at all is None."""
    at = _skip_space(text, start)
    if at >= end:
        return Readout(None)
    readout, stop = _decode(text, at, end, duplicate_keys)
    stop = _skip_space(text, stop)
    if stop < end:
        raise ReadingError(explain_rest(text, stop, end))
    return readout


def read_members(text: str, start: int, end: int, duplicate_keys: DuplicateKeys = "reject") -> Readout:
    """Read members of a JSON object in `text[start:end]`, whose braces are understood; or the object itself."""
    at = _skip_space(text, start)
    if at >= end or text[at] == "{":
        return read_json(text, start, end, duplicate_keys)
    inside = f"{{{text[start:end]}}}"
    try:
        value, remarks = read_json(inside, 0, len(inside), duplicate_keys)
    except ReadingError as error:
        raise ReadingError(_moved(error.fault, start - 1, start, end)) from None
    return Readout(value, tuple(_moved(remark, start - 1, start, end) for remark in remarks))


def _moved(fault: Fault, by: int, start: int, end: int) -> Fault:
    """Move a fault to the text without the braces; one at a brace that is understood is at the first or last character."""
    first, last = max(fault.start + by, start), min(fault.end + by, end)
    first = max(min(first, last - 1), start)
    related = tuple((max(low + by, start), min(high + by, end)) for low, high in fault.related)
    return replace(fault, start=first, end=max(last, first), related=related)


def find_end(text: str) -> tuple[int, int]:
    """Give the offsets where the JSON object that starts a text ends, and where the line after it starts."""
    _, stop = _decode(text, 0, len(text), "warn-if-equal")  # what the handler makes of equal keys, it says when it reads
    rest = _REST_OF_LINE.match(text, stop)
    if rest is None:
        raise ReadingError(explain_rest(text, stop, len(text), body=True))
    return stop, rest.end()


class _TooLenientError(Exception):
    """Something that the decoder accepts and we don't; where it stands is found in a second pass."""


def _decode(text: str, start: int, end: int, duplicate_keys: DuplicateKeys) -> tuple[Readout, int]:
    deep = too_deep(text, start, end)
    if deep is not None:
        raise ReadingError(
            Fault("JSON-DEPTH", f"objects and arrays are nested more than {MAX_DEPTH} deep", deep, deep + 1, "flatten the value")
        )
    source = text if end == len(text) else text[:end]
    remarks: tuple[Fault, ...] = ()
    try:
        try:
            value, stop = _DECODER.raw_decode(source, start)
        except _TooLenientError:
            value, stop = _FIRST_DECODER.raw_decode(source, start)  # what follows may be no JSON at all
            remarks = _examine(source, start, duplicate_keys)
    except json.JSONDecodeError as error:
        raise ReadingError(explain(error.msg, text, error.pos, start, end)) from None
    if "\\u" in source[start:stop] or IMPOSSIBLE.search(source, start, stop):
        _refuse_unprintable(compose_json(source, start))
    return Readout(value, remarks), stop


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise _TooLenientError
    return unique


def _first(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in pairs:
        kept.setdefault(name, value)
    return kept


def _refuse_constant(_: str) -> NoReturn:
    raise _TooLenientError


def _double(text: str) -> Plain:
    return Plain(text, "double")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=resolve_integer, parse_float=_double, parse_constant=_refuse_constant)
_FIRST_DECODER = json.JSONDecoder(object_pairs_hook=_first, parse_int=resolve_integer, parse_float=_double)
"""Keeps the first of two equal keys; for text that `_examine` has let pass."""


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _examine(text: str, start: int, duplicate_keys: DuplicateKeys) -> tuple[Fault, ...]:
    """Find what the strict hooks refused: raise `ReadingError` for it, or remark on keys that stand twice with equal values."""
    remarks: list[Fault] = []
    pending: list[Node] = [compose_json(text, start)]
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            if node.style == "plain" and node.text in ("NaN", "Infinity", "-Infinity"):
                message = f"{node.text} is not a JSON number"
                raise ReadingError(Fault("JSON-NUMBER", message, node.start, node.end, "quote it, or write null"))
        elif isinstance(node, Map):
            seen: dict[str, MapEntry] = {}
            for entry in node.entries:
                first = seen.setdefault(entry.key.text, entry)
                if first is not entry:
                    remarks.append(_repeated(text, entry, first, duplicate_keys))
            pending.extend(child for _, child in reversed(node.entries))
        else:
            pending.extend(reversed(node.items))
    return tuple(remarks)


def _repeated(text: str, entry: MapEntry, first: MapEntry, duplicate_keys: DuplicateKeys) -> Fault:
    name, place, first_place = entry.key.text, (entry.key.start, entry.key.end), (first.key.start, first.key.end)
    if duplicate_keys == "reject" or not is_same(_value(text, entry.value), _value(text, first.value)):
        raise ReadingError(repeated_key("JSON-DUPLICATE-KEY", name, place, first_place, "object"))
    return equal_key("JSON-DUPLICATE-KEY", name, place, first_place, "object")


def _value(text: str, node: Node) -> Value:
    value: Value = _FIRST_DECODER.raw_decode(text, node.start)[0]
    return value


def _refuse_unprintable(root: Node) -> None:
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            if found := IMPOSSIBLE.search(node.text):
                raise ReadingError(_unprintable(node, found[0]))
        elif isinstance(node, Map):
            for key, child in reversed(node.entries):
                pending += [child, key]
        else:
            pending.extend(reversed(node.items))


def _unprintable(node: Scalar, character: str) -> Fault:
    code = f"U+{ord(character):04X}"
    if "\ud800" <= character <= "\udfff":
        return Fault(
            "JSON-SURROGATE",
            f"the escape for {code} is half a character",
            node.start,
            node.end,
            "write the whole pair, or the character itself",
        )
    return Fault("READ-CONTROL", f"the {name_character(character)} is not allowed", node.start, node.end, "remove the character")
