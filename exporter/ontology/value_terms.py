"""What can't work in what an ontology says of values: defaults, languages, forms of dates, paths of new files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from exporter.language.datatypes import datatype, is_datatype
from exporter.language.dates import FormError, date_form
from exporter.language.tags import is_language_tag, near_language_tag
from exporter.language.templates import Template, Variable
from exporter.ontology.model import KeyMapping, OntologyClass
from exporter.text import quote

ReadTemplate = Callable[[str], Template]


class ValueFault(NamedTuple):
    """A finding about one annotation: the code, the sentence, the term and its value, and what to do."""

    code: str
    message: str
    term: str
    value: str
    help: str | None = None


def mapping_faults(mapping: KeyMapping, read_template: ReadTemplate) -> Iterator[ValueFault]:
    """Yield what can't work in what a row or property says of its values."""
    if mapping.default is not None:
        yield from _template_fault("default", mapping.default, read_template)
    yield from _language_faults(mapping.languages, read_template)
    for text in mapping.date_forms:
        try:
            date_form(text)
        except FormError as error:
            help_ = f'write "{error.instead}"' if error.instead else None
            yield ValueFault("ONT-DATE-FORMAT", str(error), "dateFormat", text, help_)


def class_faults(known: OntologyClass, templates: Sequence[str], read_template: ReadTemplate) -> Iterator[ValueFault]:
    """Yield what can't work in what a class says of its values and files; `templates` are those of its IRIs."""
    yield from _language_faults(known.languages, read_template)
    if known.new_file is not None:
        yield from _new_file_faults(known.new_file, templates, read_template)


def default_faults(mapping: KeyMapping, ranges: Iterable[str], read_template: ReadTemplate) -> Iterator[ValueFault]:
    """Yield a default that is one text for all and a value of none of the ranges."""
    if mapping.default is None or mapping.conversions or mapping.date_forms:
        return
    try:
        template = read_template(mapping.default)
    except ValueError:
        return  # told elsewhere
    ranges = list(ranges)
    if template.variables or not ranges or not all(map(is_datatype, ranges)):
        return
    text = "".join(map(str, template.parts))
    checks = [datatype(range_) for range_ in ranges]
    if all(range_.check is not None and not range_.check(text) for range_ in checks):
        message = f"the default {quote(text)} is not a valid {checks[0].iri.rpartition('#')[2]}: expected {checks[0].expected}"
        yield ValueFault("ONT-VALUE", message, "default", mapping.default, "write a value of the range")


def _template_fault(term: str, text: str, read_template: ReadTemplate) -> Iterator[ValueFault]:
    try:
        read_template(text)
    except ValueError as error:
        yield ValueFault("ONT-TEMPLATE", str(error), term, text)


def _language_faults(texts: Sequence[str], read_template: ReadTemplate) -> Iterator[ValueFault]:
    for text in texts:
        if "{" in text or "}" in text:
            yield from _template_fault("language", text, read_template)
        elif not is_language_tag(text):
            near = near_language_tag(text)
            message = f"{text!r} is not a language tag (BCP 47)" + (f"; did you mean {near!r}?" if near else "")
            yield ValueFault("ONT-LANGUAGE", message, "language", text)


def _new_file_faults(text: str, templates: Sequence[str], read_template: ReadTemplate) -> Iterator[ValueFault]:
    try:
        template = read_template(text)
    except ValueError as error:
        yield ValueFault("ONT-TEMPLATE", str(error), "newFile", text)
        return
    start = template.parts[0] if isinstance(template.parts[0], str) else ""
    fixed = [segment for part in template.parts if isinstance(part, str) for segment in part.replace("\\", "/").split("/")]
    of_file = [variable for variable in template.variables if variable.scope == "file"]
    unknown = [variable.name for variable in of_file if not _is_in_iri(variable, templates, read_template)]
    if unknown:
        message = f"the template {text!r} has {{{unknown[0]}}}, which a file that is yet to be made has only where map:iri has it too"
        yield ValueFault("ONT-TEMPLATE", message, "newFile", text, "make the path of keys")
    elif start.startswith(("/", "\\")) or "://" in text or ".." in fixed:
        message = f"the template {text!r} leads out of the project"
        yield ValueFault("ONT-TEMPLATE", message, "newFile", text, "write a path below the project's root, such as content/{slug}.md")
    elif not isinstance(template.parts[-1], str) or "." not in fixed[-1]:
        message = f"the template {text!r} makes a file without an ending"
        yield ValueFault("ONT-TEMPLATE", message, "newFile", text, "end it in .md, or in another ending of records")


def _is_in_iri(variable: Variable, templates: Sequence[str], read_template: ReadTemplate) -> bool:
    """Whether the IRI of a record gives the text of a variable back."""
    for text in templates:
        try:
            template = read_template(text)
        except ValueError:
            continue  # told elsewhere
        if any((of_iri.scope, of_iri.path) == (variable.scope, variable.path) and not of_iri.filters for of_iri in template.variables):
            return True
    return False
