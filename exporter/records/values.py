"""What front matter is made of once it is read: the typed characters, and YAML core's guess beside them.

YAML 1.2.2, section 10.3 (core schema), says what a plain scalar would be. The ontology decides what it
is; the guess counts only for keys that the ontology does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self, TypeAlias, Union

from exporter.problems import KeyPath

CoreType: TypeAlias = Literal["boolean", "integer", "double", "date", "dateTime", "time"]
"""The XSD datatype that a scalar's syntax suggests; the last three come from TOML only."""


class Plain(str):
    """A scalar that its syntax reads as no string, and whose canonical form is not what was typed.

    `1.10`, `0x1F`, `01234`, `+5`, `True`, `.inf` in YAML; `1.10` in JSON; dates in TOML. It *is* the typed text, and
    `core` names the datatype. An integer typed canonically, with at most 18 digits, is an `int`, and `true` and `false`
    are `bool`: nothing is lost there.

    >>> Plain("1.10", "double"), Plain("1.10", "double").core
    ('1.10', 'double')
    """

    __slots__ = ("core",)
    core: CoreType

    def __new__(cls, text: str, core: CoreType) -> Self:
        """Keep `text` as typed, with its core type."""
        plain = super().__new__(cls, text)
        plain.core = core
        return plain


Value: TypeAlias = Union[str, int, bool, list["Value"], dict[str, "Value"], None]
"""A front-matter value: `Plain` is a `str`; keys are strings as typed, in the order of the file."""

DuplicateKeys: TypeAlias = Literal["reject", "warn-if-equal"]
"""What a key is that stands twice in one map: a reason to reject the record, or a warning where both values are equal."""


def is_same(one: Value, other: Value) -> bool:
    """Say whether two values are equal in type and in typed characters too.

    >>> is_same({"a": [1]}, {"a": [1]}), is_same(1, True), is_same("1.10", Plain("1.10", "double"))
    (True, False, False)
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, Plain) and isinstance(other, Plain) and one.core != other.core:
        return False
    return one == other


def look_up(map_: Value, path: KeyPath) -> Value:
    """Follow a key path through maps and lists; None where it leads nowhere."""
    value = map_
    for part in path:
        if isinstance(part, str):
            value = value.get(part) if isinstance(value, dict) else None
        else:
            value = value[part] if isinstance(value, list) and part < len(value) else None
    return value


Leaf: TypeAlias = tuple[KeyPath, Value]
"""A scalar and where it stands."""


def leaves(value: Value, path: KeyPath = ()) -> Iterator[Leaf]:
    """Yield the scalars of a value with their places, an empty map or list in it as null.

    >>> list(leaves({"a": [1, {"b": None}], "c": []}))
    [(('a', 0), 1), (('a', 1, 'b'), None), (('c',), None)]
    """
    if isinstance(value, dict) and value:
        for key, child in value.items():
            yield from leaves(child, (*path, key))
    elif isinstance(value, list) and value:
        for number, child in enumerate(value):
            yield from leaves(child, (*path, number))
    elif path:
        yield path, None if isinstance(value, (dict, list)) else value
