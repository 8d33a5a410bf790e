"""YAML text to nodes: PyYAML's C parser gives the events, and everything that YAML leaves open is decided here.

Events, not PyYAML's composer: a loop over events has no recursion that a hostile file could exhaust, and it can stop at the first
excess. Aliases, tags, depth and the number of documents are limited (docs/reading.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml
from yaml import events

from exporter.problems import Severity
from exporter.records.faults import Fault, ReadingError
from exporter.records.nodes import MAX_DEPTH, Map, MapEntry, Node, Range, Scalar, Sequence, Style
from exporter.records.yaml.disguise import Disguise
from exporter.records.yaml.errors import beyond_mending, translate, translate_refusal
from exporter.records.yaml.judge import complete, find_refusal
from exporter.records.yaml.slips import find_placeholder

MAX_SIZE = 10_000
"""Values that aliases may stand for in all: enough for shared defaults, too few for a bomb (nine levels of nine are 387 million)."""

MAX_RESCANNED = 1_000_000
"""Characters that may be parsed again in all because libyaml stumbled over them (`yaml_disguise`)."""

_STYLES: dict[str | None, Style] = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_PROPERTY = re.compile(r"(?:&[^ \t\r\n,\[\]{}]*+|(?P<tag>!(?:<[^>]*+>|[^ \t\r\n,\[\]{}]*+)))(?:[ \t\r\n]++(?:#[^\r\n]*+)?+)*+")
_FOLLOWED = "quote the value if it is text, or write out what the alias stands for"


class Composed(NamedTuple):
    """A document's node, None where it is empty, and what is to be remarked on beside it."""

    root: Node | None
    remarks: tuple[Fault, ...] = ()


def compose(text: str, start: int = 0, end: int | None = None) -> Node | None:
    """Make the node of the one YAML document in `text[start:end]`; offsets are those of `text`.

    Raises `ReadingError`, and nothing else, for what is not YAML or beyond the limits. None for an empty document.
    """
    return compose_document(text, start, end).root


def compose_document(text: str, start: int = 0, end: int | None = None) -> Composed:
    """Make the node as `compose` does, and keep the remarks."""
    while text.startswith("\ufeff", start):  # a byte order mark may start a document (section 5.2); the parsers count it differently
        start += 1
    source = text[start:end]
    disguise = Disguise(complete(source))
    composer, stumbled = _compose_mending(source, start, disguise)
    root = composer.root
    refusal = find_refusal(disguise.judged(composer.aliases))
    fault = refusal and translate_refusal(refusal, source, start)
    if fault is None:
        return Composed(root)
    if stumbled or fault.severity is Severity.ERROR:
        raise ReadingError(stumbled or fault)
    return Composed(root, (fault,))


def _compose_mending(source: str, offset: int, disguise: Disguise) -> tuple[_Composer, Fault | None]:
    """Compose, disguise what libyaml stumbles over, and compose again; give the first complaint too, in case it was right."""
    fault: Fault | None = None
    rescanned = 0
    while True:
        composer = _Composer(source, offset, disguise)
        try:
            composer.run(yaml.parse(disguise.text, Loader=_LOADER))
            return composer, fault
        except _MisreadError as misread:
            at: int | None = misread.at
        except yaml.YAMLError as error:
            fault = fault or translate(error, source, offset, composer.last_plain)
            mark = getattr(error, "problem_mark", None)
            at = disguise.correct(error) if isinstance(error, yaml.MarkedYAMLError) else None
            if at is None and mark:
                fault = _too_deep(_Composer(source, offset, disguise), disguise.text[: mark.index]) or fault
        if at is None or rescanned > MAX_RESCANNED:
            raise ReadingError(fault or beyond_mending(offset + (at or 0)))
        rescanned += at + 1


def _too_deep(composer: _Composer, before: str) -> Fault | None:
    """Say what is nested too deeply before the place that the parser complains about.

    How deep is too deep is ours to say. A parser has a limit of its own (libyaml in PyYAML 6.0.4: 1,000 brackets) or another complaint,
    and reads up to 1,024 characters ahead to see whether a bracket starts a key: it may complain before we have seen the events.
    """
    try:
        composer.run(yaml.parse(before, Loader=_LOADER))
    except ReadingError as error:
        return error.fault if error.fault.code == "YAML-DEPTH" else None
    except (yaml.YAMLError, _MisreadError):
        return None
    return None


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _MisreadError(Exception):
    """libyaml reads something else than YAML 1.2 here; at this offset it is in disguise now."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class _Properties(NamedTuple):
    """Where a node's own text starts, and where its tag and its anchor stand."""

    start: int
    tag: Range | None
    anchor: int


