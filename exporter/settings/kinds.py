"""The kinds of value that a setting has: each reads TOML and the text of an environment variable."""

from __future__ import annotations

import os
import pathlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from exporter.globs import glob_pattern
from exporter.resources import BUNDLED, resolve_names
from exporter.resources import Kind as Vocabulary
from exporter.text import enumerate_names, nearest, quote


class Kind(Protocol):
    """How one setting's value is read; a wrong value raises ValueError with what was expected."""

    @property
    def title(self) -> str:
        """The kind in the words of `docs/settings.md`."""

    def from_toml(self, value: object, home: str) -> object:
        """Check a value from a settings file that stands in folder `home`."""

    def from_text(self, text: str) -> object:
        """Read the text of an environment variable."""


def _near(name: str, known: tuple[str, ...]) -> str:
    found = nearest(name, known)
    return f", did you mean {quote(found)}?" if found else ""


def _under(home: str, path: str) -> str:
    """Give a path that counts from `home` as one that counts from where the user stands."""
    if "\0" in path:
        raise ValueError(f"expected a path, found {quote(path)}: no path has the character U+0000")
    try:
        joined = pathlib.Path(home, pathlib.Path(path).expanduser())
    except RuntimeError:
        raise ValueError(f"expected a path, found {quote(path)}: no user has this name (write ./{path} for a file)") from None
    try:
        return pathlib.Path(os.path.relpath(joined)).as_posix()
    except ValueError:  # another drive on Windows has no relative path
        return joined.as_posix()


def _texts(value: object) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
        raise ValueError(f"expected a text or a list of texts, found {quote(value)}")
    return tuple(items)


@dataclass(frozen=True, slots=True)
class TextKind:
    """One text; with `choices`, one of these."""

    choices: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Name the choices."""
        return enumerate_names([f"`{choice}`" for choice in self.choices], limit=20) if self.choices else "text"

    def from_toml(self, value: object, home: str) -> str:  # noqa: ARG002 - one signature for all kinds
        """Check a text."""
        if not isinstance(value, str):
            raise ValueError(f"expected a text, found {quote(value)}")
        return self.from_text(value)

    def from_text(self, text: str) -> str:
        """Check that the text is one of the choices."""
        if self.choices and text not in self.choices:
            raise ValueError(f"expected {enumerate_names(self.choices, limit=20)}, found {quote(text)}{_near(text, self.choices)}")
        return text


@dataclass(frozen=True, slots=True)
class Texts:
    """Several texts: a list, or one text for a list of one."""

    title: str = "list of texts"

    def from_toml(self, value: object, home: str) -> tuple[str, ...]:  # noqa: ARG002 - one signature for all kinds
        """Check a list of texts."""
        return _texts(value)

    def from_text(self, text: str) -> tuple[str, ...]:
        """Split at the character that the system splits `PATH` at."""
        return tuple(part for part in text.split(os.pathsep) if part)


@dataclass(frozen=True, slots=True)
class Globs(Texts):
    """Several globs of files."""

    title: str = "list of globs"

    def from_toml(self, value: object, home: str) -> tuple[str, ...]:  # noqa: ARG002 - one signature for all kinds
        """Check each glob."""
        return _globs(_texts(value))

    def from_text(self, text: str) -> tuple[str, ...]:
        """Split at the character that the system splits `PATH` at."""
        return _globs(Texts.from_text(self, text))


@dataclass(frozen=True, slots=True)
class Endings(Texts):
    """Endings of file names, with or without their dot."""

    title: str = "list of endings"

    def from_toml(self, value: object, home: str) -> tuple[str, ...]:  # noqa: ARG002 - one signature for all kinds
        """Check each ending."""
        return tuple(map(_ending, _texts(value)))

    def from_text(self, text: str) -> tuple[str, ...]:
        """Split at the character that the system splits `PATH` at."""
        return tuple(map(_ending, Texts.from_text(self, text)))


def _ending(text: str) -> str:
    ending = "." + text.lower().removeprefix("*").removeprefix(".")
    if not _ENDING.fullmatch(ending):
        raise ValueError(f"expected an ending such as .qmd, found {quote(text)}; globs stand in `include`")
    return ending


_ENDING = re.compile(r"(?:\.[^\s./\\*?]+)+")


def _globs(globs: tuple[str, ...]) -> tuple[str, ...]:
    for glob in globs:
        glob_pattern(glob)
    return globs


@dataclass(frozen=True, slots=True)
class Path:
    """A file or folder, seen from the settings file; `-` stays what it is."""

    title: str = "path"

    def from_toml(self, value: object, home: str) -> str:
        """Count the path from the settings file's folder."""
        if not isinstance(value, str) or not value:
            raise ValueError(f"expected a path, found {quote(value)}")
        return value if value == "-" else _under(home, value)

    def from_text(self, text: str) -> str:
        """Take the path as it is: it counts from where the user stands."""
        return text


