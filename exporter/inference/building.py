"""From what was seen to the model: classes with their rows, what they share, and what is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from exporter.generate.names import escape
from exporter.globs import escape_glob
from exporter.inference.classes import ClassDraft, Classes, claims
from exporter.inference.data_files import INDEX, KEY
from exporter.inference.embedding import MapClass, MapClasses
from exporter.inference.facts import KeyFacts
from exporter.inference.model import InferredClass, Question, RowDraft
from exporter.inference.naming import PREFIX, Names
from exporter.inference.observing import BODY_SIGNS
from exporter.inference.ranges import one_or_list
from exporter.inference.references import ANY, Targets, fold
from exporter.inference.rows import Locate, RowContext, RowMaker, RowsOfClass, count_note
from exporter.inference.sharing import below_common, common_rows, named_rows, shared_address, uses, with_named
from exporter.inference.terms import load_terms, words_of
from exporter.inference.values import ValueClass, ValueClasses
from exporter.language.file_names import FILE_NAMES
from exporter.language.slugs import slug
from exporter.sites.addressing import SITE, ClassAddress, known_template
from exporter.sites.site import Site
from exporter.text import plural

TAGGED = frozenset(
    {
        *(f"schema:{name}" for name in ("headline", "name", "alternativeHeadline", "alternateName", "description", "abstract", "caption")),
        *(f"skos:{name}" for name in ("prefLabel", "definition", "scopeNote")),
    }
)
"""Properties whose texts have a language."""
_NAMES = re.compile(r"(?<=[{+/ ])[A-Za-z_][\w-]*(?=[|*} ])")
RECORD = "record"
BODY_ROWS: Mapping[str, tuple[str, str]] = {
    "@links": ("dcterms:references", RECORD),
    "@links.external": ("schema:citation", "rdfs:Resource"),
    "@links.embedded": ("schema:associatedMedia", RECORD),
}
"""What the links of bodies are, in the order of the rows: property and range."""


@dataclass(frozen=True, slots=True)
class BuiltClasses:
    """The classes to write, and the guesses to look at."""

    classes: tuple[InferredClass, ...]
    questions: tuple[Question, ...]


class Builder:
    """Builds the classes of one site."""

    def __init__(self, classes: Classes, site: Site, locate: Locate, answers: Mapping[str, str]) -> None:
        self._classes = classes
        self._site = site
        profile = self._profile = site.profile
        self._address_keys = frozenset(map(words_of, profile.address_keys))
        self._drafts = classes.drafts
        self._addresses: dict[str, ClassAddress] = {}
        names = Names([draft.name for draft in self._drafts])
        self._above = names.new_class("record", "any record") if len(self._drafts) > 1 else self._drafts[0].name
        maps = MapClasses(self._drafts, names, frozenset(map(words_of, (*profile.ignored, *profile.address_keys))))
        self._maps = list(maps)
        self._values = ValueClasses(names, profile.value_paths)
        class_names = frozenset([*(draft.name for draft in self._drafts), self._above, *(found.name for found in self._maps)])
        self._context = RowContext(
            load_terms(),
            Targets(self._drafts, {draft.name: self._file_names(draft) for draft in self._drafts}, site.references, profile.reference),
            maps,
            self._values,
            locate,
            class_names,
            self._above,
            names,
            frozenset(map(words_of, profile.ignored)),
            profile.properties,
            profile.splits,
            None,
            answers,
            site.other_files(),
        )
        self._matched: dict[str, Counter[str]] = {}
        self._names_of_named = uses(self._drafts, profile.by_key)
        self._named = names.new_class("navigation entry", "entry named by key") if self._names_of_named else ""

    def build(self) -> BuiltClasses:
        """Build the classes: those of records first, then those of maps, then those of values."""
        made = [self._rows(draft.name, draft.standard, draft.facts, draft) for draft in self._drafts]
        of_maps = [(found, self._rows(found.name, found.standard, found.own_facts, None)) for found in self._maps]
        of_records = [self._of_records(draft, rows) for draft, rows in zip(self._drafts, made, strict=True)]
        shared = self._with_common(of_records)
        shared = with_named(shared, self._named, self._names_of_named) if self._named else shared
        embedded = [_of_maps(found, rows) for found, rows in of_maps]
        embedded += [each for rows in [*made, *(rows for _, rows in of_maps)] for each in rows.parallel]
        values = [_of_values(found, self._profile.value_filter) for found in self._values]
        questions = [question for rows in [*made, *(rows for _, rows in of_maps)] for question in rows.questions]
        return BuiltClasses((*shared, *embedded, *values), tuple(questions))

    def _rows(self, name: str, kind: str | None, facts: KeyFacts, draft: ClassDraft | None) -> RowsOfClass:
        reserved = frozenset({self._classes.type_key} - {None}) | (self._reserved(draft) if draft else frozenset())
        made = RowMaker(self._context, name, kind, facts, draft).make(frozenset(str(key) for key in reserved))
        for target, keys in made.matched.items():
            self._matched.setdefault(target, Counter()).update(dict.fromkeys(keys, 1))
        return made

    def _address(self, draft: ClassDraft) -> ClassAddress:
        found = self._addresses.get(draft.name)
        if found is None:
            found = self._addresses[draft.name] = self._make_address(draft)
        return found

    def _make_address(self, draft: ClassDraft) -> ClassAddress:
        if draft.data is not None:
            pages = self._site.entry_address(draft.data.path, draft.data.keys)
            said = _seen_keys(draft)
            pages = tuple(page for page in pages if known_template(page, said) == page)
            return self._site.written_out(ClassAddress((*pages, f"{SITE}/{slug(draft.data.name) or 'data'}#{{{draft.data.key}}}")))
        return self._site.address_of(self._classes.base, draft.group.paths, _seen_keys(draft))

    def _file_names(self, draft: ClassDraft) -> dict[str, frozenset[str]]:
        """Give what the pattern over paths says of records by which they are found."""
        pattern = _compiled(self._address(draft))
        said = [key.removeprefix("@file.") for key in (*self._profile.match, *self._profile.called)]
        wanted = [name for name in pattern.groupindex if name in said or name.rstrip("0123456789") in said]
        found = [match for path in draft.group.paths if (match := pattern.fullmatch(path))]
        names = {f"@file.{name}": frozenset(fold(match[name] or "") for match in found) - {""} for name in wanted}
        called = self._address(draft).called(draft.group.paths, _seen_keys(draft))
        return names | {template: frozenset(map(fold, texts)) for template, texts in called.items()}

    def _reserved(self, draft: ClassDraft) -> frozenset[str]:
        """Keys that only say the address of a page: the address itself says it in the graph."""
        used = set(_NAMES.findall(" ".join(self._address(draft).templates)))
        return frozenset(key for key in draft.facts.children if words_of(key) in self._address_keys and key in used)

    def _of_records(self, draft: ClassDraft, made: RowsOfClass) -> InferredClass:
        address = self._address(draft)
        rows = tuple(self._tagged(row, address) for row in self._with_default_title(draft, made.rows))
        ignored = (*made.ignored, *made.empty)
        notes = [f"{plural(draft.group.count, 'record')}: {claims(draft)}"]
        if made.empty:
            notes.append(f"empty in all records, so nothing is said of them: {', '.join(made.empty)}")
        if made.ignored:
            notes.append(f"only the site's templates read these: {', '.join(made.ignored)}")
        return InferredClass(
            draft.name,
            words_of(draft.name),
            draft.group.count,
            draft.standard,
            labels=draft.labels,
            files=(
                *(f"{escape_glob(folder)}/**" if folder else "**" for folder in draft.folders),
                *map(escape_glob, draft.files),
                *draft.globs,
            ),
            templates=address.templates,
            file_pattern=address.pattern,
            match=_data_match(draft, self._matched) if draft.data else self._match(draft.name),
            rows=(*_key_rows(draft), *rows, *self._named_rows(draft), *self._body_rows(draft), *self._translation_rows(draft, address)),
            shaped=rows,
            ignored=ignored,
            notes=tuple(notes),
            extras=(*_class_extras(draft, address), *self._spelled(address)),
        )

    def _named_rows(self, draft: ClassDraft) -> tuple[RowDraft, ...]:
        return named_rows(draft, self._profile.by_key, self._named)

    def _spelled(self, address: ClassAddress) -> list[tuple[str, str]]:
        """Give the pattern over references whose groups are names of this class's files, where the site's tool has one."""
        pattern = self._profile.reference
        used = pattern and not re.compile(pattern).groupindex.keys().isdisjoint(_compiled(address).groupindex)
        return [("map:pattern", _text(pattern))] if used else []

    def _match(self, *names: str) -> tuple[str, ...]:
        """Give the keys by which records of these classes are found, the one that names most first; all, where any record may be meant."""
        keys = Counter(self._matched.get(ANY, {}))
        for name in names:
            keys.update(self._matched.get(name, {}))
        if not keys and not self._is_linked:
            return ()
        listed = [key for key, _ in sorted(keys.items(), key=lambda item: (-item[1], item[0]))]
        called = (name for draft in self._drafts if draft.name in names for name in self._address(draft).names)
        said = [key for each in self._profile.match for key in self._had(names, each)]
        shared = self._profile.translation_key
        said += self._had(names, shared) if shared and self._is_shared(shared) else ()
        return tuple(dict.fromkeys([*listed, *said, *called]))

    @property
    def _is_linked(self) -> bool:
        return bool(self._site.language) or any(draft.group.bodies["@links"] for draft in self._drafts) or ANY in self._matched

    def _had(self, names: Sequence[str], key: str) -> Iterator[str]:
        """Yield a key of the profile that some of these classes have; a group of a pattern with the number of each rule that it is in."""
        drafts = [draft for draft in self._drafts if draft.name in names]
        group = key.removeprefix("@file.")
        if group != key and group not in FILE_NAMES:
            groups = (found for draft in drafts for found in _compiled(self._address(draft)).groupindex)
            yield from (f"@file.{found}" for found in groups if found.rstrip("0123456789") == group)
        elif key.startswith("@") or any(key in draft.facts.children for draft in drafts):
            yield key

    def _body_rows(self, draft: ClassDraft) -> tuple[RowDraft, ...]:
        """Rows for what bodies hold, where some do."""
        group = draft.group
        rows: list[RowDraft] = []
        for key in BODY_SIGNS:
            if not group.bodies[key] or key not in self._profile.body:
                continue
            note = (count_note(group.bodies[key], group.count),)
            if key == "@title":
                rows += self._title_row(draft, note)
            elif key in BODY_ROWS:
                name, range_ = BODY_ROWS[key]
                ranges, extras = self._body_ranges(key, range_)
                if not ranges:
                    continue
                rows.append(RowDraft((key,), name, ranges, extras, note, group.bodies[key], group.count, many=True, is_node=True))
        return tuple(rows)

    def _body_ranges(self, key: str, range_: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Give what links lead to: records, and files where the site has some; an image that no file can be is an address at most."""
        record, files = f"{PREFIX}:{self._above}", ("map:File",) if self._context.files else ()
        if key == "@links.embedded":
            if files:
                return (*((record,) if self._profile.embeds_pages else ()), *files), ()
            return (("rdfs:Resource",), (("map:convert", "map:relativeIri"),)) if self._profile.embeds_pages else ((), ())
        return ((record, *files) if range_ == RECORD else (range_,)), ()

    def _tagged(self, row: RowDraft, address: ClassAddress) -> RowDraft:
        """Give texts for people their language, on a site with several."""
        if not self._site.language or row.ranges != ("xsd:string",) or row.term not in TAGGED or row.closed:
            return row
        named = [f'"{{file.{name}}}"' for name in _compiled(address).groupindex if name.startswith("lang")]
        language = ("map:language", one_or_list([*named, f'"{self._site.language}"']))
        return replace(row, ranges=("rdf:langString",), extras=(*row.extras, language))

    def _translation_rows(self, draft: ClassDraft, address: ClassAddress) -> tuple[RowDraft, ...]:
        """What a page is translated from: the file with its name and without the language, where every translation has one."""
        pattern = _compiled(address)
        groups = {name.removeprefix("origin") for name in pattern.groupindex if name.startswith("origin")}
        found = [match for path in draft.group.paths if (match := pattern.fullmatch(path))]
        paths = {path for each in self._drafts for path in each.group.paths}
        numbers = []
        for number in sorted(groups):
            translated = [match for match in found if match[f"lang{number}"]]
            originals = {f"{match[f'origin{number}']}{match[f'ending{number}']}" for match in translated}
            if originals and originals <= paths:
                numbers.append(number)
        named = [f"{{file.lang{number}|when}}{{+file.origin{number}}}{{+file.ending{number}}}" for number in numbers]
        key = self._profile.translation_key
        if key in draft.facts.children and self._is_shared(key):
            named += [f"{{file.lang{number}|when}}{{{key}}}" for number in sorted(groups) if number not in numbers]
        note = ("the page that it is a translation of",)
        range_ = (f"{PREFIX}:{self._above}",)
        return tuple(RowDraft((text,), "schema:translationOfWork", range_, notes=note, is_node=True, reads="map:value") for text in named)

    def _is_shared(self, key: str) -> bool:
        """Say whether no value of a key stands in one page alone."""
        said: Counter[str] = Counter()
        for draft in self._drafts:
            said.update(draft.facts.children[key].values if key in draft.facts.children else {})
        return all(count > 1 for count in said.values())

    def _with_default_title(self, draft: ClassDraft, rows: Sequence[RowDraft]) -> Sequence[RowDraft]:
        """Let the first heading stand in for a title, where some pages have it alone."""
        term = load_terms().find("title")
        if "@title" not in self._profile.body or not draft.group.bodies["@title"] or term is None:
            return rows
        default = ("map:default", '"{@title}"')
        return [
            replace(row, extras=(*row.extras, default)) if row.term == term.in_class(draft.standard) and row.held < row.maps else row
            for row in rows
        ]

    def _title_row(self, draft: ClassDraft, note: tuple[str, ...]) -> list[RowDraft]:
        """The first heading is the title of pages that have no other."""
        term = load_terms().find("title")
        name = term.in_class(draft.standard) if term else None
        titled = [key for key, facts in draft.facts.children.items() if facts.held and (found := load_terms().find(key)) and found is term]
        if titled or name is None:
            return []
        return [RowDraft(("@title",), name, ("xsd:string",), (), note, draft.group.bodies["@title"], draft.group.count)]

    def _with_common(self, made: Sequence[InferredClass]) -> list[InferredClass]:
        """Put what classes share into one above them."""
        if len(made) < 2:
            return list(made)
        common = common_rows(made)
        pattern, templates = shared_address(made)
        above = InferredClass(
            self._above,
            "record",
            sum(each.count for each in made),
            templates=templates,
            file_pattern=pattern,
            match=self._match(*(draft.name for draft in self._drafts)) if self._is_linked else (),
            rows=tuple(common),
            notes=("what several classes have in common",),
        )
        return [above, *(below_common(each, above, common) for each in made)]


