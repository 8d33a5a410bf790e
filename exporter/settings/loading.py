"""Find the settings file, read it and the environment, and say where a setting is wrong."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from exporter.errors import UsageError
from exporter.problems import Location, Problem, Severity
from exporter.records.nodes import MAX_DEPTH
from exporter.settings.model import ENTRIES, Settings
from exporter.settings.suppressions import ItemError
from exporter.text import nearest, plural, quote

_BY_NAME = {entry.name: entry for entry in ENTRIES}
_BY_VARIABLE = {entry.variable: entry for entry in ENTRIES}
_PREFIX = "OWLTYPE_"
CONFIG_VARIABLE = _PREFIX + "CONFIG"
_HEADER = re.compile(r"\s*+\[++\s*+([^\]]*[^\]\s])\s*+\]++")


def load_settings(
    config: str | os.PathLike[str] | None = None, *, start: str | os.PathLike[str] = ".", environment: Mapping[str, str] | None = None
) -> Settings:
    """Load the settings of the file `config`, or of the nearest one upward from `start`, then of the environment.

    Paths in a file count from its folder. Raises UsageError with a located problem for each setting that is unknown or wrong.

    >>> load_settings(environment={"OWLTYPE_JOBS": "2"}).jobs
    2
    """
    variables = dict(os.environ if environment is None else environment)
    chosen = config or variables.get(CONFIG_VARIABLE)
    path = Path(chosen) if chosen else find_settings(start)
    values: dict[str, object] = {}
    problems: list[Problem] = []
    if path:
        found, wrong = _read_file(path)
        values |= found
        problems += wrong
    found, wrong, warnings = _read_environment(variables)
    values |= found
    problems += wrong
    if problems:
        raise UsageError(f"{plural(len(problems), 'setting')} can't be used", problems)
    shown = _shown(path) if path else None
    return replace(Settings(), file=shown, warnings=tuple(warnings), **values)  # type: ignore[arg-type]  # each kind checked its value


def find_settings(start: str | os.PathLike[str] = ".") -> Path | None:
    """Find the nearest settings file, from the folder `start` upward."""
    here = Path(start).absolute()
    for folder in (here, *here.parents):
        own, shared = folder / "owltype.toml", folder / "pyproject.toml"
        if own.is_file():
            return own
        if shared.is_file() and _has_settings(shared.read_text("utf-8", errors="replace")):
            return shared
    return None


def _has_settings(text: str) -> bool:
    """Say whether a `pyproject.toml` has a table of ours; one that is not TOML and names it has, so that its fault is told."""
    try:
        tool = tomllib.loads(text).get("tool")
    except (tomllib.TOMLDecodeError, RecursionError):
        return "tool.owltype" in text
    return isinstance(tool, dict) and "owltype" in tool


def _read_file(path: Path) -> tuple[dict[str, object], list[Problem]]:
    shown = _shown(path)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"can't read the settings file {quote(shown)}: {getattr(error, 'strerror', None) or error}") from None
    try:
        table: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{quote(shown)} is not valid TOML", [_syntax_problem(shown, text, error)]) from None
    except RecursionError:
        table = None
    if table is None or _is_deep(table):
        problem = Problem("SETTING-SYNTAX", Location(shown), f"tables and arrays are nested more than {MAX_DEPTH} deep")
        raise UsageError(f"{quote(shown)} can't be read", [problem])
    prefix = ("tool", "owltype") if path.name == "pyproject.toml" else ()
    for name in prefix:
        table = table.get(name, {}) if isinstance(table, dict) else table
    if not isinstance(table, dict):
        raise UsageError(f"tool.owltype in {quote(shown)} is not a table")
    return _check(table, shown, text, ".".join(prefix), str(path.parent))


def _is_deep(table: object) -> bool:
    level = [table]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner for value in level if isinstance(value, (dict, list)) for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return bool(level)


def _check(table: dict[str, object], shown: str, text: str, prefix: str, home: str) -> tuple[dict[str, object], list[Problem]]:
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for name, value in table.items():
        entry = _BY_NAME.get(name)
        place = _locate(text, shown, prefix, name)
        if entry is None:
            problems.append(_unknown(name, _BY_NAME, place))
            continue
        try:
            values[entry.attribute] = entry.kind.from_toml(value, home)
        except ValueError as error:
            if isinstance(error, ItemError):
                place = _locate(text, shown, prefix, name, error.number)
            problems.append(Problem("SETTING-VALUE", place, str(error), help="see docs/settings.md", key_path=(name,)))
    return values, problems


def _read_environment(variables: Mapping[str, str]) -> tuple[dict[str, object], list[Problem], list[Problem]]:
    """Give the settings of the environment, what is wrong with them, and the variables of ours that are not settings.

    Those are others' too: a job that installs owltype may well have an `OWLTYPE_VERSION`, so they end no run.
    """
    values: dict[str, object] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for name in sorted(variables):
        if not name.startswith(_PREFIX) or name == CONFIG_VARIABLE:
            continue
        entry = _BY_VARIABLE.get(name)
        place = Location("environment")
        if entry is None:
            warnings.append(replace(_unknown(name, _BY_VARIABLE, place), severity=Severity.WARNING))
            continue
        try:
            values[entry.attribute] = entry.kind.from_text(variables[name])
        except ValueError as error:
            problems.append(Problem("SETTING-VALUE", place, str(error), help="see docs/settings.md", key_path=(name,)))
    return values, problems, warnings


def _unknown(name: str, known: Mapping[str, object], place: Location) -> Problem:
    # What all variables start with makes no two of them near.
    prefix = _PREFIX if name.startswith(_PREFIX) else ""
    near = nearest(name.removeprefix(prefix), [other.removeprefix(prefix) for other in known])
    advice = f"did you mean {quote(prefix + near)}?" if near else "see docs/settings.md for the settings that there are"
    return Problem("SETTING-UNKNOWN", place, f"{quote(name)} is not a setting", help=advice)


def _locate(text: str, shown: str, prefix: str, name: str, item: int = 0) -> Location:
    """Find the line that sets `name`, of a list of tables the one that begins an item; tomllib keeps no positions."""
    key = re.compile(rf"\s*+(?P<key>[\"']?{re.escape(name)}[\"']?)\s*+[.=]")
    inside = not prefix
    for number, line in enumerate(_lines(text), 1):
        header = _HEADER.match(line)
        if header:
            title = header[1].replace(" ", "").replace('"', "").replace("'", "")
            if title in {f"{prefix}.{name}".lstrip("."), name if not prefix else ""}:
                if item == 0:
                    return Location(shown, number, header.start(1) + 1, number, header.end(1) + 1)
                item -= 1
            inside = title == prefix
        elif inside and (found := key.match(line)):
            return Location(shown, number, found.start("key") + 1, number, found.end("key") + 1)
    return Location(shown)


def _lines(text: str) -> Iterator[str]:
    yield from text.split("\n")


def _syntax_problem(shown: str, text: str, error: tomllib.TOMLDecodeError) -> Problem:
    """Turn tomllib's `… (at line 3, column 5)` into a location; Python 3.14 has it as attributes too."""
    sentence = str(error)
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", sentence)
    if not found:
        return Problem("SETTING-SYNTAX", Location(shown), _lower(sentence))
    line, column = (int(found[1]), int(found[2])) if found[1] else (text.count("\n") + 1, len(text) - text.rfind("\n"))
    return Problem("SETTING-SYNTAX", Location(shown, line, column), _lower(sentence[: found.start()]))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _shown(path: Path) -> str:
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
