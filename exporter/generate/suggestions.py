"""Lines for the ontology that would map what it leaves: a start to paste and to think about, which loads as it is and covers every key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from exporter.generate.names import comment, escape, local_name
from exporter.keypaths import write_key_path
from exporter.language.datatypes import fits
from exporter.language.dates import date_form, is_timestamp
from exporter.language.keypaths import FIELDS, is_special
from exporter.language.tags import is_language_tag
from exporter.plan.model import Plan
from exporter.problems import KeyPath, Location
from exporter.rdf.prefixes import Prefixes
from exporter.rdf.terms import MAP, OWL, RDF, RDF_TYPE, XSD
from exporter.records.values import Plain, Value
from exporter.text import plural, quote

_ADDRESS = re.compile(r"https?://\S+")
_FORMS = (
    *("%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d. %B %Y", "%d %B %Y", "%B %d, %Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"),
    *("%a, %d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M:%S %z", "%Y-%m-%d %H:%M:%S %z %Z", "%d.%m.%Y %H:%M"),
)
"""The forms of dates that are looked for beside ISO 8601: none that leaves open which number is the day (`03/04/2020`)."""
_LONGEST_DATE = 40
_LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "zh"})
"""Some that sites are most often written in: a map with the keys `id` and `to` alone is not one of languages."""
_BY_LANGUAGE = "rdf:langString"
_TIMESTAMP = "map:timestamp"

_LEAVES = 50
"""Properties for the keys of one map; a map with more is data, and pasting what is suggested a second time shows more."""
_ONTOLOGY = NamedNode(OWL + "Ontology")
_STANDARD = {"map": MAP, "owl": OWL, "rdf": RDF, "xsd": XSD}


@dataclass(frozen=True, slots=True)
class LeftKey:
    """A key to map, in the terms of the class `of` (an IRI) that would read it, and the ranges that its values in all records fit.

    `listed` is the key as the records have it, `count` the records, and `example` the place of the first.
    """

    of: str
    key: KeyPath
    listed: str
    count: int
    example: Location
    ranges: frozenset[str]


def leaves(key: KeyPath, value: Value) -> Iterator[tuple[KeyPath, str | None]]:
    """Walk into maps and lists, and give each key of a scalar, with the range that fits; None for a value that is empty."""
    if isinstance(value, dict) and _is_by_language(value):
        yield key, _BY_LANGUAGE
    elif isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves((*key, name), inner)
    elif isinstance(value, list) and value:
        for item in value:
            yield from leaves(key, item)
    else:
        yield key, _range(value)


def suggest(left: Sequence[LeftKey], plan: Plan) -> Iterator[str]:
    """Yield Turtle lines that map keys: prefixes, then for each key its places as a comment, and a row for it or for what is below it.

    Classes share a property where key and range are the same, each by a row of its own. Names are new ones in the ontology's own namespace.
    """
    if not left:
        return
    names = _Names(plan)
    lines = list(_Lines(names, plan).of(left))
    yield from names.declarations(lines)
    yield from lines


class _Lines:
    def __init__(self, names: _Names, plan: Plan) -> None:
        self._names = names
        self._of = {iri: of.name for iri, of in plan.classes.items()}

    def of(self, left: Sequence[LeftKey]) -> Iterator[str]:
        """Group what one property can read, and write it in the order in which the keys are listed."""
        groups: dict[tuple[KeyPath, str], list[LeftKey]] = {}
        for key in left:
            groups.setdefault((key.key, common_range(key.ranges)), []).append(key)
        said: Counter[tuple[str, str]] = Counter()
        for (path, range_), keys in groups.items():
            outer = (keys[0].of, keys[0].listed)
            said[outer] += 1
            if said[outer] <= _LEAVES:
                yield from self._property(path, range_, keys)
            elif said[outer] == _LEAVES + 1:
                yield f"# {comment(keys[0].listed)} holds more keys: paste these, and run `owltype coverage` again"

    def _property(self, path: KeyPath, range_: str, keys: Sequence[LeftKey]) -> Iterator[str]:
        for key in keys:
            of = f" of {self._of[key.of]}" if len(keys) > 1 else ""
            yield f"# {comment(key.listed)}{of}: in {plural(key.count, 'record')}, first at {comment(str(key.example))}"
        if path[0] == FIELDS and (field := write_key_path(path[1:])):
            text: str | None = f"{FIELDS}.{field}"
        else:
            text = None if is_special(path) else write_key_path(path)
        if text is None:
            yield f"# no map:key can name {comment(quote('.'.join(map(str, path))))}: give it another name in the records"
            return
        range_, *forms = range_.split("|")
        kind = "ObjectProperty" if range_ == "owl:Thing" else "DatatypeProperty"
        term, name = self._names.new(path[1:] if path[0] == FIELDS and path[1:] else path, self._of[keys[0].of]), self._names.name
        prefix, _, local = range_.partition(":")
        row = f"[ {name('map')}property {term} ; {self._source(range_, text, forms)} ; {name('map')}range {name(prefix)}{local} ]"
        for key in keys:
            yield f"{self._names.term(key.of)} {name('map')}reads {row} ."
        yield f"{term} a {name('owl')}{kind} ."

    def _source(self, range_: str, key: str, forms: Sequence[str]) -> str:
        """Write where the values come from, and in which forms or languages they are."""
        map_ = self._names.name("map")
        if range_ == _BY_LANGUAGE:
            return f'{map_}entries "{escape(key)}" ; {map_}language "{{@key}}"'
        written = [f'"{form}"' for form in forms if form != _TIMESTAMP]
        said = [f"{map_}convert {map_}timestamp"] if _TIMESTAMP in forms else []
        listed = " ".join(written) if len(written) < 2 else f"( {' '.join(written)} )"
        said += [f"{map_}dateFormat {listed}"] if written else []
        return " ; ".join([f'{map_}key "{escape(key)}"', *said])


class _Names:
    """The prefixes of an ontology where they mean what is meant, others where they do not; and terms that it does not have yet."""

    def __init__(self, plan: Plan) -> None:
        self._declared = plan.prefixes
        self._names = Prefixes(plan.prefixes)
        self._whole = len(plan.ontology.sources) == 1
        self._taken = {term.value for row in plan.ontology.statements for term in row if isinstance(term, NamedNode)}
        self._namespace = own_namespace(plan)
        wanted = {**_STANDARD, "ex": self._namespace}
        self._prefixes = {name: self._prefix(name, namespace) for name, namespace in wanted.items()}
        self._namespaces = {self._prefixes[name]: namespace for name, namespace in wanted.items()}

    def _prefix(self, name: str, namespace: str) -> str:
        known = [prefix for prefix, declared in self._declared.items() if declared == namespace]
        if known:
            return max(known, key=bool)  # a name reads better than the empty prefix
        free = [name, *(f"{name}{number}" for number in range(1, len(self._declared) + 2))]
        return next(prefix for prefix in free if prefix not in self._declared)

    def declarations(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the prefixes that the lines need; those that the ontology's one file declares are there already."""
        text = "\n".join(line for line in lines if not line.startswith("#"))
        used = {**self._declared, **self._namespaces}
        for prefix, namespace in used.items():
            if not (self._whole and prefix in self._declared) and re.search(rf"(?<![\w:<\"]){re.escape(prefix)}:[^/]", text):
                yield f"@prefix {prefix}: <{namespace}> ."

    def name(self, standard: str) -> str:
        """Give the prefix that stands for a standard one, with its colon."""
        return self._prefixes[standard] + ":"

    def term(self, iri: str) -> str:
        """Write an IRI with a prefix of the ontology, or whole."""
        return self._names.short(iri) or f"<{iri}>"

    def new(self, path: KeyPath, class_name: str) -> str:
        """Make a term of the ontology's own for a key path: one that is in use gets the class's name, or else a number."""
        name, of = local_name(path), local_name((class_name,))
        tries = [name, of + name[:1].upper() + name[1:], *(f"{name}{number}" for number in range(2, len(self._taken) + 4))]
        free = next(local for local in tries if self._namespace + local not in self._taken)
        self._taken.add(self._namespace + free)
        return f"{self._prefixes['ex']}:{free}"


