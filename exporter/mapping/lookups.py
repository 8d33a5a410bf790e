"""What a step finds in its map: key paths followed, lists taken apart, positions of lists walked together.

What depends on the step alone is settled once, when its finder is made: a record has 22 finders to run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from exporter.language.datatypes import lexical_form
from exporter.language.keypaths import BODY_KEYS, FILE_KEY, SPECIAL_KEYS
from exporter.language.templates import Template
from exporter.mapping.bodies import find_in_body
from exporter.mapping.converting import Converting
from exporter.mapping.model import Finding, Found, RecordMapping, Source
from exporter.mapping.resources import MissingVariableError, UnfitVariableError, fill_iri, fill_text, special_value, unfit_variable
from exporter.mapping.unquoted_links import unquoted_links
from exporter.plan.model import Step
from exporter.problems import KeyPath, format_key_path
from exporter.records.values import Value, look_up
from exporter.text import quote

Find = Callable[[Source, RecordMapping], Sequence[Found]]


def finder(step: Step) -> Find:
    """Make what gives a step's values, each with its key path and, for a part of a scalar, its span; null and the empty string are none."""
    if step.each:
        return partial(_parallel, [(list_name(path), path) for path in step.sources])
    whole = any(value.kind == "resource" for value in step.values)
    finders: list[Find] = [partial(_entries, path) if step.entries else _reader(path, whole=whole) for path in step.sources]
    if step.value is not None:
        finders.insert(0, partial(_filled, step, step.value))
    find = finders[0] if len(finders) == 1 else partial(_all_of, finders)
    if step.default is not None:
        find = partial(_or_default, step, step.default, find)
    if step.conversions:
        find = partial(Converting(step).find, find)
    if step.looks_up:
        find = partial(unquoted_links, find)
    return partial(_taken_apart if step.takes_lists else _said, find)


def _reader(path: KeyPath, *, whole: bool) -> Find:
    key = path[0]
    if key in BODY_KEYS:
        return partial(_in_body, path, whole)
    if key == FILE_KEY:
        return partial(_file_name, str(path[1]))
    if len(path) > 1 or not isinstance(key, str):
        return partial(_at_path, path)
    return partial(_special, key) if key in SPECIAL_KEYS else partial(_at_key, key)


def _all_of(finders: Sequence[Find], source: Source, run: RecordMapping) -> Sequence[Found]:
    return [found for find in finders for found in find(source, run)]


def _said(find: Find, source: Source, run: RecordMapping) -> Sequence[Found]:
    return [found for found in find(source, run) if found[0] is not None]


def _taken_apart(find: Find, source: Source, run: RecordMapping) -> Sequence[Found]:
    """Take lists apart, and leave out what says nothing."""
    values = find(source, run)
    if len(values) == 1 and type(values[0][0]) is str:
        return values if values[0][0] else ()
    apart: list[Found] = []
    for found in values:
        value, path, _ = found
        if isinstance(value, list):
            apart += [(item, (*path, i), None) for i, item in enumerate(value) if (item if type(item) is str else not is_nothing(item))]
        elif not is_nothing(value):
            apart.append(found)
    return apart


def is_nothing(value: Value) -> bool:
    """Whether a value says nothing: null, the empty string, or a map of such."""
    return value is None or value == "" or (isinstance(value, dict) and _is_empty(value))


def _is_empty(value: Value) -> bool:
    """Whether a value says nothing: null, the empty string, or a map or list of such."""
    if isinstance(value, (dict, list)):
        return all(map(_is_empty, value.values() if isinstance(value, dict) else value))
    return value is None or value == ""


def _at_key(key: str, source: Source, run: RecordMapping) -> Sequence[Found]:
    value = source.map.get(key)
    if value is None:
        return ()
    if source.paths is None:
        return ((value, (*source.path, key), None),)
    return ((value, source.path_of(key), source.span_of(key) if run.traced else None),)


def _special(key: str, source: Source, run: RecordMapping) -> Sequence[Found]:
    return ((special_value((key,), source, run), (key,) if key == "@body" else source.path, None),)


def _in_body(path: KeyPath, whole: bool, source: Source, run: RecordMapping) -> Sequence[Found]:
    """Find what the body says; a link is its target, unless a class reads the `whole`."""
    if source.body is None:
        return ()
    return [(value, at, None) for value, at in find_in_body(path, run, whole=whole)]


def _file_name(name: str, _source: Source, run: RecordMapping) -> Sequence[Found]:
    return ((run.file_text(name), (), None),)


