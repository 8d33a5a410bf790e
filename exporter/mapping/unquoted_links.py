"""`[[Note]]` without quotes, which YAML takes for a list in a list: read as the link that was meant, where links are looked up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from exporter.language.datatypes import lexical_form
from exporter.mapping.model import Finding, Found, RecordMapping, Source
from exporter.problems import KeyPath, Severity
from exporter.records.values import Value
from exporter.text import quote


def unquoted_links(find: Callable[[Source, RecordMapping], Sequence[Found]], source: Source, run: RecordMapping) -> Sequence[Found]:
    """Give what a step finds, with links in place of the lists that they are to YAML; each is said."""
    found = find(source, run)
    if run.record.syntax != "yaml" or not any(isinstance(value, list) for value, _, _ in found):
        return found
    return [(_links(value, path, run), path, span) for value, path, span in found]


def _links(value: Value, path: KeyPath, run: RecordMapping) -> Value:
    link = _link(value, path, run)
    if link is not None or not isinstance(value, list):
        return link or value
    return [_link(item, (*path, number), run) or item for number, item in enumerate(value)]


def _link(value: Value, path: KeyPath, run: RecordMapping) -> str | None:
    link = read_unquoted(value)
    if link is None:
        return None
    message = f"{link} without quotes is a list in a list to YAML, and is read as a link"
    run.findings.append(Finding("REF-UNQUOTED", path, message, help=f"write {quote(link)}", severity=Severity.WARNING))
    return link


def read_unquoted(value: Value) -> str | None:
    """Give the link that a list in a list was meant as; None where the value is another.

    >>> read_unquoted([["Bread", "fresh"]]), read_unquoted(["a"]), read_unquoted([["a"], ["b"]])
    ('[[Bread, fresh]]', None, None)
    """
    if not (isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) and value[0]):
        return None
    if any(isinstance(part, (dict, list)) or part is None for part in value[0]):
        return None
    return f"[[{', '.join(lexical_form(part) for part in value[0])}]]"  # type: ignore[arg-type]  # scalars
