"""One pass over the records: what they hold, by the groups that classes are put together from.

A group is a folder and what the records there say of their type; it is small enough that any sensible class is a number of whole groups.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from exporter.discovery import Selection
from exporter.globs import glob_pattern
from exporter.inference.facts import Gatherer, KeyFacts
from exporter.pipeline.looking import nothing_found
from exporter.problems import Problem
from exporter.project import Project
from exporter.records.reading import Reader
from exporter.records.record import Record
from exporter.records.rules import ReadingRules, Reshaping
from exporter.records.values import Value

TYPE_KEYS = ("owlType", "type", "kind", "archetype", "layout", "category", "categories")
"""Keys by which sites say what a record is, the surest first."""

NAME_KEYS = ("slug", "id", "title", "name", "display_name", "aliases", "permalink", "url")
"""Keys that say what a record is called, by which others refer to it."""

INDEX_NAMES = frozenset({"index", "_index"})
"""What a file is called that is the page of its folder."""

_LABEL_AT_MOST = 60  # characters; what is longer is a sentence, and no type
_GROUP_DEPTH = 4  # folders below each other that are kept apart
_LINK = re.compile(
    r"\]\(\s*<?(?!https?:|mailto:|#|//)[^\s)]|\[\[|\{\{[<%]\s*(?:rel)?ref\b|\{%-?\s*(?:link|post_(?:url|link|path))\b|\n\[[^\]\n]+\]:\s"
)
_MARKUP_LINK = re.compile(r"""\b(?:href|to)=["'](?!https?:|mailto:|#|//)[^"'\s]""")
_EXTERNAL = re.compile(r"\]\(\s*<?https?:|<https?:|\n\[[^\]\n]+\]:\s*https?:")
_EMBEDDED = re.compile(r"!\[|<img\s")
_TAG = re.compile(r"(?:^|[\s(])#[A-Za-z_/-]*[A-Za-z][\w/-]*", re.ASCII)
_FIELD = re.compile(r"(?:^|\n)[ \t]*(?:[-*][ \t]+)?[A-Za-z][\w -]*::[ \t]|[\[(][A-Za-z][\w -]*::[ \t]", re.ASCII)
_SHORTCODE = re.compile(r"\{\{[<%]\s*[A-Za-z_]")
_HEADING = re.compile(r"(?:^|\n)#[ \t]+\S|<h1\b", re.IGNORECASE)
_UNDERLINED = re.compile(r"(?:^|\n)\S[^\n]*\n=+[ \t]*(?:\n|$)")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
BODY_SIGNS: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "@links": (("](", _LINK), ("[[", _LINK), ("{{", _LINK), ("{%", _LINK), ("]:", _LINK), ("href=", _MARKUP_LINK), (" to=", _MARKUP_LINK)),
    "@links.external": (("http", _EXTERNAL),),
    "@links.embedded": (("![", _EMBEDDED), ("<img", _EMBEDDED)),
    "@title": (("# ", _HEADING), ("<h1", _HEADING), ("\n==", _UNDERLINED)),
    "@tags": (("#", _TAG),),
    "@fields": (("::", _FIELD),),
    "@shortcodes": (("{{<", _SHORTCODE), ("{{%", _SHORTCODE)),
}
"""Keys of the body, and what a body has that probably holds some: a text that is looked for first, then a pattern. Nothing is parsed."""

PARSED = ("@tags", "@fields", "@shortcodes")
"""Keys of the body that are looked into, where they are read at all."""

BY_NAME = "@file.stem"
"""The label of a file that is of a kind because of its name."""

GroupKey = tuple[str, tuple[tuple[str, str], ...]]
"""A folder, and the labels of the type keys that the records there have."""


@dataclass(slots=True)
class RecordGroup:
    """The records of one folder that say the same of their type: their paths, and what was seen of their keys.

    `bodies` counts those whose bodies seem to have keys of bodies, and `said` is what tags and inline fields say.
    """

    facts: KeyFacts = field(default_factory=KeyFacts)
    paths: list[str] = field(default_factory=list)
    bodies: Counter[str] = field(default_factory=Counter)
    said: KeyFacts = field(default_factory=KeyFacts)
    syntaxes: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """The number of records."""
        return len(self.paths)

    def merge(self, other: RecordGroup) -> None:
        """Add the records of another group."""
        self.facts.merge(other.facts)
        self.paths += other.paths
        self.bodies.update(other.bodies)
        self.said.merge(other.said)
        self.syntaxes.update(other.syntaxes)


@dataclass(frozen=True, slots=True)
class Observation:
    """All that was seen: the groups in the order of their folders, the files that gave no record, and what is wrong with some."""

    groups: Mapping[GroupKey, RecordGroup]
    skipped: Mapping[str, int]
    problems: tuple[Problem, ...]

    @property
    def count(self) -> int:
        """The number of records."""
        return sum(group.count for group in self.groups.values())


