"""What a work tree's `.gitignore` files leave out (https://git-scm.com/docs/gitignore), without git and without its settings.

A file that git has in its index counts as content, whatever the patterns say: git itself ignores only what it does not track.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

IGNORE_FILE = ".gitignore"
REPOSITORY = ".git"
_STARS_AT_MOST = 3
"""In a name, and `**` in a line: the steps of matching grow with that power. A line with more is passed over, as one that is wrong."""
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Repository:
    """A git work tree: its folder, and where git keeps what it knows of it."""

    top: str

    @cached_property
    def _folders(self) -> tuple[Path, Path]:
        """The work tree's own folder, and the one that it shares with others of the repository."""
        own = Path(self.top, REPOSITORY)
        if own.is_file():
            named = _text(own).removeprefix("gitdir:").strip()
            own = Path(self.top, named)
        shared = _text(own / "commondir").strip()
        return own, own / shared if shared else own

    @property
    def index(self) -> Path:
        """What git tracks."""
        return self._folders[0] / "index"

    @property
    def was_asked(self) -> bool:
        """Whether it mattered what git tracks, because a pattern fits something."""
        return "_tracked" in self.__dict__

    @property
    def exclude(self) -> Path:
        """The patterns that are this machine's alone."""
        return self._folders[1] / "info" / "exclude"

    @property
    def says_what_counts(self) -> tuple[str, str]:
        """Give the files of git's own that say what is left out: the patterns, and the index, whose files count whatever these say."""
        return str(self.exclude), str(self._folders[0] / "index")

    @cached_property
    def _tracked(self) -> list[str]:
        try:
            return sorted(indexed_paths(self.index.read_bytes()))
        except (OSError, ValueError, IndexError):
            return []

    def may_track(self, folder: str) -> bool | None:
        """Say whether git has a folder in its index, or what is in it, or a file in its place; None where only git can tell.

        Upper and lower case are one, as on the disks of some machines. The bytes are searched and not parsed: 3 ms for 50,000 files.
        """
        own = self._folders[0]
        try:
            shared = own.glob("sharedindex.*")  # of a split index
            indexes = [path.read_bytes() for path in (self.index, *shared) if os.path.lexists(path)]
        except OSError:
            return None
        if not own.is_dir() or any(data[:8] not in _WHOLE_NAMES for data in indexes):
            return None
        name = os.fsencode(folder).lower()
        return any(_has_entry(data.lower(), data, name) for data in indexes)

    def tracks(self, path: str) -> bool:
        """Say whether git has a file in its index, or one below a folder, which ends with `/`."""
        at = bisect_left(self._tracked, path)
        return at < len(self._tracked) and (self._tracked[at] == path or (path.endswith("/") and self._tracked[at].startswith(path)))


@dataclass(frozen=True, slots=True)
class IgnorePattern:
    """A line: whether it ignores or turns that around, and what it fits.

    pathspec's patterns fit what is in a folder, too, that they fit. Here folders are gone through one by one, and what a line says of a
    folder is known before it is entered, so only what it says of a file or folder itself counts.
    """

    ignores: bool
    expression: re.Pattern[str]
    kind: str

    def fits(self, path: str) -> bool:
        """Say whether the line speaks of this file, or of this folder, which is written with `/` at its end."""
        if self.kind == _FOLDERS:
            return path.endswith("/")
        found = self.expression.search(path.removesuffix("/") if self.kind == _CONTENT else path)
        return found is not None and (self.kind == _CONTENT or found.end() == len(path))


