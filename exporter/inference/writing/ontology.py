"""The ontology as Turtle, for a person who goes on with it: grouped, with the evidence as comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from exporter.generate.names import comment, escape
from exporter.inference.model import InferredClass, InferredModel, RowDraft
from exporter.inference.naming import PREFIX
from exporter.inference.ranges import one_or_list
from exporter.inference.terms import load_terms, words_of
from exporter.rdf.terms import MAP, OWL, RDF, RDFS, SH, XSD
from exporter.text import plural

STANDARD: Mapping[str, str] = {"map": MAP, "owl": OWL, "rdf": RDF, "rdfs": RDFS, "sh": SH, "xsd": XSD}
_USED = re.compile(r"(?<![\w:/<\"{])([a-z]+):(?=[A-Za-z])")


def write_ontology(model: InferredModel) -> str:
    """Write the ontology."""
    lines = list(_blocks(model))
    return "\n".join([*_prefixes(model, lines), "", *lines, ""])


def class_term(name: str) -> str:
    """Write the name of a class: one of the site's own, or an IRI in angle brackets that somebody else gave it."""
    return name if name.startswith("<") else f"{PREFIX}:{name}"


def _prefixes(model: InferredModel, lines: Iterable[str]) -> Iterator[str]:
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    used = set(_USED.findall(text))
    return (f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(namespaces(model).items()) if prefix in used)


def namespaces(model: InferredModel) -> Mapping[str, str]:
    """Give all prefixes that may be written, with their namespaces."""
    return {**STANDARD, **load_terms().prefixes, **model.prefixes, PREFIX: model.namespace}


def _blocks(model: InferredModel) -> Iterator[str]:
    yield f"# {comment(model.title)}: what the keys of {plural(model.records, 'record')} mean."
    yield "# Written by `owltype init` as a start, and yours from now on: change what is wrong, and add what is missing."
    yield f"# The classes: {comment(model.reason)}."
    yield ""
    said = [f'rdfs:label "{escape(model.title)}"@en', f'map:constant "site={escape(model.site)}"']
    if model.type_key and model.type_key != "owlType":
        said.append(f'map:typeKey "{escape(model.type_key)}"')
    yield f"<{model.namespace.rstrip('#/')}> a owl:Ontology ;"
    yield from _joined([f"    {line}" for line in said])
    yield ""
    groups = (
        ("Records", [each for each in model.classes if each.is_of_records or each.match or each.file_pattern or _is_above(each, model)]),
        (
            "Maps in records",
            [each for each in model.classes if not each.is_of_records and not each.templates and not _is_above(each, model)],
        ),
        ("Values", [each for each in model.classes if not each.is_of_records and each.templates and not _is_above(each, model)]),
    )
    for title, classes in groups:
        if classes:
            yield f"### {title}"
            yield ""
        for each in classes:
            yield from class_lines(each)
            yield ""
    yield from _own_terms(model)


def _is_above(each: InferredClass, model: InferredModel) -> bool:
    return any(other.parent == each.name for other in model.classes)


def class_lines(each: InferredClass) -> Iterator[str]:
    """Yield the lines of a class, with the evidence as comments."""
    yield from (f"# {comment(note)}" for note in each.notes)
    above = [class_term(each.parent)] if each.parent else []
    above += [each.kind] if each.kind else []
    subclass = f"rdfs:subClassOf {' , '.join(above)} ; " if above else ""
    shown = f"map:type {each.kind} ; " if each.kind else ""
    said = [f'{subclass}{shown}rdfs:label "{escape(each.label)}"@en']
    if each.labels:
        said.append("map:owlType " + " , ".join(_texts(each.labels)))
    if each.files:
        said.append("map:files " + " ,\n        ".join(_texts(each.files)))
    if each.file_pattern:
        said.append(f'map:filePattern "{escape(each.file_pattern)}"')
    if each.templates:
        said.append(f"map:iri {one_or_list(_texts(each.templates))}")
    if each.match:
        said.append(f"map:match {one_or_list(_texts(each.match))}")
    said += [f"{term} {value}" for term, value in each.extras]
    if each.ignored:
        said.append("map:ignore " + " , ".join(_texts(each.ignored)))
    yield f"{class_term(each.name)} a owl:Class ;"
    lines = [f"    {line}" for line in said]
    if not each.rows:
        yield from _joined(lines)
        return
    yield from (f"{line} ;" for line in lines)
    yield "    map:reads"
    for number, row in enumerate(each.rows):
        *notes, written = row_lines(row)
        yield from (f"        {note}" for note in notes)
        yield f"        {written} {'.' if number == len(each.rows) - 1 else ','}"


def row_lines(row: RowDraft) -> list[str]:
    """Write a row on one line, after the lines of its evidence."""
    return [*(f"# {comment(note)}" for note in row.notes), _row(row)]


def _row(row: RowDraft) -> str:
    said = [f"map:property {row.term}"]
    if row.keys:
        keys = _texts(row.keys)
        said.append(f"{row.reads} {one_or_list(keys) if row.reads == 'map:each' else ' , '.join(keys)}")
    said.append("map:range " + " , ".join(row.ranges))
    said += [f"{term} {value}" for term, value in row.extras]
    return f"[ {' ; '.join(said)} ]"


def _joined(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{line} {'.' if number == len(lines) - 1 else ';'}"


def _texts(texts: Iterable[str]) -> list[str]:
    return [f'"{escape(text)}"' for text in texts]


def _own_terms(model: InferredModel) -> Iterator[str]:
    lines = [*term_lines(row for each in model.classes for row in each.rows)]
    if lines:
        yield "### Properties of this site"
        yield ""
    yield from lines


def term_lines(rows: Iterable[RowDraft]) -> Iterator[str]:
    """Declare the site's own properties with a label, so that whoever reads the graph can look them up."""
    own: dict[str, bool] = {}
    for row in rows:
        if row.term.startswith(f"{PREFIX}:"):
            own[row.term] = own.get(row.term, False) or row.is_node
    for name in sorted(own):
        kind = "owl:ObjectProperty" if own[name] else "owl:DatatypeProperty"
        yield f'{name} a {kind} ; rdfs:label "{escape(words_of(name.partition(":")[2]))}"@en .'
