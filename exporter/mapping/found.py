"""What a step finds in its map: key paths followed, lists taken apart, conversions done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from exporter.language.conversions import from_json
from exporter.language.datatypes import lexical_form
from exporter.language.templates import VariableError
from exporter.mapping.model import Finding, Run, Source, Span
from exporter.mapping.resources import MissingVariableError, fill_iri, fill_text, look_up
from exporter.plan.model import Step
from exporter.problems import KeyPath, format_key_path
from exporter.records.values import Value
from exporter.text import quote

Found = tuple[Value, KeyPath, "Span | None"]


def found(step: Step, source: Source, run: Run) -> Iterator[Found]:
    """Yield a step's values, each with its key path and, for a part of a scalar, its span; null and the empty string are none."""
    if step.each:
        yield from _parallel(step, source)
        return
    whole = step.values[0].datatype is not None and step.values[0].datatype.is_json
    for value, path, span in _read(step, source, run):
        for item in _converted(step, value, path, source, run) if step.conversions else ((value, path, span),):
            if whole:
                yield item
            else:
                yield from _items(*item)


def _items(value: Value, path: KeyPath, span: Span | None) -> Iterator[Found]:
    if isinstance(value, list):
        for i, item in enumerate(value):
            if item is not None and item != "" and not (isinstance(item, dict) and _is_empty(item)):
                yield item, (*path, i), None
    elif value is not None and value != "" and not (isinstance(value, dict) and _is_empty(value)):
        yield value, path, span


def _is_empty(value: Value) -> bool:
    """Whether a value says nothing: null, the empty string, or a map or list of such."""
    if isinstance(value, (dict, list)):
        return all(map(_is_empty, value.values() if isinstance(value, dict) else value))
    return value is None or value == ""


def _read(step: Step, source: Source, run: Run) -> Iterator[Found]:
    if step.value is not None:
        yield from _filled(step, source, run)
    for path in step.sources:
        first = path[0]
        if isinstance(first, str) and first.startswith("@"):
            special: Value = {"@body": source.body, "@index": source.index, "@value": source.scalar}[first]
            yield special, ("@body",) if first == "@body" else source.path, None
        elif len(path) == 1 and isinstance(first, str):
            yield source.map.get(first), source.path_of(first), source.span_of(first)
        else:
            yield from _walk(source.map, path, source.path)


def _walk(value: Value, path: KeyPath, at: KeyPath) -> Iterator[Found]:
    """Follow a key path; a key after a list is looked up in each of its items."""
    for position, part in enumerate(path):
        if isinstance(part, str) and isinstance(value, list):
            for i, item in enumerate(value):
                yield from _walk(item, path[position:], (*at, i))
            return
        value, at = look_up(value, (part,)), (*at, part)
    yield value, at, None


def _filled(step: Step, source: Source, run: Run) -> Iterator[Found]:
    template = step.value
    assert template is not None
    used = [variable for variable in template.variables if variable.scope == "map"]
    path = (*source.path_of(str(used[0].path[0])), *used[0].path[1:]) if used else source.path
    try:
        if step.values[0].kind != "iri":
            yield fill_text(template, source, run.record), path, None
            return
        fill_text(template, source, run.record)
    except MissingVariableError:
        return  # what is derived from nothing is nothing
    except VariableError as error:
        run.findings.append(Finding("MAP-VALUE", path, f"the value of {format_key_path(path)} {error}"))
        return
    node = fill_iri(template, source, run)
    if node is not None:
        yield node.value, path, None


def _parallel(step: Step, source: Source) -> Iterator[Found]:
    """Walk lists together: item by item a small map of what stands at this position, as long as the longest."""
    lists = {}
    for path in step.sources:
        value = look_up(source.map, path)
        lists[format_key_path(path)] = value if isinstance(value, list) else [] if value is None else [value]
    first: KeyPath = (*source.path, *step.sources[0])
    for i in range(max(map(len, lists.values()))):
        item: dict[str, Value] = {key: values[i] for key, values in lists.items() if i < len(values)}
        if any(value is not None and value != "" for value in item.values()):
            yield item, (*first, i), None


def _converted(step: Step, value: Value, path: KeyPath, source: Source, run: Run) -> Iterator[Found]:
    """Apply the conversions to a scalar, or to each scalar of a list; what can't be converted is a finding and stays as it is."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _converted(step, item, (*path, i), source, run)
        return
    if value is None or value == "" or isinstance(value, dict):
        yield value, path, None
        return
    options = step.options
    if step.relative_to_record or step.base is not None:
        base = fill_text(step.base, source, run.record) if step.base else options.base
        options = replace(options, base=base, record=run.iri)
    text = lexical_form(value)
    current: Value = text
    try:
        for convert in step.conversions:
            if isinstance(current, list):
                current = [
                    convert(lexical_form(part), options) if not isinstance(part, (dict, list, type(None))) else part for part in current
                ]
            elif isinstance(current, (str, int)):
                current = convert(lexical_form(current), options)
    except (ValueError, MissingVariableError) as error:
        run.findings.append(
            Finding("MAP-CONVERSION", path, f"{quote(text)}: {error}", help="it is exported as it stands until it is mended")
        )
        yield value, path, None
        return
    if isinstance(current, list) and from_json not in step.conversions:
        yield from _parts(current, text, path)
    else:
        yield current, path, None


def _parts(values: list[Value], text: str, path: KeyPath) -> Iterator[Found]:
    """Say which characters of the scalar each part is, as far as it still stands there."""
    position = 0
    for value in values:
        at = text.find(str(value), position)
        span = (at, at + len(str(value))) if at >= 0 else None
        position = span[1] if span else position
        yield value, path, span
