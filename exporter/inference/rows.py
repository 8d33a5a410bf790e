"""A row for each key: its property, its range, and what both rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exporter.inference.classes import ClassDraft
from exporter.inference.embedding import MapClasses, has_open_keys, parallel_lists
from exporter.inference.facts import KeyFacts, Place
from exporter.inference.kinds import ADDRESSES, PATHS
from exporter.inference.model import InferredClass, Question, RowDraft
from exporter.inference.naming import PREFIX, Names, own_property
from exporter.inference.ranges import RangeGuess, guess_range, names_files
from exporter.inference.references import ANY, FoundReference, Targets
from exporter.inference.terms import StandardTerm, TermTable, singular, words_of
from exporter.inference.values import ValueClasses
from exporter.keypaths import write_key_path
from exporter.text import enumerate_names, plural, quote, shorten

CLOSED_AT_MOST = 12
"""Values that a closed set may have."""
_EACH_AT_LEAST = 4  # times that each value of a closed set stands there, in the mean
_SEEN_AT_LEAST = 20
_WORDS_AT_MOST = 40  # characters of what repeats in lists as a concept

Locate = Callable[[Place], str]
"""Writes a place as `file:line`."""


@dataclass(frozen=True, slots=True)
class RowContext:
    """What rows are decided with, beside the facts: the classes that values can be of, and what the profile says of keys."""

    terms: TermTable
    targets: Targets
    maps: MapClasses
    values: ValueClasses
    locate: Locate
    class_names: frozenset[str]
    page: str | None
    names: Names
    ignored: frozenset[str] = frozenset()
    properties: Mapping[str, str] = field(default_factory=dict)
    splits: Mapping[str, str] = field(default_factory=dict)
    asset_base: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    """The names of the images and other files that the site has beside its pages."""


@dataclass(frozen=True, slots=True)
class RowsOfClass:
    """The rows of one class, the keys that are dropped, the keys by which the records of other classes are found, and what is doubtful."""

    rows: tuple[RowDraft, ...]
    ignored: tuple[str, ...]
    empty: tuple[str, ...]
    matched: Mapping[str, tuple[str, ...]]
    questions: tuple[Question, ...]
    parallel: tuple[InferredClass, ...] = ()


class RowMaker:
    """Makes the rows of one class."""

    def __init__(self, context: RowContext, name: str, kind: str | None, facts: KeyFacts, draft: ClassDraft | None) -> None:
        self._context = context
        self._name = name
        self._kind = kind
        self._facts = facts
        self._draft = draft
        self._matched: dict[str, tuple[str, ...]] = {}
        self._questions: list[Question] = []
        self._used: dict[str, str] = {}
        self._written: dict[str, str] = {}
        if draft is not None:
            self._facts, self._written = _with_body(facts, draft.group.said)

    def make(self, reserved: frozenset[str] = frozenset()) -> RowsOfClass:
        """Make a row for each key but those that are `reserved`."""
        ignored: list[str] = []
        empty: list[str] = []
        decided: dict[str, RowDraft] = {}
        children = self._facts.children
        for key in sorted(children, key=lambda name: -children[name].held):
            path = write_key_path((key,))
            path = self._written.get(key, path)
            if path is None or key in reserved:
                continue
            if not children[key].held:
                empty.append(path)
            elif self._draft is not None and words_of(key) in self._context.ignored:
                ignored.append(path)
            elif not path.startswith("@shortcodes") or self._names_records(_bare(key), children[key]):
                decided[key] = self._row(_bare(key), path, children[key])
        if self._facts.scalars:
            decided["@value"] = self._value_row()
        parallel = tuple(self._walk_together(keys, decided) for keys in parallel_lists(self._facts) if all(key in decided for key in keys))
        rows = _joined([decided[key] for key in (*children, "@value") if key in decided])
        return RowsOfClass(rows, tuple(sorted(ignored)), tuple(sorted(empty)), self._matched, tuple(self._questions), parallel)

    def _walk_together(self, keys: tuple[str, ...], decided: dict[str, RowDraft]) -> InferredClass:
        """Put one row for lists that run in parallel, and give the class of their positions, which has the rows of each."""
        name = self._context.names.new_class(keys[0], f"{keys[0]} item")
        rows = [replace(decided.pop(key), many=False) for key in keys]
        held, maps = max(row.held for row in rows), self._facts.maps
        listed = tuple(row.keys[0] for row in rows)
        term = own_property(keys[0], (*self._context.class_names, *self._used))
        self._used[term] = singular(words_of(keys[0]))
        notes = (count_note(held, maps), "lists that run in parallel: always equally long")
        decided[keys[0]] = RowDraft(listed, term, (f"{PREFIX}:{name}",), (), notes, held, maps, many=True, is_node=True, reads="map:each")
        place = RowDraft(("@index",), "schema:position", ("xsd:integer",), (), ("its place in the lists",), 1, 1)
        note = (f"a position of lists that run in parallel: {', '.join(listed)}",)
        return InferredClass(name, words_of(name), held, rows=(*rows, place), shaped=(), notes=note)

    def _names_records(self, key: str, facts: KeyFacts) -> bool:
        """Say whether a shortcode's arguments name records; those of others are for the page alone."""
        found = self._context.targets.find(self._draft, key, facts)
        return found is not None and found.is_sure

    def _row(self, key: str, path: str, facts: KeyFacts) -> RowDraft:
        term = self._context.terms.find(key)
        guess, concept = self._guess(key, facts, term)
        extras = guess.extras
        if _is_point(key, facts):
            extras = (*extras, ("map:ordered", "true"))
        if facts.json:
            extras = (("map:convert", "map:json"), *(pair for pair in extras if pair[0] != "map:convert"))
        return RowDraft(
            (path,),
            self._property(key, facts, term, guess, concept=concept),
            guess.ranges,
            extras,
            self._notes(facts, guess),
            facts.held,
            self._facts.maps,
            bool(facts.many) or has_open_keys(facts),
            self._closed(facts, guess),
            guess.is_node,
            "map:entries" if has_open_keys(facts) and not facts.inner_lists else "map:key",
        )

    def _value_row(self) -> RowDraft:
        """What a scalar says that stands where there is a map elsewhere."""
        guess = guess_range("name", self._facts)
        name = "rdf:value" if guess.is_node or self._kind not in {"schema:Person", "schema:Organization", "schema:Place"} else "schema:name"
        return RowDraft(("@value",), name, guess.ranges, guess.extras, (), self._facts.scalars, self._facts.maps + self._facts.scalars)

    def _guess(self, key: str, facts: KeyFacts, term: StandardTerm | None) -> tuple[RangeGuess, bool]:
        """Give the ranges, and whether they are a class of values that was made for them."""
        context = self._context
        if facts.inner_lists:
            return RangeGuess(("rdf:JSON",)), False
        if facts.maps:
            found = context.maps.find(key, facts)
            if found is None:
                return RangeGuess(("rdf:JSON",), is_node=True), False
            named = self._reference(key, facts) if facts.scalars else None  # an author by a key here, written out there
            found.named += facts.scalars if named else 0
            return RangeGuess((*(named.ranges if named else ()), f"{PREFIX}:{found.name}"), is_node=True), False
        reference = self._reference(key, facts)
        if reference is not None:
            return reference, True
        made = context.values.find(key, facts, term)
        if made is not None:
            return RangeGuess((f"{PREFIX}:{made}",), extras=self._parting(key, facts), is_node=True), True
        return guess_range(key, facts, term.holds if term else "", base=self._asset_base(facts), files=context.files), False

    def _parting(self, key: str, facts: KeyFacts) -> tuple[tuple[str, str], ...]:
        """Say how several names in one text are told apart, if there are texts that have several."""
        separator = self._context.splits.get(words_of(key))
        alone = not facts.lists
        if separator == " ":
            return (("map:convert", "map:words"),) if facts.held > facts.lists and any(" " in text for text in facts.values) else ()
        if separator and alone:
            return ("map:convert", "map:split"), ("map:separator", f'"{separator}"')
        return (("map:convert", "map:split"),) if _has_commas(facts) else ()

    def _asset_base(self, facts: KeyFacts) -> str | None:
        """Say what relative addresses of a key count from; those that begin with a slash count from the site in any case."""
        return None if any(text.startswith("/") for text in facts.values) and self._context.asset_base is None else self._context.asset_base

    def _reference(self, key: str, facts: KeyFacts) -> RangeGuess | None:
        found = self._context.targets.find(self._draft, key, facts)
        if found is None or facts.json:
            return None
        name = f"reference:{self._name}.{key}"
        answer = self._context.answers.get(name)
        taken = answer != "text" if answer else found.is_sure
        if not found.is_sure or found.share < 1:
            self._questions.append(_ask_reference(name, key, self._name, found, taken=taken))
        if not taken:
            return None
        target = found.target or self._context.page or ""
        self._matched[found.target] = (*self._matched.get(found.target, ()), *found.keys)
        files = ("map:File",) if names_files(facts, self._context.files) else ()
        return RangeGuess((f"{PREFIX}:{target}", *files), is_node=True) if target else None

    def _property(self, key: str, facts: KeyFacts, term: StandardTerm | None, guess: RangeGuess, *, concept: bool) -> str:
        own = self._context.properties.get(words_of(key))
        standard = own or (term.in_class(self._kind) if term and (concept or _holds(term, facts, guess)) else None)
        group = singular(words_of(key))
        if standard and self._used.setdefault(standard, group) == group:
            return standard
        mine = own_property(key, self._context.class_names)
        while self._used.setdefault(mine, group) != group:
            mine += "Value"
        return mine

    def _notes(self, facts: KeyFacts, guess: RangeGuess) -> tuple[str, ...]:
        maps = self._facts.maps
        notes = [count_note(facts.held, maps)]
        fitting = sum(facts.kinds[kind] for kind in guess.fitting)
        if guess.called and fitting < facts.scalars:
            odd = [place for kind, place in facts.first.items() if kind not in guess.fitting and kind in facts.kinds]
            rest = facts.scalars - fitting
            where = f": {self._context.locate(min(odd))}" if odd else ""
            notes.append(f"{fitting:,} of {facts.scalars:,} are {guess.called}; {rest:,} {'is' if rest == 1 else 'are'} not{where}")
        return tuple(notes)

    def _closed(self, facts: KeyFacts, guess: RangeGuess) -> tuple[str, ...]:
        """Give all values of a key that has few, without what stands once and is nearly another."""
        values = facts.values
        if guess.ranges != ("xsd:string",) or facts.scalars < _SEEN_AT_LEAST or len(values) < 2:
            return ()
        if (
            len(values) > CLOSED_AT_MOST
            or facts.scalars < _EACH_AT_LEAST * len(values)
            or any(len(text) > _WORDS_AT_MOST for text in values)
        ):
            return ()
        common = {words_of(text) for text, count in values.items() if count > 1}
        kept = [text for text, count in values.items() if count > 1 or words_of(text) not in common]
        return tuple(sorted(kept)) if sum(values[text] == 1 for text in kept) * 3 <= len(kept) else ()