def observe(
    project: Project,
    body_keys: Container[str] = (),
    progress: Callable[[int], None] | None = None,
    apart: Mapping[str, str] = MappingProxyType({}),
) -> Observation:
    """Read a project's records once, and gather what they hold, with these keys of bodies; raises UsageError where there is none.

    Files with a name in `apart`, without its ending, are of a kind of their own.
    """
    groups: dict[GroupKey, RecordGroup] = {}
    roots = [project.tree.project_path(path) for path in project.required_paths]
    skipped: Counter[str] = Counter()
    problems: list[Problem] = []
    seen = 0
    spellings: dict[str, str] | None = {} if project.reading and project.reading.key_case == "ignore" else None
    for record in _records(project, skipped, problems):
        group = groups.setdefault(_group_key(record, roots, apart), RecordGroup())
        _add(group, record, spellings, body_keys)
        seen += 1
        if progress:
            progress(seen)
    if not seen:
        raise nothing_found(project.paths, Selection(include=project.selection.include), skipped, problems)
    return Observation(dict(sorted(groups.items())), dict(sorted(skipped.items())), tuple(problems))


def _records(project: Project, skipped: Counter[str], problems: list[Problem]) -> Iterator[Record]:
    reader = _reader(project)
    for found in project.discover(lambda left: skipped.update([left.skipped or ""])):
        if not found.is_record:
            problems += found.problems
            skipped.update([found.skipped] if found.skipped else [])
            continue
        reading = reader.read(found.path)
        problems += reading.problems
        if reading.skipped is not None:
            skipped[reading.skipped] += 1
        if reading.record is not None:
            yield reading.record


def _reader(project: Project) -> Reader:
    """Give what reads records before there is a plan: pages without front matter are records where the rules allow it."""
    rules = project.reading or ReadingRules()
    bare = (glob_pattern("**"),) if rules.without_front_matter != "skip" else ()
    return replace(project.reader(), reshaping=Reshaping(replace(rules, key_case="exact"), {}, bare, project.duplicate_keys))


def _group_key(record: Record, roots: Sequence[str], apart: Mapping[str, str]) -> GroupKey:
    folder = home(record.path)
    stem = posixpath.splitext(posixpath.basename(record.path))[0]
    if stem in apart:
        return folder, ((BY_NAME, stem),)
    for root in roots:  # the page of a root belongs to no folder above it
        folder = root if record.path.startswith(f"{root}/") and len(folder) < len(root) else folder
    folder = "/".join(folder.split("/")[: _GROUP_DEPTH + max((root.count("/") for root in roots), default=0)])
    labels = ((key, _label(record.front_matter.get(key))) for key in TYPE_KEYS)
    return folder, tuple((key, label) for key, label in labels if label)


def home(path: str) -> str:
    """Give the folder that a record belongs to; a page that is a folder of its own belongs to the one above.

    >>> home("content/news/a.md"), home("content/news/a/index.md")
    ('content/news', 'content/news')
    """
    folder, name = posixpath.split(path)
    return posixpath.dirname(folder) if posixpath.splitext(name)[0] in INDEX_NAMES else folder


def _label(value: object) -> str:
    """Give a label that may say what a record is; of a list of one, the one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value.strip() if isinstance(value, str) and 0 < len(value.strip()) <= _LABEL_AT_MOST and "\n" not in value.strip() else ""


def _add(group: RecordGroup, record: Record, spellings: dict[str, str] | None, body_keys: Container[str]) -> None:
    group.paths.append(record.path)
    group.syntaxes[record.syntax] += 1
    Gatherer(record.path, _names(record), spellings).add_map(group.facts, record.front_matter, ())
    body = record.body
    if not body or body.isspace():
        return
    group.bodies["@body"] += 1
    if "`" in body:
        body = _CODE.sub("", body)
    for key, signs in BODY_SIGNS.items():
        if any(text in body and pattern.search(body) for text, pattern in signs):
            group.bodies[key] += 1
            if key in PARSED and key in body_keys:
                said = record.body_content()
                values = {"@fields": said.field_values, "@shortcodes": said.shortcode_values}
                value: Value = [tag.text for tag in said.tags] if key == "@tags" else values[key]
                Gatherer(record.path, frozenset()).add(group.said.children.setdefault(key, KeyFacts()), value, (key,))


def _names(record: Record) -> frozenset[str]:
    """Say what a record is called: by its file, and by what its front matter says."""
    folder, name = posixpath.split(record.path)
    stem = posixpath.splitext(name)[0]
    names = {stem, posixpath.basename(folder) if stem in INDEX_NAMES else stem}
    said = (record.front_matter.get(key) for key in NAME_KEYS)
    names.update(value for value in said if isinstance(value, str))
    return frozenset(name.casefold() for name in names)
