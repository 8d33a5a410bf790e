"""Conversions (`map:convert`) of what a step finds; what they made of a text is remembered, for sites repeat their links and topics."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from exporter.language.conversions import KEEPING, WHOLE_IN_LISTS, from_json
from exporter.language.datatypes import lexical_form
from exporter.mapping.model import REMEMBERED, Finding, Found, RecordMapping, Source, Span, Unfit
from exporter.mapping.resources import MissingVariableError, UnfitVariableError, fill_text
from exporter.plan.model import Step
from exporter.problems import KeyPath
from exporter.records.values import Value
from exporter.text import quote

_NEAR = 1_000  # characters between two parts; to look further for each part of many takes long
Part = tuple[Value, Span | None, str | None]
"""What a conversion made of a scalar, which characters of it that is, and what stood there where several texts become one."""


class Converting:
    """The conversions of one step."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._merges = any(conversion not in KEEPING for conversion in step.conversions)
        self._known: dict[tuple[str, bool], list[Part]] = {}

    def find(self, find: Callable[[Source, RecordMapping], Sequence[Found]], source: Source, run: RecordMapping) -> Sequence[Found]:
        """Convert each value that `find` gives."""
        return [part for value, path, span in find(source, run) for part in self._converted(value, path, span, source, run)]

    def _converted(
        self, value: Value, path: KeyPath, span: Span | None, source: Source, run: RecordMapping, *, listed: bool = False
    ) -> list[Found]:
        """Convert a scalar, or each scalar of a list; what can't be converted is a finding and stays as it is."""
        if isinstance(value, list):
            return [part for i, item in enumerate(value) for part in self._converted(item, (*path, i), None, source, run, listed=True)]
        if value is None or value == "" or isinstance(value, dict):
            return [(value, path, span)]
        text = value if type(value) is str else lexical_form(value)
        listed = listed and text[:1] not in ("[", "{")
        known = self._known.get((text, listed))
        if known is None:
            step = self._step
            try:
                known = _parts(*_convert(step, text, source, run, listed=listed), text, step)
            except (ValueError, MissingVariableError, UnfitVariableError) as error:
                help_ = "it is exported as it stands until it is fixed"
                run.findings.append(Finding("MAP-CONVERSION", path, f"{quote(text)}: {error}", help=help_))
                return [(Unfit(text), path, span)]
            if not step.relative_to_record or (step.options.base and text.strip() != "#"):
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                self._known[text, listed] = known
        if self._merges:
            for part, _, typed in known:
                if typed is not None and isinstance(part, str):
                    run.typed.setdefault((path, part), []).append(typed)
        return [(part, path, part_span or span) for part, part_span, _ in known]


def _convert(step: Step, text: str, source: Source, run: RecordMapping, *, listed: bool) -> tuple[Value, Value]:
    """Apply the conversions, and give what stood there before the first that makes one text of several.

    An item of a list is JSON only if it looks it: one property may read a list and a list in a string.
    """
    options = step.options
    if step.relative_to_record and (not options.base or text.strip() == "#"):
        base = fill_text(step.base, source, run) if step.base else options.base
        options = options._replace(base=base, record=run.iri)
    current: Value = text
    typed: Value = None
    for convert in step.conversions:
        if listed and convert in WHOLE_IN_LISTS:
            continue
        if typed is None and convert not in KEEPING:
            typed = current
        if isinstance(current, list):
            current = [part if isinstance(part, (dict, list, type(None))) else convert(lexical_form(part), options) for part in current]
        elif isinstance(current, (str, int)):
            current = convert(lexical_form(current), options)
    return current, typed


def _parts(value: Value, typed: Value, text: str, step: Step) -> list[Part]:
    """Say which characters of the scalar each part of a list is, as far as it still stands there."""
    if not isinstance(value, list) or from_json in step.conversions:
        return [(value, None, typed if isinstance(typed, str) else None)]
    parts: list[Part] = []
    position = 0
    before = typed if isinstance(typed, list) and len(typed) == len(value) else [None] * len(value)
    for part, was in zip(value, before, strict=True):
        at = text.find(str(part), position, position + len(str(part)) + _NEAR)
        span = (at, at + len(str(part))) if at >= 0 else None
        position = span[1] if span else position
        parts.append((part, span, was if isinstance(was, str) else None))
    return parts
