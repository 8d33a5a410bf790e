"""What callers name: a path, or a sequence of paths; the one form that every function takes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias, Union

from exporter.errors import UsageError
from exporter.text import quote

Paths: TypeAlias = Union[str, Path, Sequence[Union[str, Path]]]
"""A path or a sequence of paths. A text is one path, never a sequence of letters."""


def path_names(paths: Paths) -> tuple[str, ...]:
    """Give paths as texts; raises UsageError for what is not one.

    >>> path_names("site.ttl"), path_names(Path("a.md")), path_names(["a.md", Path("b.md")])
    (('site.ttl',), ('a.md',), ('a.md', 'b.md'))
    """
    named: list[object]
    try:
        named = [paths] if isinstance(paths, (str, bytes, os.PathLike)) else list(paths)
    except TypeError:
        named = [paths]
    for path in named:
        if not isinstance(path, (str, os.PathLike)):
            raise UsageError(f"a path is a str or a Path, and not {quote(repr(path))}")
    return tuple(os.fspath(path) for path in named if isinstance(path, (str, os.PathLike)))


def texts(values: str | Sequence[str]) -> tuple[str, ...]:
    """Give a text or a sequence of texts as a sequence.

    >>> texts("own:Handler"), texts(["a", "b"])
    (('own:Handler',), ('a', 'b'))
    """
    return (values,) if isinstance(values, str) else tuple(values)
