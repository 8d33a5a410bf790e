"""Which keys name other records: their values are what records of one class are called.

A share decides. What a key or a link looks like lowers the share that is needed, so that a dangling reference is found, not taken for
proof that nothing is a reference.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from exporter.inference.classes import ClassDraft
from exporter.inference.data_files import KEY
from exporter.inference.facts import KeyFacts
from exporter.inference.kinds import PATHS, kind_of
from exporter.inference.observing import INDEX_NAMES, NAME_KEYS
from exporter.inference.terms import load_terms, singular, words_of
from exporter.language.templates import is_template

SURE, HINTED = 0.9, 0.5
"""The share of a key's different values that has to name records: of any key, and of one that looks like a reference."""

PERSON = "schema:Person"

ANY = ""
"""The target of a key that names records of several classes."""

_UNIQUE = 0.95
_NAME_AT_MOST = 80  # characters; a longer text is no name
_NAME_AT_LEAST = 3  # characters; a shorter one is there by chance
_ANY_PAGE = frozenset(
    {"schema:WebPage", "schema:BlogPosting", "schema:Article", "schema:NewsArticle", "schema:WebSite", "skos:Concept", "schema:DefinedTerm"}
)
"""Classes of pages and of topics, which are called by any word."""
_NAMING = frozenset({"text", "digits", "integer", "file", "path"})
_NEVER = frozenset({"title", "name", "description", "summary", "aliases", "alias", "slug", "url", "permalink", "redirect from"})
_LINK_MARKS = str.maketrans("", "", "[]!")
_SEVERAL_WORDS = re.compile(r"[^\W\d_]{2}[-_ ]+[^\W\d_]{2}")
_CODE = re.compile(r"[^\W\d_]{1,8}[-_]\d{2,8}")
"""What is hardly called so by chance: `P-01`, `ADR-0012`."""
_PAGES = (".md", ".markdown", ".mdx", ".html", ".htm", ".qmd", ".rst")


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A key whose values name records of the class `target` by its `keys`: how many of the different values do, and some that do not.

    `always` is set for links, which are references whether a record answers or not. `telling` counts those of the different values that
    are hardly there by chance: several words as they are written there, keys of a data file, paths. With `by_name` it is people, or
    such keys; with `by_file` the only value is, letter for letter, what the file of a record is called that is not just any page.
    """

    target: str
    keys: tuple[str, ...]
    matched: int
    total: int
    hinted: bool
    dangling: tuple[str, ...]
    always: bool = False
    telling: int = 0
    by_name: bool = False
    by_file: bool = False

    @property
    def share(self) -> float:
        """The part of the different values that names a record."""
        return self.matched / self.total if self.total else 0.0

    @property
    def is_sure(self) -> bool:
        """Whether it is taken for a reference unasked."""
        if (
            self.always
            or (self.by_file and self.share == 1)
            or (self.telling > 1 and self.share >= HINTED)
            or (self.telling and self.share == 1 and self.by_name)
        ):
            return True
        return self.share >= (HINTED if self.hinted else SURE) and (self.hinted or self.matched > 1)


class Targets:
    """What the records of each class are called, by the keys that say it; `of_files` are the names that patterns over paths give.

    `declared` has the keys that the site itself declares as references, each with the folder or file of what it names. `spelled` is a
    pattern over references: a group of it stands for the name of a file that is called so.
    """

    def __init__(
        self,
        drafts: Sequence[ClassDraft],
        of_files: Mapping[str, Mapping[str, frozenset[str]]],
        declared: Mapping[str, str] = MappingProxyType({}),
        spelled: str = "",
    ) -> None:
        self._spelled = re.compile(spelled) if spelled else None
        self._drafts = drafts
        places = {place: draft for draft in drafts for place in (*draft.folders, *draft.files)}
        self._declared = {key: places[place] for key, place in declared.items() if place in places}
        self._written = {draft.name: dict(_names(draft)) for draft in drafts}
        """What the records of each class are called, as it is written there."""
        folded = {name: {key: frozenset(map(fold, texts)) for key, texts in said.items()} for name, said in self._written.items()}
        self._names = {draft.name: {**folded[draft.name], **of_files.get(draft.name, {})} for draft in drafts}

    @cached_property
    def _pages(self) -> frozenset[str]:
        """The last part of every record's path, without its ending."""
        return frozenset(_page(path) for draft in self._drafts if draft.data is None for path in draft.group.paths)

    @cached_property
    def _dated_names(self) -> frozenset[str]:
        """Names of pages that are dates."""
        return frozenset(name for name in self._pages if kind_of(name.replace(" ", "-")) == "date")

    @cached_property
    def _stems(self) -> Mapping[str, Sequence[str]]:
        """The paths of all records without their endings, an `index` as its folder, by what the record is called."""
        found: dict[str, list[str]] = {}
        for draft in self._drafts:
            for path in draft.group.paths if draft.data is None else ():
                stem = posixpath.splitext(path)[0]
                stem = posixpath.dirname(stem) if posixpath.basename(stem) in INDEX_NAMES else stem
                found.setdefault(_page(path), []).append(f"/{stem}")
        return found

    def _called(self, facts: KeyFacts) -> dict[str, str]:
        """Give the different values by what they are called; of several spellings a path, or the first."""
        found: dict[str, str] = {}
        for text in facts.values:
            page = _page(text.rstrip("/"))
            is_end = "/" in text and any(stem.endswith(f"/{text.strip('/')}") for stem in self._stems.get(page, ()))
            if _is_path(text) or is_end or text.lower().endswith(_PAGES):
                found[page] = text
            elif len(text) <= _NAME_AT_MOST:
                found.setdefault(fold(text), text)
        return found

    def find(self, of: ClassDraft | None, key: str, facts: KeyFacts) -> FoundReference | None:
        """Say what a key's values name, None where they name nothing much."""
        words = singular(words_of(key))
        term = load_terms().find(key)
        expected = term is not None and term.holds == "reference"
        if not facts.scalars or facts.own * 2 > facts.scalars or not _NEVER.isdisjoint({words, words_of(key)}):
            return None
        if of is not None and (key in NAME_KEYS[:2] or (of.data is not None and key == of.data.key)):
            return None
        if key in self._declared:
            return self._of_declared(self._declared[key], facts)
        if facts.share("link") >= HINTED:
            return self._linked(facts)
        if facts.share(*PATHS) >= HINTED:
            return self._pathed(facts)
        if facts.share(*_NAMING, *self._dates(facts)) < SURE:
            return None
        if facts.share("integer", "digits") >= HINTED and not (expected or self._is_named(words)):
            return None
        values = self._called(facts)
        found = [each for draft in self._drafts if (each := self._in(draft, key, facts, words, expected=expected)) is not None]
        best = max(found, key=lambda each: (each.is_sure, each.hinted, each.share), default=None)
        several = self._in_all(key, values, expected=expected) if expected or len(found) > 1 else None
        if several and (best is None or several.share >= best.share + 0.1) and (expected or not (best and best.is_sure)):
            return several
        return best

    def _dates(self, facts: KeyFacts) -> frozenset[str]:
        """Give the kind of dates where some of few name pages: `2024-09-13` among the names of evenings, unquoted."""
        few = 0 < facts.share("date") < 1 - HINTED
        return frozenset({"date"}) if few and any(fold(text) in self._dated_names for text in facts.values) else frozenset()

    def _of_declared(self, draft: ClassDraft, facts: KeyFacts) -> FoundReference:
        """Give the reference that the site declares, by ids alone, whether a record answers or not."""
        names = self._names[draft.name]
        ids = tuple(filter(is_template, names)) or (KEY if draft.data else "@file.page",)
        known = {name for key in ids for name in names.get(key, ())}
        dangling = sorted(text for text in facts.values if fold(text) not in known)
        total = len(facts.values)
        return FoundReference(draft.name, ids, total - len(dangling), total, True, tuple(dangling[:3]), always=True)

    def _is_named(self, words: str) -> bool:
        return any(_says(words, draft) for draft in self._drafts)

    def _in(self, draft: ClassDraft, of_key: str, facts: KeyFacts, words: str, *, expected: bool) -> FoundReference | None:
        term = load_terms().find(of_key)
        is_person = term is not None and term.holds == "person"
        values, typed = self._called(facts), [text for text in facts.values if len(text) >= _NAME_AT_LEAST and not text.isdigit()]
        names = {key: self._with_spelled(key, said, values) for key, said in self._names[draft.name].items() if key != of_key}
        matched: set[str] = set()
        keys: list[str] = []
        written, texts = self._written[draft.name], frozenset(values.values())
        # a key whose texts are typed as they stand there goes before one that takes them for something a little different
        ranks = {key: (-len(values.keys() & said), -len(texts & written.get(key, frozenset())), _rank(key)) for key, said in names.items()}
        for key in sorted(names, key=ranks.__getitem__):
            more = (values.keys() & names[key]) - matched
            if more:
                keys.append(key)
                matched |= more
        hinted = expected or _says(words, draft) or (is_person and draft.standard == PERSON)
        if not matched or len(matched) < HINTED * len(values):
            return None
        dangling = tuple(sorted(text for folded, text in values.items() if folded not in matched)[:3])
        telling = sum(_tells(values[folded], self._written[draft.name], draft) for folded in matched)
        spelled = frozenset(name for key in keys if is_template(key) for name in names[key])
        telling += sum("/" in values[folded] and folded in spelled for folded in matched)
        by_name = draft.standard == PERSON or keys == [KEY]
        named = self._written[draft.name].get("@file.page", frozenset())
        by_file = len(values) == 1 and draft.standard not in _ANY_PAGE and not named.isdisjoint(typed)
        return FoundReference(draft.name, tuple(keys), len(matched), len(values), hinted, dangling, False, telling, by_name, by_file)

    def _with_spelled(self, key: str, said: frozenset[str], values: Mapping[str, str]) -> frozenset[str]:
        """Add the values that a name of files stands in: `ADR-0012` and `0012` where files have the number 12."""
        group = key.removeprefix("@file.")
        if self._spelled is None or group == key or group not in self._spelled.groupindex:
            return said
        matches = ((folded, self._spelled.fullmatch(text)) for folded, text in values.items())
        return said | {folded for folded, match in matches if match and match[group] in said}

    def _in_all(self, of_key: str, values: Mapping[str, str], *, expected: bool) -> FoundReference | None:
        keys: dict[str, int] = {}
        matched: set[str] = set()
        for names in self._names.values():
            for key, said in names.items():
                found = values.keys() & said if key != of_key else set()
                matched |= found
                keys[key] = keys.get(key, 0) + len(found)
        if len(matched) < HINTED * len(values) or not matched:
            return None
        used = tuple(sorted((key for key, count in keys.items() if count), key=lambda key: (-keys[key], _rank(key))))
        dangling = tuple(sorted(text for folded, text in values.items() if folded not in matched)[:3])
        return FoundReference(ANY, used, len(matched), len(values), expected, dangling)

    def _linked(self, facts: KeyFacts) -> FoundReference:
        """Wiki links and the like are references, whether a record answers or not."""
        links = [text for text in facts.values if not text.startswith("{") or "ref" in text or "link" in text or "post_url" in text]
        names = {text: text.translate(_LINK_MARKS).partition("|")[0].partition("#")[0].rpartition("/")[2] for text in links}
        names = {text: fold(name) for text, name in names.items()}
        known = frozenset(name for said in self._names.values() for values in said.values() for name in values)
        dangling = [text for text, name in names.items() if name not in known and _page(name) not in self._pages]
        return FoundReference(ANY, (), len(links) - len(dangling), len(links), True, tuple(sorted(dangling)[:3]), always=True)

    def _pathed(self, facts: KeyFacts) -> FoundReference | None:
        """Paths lead to pages where the last part is what a page is called."""
        paths = [text for text in facts.values if text.startswith(("/", ".")) or "/" in text or text.lower().endswith(_PAGES)]
        dangling = [text for text in paths if _page(text.partition("#")[0].partition("?")[0].rstrip("/")) not in self._pages]
        found = FoundReference(ANY, (), len(paths) - len(dangling), len(facts.values), True, tuple(sorted(dangling)[:3]))
        return found if found.share >= HINTED else None