def _at_path(path: KeyPath, source: Source, _run: RecordMapping) -> Sequence[Found]:
    if source.paths is not None:
        return list(_at_position(path, source))
    value: Value = source.map
    for part in path:
        if isinstance(part, str) and isinstance(value, dict):
            value = value.get(part)
        elif isinstance(part, int) and isinstance(value, list) and part < len(value):
            value = value[part]
        else:
            return list(_walk(source.map, path, source.path)) if isinstance(value, list) else ()
    return ((value, (*source.path, *path), None),)


def _walk(value: Value, path: KeyPath, at: KeyPath) -> Iterator[Found]:
    """Follow a key path; a key after a list is looked up in each of its items."""
    for position, part in enumerate(path):
        if isinstance(part, str) and isinstance(value, list):
            for i, item in enumerate(value):
                yield from _walk(item, path[position:], (*at, i))
            return
        value, at = look_up(value, (part,)), (*at, part)
    yield value, at, None


def place_of(path: KeyPath, source: Source) -> KeyPath:
    """Say where a key path leads in the record: in the small map of one position its beginning may be the key of a list elsewhere."""
    for length in range(len(path), 0, -1) if source.paths is not None else ():
        if list_name(path[:length]) in source.map:
            return (*source.path_of(list_name(path[:length])), *path[length:])
    return (*source.path, *path)


def _at_position(path: KeyPath, source: Source) -> Iterator[Found]:
    """Find a longer key path in the small map of one position: it is the key of a list there, or goes on from one."""
    for length in range(len(path), 0, -1):
        name = list_name(path[:length])
        if name in source.map:
            yield from _walk(source.map[name], path[length:], source.path_of(name))
            return


def _entries(path: KeyPath, source: Source, run: RecordMapping) -> Sequence[Found]:
    """Give each entry of a map with open keys; a value that is not a map stays as it is, and is a finding."""
    found: list[Found] = []
    for value, at, span in _reader(path, whole=True)(source, run):
        for map_, place in [(item, (*at, i)) for i, item in enumerate(value)] if isinstance(value, list) else [(value, at)]:
            if isinstance(map_, dict):
                found += [(inner, (*place, key), None) for key, inner in map_.items()]
            elif map_ is not None and map_ != "":
                run.findings.append(Finding("MAP-VALUE", place, f"{_kind(map_)} stands where a map is expected", help=_AS_ENTRIES))
                found.append((map_, place, span))
    return found


_AS_ENTRIES = "map:entries reads each entry of a map: write the value under a key"


def _kind(value: Value) -> str:
    return "a list" if value is None or isinstance(value, (dict, list)) else quote(lexical_form(value))


def _or_default(step: Step, template: Template, find: Find, source: Source, run: RecordMapping) -> Sequence[Found]:
    """Give what `find` does, or the default where that says nothing; what is wrong with it points at the map."""
    values = find(source, run)
    if not all(_is_empty(value) for value, _, _ in values):
        return values
    known = len(run.findings)
    made = _filled(step, template, source, run)
    for finding in run.findings[known:]:
        finding.key_path, finding.on_key, finding.span = source.path, False, None
    of_its_own = any(value.kind == "resource" and value.of is not None and value.of.template is None for value in step.values)
    place = (*source.path, *step.sources[0]) if of_its_own and step.sources else source.path
    return [(value, place, None) for value, _, _ in made]


def _filled(step: Step, template: Template, source: Source, run: RecordMapping) -> Sequence[Found]:
    used = [variable for variable in template.variables if variable.scope == "map"]
    path = (*source.path_of(str(used[0].path[0])), *used[0].path[1:]) if used else source.path
    try:
        text = fill_text(template, source, run)
    except MissingVariableError:
        return ()  # what is derived from nothing is nothing
    except UnfitVariableError as error:
        run.findings.append(unfit_variable("MAP-VALUE", error.variable, error.reason, source, run))
        return ()
    if step.values[0].kind != "iri":
        return ((text, path, None),)
    node = fill_iri(template, source, run)
    return ((node.value, path, None),) if node is not None else ()


def list_name(path: KeyPath) -> str:
    """The key that a list's item has in the small map of one position: as the ontology writes the list's key path."""
    return str(path[0]) if len(path) == 1 else format_key_path(path)


def _parallel(lists: Sequence[tuple[str, KeyPath]], source: Source, _run: RecordMapping) -> Sequence[Found]:
    """Walk lists together: item by item a small map of what stands at this position, as long as the longest."""
    columns: list[tuple[str, list[Value]]] = []
    for name, path in lists:
        value = look_up(source.map, path)
        columns.append((name, value if isinstance(value, list) else [] if value is None else [value]))
    first: KeyPath = (*source.path, *lists[0][1])
    found: list[Found] = []
    for i in range(max([len(items) for _, items in columns])):
        item = {name: items[i] for name, items in columns if i < len(items)}
        for value in item.values():
            if value is not None and value != "":
                found.append((item, (*first, i), None))
                break
    return found