def _seen_keys(draft: ClassDraft) -> dict[str, tuple[str, ...]]:
    """Give the keys of a class's records, and those of maps in them, with their values."""
    keys = {key: tuple(facts.values) for key, facts in draft.facts.children.items() if facts.held}
    maps = ((key, facts) for key, facts in draft.facts.children.items() if facts.maps)
    return keys | {f"{key}.{name}": tuple(inner.values) for key, facts in maps for name, inner in facts.children.items() if inner.held}


def _class_extras(draft: ClassDraft, address: ClassAddress) -> tuple[tuple[str, str], ...]:
    said = [("map:records", _text(draft.data.records))] if draft.data else []
    pairs = [f"( {_text(old)} {_text(new)} )" for old, new in address.replaced]
    return (*said, *([("map:replace", f"( {' '.join(pairs)} )")] if pairs else []))


def _key_rows(draft: ClassDraft) -> list[RowDraft]:
    """Give what the key of a map of records is: nothing else says what a record is called."""
    if draft.data is None or draft.data.key != KEY:
        return []
    count = draft.group.count
    return [RowDraft((KEY,), "schema:identifier", ("xsd:string",), (), ("its key in the map",), count, count)]


def _data_match(draft: ClassDraft, matched: Mapping[str, Counter[str]]) -> tuple[str, ...]:
    """Give the keys by which records of a data file are found: the one that tells them apart, and what others call them by."""
    assert draft.data is not None
    names = {*matched.get(draft.name, {}), *(key for key in matched.get(ANY, {}) if key in draft.facts.children)}
    listed = [draft.data.key, *sorted(names - {draft.data.key})]
    return tuple(key for key in listed if key != INDEX)


