"""Problems that a team suppresses, each with its reason: a kind of setting of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exporter.globs import glob_pattern
from exporter.problems.codes import unknown_code
from exporter.text import enumerate_names, nearest, quote


class ItemError(ValueError):
    """A wrong item of a list of tables, with its number in the list."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


_KEYS = ("code", "reason", "path", "key")


@dataclass(frozen=True, slots=True)
class Suppression:
    """Problems with this code are not reported, in files that match `path` and at `key` where these are given."""

    code: str
    reason: str
    path: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Suppressions:
    """A list of tables with `code` and `reason`."""

    title: str = "list of tables"

    def from_toml(self, value: object, home: str) -> tuple[Suppression, ...]:  # noqa: ARG002 - one signature for all kinds
        """Check the list."""
        if not isinstance(value, list):
            raise ValueError(f"expected a list of tables with `code` and `reason`, found {quote(value)}")
        found: list[Suppression] = []
        for number, item in enumerate(value):
            try:
                found.append(_suppression(item))
            except ValueError as error:
                raise ItemError(str(error), number) from None
        return tuple(found)

    def from_text(self, text: str) -> tuple[Suppression, ...]:
        """Refuse: a reason does not fit a variable."""
        raise ValueError(f"suppressions stand in a settings file, found {quote(text)}")


def _suppression(item: object) -> Suppression:
    if not isinstance(item, Mapping):
        raise ValueError(f"expected a table with `code` and `reason`, found {quote(item)}")
    for name, value in item.items():
        if name not in _KEYS:
            near = nearest(name, _KEYS)
            raise ValueError(f"no key {quote(name)} in a suppression" + (f", did you mean {quote(near)}?" if near else ""))
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"expected a text as {quote(name)}, found {quote(value)}")
    missing = [name for name in _KEYS[:2] if name not in item]
    if missing:
        raise ValueError(f"a suppression needs {enumerate_names(missing, 'and')}")
    if wrong := unknown_code(item["code"]):
        raise ValueError(wrong)
    if "path" in item:
        glob_pattern(item["path"])
    return Suppression(item["code"], item["reason"], item.get("path"), item.get("key"))
