"""Resources: the IRI of a class's resource, and the maps that its steps read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import quote as percent_encode

from pyoxigraph import NamedNode

from exporter.language.datatypes import lexical_form
from exporter.language.hidden import holds_hidden
from exporter.language.patterns import Pattern
from exporter.language.templates import Template, Variable, VariableError
from exporter.mapping.model import Finding, RecordMapping, Source
from exporter.plan.model import ClassPlan
from exporter.problems import KeyPath, Severity, format_key_path
from exporter.records.record import Record
from exporter.records.values import Value
from exporter.text import quote, write_pair


def look_up(map_: Value, path: KeyPath) -> Value:
    """Follow a key path through maps and lists; None where it leads nowhere."""
    value = map_
    for part in path:
        if isinstance(part, str):
            value = value.get(part) if isinstance(value, dict) else None
        else:
            value = value[part] if isinstance(value, list) and part < len(value) else None
    return value


class MissingVariableError(Exception):
    """A template's variable has no value here."""

    def __init__(self, variable: Variable) -> None:
        super().__init__(variable.name)
        self.variable = variable


def variable_text(variable: Variable, source: Source, record: Record) -> str:
    """Give a variable's text; raises MissingVariableError where there is none, VariableError where it is no scalar."""
    if variable.scope == "file":
        path = PurePosixPath(record.path)
        return {"path": path.as_posix(), "stem": path.stem, "parent": path.parent.name}[str(variable.path[0])]
    map_ = record.front_matter if variable.scope == "record" else source.map
    first = variable.path[0]
    value = map_.get(str(first)) if len(variable.path) == 1 else look_up(map_, variable.path)
    if value is None and source.paths is not None:
        value = map_.get(variable.name)  # the small map of one position has the lists' key paths as keys
    if value is None or value == "" or (isinstance(value, str) and value.isspace()):
        raise MissingVariableError(variable)
    if isinstance(value, (dict, list)):
        raise VariableError("is a map or a list where a template needs one value", "write one value")
    return value if type(value) is str else lexical_form(value)


def fill_text(template: Template, source: Source, record: Record) -> str:
    """Fill a template as text, nothing encoded."""
    return "".join(part if isinstance(part, str) else variable_text(part, source, record) for part in template.parts)


def fill_iri(template: Template, source: Source, run: RecordMapping) -> NamedNode | None:
    """Fill a template as an IRI; None, with a finding, where that can't be done."""
    text = ""
    for part in template.parts:
        if isinstance(part, str):
            text += part
            continue
        try:
            value = variable_text(part, source, run.record)
            text += part.expand(value)
        except MissingVariableError:
            message = f"the key {part.name!r} is missing or empty, and the IRI {template.text} needs it"
            run.findings.append(
                Finding("MAP-IRI-VARIABLE", _place_of(part, source), message, help=f"add {write_pair(part.name, syntax=run.record.syntax)}")
            )
            return None
        except VariableError as error:
            run.findings.append(_unfit_variable(part, source, error))
            return None
        if not value.isascii() and holds_hidden(value):
            path = _path_of(part, source)
            message = f"{quote(value)} holds characters that don't show or turn the direction of writing, and becomes part of an IRI"
            run.findings.append(
                Finding("MAP-IRI-HIDDEN", path, message, help="type the value again without them", severity=Severity.WARNING)
            )
    try:
        return NamedNode(text)
    except ValueError:
        whole = template.single_variable
        return checked_iri(text, _path_of(whole, source) if whole else source.path, run)


def _place_of(variable: Variable, source: Source) -> KeyPath:
    """Where a missing value is to be typed: after its key, or where the key is missing too, in the map that should hold it."""
    first = variable.path[0]
    there = variable.scope == "map" and len(variable.path) == 1 and first in source.map
    return source.path_of(str(first)) if there else source.path


def _path_of(variable: Variable, source: Source) -> KeyPath:
    if variable.scope != "map":
        return variable.path if variable.scope == "record" else ()
    return (*source.path_of(str(variable.path[0])), *variable.path[1:])


def _unfit_variable(variable: Variable, source: Source, error: VariableError) -> Finding:
    path = _path_of(variable, source)
    value = look_up(source.map, variable.path)
    shown = quote(value) if isinstance(value, str) else f"the value of {format_key_path(path)}"
    help_ = error.help
    return Finding("MAP-IRI-VARIABLE", path, f"{shown} {error}", help=help_)


def checked_iri(text: str, path: KeyPath, run: RecordMapping) -> NamedNode | None:
    """Make an IRI of a text; None, with a finding, where RFC 3987 does not allow it."""
    try:
        return NamedNode(text)
    except ValueError as error:
        reason = str(error)
    message = f"{quote(text, 120)} is not an IRI: {reason[:1].lower()}{reason[1:]}"
    run.findings.append(Finding("MAP-IRI", path, message, help="write an absolute address such as https://example.org/page"))
    return None


@lru_cache(maxsize=8192)
def fragment(path: KeyPath) -> str:
    """Name a nested resource by its key path: `a.b`, and `/2` for the second item of a list.

    >>> fragment(("featuredImage", "wpAttachment")), fragment(("author", 0)), fragment(("author", 1, "site"))
    ('featuredImage.wpAttachment', 'author', 'author/2.site')
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"/{part + 1}" if part else ""
        else:
            text += ("." if text else "") + percent_encode(part, safe="!$&'()*+,;=:@").replace(".", "%2E")
    return text


def nested_iri(source: Source, path: KeyPath) -> NamedNode:
    """The IRI of a resource that has none of its own: its parent's, and the key path as fragment."""
    joint = "/" if "#" in source.anchor else "#"
    return NamedNode(source.anchor + joint + fragment(path[source.depth :]))


def read_map(of: ClassPlan, value: Value, path: KeyPath, parent: Source) -> Source | None:
    """Read a value as the map of a class: a map as it is, a scalar through the pattern, `@value` or the template's one variable."""
    if isinstance(value, dict):
        return parent.below(value, path)
    if value is None or isinstance(value, list):
        return None
    if of.pattern is not None:
        return _captured(of.pattern, lexical_form(value), path, parent)
    variable = of.template.single_variable if of.template else None
    if variable is not None and variable.scope == "map" and len(variable.path) == 1:
        name = str(variable.path[0])
        return parent.below({name: value}, path, paths={name: path}, scalar=value)
    return parent.below({}, path, scalar=value) if of.reads_scalar else None


def _captured(pattern: Pattern, text: str, path: KeyPath, parent: Source) -> Source | None:
    match = pattern.match(text)
    if match is None:
        return None
    groups: dict[str, Value] = {name: group for name, group in match.groupdict().items() if group is not None}
    return parent.below(groups, path, paths=dict.fromkeys(groups, path), match=match, scalar=text)
