"""The keys that nobody reads: found by holding the record against the plan's tree of keys, and kept under a name of their own."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode

from exporter.language.datatypes import core_literal, json_text
from exporter.language.keypaths import FIELDS
from exporter.mapping.model import Home, Origin, RecordMapping, Unmapped
from exporter.plan.model import KeyNode
from exporter.problems import KeyPath
from exporter.rdf.terms import KEY, RDF, Block, Subject
from exporter.records.values import Value

_TEXT = frozenset({str})
_RDF_JSON = NamedNode(RDF + "JSON")
_NAME_AT_END = re.compile(r"(?<![A-Za-z0-9_.-])[0-9.-]*+[A-Za-z_][A-Za-z0-9_.-]*+\Z")


def uncovered(node: KeyNode, value: Value, path: KeyPath, found: list[Unmapped]) -> None:
    """Add what stands below `path` and no step reads to `found`, the outermost key of it."""
    if isinstance(value, dict):
        covered = node.covered
        for key in [key for key in value if key not in covered]:
            child = node.children.get(key) or _in_classes(node, key) or node.rest
            inner = value[key]
            if type(inner) is not str or child is None or not child.classes:
                _uncovered_at(child, inner, (*path, key), found)
    elif isinstance(value, list):
        if node.classes and set(map(type, value)) <= _TEXT:
            return
        indexed = any(isinstance(key, int) for key in node.children)
        for i, inner in enumerate(value):
            _uncovered_at(node.children.get(i) if indexed else node, inner, (*path, i), found)


def _uncovered_at(node: KeyNode | None, value: Value, path: KeyPath, found: list[Unmapped]) -> None:
    if node is None:
        found.append(Unmapped(path, value))
    elif not node.whole:
        if isinstance(value, (dict, list)):
            uncovered(node, value, path, found)
        elif not (node.classes or node.scalars) and node.rest is None and value is not None:
            found.append(Unmapped(path, value))


def _in_classes(node: KeyNode, key: str) -> KeyNode | None:
    for plan in node.classes:
        child = plan.keys.children.get(key)
        if child is not None:
            return child
    return None


class Keeping:
    """What is kept of a record's unmapped keys: said of the resource that has them, and once, however many items of a list say it."""

    def __init__(self, run: RecordMapping) -> None:
        self._run = run
        self._said: set[tuple[Subject, NamedNode, Literal]] = set()
        self._blocks: dict[Subject, Block] = {}

    def keep(self, unmapped: Unmapped, home: Home | None) -> None:
        """Say it of its home, which is the record where there is none."""
        value = unmapped_literal(unmapped.value)
        if value is None:
            return
        block = self._run.blocks[0] if home is None else self._block_of(home)
        predicate = key_iri(unmapped.key_path[unmapped.depth :])
        statement = (block.subject, predicate, value)
        if statement in self._said:
            return
        self._said.add(statement)
        block.pairs.append((predicate, value))
        if self._run.traced:
            self._run.origins_of(block).append(Origin(unmapped.key_path))

    def _block_of(self, home: Home) -> Block:
        """Give the block to say more of a resource in: a further one where it is shared, for other records may hold the first one, too."""
        if not self._blocks:
            self._blocks = {block.subject: block for block in self._run.blocks}
        block = self._blocks.get(home.node)
        if block is None:
            block = self._blocks[home.node] = Block(home.node, [])
            (self._run.shared if home.shared else self._run.blocks).append(block)
        return block


@lru_cache(maxsize=4096)
def key_iri(path: KeyPath) -> NamedNode:
    """The predicate that an unmapped key is kept under: its key path without list positions, percent-encoded.

    RDF/XML needs a name at the end of a predicate (Namespaces in XML 1.0, NCName), so one is added where there is none.

    >>> key_iri(("authors", 0, "first name")).value, key_iri(("2024",)).value
    ('https://w3id.org/owltype/key#authors.first%20name', 'https://w3id.org/owltype/key#2024_')
    """
    keys = path[1:] if path[0] == FIELDS and len(path) > 1 else path  # an inline field is called as a key is
    parts = [quote(part, safe="").replace(".", "%2E") for part in keys if isinstance(part, str)]
    name = ".".join(parts)
    if not _NAME_AT_END.search(name):
        name += "_"
    elif name.endswith("_") and not _NAME_AT_END.search(name[:-1]):
        name = name[:-1] + "%5F"  # else the keys `2024` and `2024_` would be one
    return NamedNode(KEY + name)


def unmapped_literal(value: Value) -> Literal | None:
    """Keep a value that nobody maps: a scalar typed by YAML core, a map or list as `rdf:JSON`; null is nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, (dict, list)):
        return Literal(json_text(value), datatype=_RDF_JSON)
    return core_literal(value)


def read_key_iri(predicate: NamedNode) -> KeyPath:
    """Give the key path that an unmapped key is kept under, without list positions.

    >>> read_key_iri(key_iri(("authors", 0, "first name"))), read_key_iri(key_iri(("2024",)))
    (('authors', 'first name'), ('2024',))
    """
    name = predicate.value.removeprefix(KEY)
    if name.endswith("_") and not _NAME_AT_END.search(name[:-1]):
        name = name[:-1]
    return tuple(unquote(part) for part in name.split("."))