def _own(path: str, home: str) -> str:
    """Give the path of a file to write if it lies where a settings file may let us write: below its folder `home` or the current one.

    Not in git's folder or among installed programs: what lies there is run, and a stranger may have written the settings
    (docs/security.md).
    """
    if path == "-" or os.path.normpath(pathlib.Path(path).absolute()) in {os.devnull, "/dev/stdout", "/dev/stderr"}:
        return path
    file = pathlib.Path(os.path.realpath(path))
    root = next((root for folder in (home, os.curdir) if file.is_relative_to(root := pathlib.Path(os.path.realpath(folder)))), None)
    if root is None:
        raise ValueError(f"expected a file below the folder of the settings file, found {quote(path)}; say it on the command line")
    inner = [folder for folder in (file, *file.parents) if folder != root and folder.is_relative_to(root)]
    # os.path says no of a name that is too long, where pathlib raises
    if any(folder.name in _PROGRAMS or os.path.isfile(folder / "pyvenv.cfg") for folder in inner):  # noqa: PTH113
        raise ValueError(f"expected a file that is not among programs, found {quote(path)}")
    return path


_PROGRAMS = frozenset({".git", "site-packages", "dist-packages", "node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class OutputPath(Path):
    """A file to write, seen from the settings file; `-` stays what it is."""

    def from_toml(self, value: object, home: str) -> str:
        """Count the path from the settings file's folder."""
        return _own(Path.from_toml(self, value, home), home)


@dataclass(frozen=True, slots=True)
class Reports(Texts):
    """Reports and the files that they are written to."""

    title: str = "list of `FORMAT:FILE`"

    def from_toml(self, value: object, home: str) -> tuple[str, ...]:
        """Check the list, and where the files are."""
        reports = _texts(value)
        for report in reports:
            _own(report.partition(":")[2] or report, home)
        return reports


@dataclass(frozen=True, slots=True)
class Paths:
    """Several files or folders, seen from the settings file."""

    title: str = "list of paths"

    def from_toml(self, value: object, home: str) -> tuple[str, ...]:
        """Count the paths from the settings file's folder."""
        return tuple(_under(home, path) for path in _texts(value))

    def from_text(self, text: str) -> tuple[str, ...]:
        """Split at the character that the system splits `PATH` at."""
        return tuple(part for part in text.split(os.pathsep) if part)


@dataclass(frozen=True, slots=True)
class Vocabularies(Paths):
    """The files or folders of an ontology or of shapes, or the name of what comes with owltype."""

    vocabulary: Vocabulary = "ontology"
    title: str = f"list of paths, or `{BUNDLED}`"

    def from_toml(self, value: object, home: str) -> tuple[str, ...]:
        """Count the paths from the settings file's folder; the name is not a path."""
        return tuple(
            path for text in _texts(value) for path in (resolve_names(text, self.vocabulary) if text == BUNDLED else (_under(home, text),))
        )

    def from_text(self, text: str) -> tuple[str, ...]:
        """Split at the character that the system splits `PATH` at."""
        return resolve_names(Paths.from_text(self, text), self.vocabulary)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, `lowest` at least."""

    lowest: int = 0
    title: str = "whole number"

    def from_toml(self, value: object, home: str) -> int:  # noqa: ARG002 - one signature for all kinds
        """Check the number; `true` is none, though Python counts it as 1."""
        if not isinstance(value, int) or isinstance(value, bool) or value < self.lowest:
            raise ValueError(f"expected a whole number from {self.lowest} up, found {quote(value)}")
        return value

    def from_text(self, text: str) -> int:
        """Read the number."""
        return self.from_toml(int(text) if text.isascii() and text.isdigit() else text, "")


@dataclass(frozen=True, slots=True)
class Switch:
    """True or false."""

    title: str = "`true` or `false`"

    def from_toml(self, value: object, home: str) -> bool:  # noqa: ARG002 - one signature for all kinds
        """Check the switch."""
        if not isinstance(value, bool):
            raise ValueError(f"expected true or false, found {quote(value)}")
        return value

    def from_text(self, text: str) -> bool:
        """Read the words that people write for a switch."""
        words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False, "": False}
        if text.casefold() not in words:
            raise ValueError(f"expected true or false, found {quote(text)}")
        return words[text.casefold()]


@dataclass(frozen=True, slots=True)
class Table:
    """Names with a text each, sorted by name."""

    title: str = "table of texts"

    def from_toml(self, value: object, home: str) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - one signature for all kinds
        """Check the table."""
        if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in value.values()):
            raise ValueError(f"expected a table of texts, found {quote(value)}")
        return tuple(sorted(value.items()))

    def from_text(self, text: str) -> tuple[tuple[str, str], ...]:
        """Read `NAME=VALUE` pairs with spaces between them."""
        pairs = [pair.partition("=") for pair in text.split()]
        if any(not (name and equals) for name, equals, _ in pairs):
            raise ValueError(f"expected NAME=VALUE pairs with spaces between them, found {quote(text)}")
        return tuple(sorted((name, value) for name, _, value in pairs))


@dataclass(frozen=True, slots=True)
class FileAddresses:
    """Folders of the project, each with the address of its files; sorted by folder."""

    title: str = "table of addresses by folder"

    def from_toml(self, value: object, home: str) -> tuple[tuple[str, str], ...]:
        """Check the table; folders are project paths, for the settings file stands at the root."""
        pairs = Table().from_toml(value, home)
        return tuple(sorted((_folder(folder), _address(address)) for folder, address in pairs))

    def from_text(self, text: str) -> tuple[tuple[str, str], ...]:
        """Read `FOLDER=ADDRESS` pairs with spaces between them."""
        return tuple(sorted((_folder(folder), _address(address)) for folder, address in Table().from_text(text)))


def _folder(text: str) -> str:
    path = posixpath.normpath(text)
    if text.startswith(("/", "~")) or path == ".." or path.startswith("../") or "\0" in text or "\\" in text:
        raise ValueError(f"expected a folder below the root, found {quote(text)}")
    return "" if path == "." else path


def _address(text: str) -> str:
    if text == "page" or re.fullmatch(r"/(?!/)[^\s<>\"{}|\\^`]*|https?://[^\s<>\"{}|\\^`]+", text):
        return text
    raise ValueError(f'expected an address such as "/" or "https://…", or "page" for files that stand beside a page, found {quote(text)}')


@dataclass(frozen=True, slots=True)
class PathTable:
    """Names, each with a file seen from the settings file, sorted by name."""

    title: str = "table of paths"

    def from_toml(self, value: object, home: str) -> tuple[tuple[str, str], ...]:
        """Count the paths from the settings file's folder."""
        if not isinstance(value, Mapping) or not all(isinstance(item, str) and item for item in value.values()):
            raise ValueError(f"expected a table of paths, found {quote(value)}")
        return tuple(sorted((name, _under(home, path)) for name, path in value.items()))

    def from_text(self, text: str) -> tuple[tuple[str, str], ...]:
        """Read `NAME=PATH` pairs with spaces between them; a name may hold `=`, as IRIs do."""
        pairs = [pair.rpartition("=") for pair in text.split()]
        if any(not (name and equals and path) for name, equals, path in pairs):
            raise ValueError(f"expected NAME=PATH pairs with spaces between them, found {quote(text)}")
        return tuple(sorted((name, path) for name, _, path in pairs))
