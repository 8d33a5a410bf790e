"""Records that bring their own meaning: front matter with `@context` is JSON-LD, and its statements join the mapped ones.

The parser is pyoxigraph's. Contexts come from the record or from the plan, and nothing is fetched. Nodes without a name get one, as
nested resources do (RDF 1.1 Concepts, section 3.5): the record's address, and `#` with the property that leads there.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote as percent_encode

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, parse

from exporter.mapping.json_ld_nodes import Named, name_nodes
from exporter.mapping.model import Finding, Origin, RecordMapping
from exporter.problems import KeyPath
from exporter.rdf.terms import RDF_TYPE, Block, Term
from exporter.records.values import Plain, Value
from exporter.text import parser_reason, quote

CONTEXT = "@context"
NO_ADDRESS = "https://address.invalid/"
"""The base of a record that has no address: an IRI that begins with it was relative."""

SITE = "site"
"""The constant that a record's address begins with where no class gives it one."""

Contexts = Mapping[str, Any]
"""What stands for the names of contexts: the IRIs that records write, and the project paths of the files."""


class MissingContextError(Exception):
    """A context is named that the settings do not have."""

    def __init__(self, name: object, path: KeyPath) -> None:
        super().__init__(str(name))
        self.name = name
        self.path = path


class JsonLd:
    """Reads records as JSON-LD, with the contexts of a plan."""

    def __init__(self, contexts: Contexts, site: str | None) -> None:
        self._contexts = contexts
        self._site = site

    def address(self, path: str) -> str | None:
        """Give the address of a file that no class gives one."""
        return f"{self._site.rstrip('/')}/{percent_encode(path)}" if self._site else None

    def join(self, run: RecordMapping) -> NamedNode | None:
        """Add a record's own statements to a run, whose `iri` is its address; give the node that the record is, None where it has none."""
        record = run.record
        try:
            document = _document(record.front_matter, self._contexts, record.path, ())
            text = json.dumps(document, ensure_ascii=False).encode()
            quads = list(parse(text, format=RdfFormat.JSON_LD, base_iri=run.iri or NO_ADDRESS))
        except MissingContextError as error:
            message = f"the context {quote(error.name)} is not one that the settings name, and nothing is ever fetched"
            help_ = f'write the context into the record, or save it and name the file: contexts = {{ {quote(error.name)} = "…" }}'
            run.findings.append(Finding("MAP-CONTEXT", error.path, message, help=help_))
            return None
        except (SyntaxError, ValueError, RecursionError) as error:
            message = f"the front matter can't be read as JSON-LD: {parser_reason(str(error))}"
            run.findings.append(Finding("MAP-JSON-LD", (CONTEXT,), message, help="fix the context or the key that it is about"))
            return None
        if any(not isinstance(quad.graph_name, DefaultGraph) for quad in quads):
            message = "the record has a named graph, which is not exported: all records make one graph"
            run.findings.append(Finding("MAP-JSON-LD", ("@graph",), message, help="leave out the @id beside @graph"))
        triples = [quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
        named = name_nodes(triples, run.iri or NO_ADDRESS)
        if not run.iri and any(name.startswith(NO_ADDRESS) for name in _names(named)):
            message = "the record has no address, and something in it is named relative to that"
            help_ = 'define the constant "site", or write absolute IRIs as @id'
            run.findings.append(Finding("MAP-JSON-LD", (CONTEXT,), message, help=help_))
            return None
        _add(named, run)
        return NamedNode(run.iri) if run.iri else next((block.subject for block in named if isinstance(block.subject, NamedNode)), None)

    def defines(self, front_matter: Mapping[str, Value], key: str, path: str) -> bool:
        """Say whether a record's context says what a key means."""
        if key.startswith("@") or ":" in key:
            return True
        context = _document(front_matter[CONTEXT], self._contexts, path, (CONTEXT,), is_context=True)
        known = vocabulary = False
        for part in context if isinstance(context, list) else [context]:
            if part is None:
                known = vocabulary = False  # JSON-LD 1.1, section 4.1.2: null takes back what was said before
            elif isinstance(part, dict):
                known = part[key] is not None if key in part else known
                vocabulary = bool(part["@vocab"]) if "@vocab" in part else vocabulary
        return known or vocabulary


def _document(value: Value, contexts: Contexts, file: str, path: KeyPath, *, is_context: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Give a value as JSON, contexts that are named put in place: numbers and booleans are what YAML and JSON say they are."""
    if isinstance(value, dict):
        return {key: _document(child, contexts, file, (*path, key), is_context=key == CONTEXT) for key, child in value.items()}
    if isinstance(value, list):
        return [_document(item, contexts, file, (*path, i), is_context=is_context) for i, item in enumerate(value)]
    if is_context and isinstance(value, str):
        return _named_context(value, contexts, file, path)
    if isinstance(value, Plain):
        return _number(value)
    return value


def _named_context(name: str, contexts: Contexts, file: str, path: KeyPath) -> Any:  # noqa: ANN401 - JSON
    local = posixpath.normpath(posixpath.join(posixpath.dirname(file), name))
    for known in (name, name.rstrip("/"), name + "/", local):
        if known in contexts:
            return contexts[known]
    raise MissingContextError(name, path)


def _number(value: Plain) -> Any:  # noqa: ANN401 - JSON
    text = str(value)
    try:
        if value.core == "boolean":
            return text.lower() == "true"
        if value.core == "integer":
            return int(text.replace("_", ""), 0 if text[:2].lower() in ("0x", "0o", "0b") else 10)
        number = float(text.replace("_", "")) if value.core == "double" else text
    except ValueError:
        return text
    return number if number not in (float("inf"), float("-inf")) and number == number else text  # noqa: PLR0124 - NaN is not itself


def _names(named: Sequence[Named]) -> Iterator[str]:
    for block in named:
        yield str(getattr(block.subject, "value", ""))
        yield from (value.value for _, value in block.pairs if isinstance(value, NamedNode))


def _add(named: Sequence[Named], run: RecordMapping) -> None:
    """Add blocks to a run: what is said of a resource that it has already joins it."""
    known = {block.subject: block for block in run.blocks if type(block.pairs) is list}
    origins = _Origins(run)
    for subject, pairs, is_cell in named:
        block = known.get(subject)
        if block is None:
            block = Block(subject, [])
            if is_cell:
                run.taken.setdefault(str(subject), block)
            run.blocks.append(block)
        new = [pair for pair in dict.fromkeys(pairs) if pair not in block.pairs]
        block.pairs.extend(new)
        if run.traced:
            run.origins_of(block).extend(_traced(new, origins, is_record=str(subject) == f"<{run.iri}>" or block is run.blocks[0]))


def _traced(pairs: Sequence[tuple[NamedNode, Term]], origins: _Origins, *, is_record: bool) -> list[Origin]:
    """Give the places of statements; the types are said of the map that the others stand in."""
    found = [None if predicate == RDF_TYPE else origins.of(value) for predicate, value in pairs]
    inside = next((origin.key_path[:-1] for origin in found if origin and origin.key_path), ())
    return [origin or Origin(() if is_record else inside) for origin in found]


class _Origins:
    """Where in a record a value stands, by its text: the first place that is not taken yet."""

    def __init__(self, run: RecordMapping) -> None:
        self._places: dict[str, list[KeyPath]] = {}
        for path, text in _scalars(run.record.front_matter, ()) if run.traced else ():
            self._places.setdefault(text, []).append(path)
        self._record = run.iri

    def of(self, value: Term) -> Origin:
        """Give the place of a value, the whole record where it can't be told."""
        if isinstance(value, BlankNode):
            return Origin(())
        text = str(value.value)
        if not isinstance(value, NamedNode):
            return self._taken(text)
        local = text.rpartition("#")[2].rpartition("/")[2].rpartition(":")[2]
        near = next((known for known in self._places if known and (text == known or known.rpartition(":")[2] == local)), None)
        return self._taken(near) if near else Origin(())

    def _taken(self, text: str) -> Origin:
        places = self._places.get(text)
        if not places:
            return Origin(())
        return Origin(places.pop(0) if len(places) > 1 else places[0])


def _scalars(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key != CONTEXT:
                yield from _scalars(child, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _scalars(item, (*path, number))
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)
