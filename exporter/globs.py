r"""File globs: `*` within a name, `**` across folders, `?`, `[a-z]`, `{md,qmd}`, and `\` before a character that is meant as it is.

A glob begins at any folder of the path. One that can't mean anything is refused with a sentence, wherever it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from itertools import product

from exporter.text import quote

_FOLDERS_AT_MOST = 1  # `**/` in a glob that is a regular expression: beside the one that it begins with
_STARS_AT_MOST = 2  # in a name of it
_BRANCHES_AT_MOST = 200
_BRACES_AT_MOST = 20
_TOKEN = re.compile(r"\\(?P<escaped>.)|(?P<wild>\*\*/|\*\*|\*|\?)|(?P<set>\[)|(?P<brace>\{)|(?P<literal>[^\\*?\[{]+)", re.DOTALL)
_SET = re.compile(r"\[(?P<not>[!^])?(?P<members>\]?(?:\\.|[^\]\\])*)\]", re.DOTALL)
_SPECIAL = re.compile(r"[\\*?\[{]")
_MEMBER = re.compile(r"\\?(?P<first>.)(?:-\\?(?P<last>[^\]]))?", re.DOTALL)


class GlobError(ValueError):
    """A glob that can't mean anything; the text says why, and what to write."""


class Wild(Enum):
    """What stands for any text; the value is its regular expression."""

    FOLDERS = "(?:.*/)?"
    ANYTHING = ".*"
    NAME = "[^/]*"
    CHARACTER = "[^/]"


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """One character of some, as a regular expression."""

    text: str

    def places(self, path: str) -> int:
        """Give the places in a path where such a character stands, as the bits of a number."""
        return sum(1 << found.start() for found in re.finditer(self.text, path, re.DOTALL))


Part = str | Wild | CharacterSet
_WILDS = {"**/": Wild.FOLDERS, "**": Wild.ANYTHING, "*": Wild.NAME, "?": Wild.CHARACTER}


