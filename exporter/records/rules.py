"""What a project decides about reading beside its ontology: drafts, pages without front matter, the case of keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from exporter.globs import Glob
from exporter.problems import KeyPath, Problem, Severity
from exporter.records.data.claims import DRAFT
from exporter.records.record import Reading, Record
from exporter.records.values import DuplicateKeys, Value, is_same
from exporter.text import quote

KeyCase: TypeAlias = Literal["exact", "ignore"]
Drafts: TypeAlias = Literal["include", "skip"]
WithoutFrontMatter: TypeAlias = Literal["skip", "empty", "read"]

_DRAFT_FOLDER = "_drafts"
_CODES = {"toml": "TOML-DUPLICATE-KEY", "json": "JSON-DUPLICATE-KEY"}


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """The settings `key-case`, `drafts`, `without-front-matter` and `json-ld`; `contexts` are JSON texts by what records call them."""

    key_case: KeyCase = "exact"
    drafts: Drafts = "include"
    without_front_matter: WithoutFrontMatter = "skip"
    json_ld: bool = False
    contexts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reshaping:
    """The rules made ready for a plan: `spellings` are its keys by their lower case, `bare` globs of files that need no front matter."""

    rules: ReadingRules = field(default_factory=ReadingRules)
    spellings: Mapping[str, str] = field(default_factory=dict)
    bare: tuple[Glob, ...] = ()
    duplicate_keys: DuplicateKeys = "reject"

    @property
    def changes(self) -> bool:
        """Whether anything is done to what was read."""
        return self.rules.key_case == "ignore" or self.rules.drafts == "skip"

    def takes_bare(self, path: str) -> bool:
        """Say whether a file without front matter is a record."""
        return any(glob.fullmatch(path) for glob in self.bare)

    def apply(self, reading: Reading) -> Reading:
        """Give what becomes of a file, or of each record of a data file."""
        if reading.items:
            return replace(reading, items=tuple(map(self.apply, reading.items)))
        if reading.record is None:
            return reading
        if self.rules.key_case == "ignore":
            reading = self._folded(reading, reading.record)
        if self.rules.drafts == "skip" and reading.record is not None and is_draft(reading.record):
            return Reading(reading.path, skipped=DRAFT)
        return reading

    def _folded(self, reading: Reading, record: Record) -> Reading:
        """Give keys the spelling that the ontology has; two spellings of one key in one map are a duplicate."""
        problems = tuple(_duplicates(record, self.duplicate_keys))
        if any(problem.severity is Severity.ERROR for problem in problems):
            return Reading(reading.path, problems=(*reading.problems, *problems))
        front_matter = {self._spelled(key): self._fold(value) for key, value in reversed(record.front_matter.items())}
        front_matter = dict(reversed(front_matter.items()))
        return replace(reading, record=replace(record, front_matter=front_matter, folded=True), problems=(*reading.problems, *problems))

    def _spelled(self, key: str) -> str:
        return self.spellings.get(key.lower(), key)

    def _fold(self, value: Value) -> Value:
        if isinstance(value, dict):
            return {self._spelled(key): self._fold(child) for key, child in value.items()}
        return [self._fold(item) for item in value] if isinstance(value, list) else value


def _duplicates(record: Record, policy: DuplicateKeys) -> Iterator[Problem]:
    for first, second, are_equal in _pairs(record.front_matter, ()):
        message = f"the key {quote(second[-1])} is repeated in one map, in another case than {quote(first[-1])}"
        allowed = are_equal and policy == "warn-if-equal"
        yield Problem(
            _CODES.get(record.syntax, "YAML-DUPLICATE-KEY"),
            record.locate(second, key=True),
            message + (", with an equal value" if allowed else ""),
            Severity.WARNING if allowed else Severity.ERROR,
            "keep one of them",
            second,
            (record.locate(first, key=True),),
        )


def _pairs(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, KeyPath, bool]]:
    """Yield the key paths of two spellings of one key, and whether their values are equal."""
    if isinstance(value, dict):
        seen: dict[str, str] = {}
        for key, child in value.items():
            first = seen.setdefault(key.lower(), key)
            if first != key:
                yield (*path, first), (*path, key), is_same(value[first], child)
            yield from _pairs(child, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _pairs(item, (*path, number))


def is_draft(record: Record) -> bool:
    """Say whether a record is a draft: `draft: true`, `published: false`, Pelican's `Status: draft`, or a file below `_drafts/`.

    >>> is_draft(Record("content/_drafts/a.md", {}, "", "yaml", "", 1)), is_draft(Record("a.md", {"draft": True}, "", "yaml", "", 1))
    (True, True)
    >>> [is_draft(Record("a.md", {"status": "draft"}, "", syntax, "", 1)) for syntax in ("pelican", "yaml")]
    [True, False]
    """
    said = {key.lower(): value for key, value in record.front_matter.items()}
    if record.syntax == "pelican" and _is(said.get("status"), "draft"):
        return True
    return _is(said.get("draft"), "true") or _is(said.get("published"), "false") or _DRAFT_FOLDER in record.path.split("/")[:-1]


def _is(value: Value, wanted: str) -> bool:
    return value is not None and str(value).lower() == wanted
