"""A site's own configuration, read with the readers and limits of records; JavaScript is never run.

Of a JavaScript file only literals are read: a key with a text, a number, true or false, as most configurations have them; by the key
alone, and once more below the key whose braces they stand in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exporter.problems import Problem
from exporter.records.reading import read_file, read_text
from exporter.records.record import Reading
from exporter.records.values import Value

_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".py")
_SCRIPT_AT_MOST = 1_000_000  # bytes
_COMMENT = re.compile(r"(?<![:'\"`\w])//[^\n]*+|^[ \t]*+#[^\n]*+", re.MULTILINE)
_TAG = re.compile(r"([\s:,\[-])!{1,2}[A-Za-z][\w/:.-]*+")
_LITERAL = re.compile(
    r"""(?<![\w$.])(?P<key>[A-Za-z_$][\w$]*|'[^'\n]*'|"[^"\n]*")\s*[:=]\s*"""
    r"""(?P<value>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`$\\]*`|true\b|false\b|True\b|False\b|-?\d+(?:\.\d+)?)"""
)

_BRACE = re.compile(
    r"""(?:(?P<key>(?<![\w$.])[A-Za-z_$][\w$]*+|'[^'\n]*+'|"[^"\n]*+")\s*+:\s*+\(?\s*+|['"](?P<plugin>[^'"\n]++)['"]\s*+,\s*+\(?\s*+)?(?P<open>\{)"""
    r"""|(?P<close>\})|'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+"|`[^`]*+`"""
)


@dataclass(frozen=True, slots=True)
class SiteConfiguration:
    """What a site's configuration says: the file it was read from, its values, and what was wrong with it.

    `is_partial` is set where it is a program, of which only literals were read.
    """

    path: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_partial: bool = False

    def find(self, *paths: str) -> Value:
        """Give the first of several settings that is said; keys are compared without case, as the tools do it.

        >>> SiteConfiguration(values={"Params": {"a": 1}}).find("nothing", "params.a")
        1
        """
        for path in paths:
            found: Value = dict(self.values)
            for part in path.split("."):
                found = _get(found, part)
            if found is not None and found != "":
                return found
        return None

    def text(self, *paths: str) -> str:
        """Give a setting as a text; empty where there is none."""
        found = self.find(*paths)
        return found.strip() if isinstance(found, str) else str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def _get(value: Value, key: str) -> Value:
    if not isinstance(value, dict):
        return None
    if key in value:
        return value[key]
    return next((inner for name, inner in value.items() if name.casefold() == key.casefold()), None)


def read_configuration(folder: str, names: Sequence[str], shown: str) -> SiteConfiguration:
    """Read the first of some files that a folder has; `shown` is what the folder is called in problems."""
    for name in names:
        place = os.path.join(folder, name)  # noqa: PTH118 - as texts
        if Path(place).is_file():
            path = f"{shown}/{name}" if shown else name
            if name.endswith(_SCRIPTS):
                return SiteConfiguration(path, dict(_literals(place)), (), is_partial=True)
            reading = read_file(path, place=place)
            if reading.record is None and name.endswith((".yml", ".yaml")):
                reading = _without_tags(path, place) or reading
            values = reading.record.front_matter if reading.record else {}
            return SiteConfiguration(path, values, reading.problems if reading.record is None else ())
    return SiteConfiguration()


def _without_tags(path: str, place: str) -> Reading | None:
    """Read YAML as if its values had no tags: tools have some of their own (`!ENV`, `!!python/name:…`), which say nothing of addresses."""
    try:
        with Path(place).open("rb") as file:
            text = file.read(_SCRIPT_AT_MOST).decode("utf-8", "replace")
    except OSError:
        return None
    reading = read_text(path, _TAG.sub(r"\1", text))
    return reading if reading.record else None


def _literals(place: str) -> Iterator[tuple[str, Value]]:
    """Yield keys with their literals; the first of a name counts."""
    try:
        with Path(place).open("rb") as file:
            text = file.read(_SCRIPT_AT_MOST).decode("utf-8", "replace")
    except OSError:
        return
    text = _COMMENT.sub("", _without_blocks(text))
    found: dict[str, Value] = {}
    nested: dict[str, dict[str, Value]] = {}
    blocks = list(_blocks(text))
    for match in _LITERAL.finditer(text):
        key, value = match["key"].strip("'\""), _value(match["value"])
        found.setdefault(key, value)
        block = max((block for block in blocks if block[0] < match.start() < block[1]), default=None)
        if block:
            nested.setdefault(block[2], {}).setdefault(key, value)
    yield from found.items()
    yield from ((name, values) for name, values in nested.items() if name not in found)


def _value(literal: str) -> Value:
    if literal[0] in "'\"`":
        return re.sub(r"\\(.)", r"\1", literal[1:-1])
    if literal.lower() in {"true", "false"}:
        return literal.lower() == "true"
    return int(literal) if literal.lstrip("-").isdigit() else literal


def _blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where braces begin and end that a key stands before, or the name of a plugin, which gets a number, with that name."""
    opened: list[tuple[int, str]] = []
    plugins = 0
    for token in _BRACE.finditer(text):
        if token["close"]:
            start, name = opened.pop() if opened else (0, "")
            if name:
                yield start, token.end(), name
        elif token["open"]:
            plugins += token["plugin"] is not None
            plugin = f"{token['plugin']} {plugins}" if token["plugin"] else ""
            opened.append((token.start(), plugin or (token["key"] or "").strip("'\"")))


def _without_blocks(text: str) -> str:
    """Take out what stands between `/*` and `*/`; one that does not end goes on to the end of the file.

    A glob in quotes (`"**/*.md"`) begins none.
    """
    kept: list[str] = []
    position = 0
    while (start := text.find("/*", position)) >= 0:
        if text[start - 1 : start] not in {"", " ", "\t", "\n", ";", ",", "{", "(", ")"}:
            kept.append(text[position : start + 2])
            position = start + 2
            continue
        kept.append(text[position:start])
        end = text.find("*/", start + 2)
        position = len(text) if end < 0 else end + 2
    return "".join([*kept, text[position:]])
