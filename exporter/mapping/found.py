"""What a step finds in its map: key paths followed, lists taken apart, conversions done."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.language.conversions import ConversionOptions, from_json
from exporter.language.datatypes import lexical_form
from exporter.language.keypaths import SPECIAL_KEYS
from exporter.language.templates import VariableError
from exporter.mapping.model import Finding, Run, Source, Span, Unfit
from exporter.mapping.resources import MissingVariableError, fill_iri, fill_text, look_up
from exporter.plan.model import Step
from exporter.problems import KeyPath, format_key_path
from exporter.records.values import Value
from exporter.text import quote

Found = tuple[Value, KeyPath, "Span | None"]
Memo = dict[tuple[int, str], "list[tuple[Value, Span | None]]"]
"""What conversions made of texts before, by step and text: sites repeat themselves, and so do their links and topics."""

_REMEMBERED = 20_000


def found(step: Step, source: Source, run: Run, memo: Memo) -> list[Found]:
    """Give a step's values, each with its key path and, for a part of a scalar, its span; null and the empty string are none."""
    if step.each:
        return list(_parallel(step, source))
    values: list[Found] = []
    if step.value is not None:
        values += _filled(step, source, run)
    for path in step.sources:
        key = path[0]
        if len(path) > 1 or not isinstance(key, str):
            values += _walk(source.map, path, source.path) if source.paths is None else _at_position(path, source)
        elif key in SPECIAL_KEYS:
            special: Value = source.body if key == "@body" else source.index if key == "@index" else source.scalar
            values.append((special, ("@body",) if key == "@body" else source.path, None))
        elif (value := source.map.get(key)) is not None:
            values.append((value, source.path_of(key), source.span_of(key)))
    if step.conversions:
        values = [part for value, at, span in values for part in _converted(step, value, at, span, source, run, memo)]
    return _taken_apart(values) if step.takes_lists else [item for item in values if item[0] is not None]


def _taken_apart(values: list[Found]) -> list[Found]:
    """Take lists apart, and leave out what says nothing."""
    apart: list[Found] = []
    for found_ in values:
        value, path, _ = found_
        if isinstance(value, list):
            apart += [
                (item, (*path, i), None) for i, item in enumerate(value) if item is not None and item != "" and not _is_empty_map(item)
            ]
        elif value is not None and value != "" and not _is_empty_map(value):
            apart.append(found_)
    return apart


def _is_empty_map(value: Value) -> bool:
    return isinstance(value, dict) and _is_empty(value)


def _is_empty(value: Value) -> bool:
    """Whether a value says nothing: null, the empty string, or a map or list of such."""
    if isinstance(value, (dict, list)):
        return all(map(_is_empty, value.values() if isinstance(value, dict) else value))
    return value is None or value == ""


def _walk(value: Value, path: KeyPath, at: KeyPath) -> Iterator[Found]:
    """Follow a key path; a key after a list is looked up in each of its items."""
    for position, part in enumerate(path):
        if isinstance(part, str) and isinstance(value, list):
            for i, item in enumerate(value):
                yield from _walk(item, path[position:], (*at, i))
            return
        value, at = look_up(value, (part,)), (*at, part)
    yield value, at, None


def _at_position(path: KeyPath, source: Source) -> Iterator[Found]:
    """Find a longer key path in the small map of one position: it is the key of a list there, or goes on from one."""
    for length in range(len(path), 0, -1):
        name = list_name(path[:length])
        if name in source.map:
            yield from _walk(source.map[name], path[length:], source.path_of(name))
            return


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


def list_name(path: KeyPath) -> str:
    """The key that a list's item has in the small map of one position: as the ontology writes the list's key path."""
    return str(path[0]) if len(path) == 1 else format_key_path(path)


def _parallel(step: Step, source: Source) -> Iterator[Found]:
    """Walk lists together: item by item a small map of what stands at this position, as long as the longest."""
    lists = {}
    for path in step.sources:
        value = look_up(source.map, path)
        lists[list_name(path)] = value if isinstance(value, list) else [] if value is None else [value]
    first: KeyPath = (*source.path, *step.sources[0])
    for i in range(max(map(len, lists.values()))):
        item: dict[str, Value] = {key: values[i] for key, values in lists.items() if i < len(values)}
        if any(value is not None and value != "" for value in item.values()):
            yield item, (*first, i), None


def _converted(step: Step, value: Value, path: KeyPath, span: Span | None, source: Source, run: Run, memo: Memo) -> list[Found]:
    """Apply the conversions to a scalar, or to each scalar of a list; what can't be converted is a finding and stays as it is."""
    if isinstance(value, list):
        return [part for i, item in enumerate(value) for part in _converted(step, item, (*path, i), None, source, run, memo)]
    if value is None or value == "" or isinstance(value, dict):
        return [(value, path, span)]
    text = lexical_form(value)
    key = (id(step), text)
    known = memo.get(key)
    if known is None:
        try:
            known = list(_parts(_convert(step, text, source, run), text, step))
        except (ValueError, MissingVariableError) as error:
            help_ = "it is exported as it stands until it is mended"
            run.findings.append(Finding("MAP-CONVERSION", path, f"{quote(text)}: {error}", help=help_))
            return [(Unfit(text), path, span)]
        if not step.relative_to_record or (step.options.base and text.strip() != "#"):
            if len(memo) >= _REMEMBERED:
                memo.clear()
            memo[key] = known
    return [(part, path, part_span or span) for part, part_span in known]


def _convert(step: Step, text: str, source: Source, run: Run) -> Value:
    options = step.options
    if step.relative_to_record:
        base = fill_text(step.base, source, run.record) if step.base else options.base
        options = ConversionOptions(options.separator, base, run.iri, options.concepts)
    current: Value = text
    for convert in step.conversions:
        if isinstance(current, list):
            current = [part if isinstance(part, (dict, list, type(None))) else convert(lexical_form(part), options) for part in current]
        elif isinstance(current, (str, int)):
            current = convert(lexical_form(current), options)
    return current


def _parts(value: Value, text: str, step: Step) -> Iterator[tuple[Value, Span | None]]:
    """Say which characters of the scalar each part of a list is, as far as it still stands there."""
    if not isinstance(value, list) or from_json in step.conversions:
        yield value, None
        return
    position = 0
    for part in value:
        at = text.find(str(part), position)
        span = (at, at + len(str(part))) if at >= 0 else None
        position = span[1] if span else position
        yield part, span