def _tells(text: str, written: Mapping[str, frozenset[str]], draft: ClassDraft) -> int:
    """Say whether a text that names a record is hardly a word that stands there by chance; a path counts twice."""
    if _is_path(text):
        return 2
    if draft.data is not None and text in draft.data.keys:
        return 1
    if _CODE.fullmatch(text) and any(text in said for said in written.values()):
        return 1
    named = (said for key, said in written.items() if key in NAME_KEYS or key.startswith("@"))
    return int((draft.standard == PERSON or _SEVERAL_WORDS.search(text) is not None) and any(text in said for said in named))


def _is_path(text: str) -> bool:
    return text.startswith(("/", "./", "../"))


def _names(draft: ClassDraft) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the keys that tell a class's records apart, with what they say."""
    if draft.data is not None and draft.data.keys:
        yield KEY, draft.data.keys
    pages = frozenset(_page_name(path) for path in draft.group.paths)
    if draft.data is None and len(pages) >= _UNIQUE * draft.group.count:
        yield "@file.page", pages
    for key, facts in draft.facts.children.items():
        texts = [text for text in facts.values if len(text) <= _NAME_AT_MOST]
        if not facts.scalars or facts.maps or facts.share(*_NAMING) < HINTED or len(texts) < _UNIQUE * facts.scalars:
            continue
        if key in NAME_KEYS or (facts.held >= HINTED * draft.group.count and not facts.lists):
            yield key, frozenset(texts)


def _page(path: str) -> str:
    return fold(_page_name(path))


def _page_name(path: str) -> str:
    """Say what a page is called by its path: its stem, or its folder's name where it is the folder's page."""
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0] if name.lower().endswith(_PAGES) else name
    return posixpath.basename(folder) if stem in INDEX_NAMES and folder else stem


def fold(text: str) -> str:
    """Write a name as names are compared that are spelled a little differently.

    >>> fold("Café_society"), fold("customer-service")
    ('cafe society', 'customer service')
    """
    if not text.isascii():
        parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text.replace("\u2019", "'")).casefold())
        text = "".join(character for character in parted if not unicodedata.combining(character))
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())


def _says(words: str, draft: ClassDraft) -> bool:
    """Say whether the last word of a key is what a class or its folder is called: `featured communities`."""
    named = {words_of(draft.name), *(singular(words_of(folder.rpartition("/")[2])) for folder in draft.folders)}
    named |= {singular(words_of(label)) for label in draft.labels}
    return any(words == name or words.endswith(f" {name}") for name in named if name)


def _rank(key: str) -> tuple[int, str]:
    return (NAME_KEYS.index(key) if key in NAME_KEYS else -1 if key == "@file.page" else len(NAME_KEYS), key)
