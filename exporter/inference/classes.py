"""Which records are of one class: by what a key says, by their folders, or all of them.

The decision comes with its reason, and every record has a class in the end: what is not claimed by a label or a folder is a page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exporter.globs import escape_glob
from exporter.inference.data_files import EntryFile
from exporter.inference.facts import KeyFacts
from exporter.inference.observing import BY_NAME, INDEX_NAMES, TYPE_KEYS, GroupKey, Observation, RecordGroup
from exporter.inference.terms import class_name, load_terms, words_of
from exporter.sites.site import Grouping
from exporter.text import enumerate_names, plural

_COVERED = 0.9
"""The part of the records that a key has to say the type of, to be the type key; `owlType` is ours, and one record is enough."""
_ALIKE = 0.8
"""Folders whose records share this part of their keys hold the same kind of record."""
_FOLDERS_AT_MOST = 40
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
_NO_KIND = re.compile(r"[\d._-]+")  # 2019, 2019-08
_PLAIN_FOLDERS = frozenset({"content", "contents", "src", "docs", "doc", "pages", "data", "_data", "site", "site content", ""})
PAGE = "Page"


@dataclass(slots=True)
class ClassDraft:
    """A class of records: what it is called, what claims its records, and what was seen of them; `data` is the file that holds them all.

    `folders` and `files` are paths, `globs` what else claims records.
    """

    name: str
    labels: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    standard: str | None = None
    group: RecordGroup = field(default_factory=RecordGroup)
    data: EntryFile | None = None
    globs: tuple[str, ...] = ()

    @property
    def facts(self) -> KeyFacts:
        """What was seen of the records' keys."""
        return self.group.facts


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes in the order in which they are written, the key that selects them if there is one, and why it was decided so."""

    drafts: tuple[ClassDraft, ...]
    type_key: str | None
    reason: str
    base: str


def decide_classes(seen: Observation, roots: Sequence[str], grouping: Grouping, type_key: str | None = None) -> Classes:
    """Put the groups together to classes; `roots` are the project paths that were read, `type_key` is one that the user named."""
    apart = {key: group for key, group in seen.groups.items() if dict(key[1]).get(BY_NAME)}
    if not apart or len(apart) == len(seen.groups):
        return _decide(seen, roots, grouping, type_key)
    rest = Observation({key: group for key, group in seen.groups.items() if key not in apart}, seen.skipped, seen.problems)
    classes = _decide(rest, roots, grouping, type_key)
    return replace(classes, drafts=_distinct((*classes.drafts, *_apart_drafts(apart, roots, grouping))))


def _apart_drafts(apart: Mapping[GroupKey, RecordGroup], roots: Sequence[str], grouping: Grouping) -> Iterator[ClassDraft]:
    """Yield the classes of files that are of a kind by their names, wherever they lie."""
    for stem, kind in grouping.apart.items():
        whole = RecordGroup()
        for (_, labels), group in apart.items():
            if dict(labels)[BY_NAME] == stem:
                whole.merge(group)
        if whole.count:
            within = [root for root in roots if any(path.startswith(f"{root}/" if root else "") for path in whole.paths)]
            globs = [f"{escape_glob(root)}/**/{stem}.*" if root else f"**/{stem}.*" for root in within]
            yield ClassDraft(class_name(kind), (), (), (), load_terms().standard_class(kind), whole, None, tuple(globs))


def _decide(seen: Observation, roots: Sequence[str], grouping: Grouping, type_key: str | None) -> Classes:
    base = _base(seen.groups, roots)
    key = type_key or ("owlType" if "owlType" in _labelled(seen) else None)
    for attempt in () if key else grouping.tries:
        if attempt == "key":
            key = _find_type_key(seen, TYPE_KEYS[:5])
        elif attempt == "folder" and (by_folder := _by_folder(seen, base, grouping)) is not None:
            return by_folder
        if key:
            break
    if key is None and grouping.tries == ("key", "folder"):
        key = _find_type_key(seen, TYPE_KEYS[5:])
    return _by_key(seen, key, base, grouping) if key else _as_one(seen, base, grouping)


def _base(groups: Iterable[GroupKey], roots: Sequence[str]) -> str:
    """Give the deepest folder that all records are in, but none below a folder that was named."""
    folders = [folder.split("/") for folder, _ in groups]
    common: list[str] = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    below = [root.split("/") for root in roots if root]
    depth = max((len(root) for root in below if common[: len(root)] == root), default=0) if len(below) == 1 else len(common)
    return "/".join(common[:depth])


def _labelled(seen: Observation) -> Counter[str]:
    """Count the records that say something under each type key."""
    counts: Counter[str] = Counter()
    for group in seen.groups.values():
        for key in TYPE_KEYS:
            if key in group.facts.children:
                counts[key] += group.facts.children[key].held
    return +counts


def _find_type_key(seen: Observation, keys: Sequence[str]) -> str | None:
    total = seen.count
    for key in keys:
        labels: Counter[str] = Counter()
        for (_, said), group in seen.groups.items():
            label = dict(said).get(key)
            labels.update({label: group.count} if label else {})
        if total > 1 and sum(labels.values()) >= _COVERED * total and len(labels) <= max(3, min(_FOLDERS_AT_MOST, total // 2)):
            odd = [f for group in seen.groups.values() if (f := group.facts.children.get(key)) and (f.many or f.maps or f.inner_lists)]
            if not odd and (len(labels) > 1 or key == "type" or len(_sections(seen, _base(seen.groups, [""]), Grouping())) < 2):
                return key
    return None


def _by_key(seen: Observation, key: str, base: str, grouping: Grouping) -> Classes:
    labelled: dict[str, RecordGroup] = defaultdict(RecordGroup)
    others: dict[GroupKey, RecordGroup] = {}
    for group_key, group in seen.groups.items():
        found = group.facts.children.get(key)
        values = list(found.values) if found else []
        if not values:
            others[group_key] = group
        for label in values[:1]:
            labelled[label].merge(group)
        for label in values[1:]:
            labelled[label].merge(RecordGroup())
    drafts = [
        ClassDraft(class_name(label), (label,), standard=load_terms().standard_class(label), group=group)
        for label, group in sorted(labelled.items(), key=lambda item: (-item[1].count, item[0]))
    ]
    rest = Observation(others, seen.skipped, ())
    if others:
        drafts += _folder_drafts(rest, base, grouping)
    count = sum(group.count for group in labelled.values())
    reason = f"the key '{key}' says what a record is in {count:,} of {plural(seen.count, 'record')}"
    return Classes(_distinct(drafts), key, reason, base)


def _by_folder(seen: Observation, base: str, grouping: Grouping) -> Classes | None:
    sections = _sections(seen, base, grouping)
    if not 1 <= len(sections) <= _FOLDERS_AT_MOST or (len(sections) > 1 and not grouping.kinds and _are_alike(sections, grouping)):
        return None
    if len(sections) == 1 and not (grouping.kinds or _has_kind(sections)):
        return None
    drafts = _folder_drafts(seen, base, grouping)
    if len(drafts) < 2:
        return None
    where = f"folders below {base}/" if base else "folders"
    return Classes(_distinct(drafts), None, f"the {where} separate the records, and no key says the type of most of them", base)


def _has_kind(sections: Mapping[str, RecordGroup]) -> bool:
    return any(load_terms().standard_class(name.rpartition("/")[2]) for name in sections)


def _as_one(seen: Observation, base: str, grouping: Grouping) -> Classes:
    name = base.rpartition("/")[2]
    plain = name.lower() in _PLAIN_FOLDERS or name in grouping.languages or _NO_KIND.fullmatch(name) is not None
    whole = RecordGroup()
    for group in seen.groups.values():
        whole.merge(group)
    draft = ClassDraft(PAGE if plain else class_name(name), (), (base,), (), load_terms().standard_class("page" if plain else name), whole)
    return Classes((draft,), None, "neither a key nor the folders separate the records", base)


def _section(folder: str, base: str, grouping: Grouping) -> str:
    """Give the folder that says the kind of what is in `folder`; empty where none does."""
    whole = folder.split("/")
    for number, part in enumerate(whole, 1):
        if part in grouping.kinds:
            return "/".join(whole[:number])
    base = max((root for root in grouping.roots if f"{folder}/".startswith(f"{root}/" if root else "")), key=len, default=base)
    parts = (folder[len(base) + 1 :] if base else folder).split("/") if folder != base else []
    before = [base] if base else []
    while parts and parts[0] in grouping.languages:
        before.append(parts.pop(0))
    return "/".join([*before, parts[0]]) if parts and parts[0] else ""


def _sections(seen: Observation, base: str, grouping: Grouping) -> dict[str, RecordGroup]:
    """Give the folders that say a kind, each with its records; a folder of a single record says none."""
    found: dict[str, RecordGroup] = defaultdict(RecordGroup)
    for (folder, _), group in seen.groups.items():
        section = _section(folder, base, grouping)
        if section:
            found[section].merge(group)
    elsewhere = {section.rpartition("/")[2] for section, group in found.items() if group.count > 1} if grouping.roots else set()
    return {
        section: group
        for section, group in found.items()
        if (group.count > 1 or section.rpartition("/")[2] in {*grouping.kinds, *elsewhere})
        and not _NO_KIND.fullmatch(section.rpartition("/")[2])
    }


def _are_alike(sections: Mapping[str, RecordGroup], grouping: Grouping) -> bool:
    """Say whether the folders hold records with the same keys, so that they are topics or years and no kinds."""
    known = {load_terms().standard_class(name.rpartition("/")[2]) for name in sections}
    if len(known - {None}) > 1:
        return False
    if grouping.tries[0] == "folder":
        return False
    keys = [{key for key, facts in group.facts.children.items() if facts.held * 3 >= group.count} for group in sections.values()]
    pairs = [(one, other) for number, one in enumerate(keys) for other in keys[number + 1 :] if one | other]
    return bool(pairs) and sum(len(one & other) / len(one | other) for one, other in pairs) / len(pairs) >= _ALIKE


def _folder_drafts(seen: Observation, base: str, grouping: Grouping) -> list[ClassDraft]:
    sections = _sections(seen, base, grouping)
    by_kind: dict[str, list[str]] = defaultdict(list)
    for section in sections:
        name = section.rpartition("/")[2]
        by_kind[grouping.kinds.get(name, name)].append(section)
    drafts = [_of_sections(kind, folders, sections) for kind, folders in by_kind.items()]
    drafts.sort(key=lambda draft: (-draft.group.count, draft.name))
    rest = RecordGroup()
    for (folder, _), group in seen.groups.items():
        if _section(folder, base, grouping) not in sections:
            rest.merge(group)
    if rest.count:
        listed = _listed(rest.paths, sections)
        drafts.append(ClassDraft(PAGE, (), (base,), listed, load_terms().standard_class(PAGE), rest))
    return drafts


def _of_sections(kind: str, folders: Sequence[str], sections: Mapping[str, RecordGroup]) -> ClassDraft:
    whole = RecordGroup()
    for folder in folders:
        whole.merge(sections[folder])
    name = class_name(load_terms().called.get(words_of(kind), kind))
    return ClassDraft(name, (), tuple(folders), (), load_terms().standard_class(kind), whole)


def _listed(paths: Iterable[str], sections: Mapping[str, RecordGroup]) -> tuple[str, ...]:
    """Give the pages of folders that are sections: the folder's glob would claim them."""
    pages = (path.rpartition("/") for path in paths)
    return tuple(sorted(f"{folder}/{name}" for folder, _, name in pages if folder in sections and name.rpartition(".")[0] in INDEX_NAMES))