def _compiled(address: ClassAddress) -> re.Pattern[str]:
    return re.compile(address.pattern or "(?!)")


def _of_maps(found: MapClass, made: RowsOfClass) -> InferredClass:
    count = found.facts.maps + found.facts.scalars if found.is_open else found.facts.maps
    notes = [f"{'what stands under the names in' if found.is_open else ''} a map under the key '{found.key}': {count:,} of them".lstrip()]
    if made.empty:
        notes.append(f"always empty, so nothing is said of them: {', '.join(made.empty)}")
    rows = made.rows
    if found.is_open:
        rows = (RowDraft(("@key",), "rdfs:label", ("xsd:string",), (), ("the name",), count, count), *rows)
    ignored = (*made.ignored, *made.empty)
    return InferredClass(
        found.name, words_of(found.name), count, found.standard, rows=rows, shaped=rows, ignored=ignored, notes=tuple(notes)
    )


def _of_values(found: ValueClass, filter_: str) -> InferredClass:
    note = f"values of the key '{found.key}': {plural(len(found.texts), 'different one')}"
    row = RowDraft(("@value",), found.label_property, ("xsd:string",), held=1, maps=1, many=True)
    pairs = [f"( {_text(old)} {_text(new)} )" for old, new in found.replaced] if not filter_ else []
    extras = (("map:replace", one_or_list(pairs) if len(pairs) > 1 else f"( {pairs[0]} )"),) if pairs else ()
    name = f"+@value|{filter_}" if filter_ else f"@value{found.filter}"
    template = f"{{+const.site}}/{found.path}/{{{name}}}/"
    return InferredClass(
        found.name,
        words_of(found.name),
        len(found.texts),
        found.standard,
        templates=(template,),
        rows=(row,),
        shaped=(row,),
        notes=(note,),
        extras=extras,
    )


def _text(text: str) -> str:
    return f'"{escape(text)}"'