@dataclass(frozen=True, slots=True)
class Branch:
    """A glob without braces, as a regular expression where that needs few steps whatever the path is, or else as its parts."""

    parts: tuple[Part, ...]
    compiled: re.Pattern[str] | None = field(default=None, compare=False)

    def fullmatch(self, path: str) -> bool:
        """Say whether a whole path fits."""
        return self.compiled.fullmatch(path) is not None if self.compiled else _fits(self.parts, path)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of folders and of the file, with `*` for what is not written out."""
        text = "".join(part if isinstance(part, str) else "/" if part is Wild.FOLDERS else "*" for part in self.parts)
        return tuple(filter(None, text.split("/")))


@dataclass(frozen=True, slots=True)
class Glob:
    """A glob: what fits one of its branches, of which there is one unless it has braces."""

    text: str
    branches: tuple[Branch, ...]

    @property
    def specificity(self) -> tuple[bool, int, str]:
        """How much a glob leaves open, to sort by: a whole path first, then the one that writes the most characters of it out.

        Not the number of wildcards: `posts/**/*.??.md` has four, and says more than `posts/**`.
        """
        written = min(sum(len(part) for part in branch.parts if isinstance(part, str)) for branch in self.branches)
        return any(not isinstance(part, str) for branch in self.branches for part in branch.parts[1:]), -written, self.text

    def fullmatch(self, path: str) -> bool:
        """Say whether a whole path fits."""
        return any(branch.fullmatch(path) for branch in self.branches)


@cache
def glob_pattern(glob: str) -> Glob:
    r"""Read a glob; raises GlobError for one that can't mean anything.

    >>> glob_pattern("content/news/**").fullmatch("site/content/news/2020/a.md")
    True
    >>> [glob_pattern("*.{md,[qr]md}").fullmatch(path) for path in ("a.md", "a.qmd", "a.txt")]
    [True, True, False]
    >>> glob_pattern(r"\[id].md").fullmatch("pages/[id].md")
    True
    """
    try:
        return Glob(glob, tuple(map(_branch, _expanded(_from_any_folder(glob)))))
    except GlobError as error:
        raise GlobError(f"the glob {quote(glob)} {error}") from None


def escape_glob(path: str) -> str:
    r"""Write a path as a glob that fits it.

    >>> escape_glob("pages/[id].md"), escape_glob("!inbox"), glob_pattern(escape_glob("a{b}*?.md")).fullmatch("a{b}*?.md")
    ('pages/\\[id].md', '\\!inbox', True)
    """
    escaped = _SPECIAL.sub(r"\\\g<0>", path)
    return "\\" + escaped if escaped.startswith("!") else escaped


def _from_any_folder(glob: str) -> str:
    """Take off what says where a glob begins: it may begin at any folder, and a folder stands for all that is in it."""
    if glob.startswith("!"):
        raise GlobError("begins with !, which turns nothing around here: name what to leave out in `exclude`, or write \\!")
    inner = glob.removeprefix("./").lstrip("/")
    if inner.startswith("../") or inner == "..":
        raise GlobError("leads out of the project: a glob counts from the project's root")
    if glob.count("{") > _BRACES_AT_MOST:
        raise GlobError(f"has more than {_BRACES_AT_MOST} braces")
    stripped = inner.rstrip("/")
    if not stripped:
        raise GlobError("is empty; ** is everything")
    return f"{stripped}/**" if stripped != inner else inner


def _expanded(glob: str) -> list[str]:
    """Write a glob with braces as those without: `a.{md,qmd}` is `a.md` and `a.qmd`."""
    choices = [[piece] if isinstance(piece, str) else piece for piece in _pieces(glob)]
    count = 1
    for choice in choices:
        count *= len(choice)
        if count > _BRANCHES_AT_MOST:
            raise GlobError(f"stands for more than {_BRANCHES_AT_MOST} globs; write fewer alternatives in braces")
    return ["".join(chosen) for chosen in product(*choices)]


def _pieces(glob: str) -> Iterator[str | list[str]]:
    """Part a glob at its outermost braces; each of these gives the globs of its alternatives."""
    at = 0
    while at < len(glob):
        end = _end_of_token(glob, at)
        if glob[at] != "{":
            yield glob[at:end]
        elif end - at == len("{}"):
            raise GlobError("has nothing in its braces")
        else:
            yield [expanded for alternative in _alternatives(glob[at + 1 : end - 1]) for expanded in _expanded(alternative)]
        at = end


def _alternatives(inner: str) -> Iterator[str]:
    start = at = 0
    while at < len(inner):
        if inner[at] == ",":
            yield inner[start:at]
            start = at = at + 1
        else:
            at = _end_of_token(inner, at, plain=1)
    yield inner[start:]


def _end_of_token(glob: str, at: int, plain: int | None = None) -> int:
    """Give the place behind what begins at a place: an escaped character, a set, braces, or text."""
    found = _TOKEN.match(glob, at)
    if found is None:
        raise GlobError("ends with a \\ that nothing follows; a \\ itself is written \\\\")
    if found["set"]:
        return _set(glob, at).end()
    if not found["brace"]:
        return at + plain if plain and found["literal"] else found.end()
    at += 1
    while at < len(glob) and glob[at] != "}":
        at = _end_of_token(glob, at, plain=1)
    if at >= len(glob):
        raise GlobError("has a { that is not closed; a { itself is written \\{")
    return at + 1


def _set(glob: str, at: int) -> re.Match[str]:
    found = _SET.match(glob, at)
    if found is None or not found["members"]:
        raise GlobError("has a [ that is not closed; a [ itself is written \\[")
    return found


def _branch(glob: str) -> Branch:
    parts: list[Part] = [Wild.FOLDERS]
    at = 0
    while at < len(glob):
        end = _end_of_token(glob, at)
        part = _part(glob, at, end)
        if isinstance(part, str) and isinstance(parts[-1], str):
            parts[-1] += part
        elif part is not parts[-1] or part is Wild.CHARACTER:  # a star beside its like says nothing new
            parts.append(part)
        at = end
    text = "".join(re.escape(part) if isinstance(part, str) else part.value if isinstance(part, Wild) else part.text for part in parts)
    return Branch(tuple(parts), re.compile(text, re.DOTALL) if _is_quick(parts) else None)


def _part(glob: str, at: int, end: int) -> Part:
    text = glob[at:end]
    if text[0] == "[":
        return _character_set(_set(glob, at))
    return _WILDS.get(text) or (text[1:] if text[0] == "\\" else text)


def _character_set(found: re.Match[str]) -> CharacterSet:
    members = []
    for member in _MEMBER.finditer(found["members"]):
        first, last = member["first"], member["last"] or member["first"]
        if "/" in (first, last):
            raise GlobError("has a / in [ ], which stands for one character of a name")
        if first > last:
            raise GlobError(f"has the range {first}-{last}, which is empty; write {last}-{first}")
        members.append(re.escape(first) if first == last else f"{re.escape(first)}-{re.escape(last)}")
    if "[:" in found["members"]:
        raise GlobError("has a class such as [:alpha:], which is not known here; write the characters out, as in [a-z]")
    return CharacterSet(f"(?!/)[{'^' if found['not'] else ''}{''.join(members)}]")


def _is_quick(parts: list[Part]) -> bool:
    """Few stars can be moved against each other. A `**` at the end takes the rest, whatever that is."""
    inner = parts[:-1] if parts[-1] is Wild.ANYTHING else parts
    names = "".join("*" if part is Wild.NAME else "/" * part.count("/") if isinstance(part, str) else "" for part in inner)
    stars = max(name.count("*") for name in names.split("/"))
    return Wild.ANYTHING not in inner and inner.count(Wild.FOLDERS) <= 1 + _FOLDERS_AT_MOST and stars <= _STARS_AT_MOST


def _fits(parts: tuple[Part, ...], path: str) -> bool:
    """Follow all ways through a glob at once: the bits of a number are the places in the path where what is left may begin."""
    everywhere = (2 << len(path)) - 1
    slashes = sum(2 << at for at, character in enumerate(path) if character == "/")
    here = 1
    for part in parts:
        if isinstance(part, str):
            starts = (at for at in range(len(path)) if here >> at & 1 and path.startswith(part, at))
            here = sum(1 << at + len(part) for at in starts)
        elif isinstance(part, CharacterSet):
            here = (here & part.places(path)) << 1
        elif part is Wild.ANYTHING:
            here = everywhere & -(here & -here)
        elif part is Wild.FOLDERS:
            here |= slashes & -(here & -here) & ~(here & -here)
        elif part is Wild.NAME:
            here = _within_names(here, slashes, len(path))
        else:
            here = here << 1 & everywhere & ~slashes
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