_OF_BODY = "\0"
"""How a key begins that is none of the front matter; no such key has the character."""


def _with_body(facts: KeyFacts, said: KeyFacts) -> tuple[KeyFacts, dict[str, str]]:
    """Give a map's facts with the tags and fields of bodies beside its keys, and how these are written in `map:key`."""
    more: dict[str, KeyFacts] = {}
    written: dict[str, str] = {}
    named = {name: _children(said.children.get(name)) for name in ("@fields", "@shortcodes")}
    for name, inner in {"@tags": {"tags": said.children.get("@tags")}, **named}.items():
        for key, child in inner.items():
            path = name if name == "@tags" else _joined_path(name, key)
            if child is not None and child.held and path is not None:
                more[f"{_OF_BODY}{name}{_OF_BODY}{key}"] = child
                written[f"{_OF_BODY}{name}{_OF_BODY}{key}"] = path
    return (replace(facts, children={**facts.children, **more}) if more else facts), written


def _children(facts: KeyFacts | None) -> dict[str, KeyFacts | None]:
    return dict(facts.children) if facts else {}


def _joined_path(name: str, key: str) -> str | None:
    path = write_key_path((key,))
    return f"{name}.{path}" if path else None


def _bare(key: str) -> str:
    return key.rpartition(_OF_BODY)[2]