def _distinct(drafts: Sequence[ClassDraft]) -> tuple[ClassDraft, ...]:
    """Give each class a name of its own; labels that differ in case or number alone make one class."""
    named: dict[str, ClassDraft] = {}
    for draft in drafts:
        same = named.get(draft.name)
        if same is None:
            named[draft.name] = draft
            continue
        same.labels += draft.labels
        same.folders += draft.folders
        same.files += draft.files
        same.globs += draft.globs
        same.group.merge(draft.group)
    return tuple(named.values())


def with_data(classes: Classes, files: Sequence[EntryFile]) -> Classes:
    """Add a class for each data file; one that pages have already gets a name of its own."""
    taken = {draft.name for draft in classes.drafts}
    drafts = list(classes.drafts)
    for file in files:
        wished = class_name(load_terms().called.get(words_of(file.name), file.name))
        tries = (wished, f"{wished}Entry", *(f"{wished}Entry{number}" for number in range(2, len(taken) + 3)))
        name = next(name for name in tries if name not in taken)
        taken.add(name)
        drafts.append(ClassDraft(name, (), (), (file.path,), load_terms().standard_class(file.name), file.group, file))
    return replace(classes, drafts=tuple(drafts))


def claims(draft: ClassDraft) -> str:
    """Say what claims a class's records, for people."""
    said = [f"the label {enumerate_names(draft.labels)}"] if draft.labels else []
    said += [draft.data.path] if draft.data else []
    said += [f"{folder}/" if folder else "the rest" for folder in draft.folders]
    said += draft.globs
    return enumerate_names(said, "and")
