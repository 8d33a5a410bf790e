"""JSON-LD 1.1: one document of nested nodes, or one self-contained document a line, or one for a page's `<script>`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from exporter.rdf.terms import Block
from exporter.writers.context import Json, jsonld_context
from exporter.writers.gaps import Filling, Gap, Parts, encoded, split_gaps
from exporter.writers.lists import take_cells
from exporter.writers.model import UNRANKED, Vocabulary
from exporter.writers.nodes import NodeMaker
from exporter.writers.strings import escape_in_page, escape_unseen

_INDENT = 2


class JsonLdWriter:
    """Writes one document, `{"@context": …, "@graph": […]}`: a node for each record with its own resources inside, then the shared ones."""

    inline_shared = False
    separator = b",\n"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._context = jsonld_context(vocabulary)
        self._maker = NodeMaker(vocabulary)
        self._ranks = vocabulary.ranks()

    def head(self) -> bytes:
        """Write the context and open the list of nodes."""
        context = _dump(self._context, _INDENT).replace("\n", "\n  ")
        return f'{{\n  "@context": {context},\n  "@graph": [\n'.encode()

    def record(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> bytes:  # noqa: ARG002  # shared resources have a section of their own
        """Write the record's node."""
        return escape_unseen(_lay_out(self._maker.nodes(blocks))).encode()

    def parts(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> Parts:  # noqa: ARG002  # as for `record`
        """Write the same with gaps."""
        return json_parts(_lay_out(self._maker.nodes(blocks)))

    def fill(self, parts: Parts, fillings: Mapping[int, Filling], made: Sequence[Block] = ()) -> bytes:
        """Write values into the gaps: one as it is, several as an array."""
        return fill_json(parts, fillings, partial(self._maker.filling, made), _INDENT)

    def statements(self, block: Block, cells: Sequence[Block] = ()) -> tuple[str, list[str]]:
        """Give `rank TAB JSON` for each statement.

        Lists stand under the full IRI: a term for lists holds one, and those of several records may come together.
        """
        _, known_cells = take_cells(cells)
        texts = []
        for predicate, value in block.pairs:
            key, made = self._maker.statement(predicate, value, known_cells)
            texts.append(f"{self._ranks.get(predicate, UNRANKED):06d}\t{_dump({key: made})}")
        return str(block.subject), texts

    def resource(self, subject: str, statements: Sequence[str]) -> bytes:
        """Write a shared resource's node."""
        gathered: dict[str, list[Json]] = {}
        for text in statements:
            for key, value in json.loads(text.split("\t", 1)[1]).items():
                gathered.setdefault(key, []).append(value)
        node: dict[str, Json] = {"@id": subject[1:-1]}
        node |= {key: values[0] if len(values) == 1 else values for key, values in gathered.items()}
        return escape_unseen(_lay_out([node])).encode()

    def tail(self) -> bytes:
        """Close the list of nodes and the document."""
        return b"\n  ]\n}\n"


class JsonLdLinesWriter:
    """Writes one document a line, each with its context and its shared resources, so that a line can be cut out and used alone.

    The context is the part that the record uses, or with `context_url` the address where the whole one stands.
    """

    inline_shared = True
    separator = b""

    def __init__(self, vocabulary: Vocabulary, context_url: str | None = None) -> None:
        self._context = jsonld_context(vocabulary)
        self._context_url = context_url
        self._maker = NodeMaker(vocabulary)
        self._whole = JsonLdWriter(vocabulary)

    def head(self) -> bytes:
        """Give nothing: each line is a document."""
        return b""

    def record(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> bytes:
        """Write the record's document as one line."""
        return f"{_dump(self.record_document(blocks, shared))}\n".encode()

    def parts(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> Parts:
        """Write the same with gaps."""
        return json_parts(f"{json.dumps(self.record_document(blocks, shared), ensure_ascii=False)}\n")

    def fill(self, parts: Parts, fillings: Mapping[int, Filling], made: Sequence[Block] = ()) -> bytes:
        """Write values into the gaps: one as it is, several as an array; the context gets the names of resources that are made."""
        line = fill_json(parts, fillings, partial(self._maker.filling, made))
        if not made or self._context_url:
            return line
        document = json.loads(line)
        nodes = document.get("@graph") or [{key: value for key, value in document.items() if key != "@context"}]
        return f"{_dump({**document, '@context': self._used_context(nodes)})}\n".encode()

    def _used_context(self, nodes: Sequence[Json]) -> Json:
        return {name: self._context[name] for name in sorted(_used_names(nodes)) if name in self._context}

    def record_document(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> dict[str, Json]:
        """Make one record's document, to be serialized or put in a page by `script_text`."""
        nodes = self._maker.nodes(blocks, shared)
        context: Json = self._context_url or self._used_context(nodes)
        if len(nodes) == 1:
            return {"@context": context, **nodes[0]}
        return {"@context": context, "@graph": list(nodes)}

    def statements(self, block: Block, cells: Sequence[Block] = ()) -> tuple[str, list[str]]:
        """Give the statements as JSON-LD does, for a file that holds one shared resource alone."""
        return self._whole.statements(block, cells)

    def resource(self, subject: str, statements: Sequence[str]) -> bytes:
        """Write a shared resource as a document of its own."""
        node = json.loads(self._whole.resource(subject, statements))
        context: Json = self._context_url or self._used_context([node])
        return f"{_dump({'@context': context, **node})}\n".encode()

    def tail(self) -> bytes:
        """Give nothing: each line is a document."""
        return b""


def script_text(document: Json) -> str:
    r"""Serialize for `<script type="application/ld+json">`: nothing in the text can end the element or open a comment.

    HTML, section 4.12.1.3, restricts what a script element may hold.

    >>> print(script_text({"name": "</script><!--"}))
    {"name": "\u003c/script\u003e\u003c!--"}
    """
    return escape_in_page(_dump(document))


def _dump(value: Json, indent: int | None = None) -> str:
    """Serialize; line ends that only some programs know are escaped, so that a line stays one line."""
    return escape_unseen(json.dumps(value, ensure_ascii=False, indent=indent))


def _lay_out(nodes: Iterable[Json]) -> str:
    texts = ["    " + json.dumps(node, ensure_ascii=False, indent=_INDENT).replace("\n", "\n    ") for node in nodes]
    return ",\n".join(texts)


MakeValues = Callable[[Filling, str], list[Json]]
"""Makes the values that belong into a gap of a kind."""


def json_parts(text: str) -> Parts:
    """Part JSON at its gaps, and write what does not show as escapes."""
    return encoded(part if isinstance(part, Gap) else escape_unseen(part) for part in split_gaps(text))


def fill_json(parts: Parts, fillings: Mapping[int, Filling], make: MakeValues, indent: int | None = None) -> bytes:
    """Write values into the gaps, indented as the lines that they stand in."""
    return b"".join([part if isinstance(part, bytes) else _filled(part, make(fillings[part.hole], part.kind), indent) for part in parts])


def _filled(gap: Gap, values: list[Json], indent: int | None) -> bytes:
    """Write what a key holds, or in an array of values these."""
    alone = "1" in gap.kind
    items: list[Json] = [values] if alone and len(values) != 1 else values
    newline = "\n" + " " * gap.indent
    texts = [escape_unseen(json.dumps(item, ensure_ascii=False, indent=indent)).replace("\n", newline) for item in items]
    return (", " if indent is None else f",{newline}").join(texts).encode()


def _used_names(value: Json | Sequence[Json]) -> set[str]:
    """The keys of a document, and the names of classes in it."""
    names: set[str] = set()
    if isinstance(value, dict):
        names.update(value)
        types = value.get("@type", [])
        names.update(name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str))
        for inner in value.values():
            names |= _used_names(inner)
    elif isinstance(value, list):
        for inner in value:
            names |= _used_names(inner)
    return names