def count_note(held: int, maps: int) -> str:
    """Say how many have a key.

    >>> count_note(3, 3), count_note(1, 1_000)
    ('in all 3', 'in 1 of 1,000')
    """
    return f"in {held:,} of {maps:,}" if held < maps else f"in all {maps:,}" if maps > 1 else "in the only one"


def _joined(rows: Sequence[RowDraft]) -> tuple[RowDraft, ...]:
    """Make one row of those that say the same of keys with one name, such as `tag` and `tags`."""
    found: dict[tuple[object, ...], RowDraft] = {}
    for row in rows:
        same = found.get((row.term, row.ranges, row.extras))
        if same is None:
            found[row.term, row.ranges, row.extras] = row
        else:
            found[row.term, row.ranges, row.extras] = replace(
                same,
                keys=(*same.keys, *row.keys),
                notes=(*same.notes, *(f"{row.keys[0]} {note}" for note in row.notes)),
                held=max(same.held, row.held),
                many=True,
                closed=(),
            )
    return tuple(found.values())


_TEXTS = frozenset({"text", "text or address", "language", "person", "alias"})


def _holds(term: StandardTerm, facts: KeyFacts, guess: RangeGuess) -> bool:
    """Say whether values are what a standard term is for; what is not gets a property of the site's own."""
    kind = guess.ranges[0]
    if facts.maps or kind == "rdf:JSON":
        return term.map_class is not None and kind != "rdf:JSON"
    if term.holds in _TEXTS:
        return not guess.is_node or term.holds == "text or address"
    return {
        "date": kind in {"xsd:date", "xsd:dateTime"},
        "number": kind in {"xsd:integer", "xsd:decimal", "xsd:double"},
        "boolean": kind == "xsd:boolean",
        "email": facts.share("email") >= 0.5,
        "place": kind == "xsd:string",
    }.get(term.holds, guess.is_node and facts.share(*ADDRESSES, *PATHS) > 0)