class _Composer:
    """Builds nodes from events, with the open maps and lists on a stack of its own."""

    def __init__(self, source: str, offset: int, disguise: Disguise) -> None:
        self.root: Node | None = None
        self.aliases: list[int] = []
        self.last_plain: Range | None = None
        """Where the last scalar without quotes stands: one that goes over lines may be a key whose colon has no space behind it."""
        self._source = source
        self._offset = offset
        self._disguise = disguise
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
        tag_place = None
        if event.anchor or event.tag:
            start, tag_place, _ = self._after_properties(start, end)
        style = _STYLES[event.style]
        self._last_end = end
        self.last_plain = (start, end) if style == "plain" else None
        return Scalar(start, end, self._disguise.reveal(event.value, style), style, event.tag, tag_place=tag_place)

    def _enter(self, event: events.MappingStartEvent | events.SequenceStartEvent) -> None:
        start, end = self._range(event)
        if len(self._open) >= MAX_DEPTH:
            end = max(end, start + 1)  # a block's start has no width
            raise ReadingError(
                Fault("YAML-DEPTH", f"maps and lists are nested more than {MAX_DEPTH} deep", start, end, "flatten the value")
            )
        if not event.flow_style:
            self._refuse_tab_before(start)
        tag_place = None
        if event.anchor or event.tag:
            start, tag_place, _ = self._after_properties(start, self._offset + len(self._source))
        kind: type[Map | Sequence] = Map if isinstance(event, events.MappingStartEvent) else Sequence
        node = kind(start, end, tag=event.tag, tag_place=tag_place)
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
        name = self._name(str(event.anchor), start)
        target = self._anchors.get(name)
        if target is None or any(node is target for node in self._open):
            reason = "no anchor above has this name" if target is None else "it stands inside the value that it names"
            raise ReadingError(Fault("YAML-ALIAS", f"the alias *{name} can't be followed: {reason}", start, end, _FOLLOWED))
        self._aliased += target.size
        if self._aliased > MAX_SIZE:
            raise ReadingError(self._bomb(name, target, start, end))
        self.aliases.append(start - self._offset)
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
            place = self._after_properties(self._range(event)[0], self._offset + len(self._source)).anchor
            self._anchors[self._name(event.anchor, place)] = node
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
            parent.entries.append(MapEntry(self._keys[-1], node))
            self._keys[-1] = None

    def _as_key(self, node: Node, place: tuple[int, int]) -> Scalar:
        self._refuse_tab_before(place[0])
        if isinstance(node, Scalar):
            return Scalar(*place, node.text, node.style, node.tag)
        at = place[0] - self._offset
        placeholder = find_placeholder(self._source, at, at, self._offset)
        fault = Fault("YAML-COMPLEX-KEY", "a key is a map or a list, expected text", *place, "use a plain word as the key")
        raise ReadingError(placeholder or fault)

    def _refuse_tab_before(self, place: int) -> None:
        at = place - self._offset - 1
        while self._disguise.separating and at >= 0 and self._source[at] in " \t":
            if at in self._disguise.separating:
                start = self._offset + at
                raise ReadingError(Fault("YAML-TAB", "a tab is not allowed here", start, start + 1, "indent with spaces"))
            at -= 1

    def _name(self, parsed: str, place: int) -> str:
        """Give the name after the `&` or `*` at a place, which libyaml may have cut short."""
        at = place - self._offset
        name = self._disguise.name(at)
        if parsed != name and self._disguise.mend_name(at) is not None:
            raise _MisreadError(at)
        return name

    def _range(self, event: events.Event) -> tuple[int, int]:
        assert event.start_mark is not None
        assert event.end_mark is not None
        start, end, limit = event.start_mark.index, event.end_mark.index, len(self._source)
        if start and self._disguise.text[start - 1] == "?" and self._disguise.mend_indicator(start - 1) is not None:
            raise _MisreadError(start - 1)
        return self._offset + min(start, limit), self._offset + min(end, limit)

    def _after_properties(self, start: int, end: int) -> _Properties:
        """Step over the anchor and the tag, which PyYAML's marks include."""
        at, limit = start - self._offset, end - self._offset
        tag, anchor = None, start
        while (found := _PROPERTY.match(self._source, at, limit)) is not None:
            if found["tag"]:
                tag = (found.start("tag") + self._offset, found.end("tag") + self._offset)
            else:
                anchor = found.start() + self._offset
            at = found.end()
        return _Properties(at + self._offset, tag, anchor)
