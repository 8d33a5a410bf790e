"""What a step finds in its map: key paths followed, lists taken apart, conversions done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exporter.language.conversions import ConversionOptions, from_json
from exporter.language.datatypes import lexical_form
from exporter.language.templates import VariableError
from exporter.mapping.model import Finding, Run, Source, Span
from exporter.mapping.resources import MissingVariableError, fill_iri, fill_text, look_up
from exporter.plan.model import Step
from exporter.problems import KeyPath, format_key_path
from exporter.records.values import Value
from exporter.text import quote

Found = tuple[Value, KeyPath, "Span | None"]
Memo = dict[tuple[int, str], "list[tuple[Value, Span | None]]"]
"""What conversions made of texts before, by step and text: sites repeat themselves, and so do their links and topics."""

_REMEMBERED = 20_000


def found(step: Step, source: Source, run: Run, memo: Memo) -> Iterable[Found]:
    """Give a step's values, each with its key path and, for a part of a scalar, its span; null and the empty string are none."""
    if step.each:
        return _parallel(step, source)
    key = step.only_key
    if key is None:
        return _all_found(step, source, run, memo)
    value = source.map.get(key)
    if value is None or value == "":
        return ()
    if step.conversions:
        if type(value) is str and (known := memo.get((id(step), value))) is not None and not run.traced:
            path = source.path_of(key)
            return [item for part, _ in known for item in _items(part, path, None)]
        return _all_found(step, source, run, memo)
    if step.takes_lists:
        return _items(value, source.path_of(key), source.span_of(key))
    return ((value, source.path_of(key), None),)


def _all_found(step: Step, source: Source, run: Run, memo: Memo) -> Iterator[Found]:
    for value, path, span in _read(step, source, run):
        for item in _converted(step, value, path, source, run, memo) if step.conversions else ((value, path, span),):
            if step.takes_lists:
                yield from _items(*item)
            else:
                yield item


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


def _converted(step: Step, value: Value, path: KeyPath, source: Source, run: Run, memo: Memo) -> Iterator[Found]:
    """Apply the conversions to a scalar, or to each scalar of a list; what can't be converted is a finding and stays as it is."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _converted(step, item, (*path, i), source, run, memo)
        return
    if value is None or value == "" or isinstance(value, dict):
        yield value, path, None
        return
    text = lexical_form(value)
    key = (id(step), text)
    known = memo.get(key)
    if known is None:
        try:
            known = list(_parts(_convert(step, text, source, run), text, step))
        except (ValueError, MissingVariableError) as error:
            help_ = "it is exported as it stands until it is mended"
            run.findings.append(Finding("MAP-CONVERSION", path, f"{quote(text)}: {error}", help=help_))
            yield value, path, None
            return
        if not step.relative_to_record or (step.options.base and text.strip() != "#"):
            if len(memo) >= _REMEMBERED:
                memo.clear()
            memo[key] = known
    for part, span in known:
        yield part, path, span


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