_POINTS = frozenset(
    {"coordinates", "coordinate", "latlng", "latlon", "geo", "geolocation", "location", "point", "position", "size", "dimensions"}
)


def _is_point(key: str, facts: KeyFacts) -> bool:
    """Say whether lists are of two numbers or three whose order says which is which: a place, a size."""
    if _POINTS.isdisjoint(words_of(key).split()):
        return False
    numbers = facts.share("integer", "decimal", "double") == 1
    return numbers and facts.lists == facts.held == facts.many and facts.scalars in {2 * facts.held, 3 * facts.held}


def _has_commas(facts: KeyFacts) -> bool:
    """Say whether several names stand in one text, with commas between them."""
    return not facts.lists and sum(count for text, count in facts.values.items() if ", " in text) * 2 > facts.scalars


def _ask_reference(name: str, key: str, of: str, found: FoundReference, *, taken: bool) -> Question:
    target = f"a record of {found.target}" if found.target != ANY else "another record"
    some = f", such as {enumerate_names([quote(shorten(text, 30)) for text in found.dangling], 'and')}" if found.dangling else ""
    rest = found.total - found.matched
    missing = f"; {rest:,} {'does' if rest == 1 else 'do'} not{some}" if rest else ""
    verb = "names" if found.matched == 1 else "name"
    text = f"{found.matched:,} of {plural(found.total, 'different value')} of '{key}' ({of}) {verb} {target}{missing}"
    return Question(name, text, ("reference", "text"), "reference" if taken else "text", 1 - abs(found.share - 0.7))
