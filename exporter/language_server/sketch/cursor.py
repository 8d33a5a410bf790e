"""What stands where the cursor is: a key or a value, of which map, and how much of it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exporter.language_server.sketch.model import Sketch, SketchEntry
from exporter.language_server.sketch.sketching import find_front, sketch_front
from exporter.problems import KeyPath
from exporter.records.nodes import Range

PROBE = "\ufdd0"
"""Stands at the cursor while the text is sketched: a noncharacter, which no text has (Unicode, section 23.7)."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A key of the map `path[:-1]` or the value at `path` that is being typed.

    `token` is what a completion replaces, with its quotes, `typed` what stands of it before the cursor without them. A `bare` key has no
    sign behind it yet; where one stands alone on its line it may become a value, too. `siblings` are the keys of the map, or the texts
    of the list's other items. With `lacks_blank` the colon before the value has none behind it.
    """

    kind: Literal["key", "value"]
    path: KeyPath
    token: Range
    typed: str
    syntax: str
    flow: bool = False
    bare: bool = False
    dashed: bool = False
    column: int = 0
    siblings: tuple[str, ...] = ()
    lacks_blank: bool = False


def find_cursor(path: str, text: str, offset: int) -> Cursor | None:
    """Say what stands at an offset; None where that is not front matter."""
    front = find_front(path, text)
    probed = text[:offset] + PROBE + text[offset:]
    # a blank line ends what is not closed, but not where one is about to write
    is_inside = front is not None and offset <= front.end
    front = front._replace(end=front.end + 1) if front is not None and is_inside else find_front(path, probed)
    if front is None or not front.start <= offset < front.end:
        return None
    found = sketch_front(probed, front)
    entry = _probed(found, offset)
    if entry is None:
        return None
    is_key = entry.key[0] <= offset < entry.key[1] and PROBE in probed[slice(*entry.key)]
    place = entry.key if is_key else entry.value
    typed = probed[place[0] : offset].lstrip("\"'")
    siblings = [each for each in found.below(entry.path[:-1]) if each is not entry]
    is_item = bool(entry.path) and isinstance(entry.path[-1], int)
    return Cursor(
        kind="key" if is_key else "value",
        path=entry.path,
        token=(place[0], place[1] - 1),
        typed=typed,
        syntax=found.syntax,
        flow=entry.flow,
        bare=is_key and not entry.whole,
        dashed=is_item and not entry.flow,
        column=entry.column,
        siblings=tuple(str(each.text if is_item else each.path[-1]) for each in siblings),
        lacks_blank=found.syntax == "yaml" and not is_key and text[offset - 1 : offset] == ":" and not typed,
    )


def _probed(found: Sketch, offset: int) -> SketchEntry | None:
    """Give the innermost entry whose key or scalar has the probe in it."""
    for entry in reversed(found.entries):
        in_key, in_value = entry.key[0] <= offset < entry.key[1], entry.value[0] <= offset < entry.value[1]
        if in_key or (in_value and entry.text is not None):
            return entry
    return None
