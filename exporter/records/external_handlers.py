"""Records through handlers that are not ours: python-frontmatter's own or a user's. They give values without places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from frontmatter.default_handlers import BaseHandler

from exporter.records.faults import Fault, ReadingError
from exporter.records.record import Reading, Record
from exporter.records.values import Plain, Value
from exporter.records.yaml.core import resolve_integer
from exporter.text import quote, shorten


def read_foreign(path: str, text: str, handler: BaseHandler) -> Reading:
    """Read a text that the handler has detected; whatever the handler raises becomes a problem."""
    name = type(handler).__name__
    try:
        front_matter, body = handler.split(text)
        loaded = handler.load(front_matter)
    except ReadingError:
        raise
    except Exception as error:  # noqa: BLE001 - a user's code: the run goes on whatever it does
        reason = shorten(" ".join(str(error).split()), 200)
        raise ReadingError(Fault("READ-HANDLER", f"the handler {name} can't read the file: {reason}", 0, 0)) from None
    start = max(text.find(front_matter), 0)
    span = (start, start + len(front_matter))
    value = _value(loaded, span, name)
    if not value:
        return Reading(path, skipped="the front matter is empty")
    if not isinstance(value, dict):
        raise ReadingError(Fault("READ-NOT-A-MAP", "the front matter is not a map, expected keys with values", *span))
    body_start = max(text.rfind(body), span[1]) if body else len(text)
    return Reading(path, Record(path, value, body, name, text, text.count("\n", 0, body_start) + 1, span))


def _value(loaded: object, span: tuple[int, int], name: str, depth: int = 0) -> Value:
    if depth > 100:
        raise ReadingError(Fault("READ-HANDLER", f"the handler {name} gave values nested more than 100 deep", *span))
    if isinstance(loaded, dict):
        return {str(key): _value(child, span, name, depth + 1) for key, child in loaded.items()}
    if isinstance(loaded, (list, tuple)):
        return [_value(child, span, name, depth + 1) for child in loaded]
    if loaded is None or isinstance(loaded, (bool, str)):
        return loaded
    for kind, convert in _SCALARS:
        if isinstance(loaded, kind):
            return convert(loaded)
    raise ReadingError(Fault("READ-HANDLER", f"the handler {name} gave {quote(loaded)}, a {type(loaded).__name__}", *span))


_SCALARS: tuple[tuple[type, Callable[..., Value]], ...] = (
    (int, lambda number: resolve_integer(str(number))),
    (float, lambda number: Plain(repr(number), "double")),
    (dt.datetime, lambda moment: Plain(moment.isoformat(), "dateTime")),  # before date, its base class
    (dt.date, lambda day: Plain(day.isoformat(), "date")),
    (dt.time, lambda time: Plain(time.isoformat(), "time")),
)
