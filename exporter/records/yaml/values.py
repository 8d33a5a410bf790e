"""YAML nodes to values: core schema, standard tags, merge keys, duplicate keys."""

from __future__ import annotations

from collections.abc import Callable

from exporter.records.faults import Fault, ReadingError, Readout, equal_key, repeated_key
from exporter.records.nodes import Map, MapEntry, Node, Scalar, Sequence
from exporter.records.values import DuplicateKeys, Plain, Value, is_same
from exporter.records.yaml.core import IMPOSSIBLE, NULL_WORDS, name_character, number_type, resolve_integer, resolve_plain
from exporter.records.yaml.nodes import compose_document
from exporter.text import quote

MERGE_KEY = "<<"
MAX_MERGED = 10_000
"""Entries that merge keys may copy in all."""

_LONG = 1_000
"""Characters of a text that is looked at once, however many aliases stand for it."""

_TAG = "tag:yaml.org,2002:"


def construct(node: Node, duplicate_keys: DuplicateKeys = "reject") -> Readout:
    """Give the value of a node, or raise `ReadingError`. Depth is bounded where nodes are made."""
    constructor = _Constructor(duplicate_keys)
    value = constructor.value(node)
    return Readout(value, tuple(constructor.remarks))


class _Constructor:
    """One document's construction: an anchor's value is made once, and merged entries are counted."""

    def __init__(self, duplicate_keys: DuplicateKeys) -> None:
        self.remarks: list[Fault] = []
        self._duplicate_keys = duplicate_keys
        self._made: dict[int, Value] = {}
        self._merged = 0

    def value(self, node: Node) -> Value:
        if isinstance(node, Scalar) and len(node.text) < _LONG:
            return _scalar(node)
        made = self._made.get(id(node))
        if made is None:
            made = self._map(node) if isinstance(node, Map) else self._list(node) if isinstance(node, Sequence) else _scalar(node)
            self._made[id(node)] = made
        return made

    def _list(self, node: Sequence) -> Value:
        _expect_tag(node, "seq")
        return [self.value(item) for item in node.items]

    def _map(self, node: Map) -> Value:
        _expect_tag(node, "map")
        own: dict[str, Value] = {}
        sources: Node | None = None
        seen: dict[str, MapEntry] = {}
        for key, child in node.entries:
            name = _key(key)
            if name in seen:
                self._repeat(name, key, child, seen[name])
                continue
            seen[name] = MapEntry(key, child)
            if is_merge(key):
                sources = child
            else:
                own[name] = self.value(child)
        return own if sources is None else self._merge(own, sources)

    def _repeat(self, name: str, key: Scalar, child: Node, first: MapEntry) -> None:
        place, first_place = (key.start, key.end), (first.key.start, first.key.end)
        if self._duplicate_keys == "reject" or not is_same(self.value(child), self.value(first.value)):
            raise ReadingError(repeated_key("YAML-DUPLICATE-KEY", name, place, first_place, "map"))
        self.remarks.append(equal_key("YAML-DUPLICATE-KEY", name, place, first_place, "map"))

    def _merge(self, own: dict[str, Value], sources: Node) -> dict[str, Value]:
        """Add what the sources have and the map itself has not; of two sources the earlier wins (yaml.org/type/merge.html)."""
        for source in merge_sources(sources):
            inherited = self.value(source)
            assert isinstance(inherited, dict)
            self._merged += len(inherited)
            if self._merged > MAX_MERGED:
                raise ReadingError(
                    Fault(
                        "YAML-ALIASES",
                        f"merge keys copy more than {MAX_MERGED:,} entries",
                        source.start,
                        source.end,
                        "write the values out",
                    )
                )
            for name, value in inherited.items():
                own.setdefault(name, value)
        return own


def is_merge(key: Scalar) -> bool:
    """Say whether a key is the merge key: `"<<"` in quotes is an ordinary one."""
    return key.text == MERGE_KEY and key.style == "plain"


def merge_sources(node: Node) -> list[Map]:
    """Give the maps that a merge key's value names."""
    sources = node.items if isinstance(node, Sequence) else [node]
    for source in sources:
        if not isinstance(source, Map):
            raise ReadingError(
                Fault(
                    "YAML-MERGE", "the merge key << takes a map or a list of maps", source.start, source.end, "name a map, or quote the key"
                )
            )
    return [source for source in sources if isinstance(source, Map)]


def _key(key: Scalar) -> str:
    if key.tag not in (None, "!", _TAG + "str"):
        _scalar(key)  # refuses unknown tags
    _refuse_unprintable(key)
    return key.text


def _scalar(node: Scalar) -> Value:
    _refuse_unprintable(node)
    if node.tag is None:
        return resolve_plain(node.text) if node.style == "plain" else node.text
    if node.tag == "!":
        return node.text
    read = _SCALAR_TAGS.get(node.tag)
    if read is None:
        raise ReadingError(_unknown_tag(node))
    try:
        return read(node.text)
    except ValueError:
        short = node.tag.removeprefix(_TAG)
        raise ReadingError(
            Fault(
                "YAML-TAG",
                f"{quote(node.text)} is no {short}, as its tag !!{short} says",
                node.start,
                node.end,
                "remove the tag, or fix the value",
            )
        ) from None


def _refuse_unprintable(node: Scalar) -> None:
    if node.style == "double" and (found := IMPOSSIBLE.search(node.text)):  # only an escape can bring one in
        message = f"the escape for the {name_character(found[0])} is not allowed"
        raise ReadingError(Fault("READ-CONTROL", message, node.start, node.end, "remove the escape"))


def _expect_tag(node: Map | Sequence, kind: str) -> None:
    if node.tag not in (None, "!", _TAG + kind):
        raise ReadingError(_unknown_tag(node))


def _unknown_tag(node: Node) -> Fault:
    tag = str(node.tag)
    short = "!!" + tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
    return Fault(
        "YAML-TAG",
        f"the tag {quote(short)} is not supported here",
        *(node.tag_place or (node.start, node.end)),
        "quote the value if it is text, or remove the tag; values get their datatype from the ontology",
    )


def _tagged_number(core: str) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        kind = number_type(text)
        if kind is None or (core == "integer" and kind != "integer"):
            raise ValueError(text)
        return resolve_integer(text) if core == "integer" else Plain(text, "double")

    return read


def _tagged_boolean(text: str) -> Value:
    value = resolve_plain(text)
    if isinstance(value, bool) or (isinstance(value, Plain) and value.core == "boolean"):
        return value
    raise ValueError(text)


def _tagged_null(text: str) -> Value:
    if text in NULL_WORDS:
        return None
    raise ValueError(text)


_SCALAR_TAGS: dict[str, Callable[[str], Value]] = {
    _TAG + "str": str,
    _TAG + "timestamp": str,  # the typed characters; the ontology says whether it is a date
    _TAG + "int": _tagged_number("integer"),
    _TAG + "float": _tagged_number("double"),
    _TAG + "bool": _tagged_boolean,
    _TAG + "null": _tagged_null,
}


def read_slowly(text: str, start: int, end: int) -> Value:
    """Read YAML through PyYAML's events: the reference that the fast way is compared with."""
    return read_with_remarks(text, start, end).value


def read_with_remarks(text: str, start: int, end: int, duplicate_keys: DuplicateKeys = "reject") -> Readout:
    """Read as `read_slowly` does, and keep the remarks."""
    root, remarks = compose_document(text, start, end)
    if root is None:
        return Readout(None, remarks)
    value, more = construct(root, duplicate_keys)
    return Readout(value, (*remarks, *more))
