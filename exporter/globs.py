"""File globs: `*` within a name, `**` across folders, beginning at any folder of the path."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_FOLDERS_AT_MOST = 1  # `**/` in a glob that is a regular expression: beside the one that it begins with
_STARS_AT_MOST = 2  # in a name of it


@dataclass(frozen=True, slots=True)
class Glob:
    """A glob, as a regular expression where that needs few steps whatever the path is, or else as its parts."""

    text: str
    parts: tuple[str, ...]
    compiled: re.Pattern[str] | None = field(default=None, compare=False)

    def fullmatch(self, path: str) -> bool:
        """Say whether a whole path fits."""
        return self.compiled.fullmatch(path) is not None if self.compiled else _fits(self.parts, path)


def glob_pattern(glob: str) -> Glob:
    """Read a glob; it may begin at any folder of the path.

    >>> glob_pattern("content/news/**").fullmatch("site/content/news/2020/a.md")
    True
    """
    parts: list[str] = ["**/"]
    for part in filter(None, re.split(r"(\*\*/?|\*|\?)", glob.strip("/"))):
        if part != parts[-1] or "*" not in part:  # a star beside its like says nothing new
            parts.append(part)
    text = "".join(_MEANINGS.get(part, re.escape(part)) for part in parts)
    return Glob(glob, tuple(parts), re.compile(text, re.DOTALL) if _is_quick(parts) else None)


def _is_quick(parts: list[str]) -> bool:
    """Few stars can be moved against each other. A `**` at the end takes the rest, whatever that is."""
    inner = parts[:-1] if parts[-1] == "**" else parts
    stars = max(name.count("*") for name in "".join(part for part in inner if part != "**/").split("/"))
    return "**" not in inner and inner.count("**/") <= 1 + _FOLDERS_AT_MOST and stars <= _STARS_AT_MOST


def _fits(parts: tuple[str, ...], path: str) -> bool:
    """Follow all ways through a glob at once: the bits of a number are the places in the path where what is left may begin."""
    everywhere = (2 << len(path)) - 1
    slashes = sum(2 << at for at, character in enumerate(path) if character == "/")
    here = 1
    for part in parts:
        if part == "**":
            here = everywhere & -(here & -here)
        elif part == "**/":
            here |= slashes & -(here & -here) & ~(here & -here)
        elif part == "*":
            here = _within_names(here, slashes, len(path))
        elif part == "?":
            here = here << 1 & everywhere & ~slashes
        else:
            starts = (at for at in range(len(path)) if here >> at & 1 and path.startswith(part, at))
            here = sum(1 << at + len(part) for at in starts)
    return bool(here >> len(path) & 1)


def _within_names(here: int, slashes: int, length: int) -> int:
    """Let each place move on to the end of its name."""
    found, open_ = 0, False
    for at in range(length + 1):
        if slashes >> at & 1:
            open_ = False
        if here >> at & 1:
            open_ = True
        found |= open_ << at
    return found
