"""YAML text to nodes: PyYAML's C parser gives the events, and everything that YAML leaves open is decided here.

Events, not PyYAML's composer: a loop over events has no recursion that a hostile file could exhaust, and it can stop at the first
excess. Aliases, tags, depth and the number of documents are limited (docs/reading.md).
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from yaml import events

from exporter.records.faults import Fault, ReadingError
from exporter.records.nodes import MAX_DEPTH, Entry, Map, Node, Scalar, Sequence, Style
from exporter.records.yaml_errors import translate

MAX_SIZE = 10_000
"""Values that aliases may stand for in all: enough for shared defaults, too few for a bomb (nine levels of nine are 387 million)."""

_STYLES: dict[str | None, Style] = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_FOREIGN_BREAKS = "\x85\u2028\u2029"


def compose(text: str, start: int = 0, end: int | None = None) -> Node | None:
    """Make the node of the one YAML document in `text[start:end]`; offsets are those of `text`.

    Raises `ReadingError`, and nothing else, for what is not YAML or beyond the limits. None for an empty document.
    """
    source = text[start:end]
    hidden, revealed = _hide_foreign_breaks(source)
    composer = _Composer(source, start, revealed)
    try:
        composer.run(yaml.parse(hidden, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        too_deep = _too_deep(_Composer(source, start, revealed), hidden[: mark.index]) if mark else None
        raise ReadingError(too_deep or translate(error, source, start)) from None
    return composer.root


def _too_deep(composer: _Composer, before: str) -> Fault | None:
    """Say what is nested too deeply before the place that the parser complains about.

    How deep is too deep is ours to say. A parser has a limit of its own (libyaml in PyYAML 6.0.4: 1,000 brackets) or another complaint,
    and reads up to 1,024 characters ahead to see whether a bracket starts a key: it may complain before we have seen the events.
    """
    try:
        composer.run(yaml.parse(before, Loader=_LOADER))
    except ReadingError as error:
        return error.fault if error.fault.code == "YAML-DEPTH" else None
    except yaml.YAMLError:
        return None
    return None


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _hide_foreign_breaks(source: str) -> tuple[str, dict[int, str]]:
    """Put private-use characters for NEL, LS and PS: libyaml (YAML 1.1) ends a line there, YAML 1.2 (section 5.4) does not."""
    present = [mark for mark in _FOREIGN_BREAKS if mark in source]
    if not present:
        return source, {}
    free = (code for code in range(0xE000, 0xF8FF) if chr(code) not in source)
    stand_ins = dict(zip(present, free, strict=False))
    return source.translate({ord(mark): code for mark, code in stand_ins.items()}), {code: mark for mark, code in stand_ins.items()}


class _Composer:
    """Builds nodes from events, with the open maps and lists on a stack of its own."""

    def __init__(self, source: str, offset: int, revealed: dict[int, str]) -> None:
        self.root: Node | None = None
        self._source = source
        self._offset = offset
        self._revealed = revealed
        self._anchors: dict[str, Node] = {}
        self._innermost: dict[int, tuple[str, Node]] = {}
        self._open: list[Map | Sequence] = []
        self._keys: list[Scalar | None] = []
        self._aliased = 0
        self._documents = 0
        self._last_end = offset

    def run(self, stream: Iterator[events.Event]) -> None:
        for event in stream:
            if isinstance(event, events.ScalarEvent):
                self._add(self._scalar(event), event)
            elif isinstance(event, (events.MappingStartEvent, events.SequenceStartEvent)):
                self._enter(event)
            elif isinstance(event, (events.MappingEndEvent, events.SequenceEndEvent)):
                self._leave(event)
            elif isinstance(event, events.AliasEvent):
                self._alias(event)
            elif isinstance(event, events.DocumentStartEvent):
                self._count_document(event)

    def _scalar(self, event: events.ScalarEvent) -> Scalar:
        start, end = self._range(event)
        if event.anchor or event.tag:
            start = self._after_properties(start, end)
        text = event.value.translate(self._revealed) if self._revealed else event.value
        self._last_end = end
        return Scalar(start, end, text, _STYLES[event.style], event.tag)

    def _enter(self, event: events.MappingStartEvent | events.SequenceStartEvent) -> None:
        start, end = self._range(event)
        if len(self._open) >= MAX_DEPTH:
            end = max(end, start + 1)  # a block's start has no width
            raise ReadingError(
                Fault("YAML-DEPTH", f"maps and lists are nested more than {MAX_DEPTH} deep", start, end, "flatten the value")
            )
        if event.anchor or event.tag:
            start = self._after_properties(start, self._offset + len(self._source))
        node: Map | Sequence = (Map if isinstance(event, events.MappingStartEvent) else Sequence)(start, end, tag=event.tag)
        self._add(node, event)
        self._open.append(node)
        self._keys.append(None)

    def _leave(self, event: events.Event) -> None:
        node = self._open.pop()
        self._keys.pop()
        start, end = self._range(event)
        if start < end:  # a closing bracket; a block's end is marked where the next token starts, which is too far
            self._last_end = end
        elif isinstance(node, Map) and node.entries:
            node.start = node.entries[0].key.start
        node.end = max(self._last_end, node.start)
        node.size += 1
        if self._open:
            self._open[-1].size += node.size

    def _alias(self, event: events.AliasEvent) -> None:
        start, end = self._range(event)
        name = str(event.anchor)
        target = self._anchors.get(name)
        if target is None or any(node is target for node in self._open):
            reason = "no anchor above has this name" if target is None else "it stands inside the value that it names"
            raise ReadingError(Fault("YAML-ALIAS", f"the alias *{name} can't be followed: {reason}", start, end, "write the value out"))
        self._aliased += target.size
        if self._aliased > MAX_SIZE:
            raise ReadingError(self._bomb(name, target, start, end))
        for node in self._open:
            self._innermost.setdefault(id(node), (name, target))
        self._last_end = end
        self._attach(target, (start, end))

    def _bomb(self, name: str, target: Node, start: int, end: int) -> Fault:
        while id(target) in self._innermost:  # down to the value that all the others repeat
            name, target = self._innermost[id(target)]
        message = f"aliases stand for more than {MAX_SIZE:,} values, most of them through &{name}"
        return Fault("YAML-ALIASES", message, target.start, target.end, "write the values out", related=((start, end),))

    def _count_document(self, event: events.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            start, end = self._range(event)
            raise ReadingError(Fault("YAML-DOCUMENTS", "a second YAML document starts here", start, end, "keep one document in a file"))

    def _add(self, node: Node, event: events.ScalarEvent | events.CollectionStartEvent) -> None:
        if event.anchor:
            self._anchors[event.anchor] = node
        self._attach(node, (node.start, node.end))

    def _attach(self, node: Node, place: tuple[int, int]) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(node, Scalar) or node.size:  # containers count when they close
            parent.size += node.size
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = self._as_key(node, place)
        else:
            parent.entries.append(Entry(self._keys[-1], node))
            self._keys[-1] = None

    def _as_key(self, node: Node, place: tuple[int, int]) -> Scalar:
        if isinstance(node, Scalar):
            return Scalar(*place, node.text, node.style, node.tag)
        raise ReadingError(Fault("YAML-COMPLEX-KEY", "a key is a map or a list, expected text", *place, "use a plain word as the key"))

    def _range(self, event: events.Event) -> tuple[int, int]:
        assert event.start_mark is not None
        assert event.end_mark is not None
        return self._offset + event.start_mark.index, self._offset + event.end_mark.index

    def _after_properties(self, start: int, end: int) -> int:
        """Step over the anchor and the tag, which PyYAML's marks include."""
        at, limit = start - self._offset, end - self._offset
        while at < limit and self._source[at] in "&!":
            while at < limit and not self._source[at].isspace():
                at += 1
            while at < limit and self._source[at].isspace():
                at += 1
        return at + self._offset
