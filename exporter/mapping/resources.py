"""Resources: the IRI of a class's resource, and the maps that its steps read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import quote as percent_encode

from pyoxigraph import NamedNode

from exporter.language.datatypes import lexical_form
from exporter.language.filters import RESOLVED, InapplicableError, VariableError, resolve_path
from exporter.language.hidden import holds_hidden
from exporter.language.keypaths import BODY_KEYS
from exporter.language.patterns import Pattern
from exporter.language.templates import Template, Variable
from exporter.mapping.bodies import find_in_body
from exporter.mapping.model import Finding, RecordMapping, Source
from exporter.plan.model import ClassPlan
from exporter.problems import KeyPath, Severity, format_key_path
from exporter.records.record import Record
from exporter.records.values import Value, look_up
from exporter.text import enumerate_names, quote, write_pair


def special_value(path: KeyPath, source: Source, run: RecordMapping) -> Value:
    """Give what a special key stands for in a map; of what the body says the first."""
    key = str(path[0])
    if key in BODY_KEYS:
        return next((value for value, _ in find_in_body(path, run, whole=False)), None) if source.body is not None else None
    if key == "@body":
        return source.body if source.body and not source.body.isspace() else None
    if key == "@index":
        return source.index
    return source.key if key == "@key" else source.scalar


class MissingVariableError(Exception):
    """A template's variable has no value here."""

    def __init__(self, variable: Variable) -> None:
        super().__init__(variable.name)
        self.variable = variable


class UnfitVariableError(Exception):
    """A template's variable has a value that can't stand there."""

    def __init__(self, variable: Variable, reason: VariableError) -> None:
        super().__init__(str(reason))
        self.variable = variable
        self.reason = reason


def variable_text(variable: Variable, source: Source, run: RecordMapping) -> str:
    """Give a variable's text; raises MissingVariableError where there is none, VariableError where it is not a scalar."""
    first = str(variable.path[0])
    if variable.scope == "file":
        value: Value = run.file_text(first)
    elif variable.scope == "special":
        value = special_value(variable.path, source, run)
    else:
        map_ = run.record.front_matter if variable.scope == "record" else source.map
        value = map_.get(first) if len(variable.path) == 1 else look_up(map_, variable.path)
    if value is None and source.paths is not None:
        value = source.map.get(variable.name)  # the small map of one position has the lists' key paths as keys
    if value is None or value == "" or (isinstance(value, str) and value.isspace()):
        raise MissingVariableError(variable)
    if isinstance(value, (dict, list)):
        if value and variable.filters == ("when",):  # whatever there is
            return "when"
        raise VariableError("is a map or a list where a template needs one value", "write one value")
    return value if type(value) is str else lexical_form(value)


def _segments(variable: Variable, source: Source, run: RecordMapping, write: Callable[[str], str]) -> str:
    """Write the path segments that a variable stands for, each with its slash; none where there is nothing."""
    value: Value = None
    if variable.scope in {"map", "record"}:
        value = look_up(run.record.front_matter if variable.scope == "record" else source.map, variable.path)
    if isinstance(value, list) and variable.segments != "one":
        texts = [lexical_form(item) for item in _items(value)]
    else:
        try:
            text = variable_text(variable, source, run)
        except MissingVariableError:
            return ""
        texts = text.split("/") if variable.scope == "file" and variable.segments != "one" else [text]
    if variable.segments == "each word":
        texts = [word for text in texts for word in (text.split() if not isinstance(value, list) else [text])]
    return "".join(f"/{write(text.strip())}" for text in texts if text.strip())


def _items(values: list[Value]) -> Iterator[str | int | bool]:
    """Yield the scalars of a list, and of the lists in it."""
    for value in values:
        if isinstance(value, list):
            yield from _items(value)
        elif value is not None and not isinstance(value, dict):
            yield value


def fill_text(template: Template, source: Source, run: RecordMapping) -> str:
    """Fill a template as text, filtered and not encoded; raises MissingVariableError, or UnfitVariableError."""
    text = ""
    for part in template.parts:
        if isinstance(part, str):
            text += part
            continue
        try:
            text += _segments(part, source, run, part.filtered) if part.segments else part.filtered(variable_text(part, source, run))
        except VariableError as error:
            raise UnfitVariableError(part, error) from None
    return text


def fill_iri(template: Template, source: Source, run: RecordMapping) -> NamedNode | None:
    """Fill a template as an IRI; None, with a finding, where that can't be done."""
    if template.otherwise is not None:
        complete = complete_template(template, source, run)
        if complete is None:
            run.findings.append(_none_complete(template, source, run))
            return None
        template = complete
    text = ""
    for part in template.parts:
        if isinstance(part, str):
            text += part
            continue
        try:
            if part.segments:
                text += _segments(part, source, run, part.expand)
                continue
            value = variable_text(part, source, run)
            text = _followed(template, text, part, part.expand(value))
        except (MissingVariableError, InapplicableError):
            run.findings.append(_missing_variable(part, template, source, run.record))
            return None
        except VariableError as error:
            run.findings.append(unfit_variable("MAP-IRI-VARIABLE", part, error, source, run))
            return None
        if not value.isascii() and holds_hidden(value):
            path = path_of(part, source)
            message = f"{quote(value)} holds characters that don't show or turn the direction of writing, and becomes part of an IRI"
            run.findings.append(
                Finding("MAP-IRI-HIDDEN", path, message, help="type the value again without them", severity=Severity.WARNING)
            )
    try:
        return NamedNode(text)
    except ValueError:
        whole = template.single_variable
        return checked_iri(text, path_of(whole, source) if whole else source.path, run)