_FOLDERS, _CONTENT, _ITSELF = "folders", "content", "itself"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The patterns of one file, for what is in `folder`, the last of them first, because it wins."""

    folder: str
    patterns: tuple[IgnorePattern, ...]

    def decide(self, place: str) -> bool | None:
        """Say whether a file is ignored, or a folder; None where no pattern fits."""
        path = place[len(self.folder) + 1 :]
        return next((pattern.ignores for pattern in self.patterns if pattern.fits(path)), None)


@dataclass(frozen=True, slots=True)
class Ignoring:
    """What is ignored in a folder: the rules of the folders around it and its own.

    `lost` says that the folder is ignored itself, and read for what git has in it all the same.
    """

    repository: Repository | None = None
    rules: tuple[IgnoreRules, ...] = ()
    lost: bool = False

    def ignores(self, place: str) -> bool:
        """Say whether the file at a place is left out, or the folder, which is written with `/` at its end."""
        return self._fits(place) and not (self.repository and self.repository.tracks(place[len(self.repository.top) + 1 :]))

    def _fits(self, place: str) -> bool:
        return self.lost or next((said for rules in reversed(self.rules) if (said := rules.decide(place)) is not None), False)

    def enter(self, folder: str, names: Sequence[str]) -> Ignoring:
        """Give what is ignored in a folder with these names in it; a repository inside another has rules of its own."""
        if REPOSITORY in names:
            entered = Ignoring(found := Repository(folder), _rules(folder, found.exclude))
        else:
            entered = replace(self, lost=self._fits(folder + "/"))
        own = _rules(folder, Path(folder, IGNORE_FILE)) if IGNORE_FILE in names else ()
        return replace(entered, rules=(*entered.rules, *own))


def is_ignored(place: str, root: str) -> bool:
    """Say whether a file is left out of the folder that it is in, whether or not it is there yet."""
    folder = str(Path(place).parent)
    around = ignoring_around(folder, root)
    return around is not None and around.enter(folder, _own_files(folder)).ignores(place)


def _own_files(folder: str) -> list[str]:
    return [name for name in (REPOSITORY, IGNORE_FILE) if os.path.lexists(Path(folder, name))]


def deciding_files(folder: str) -> list[str]:
    """List the files that say what is ignored in a folder, whether or not they are there, beside the index of git."""
    named = [os.path.join(folder, name) for name in (REPOSITORY, IGNORE_FILE)]  # noqa: PTH118 - texts
    if os.path.lexists(named[0]):
        found = Repository(folder)
        named += map(str, (found.exclude, found.index.with_name("commondir")))
    return named


def ignoring_around(folder: str, root: str) -> Ignoring | None:
    """Give what is ignored around a folder that is read, by the repository or else the project around it; None where there is neither.

    A folder that is named is read though it is ignored itself: then the rules around it say nothing of what is in it.
    """
    above = [folder, *map(str, Path(folder).parents)]
    top = next((place for place in above if os.path.lexists(Path(place, REPOSITORY))), root if root in above else None)
    if top is None:
        return None
    ignoring = Ignoring()
    for place in reversed(above[: above.index(top) + 1]):
        if ignoring.ignores(place + "/"):
            ignoring = Ignoring()
        if place != folder:
            ignoring = ignoring.enter(place, _own_files(place))
    return ignoring


def _rules(folder: str, file: Path) -> tuple[IgnoreRules, ...]:
    text = _text(file)
    patterns = _patterns(text) if text else ()
    return (IgnoreRules(folder, patterns),) if patterns else ()


@cache
def _patterns(text: str) -> tuple[IgnorePattern, ...]:
    """Read patterns, the last one first; as in git, a line that is wrong fits nothing."""
    lines = [line.removesuffix("\r") for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return tuple(pattern for line in reversed(lines) if (pattern := _pattern(_plain(line))) is not None)


def _pattern(line: str) -> IgnorePattern | None:
    from pathspec import GitIgnoreSpec  # 30 ms, and many folders have no such file

    text = line.removeprefix("!").rstrip(" ")
    if not text.strip("/") or _is_slow(line):
        return None
    try:
        (read,) = GitIgnoreSpec.from_lines([line], backend="simple").patterns
    except (ValueError, re.error):
        return None
    if read.regex is None or read.include is None:
        return None
    kind = _FOLDERS if text in {"*/", "**/"} else _CONTENT if text in {"*", "**", "**/*"} or text.endswith("/**") else _ITSELF
    return IgnorePattern(read.include, read.regex, kind)


def _plain(line: str) -> str:
    """Write stars beside each other as one, which is what they mean where they are not a whole name."""
    turned = "!" if line.startswith("!") else ""
    return turned + "/".join(
        name if name == "**" else _STARS.sub(lambda found: found["escaped"] or "*", name) for name in line.removeprefix("!").split("/")
    )


_STARS = re.compile(r"(?P<escaped>\\.)|\*+")


def _is_slow(line: str) -> bool:
    names = line.split("/")
    return any(name.count("*") > _STARS_AT_MOST for name in names) or names.count("**") > _STARS_AT_MOST


def _text(file: Path) -> str:
    """Read a small file of git's; nothing for what can't be read."""
    try:
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return ""
        return file.read_text("utf-8", errors="surrogateescape").removeprefix("\ufeff")
    except OSError:
        return ""


def indexed_paths(data: bytes) -> Iterator[str]:
    """Yield the paths in a git index (https://git-scm.com/docs/index-format); raises ValueError for what is not one."""
    if data[:4] != b"DIRC":
        raise ValueError("not a git index")
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if version not in (2, 3, 4):
        raise ValueError(f"git index version {version}")
    at, name = 12, b""
    for _ in range(count):
        flags = int.from_bytes(data[at + _FLAGS : at + _FLAGS + 2], "big")
        start = at + _FLAGS + (4 if flags & _EXTENDED else 2)
        cut = 0
        if version == 4:  # how much of the name before is not in this one
            cut, start = _number(data, start)
        end = data.index(b"\0", start)
        name = (name[: len(name) - cut] if version == 4 else b"") + data[start:end]
        yield os.fsdecode(name)
        at = end + 1 if version == 4 else at + (end - at + 8) // 8 * 8


_WHOLE_NAMES = frozenset(b"DIRC" + version.to_bytes(4, "big") for version in (2, 3))
"""How an index begins in which every name stands as a whole."""


def _has_entry(lowered: bytes, data: bytes, name: bytes) -> bool:
    """Say whether an index has an entry that is `name`, or begins with it and a slash: its length stands two bytes before, or four."""
    at = lowered.find(name)
    while at >= 0:
        end = data.find(b"\0", at)
        lengths = {int.from_bytes(data[at - back : at - back + 2], "big") & _LENGTH for back in (2, 4)}
        if lowered[at + len(name) : at + len(name) + 1] in {b"/", b"\0"} and min(end - at, _LENGTH) in lengths:
            return True
        at = lowered.find(name, at + 1)
    return False


_LENGTH = 0xFFF
_FLAGS = 60  # ten numbers of four bytes, and a SHA-1
_EXTENDED = 0x4000


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length, and give the place behind it."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (data[at] & 0x7F)
    return value, at + 1
