"""Names in what is written: each class and property gets one of its own, and keys of one name share theirs."""

from __future__ import annotations

from collections.abc import Iterable

from exporter.generate.names import local_name
from exporter.inference.terms import class_name

PREFIX = "site"
"""The prefix of the site's own terms."""


class Names:
    """Gives names that are free, the same for the same wish in the same order."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.casefold() for name in taken}

    def new_class(self, *tries: str) -> str:
        """Name a class after the first of these that is free, or else number the last."""
        wished = [class_name(text) for text in tries]
        wished += [f"{wished[-1]}{number}" for number in range(2, len(self._taken) + 3)]
        free = next(name for name in wished if name.casefold() not in self._taken)
        self._taken.add(free.casefold())
        return free


def own_property(key: str, taken: Iterable[str]) -> str:
    """Name a property after a key; where classes have the name in the same letters, a property differs from these by more than case."""
    name = local_name((key,))
    used = set(taken)
    return f"{PREFIX}:{name if name not in used else name + 'Value'}"