def _followed(template: Template, text: str, variable: Variable, expanded: str) -> str:
    """Put a part behind what is filled in; a `resolved` path counts from there, and climbs out of nothing that the template begins with."""
    if RESOLVED not in variable.filters:
        return text + expanded
    floor = template.parts[0] if isinstance(template.parts[0], str) else ""
    if "%2e" in expanded.lower():
        raise VariableError("has a dot that is percent-encoded", "write it as it is")
    return floor + resolve_path(text[len(floor) :], expanded)


_MISSING = {
    "@value": ("the value is a map", "write one text"),
    "@index": ("the value is not an item of a list", "write it as a list"),
    "@key": ("the value has no key", "write it as a map"),
    "@title": ("the body has no heading", "write one: # …"),
    "@body": ("there is no text after the front matter", "write one"),
}
"""Why a special key stands for nothing, and what to do."""


def _missing_variable(variable: Variable, template: Template, source: Source, record: Record) -> Finding:
    if variable.scope == "file":
        message = f"the path of the file gives no {variable.name}, and the IRI {template.text} needs it"
        help_: str | None = "move or rename the file, or let map:filePattern fit its path"
    elif variable.scope == "special":
        reason, help_ = _MISSING.get(variable.name, (f"there is no {variable.name}", None))
        message = f"{reason}, and the IRI {template.text} needs {{{variable.name}}}"
    else:
        message = f"the key {variable.name!r} is missing or empty, and the IRI {template.text} needs it"
        help_ = f"add {write_pair(variable.name, syntax=record.syntax)}"
    return Finding("MAP-IRI-VARIABLE", _place_of(variable, source), message, help=help_)


def complete_template(template: Template, source: Source, run: RecordMapping) -> Template | None:
    """Give the first of the alternatives in which no variable is missing."""
    return next((each for each in template.alternatives if _first_missing(each, source, run) is None), None)


def _first_missing(template: Template, source: Source, run: RecordMapping) -> Variable | None:
    for part in template.parts:
        if isinstance(part, Variable) and not part.segments:
            try:
                text = variable_text(part, source, run)
            except MissingVariableError:
                return part
            except VariableError:
                if not part.is_guarded:  # a guard takes some texts alone, and a map or a list is not one
                    return None  # there is a value, and what is wrong with it is said where it is used
                return part
            if part.is_guarded and not _is_taken(part, text):
                return part
    return None


def _is_taken(variable: Variable, text: str) -> bool:
    """Say whether the filters take a text, so that the next template of a list is for another: a path, a date."""
    try:
        variable.filtered(text)
    except VariableError:
        return False
    return True


def _none_complete(template: Template, source: Source, run: RecordMapping) -> Finding:
    missing = [part for each in template.alternatives if (part := _first_missing(each, source, run)) is not None]
    names = list(dict.fromkeys(part.name for part in missing))
    pairs = dict.fromkeys(write_pair(part.name, syntax=run.record.syntax) for part in missing if part.scope in {"map", "record"})
    are = "is" if len(names) == 1 else "are"
    message = f"no template of the IRI is complete: {enumerate_names(map(repr, names), 'and')} {are} missing or empty"
    return Finding("MAP-IRI-VARIABLE", _place_of(missing[0], source), message, help=f"add {enumerate_names(pairs)}" if pairs else None)


def _place_of(variable: Variable, source: Source) -> KeyPath:
    """Where a missing value is to be typed: after its key, or where the key is missing too, in the map that should hold it."""
    first = variable.path[0]
    there = variable.scope == "map" and len(variable.path) == 1 and first in source.map
    return source.path_of(str(first)) if there else source.path


def path_of(variable: Variable, source: Source) -> KeyPath:
    """Say where the value of a variable stands."""
    if variable.scope == "special":
        return source.path
    if variable.scope != "map":
        return variable.path if variable.scope == "record" else ()
    return (*source.path_of(str(variable.path[0])), *variable.path[1:])


def unfit_variable(code: str, variable: Variable, error: VariableError, source: Source, run: RecordMapping) -> Finding:
    """Say at the value why it can't stand in a template."""
    path = path_of(variable, source)
    value: Value = None
    if variable.scope == "special":
        value = source.scalar if variable.path == ("@value",) else source.key
    elif variable.scope == "file":
        value = variable_text(variable, source, run)
    else:
        value = look_up(run.record.front_matter if variable.scope == "record" else source.map, variable.path)
    shown = f"the value of {format_key_path(path)}" if value is None or isinstance(value, (dict, list)) else quote(lexical_form(value))
    return Finding(code, path, f"{shown} {error}", help=error.help)


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