def own_namespace(plan: Plan) -> str:
    """Give the namespace in which new terms belong: the ontology's own, or that of most of its classes."""
    homes = [
        row[0].value for row in plan.ontology.statements if row[1] == RDF_TYPE and row[2] == _ONTOLOGY and isinstance(row[0], NamedNode)
    ]
    own = [iri.rstrip("#/") for iri in homes if not MAP.startswith(iri)]
    for namespace in plan.prefixes.values():
        if namespace.rstrip("#/") in own:
            return namespace
    counts = Counter(namespace for iri in plan.classes for namespace in _namespaces(iri, plan.prefixes))
    if counts:
        return counts.most_common(1)[0][0]
    return own[0] + "#" if own else "https://example.org/ns#"


def _namespaces(iri: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    found = re.fullmatch(r"(.*[#/])[^#/]+", iri)
    if found and (found[1] in prefixes.values() or not prefixes):
        yield found[1]


def common_range(ranges: Iterable[str]) -> str:
    """Give the range that all values fit.

    What dates are written in stands behind a `|`.

    >>> common_range(["xsd:date", "xsd:date|%d.%m.%Y"]), common_range(["xsd:date|%d.%m.%Y", "xsd:dateTime"])
    ('xsd:date|%d.%m.%Y', 'xsd:string')
    >>> common_range(["xsd:integer"]), common_range(["xsd:integer", "xsd:decimal"]), common_range(["xsd:date", "xsd:string"])
    ('xsd:integer', 'xsd:decimal', 'xsd:string')
    """
    found = set(ranges)
    if len(found) == 1:
        return found.pop()
    dates = {range_.partition("|")[0] for range_ in found}
    if len(dates) == 1 and dates <= {"xsd:date", "xsd:dateTime"}:
        forms = dict.fromkeys(form for range_ in found for form in range_.split("|")[1:])
        return "|".join([*dates, *sorted(forms, key=lambda form: _FORMS.index(form) if form in _FORMS else -1)])
    for wider in ("xsd:decimal", "xsd:double"):
        if found <= {"xsd:integer", wider}:
            return wider
    return "xsd:double" if found and found <= {"xsd:integer", "xsd:decimal", "xsd:double"} else "xsd:string"


def _range(value: Value) -> str | None:
    if isinstance(value, bool):
        return "xsd:boolean"
    if isinstance(value, int):
        return "xsd:integer"
    if isinstance(value, Plain):
        return f"xsd:{value.core}"
    if not isinstance(value, str) or not value.strip():
        return None
    return "owl:Thing" if _ADDRESS.fullmatch(value) else _date_range(value) or "xsd:string"


def _date_range(text: str) -> str | None:
    """Give the range of a date, and behind a `|` what reads it: a conversion, or a form."""
    if len(text) > _LONGEST_DATE or not any(character.isdigit() for character in text):
        return None
    if fits("date", text) or fits("dateTime", text):
        return "xsd:date" if fits("date", text) else "xsd:dateTime"
    if is_timestamp(text):
        return f"xsd:dateTime|{_TIMESTAMP}"
    for form in _FORMS:
        found = date_form(form).read(text.strip())
        if found is not None:
            return f"xsd:{'dateTime' if found[1] else 'date'}|{form}"
    return None


def _is_by_language(value: Mapping[str, Value]) -> bool:
    """Whether a map is one text in several languages."""
    texts = len(value) > 1 and all(isinstance(text, str) for text in value.values())
    return texts and all(map(is_language_tag, value)) and not _LANGUAGES.isdisjoint(key.partition("-")[0].lower() for key in value)
