"""Lines for the ontology that would map what it leaves: a start to paste and to think about, which loads as it is and covers every key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from exporter.generate.names import comment, escape, local_name
from exporter.keypaths import write_key_path
from exporter.language.keypaths import is_special
from exporter.plan.model import Plan
from exporter.problems import KeyPath, Location
from exporter.rdf.prefixes import Prefixes
from exporter.rdf.terms import MAP, OWL, RDF_TYPE, XSD
from exporter.records.values import Plain, Value
from exporter.text import plural, quote

_SHAPES = (
    (re.compile(r"https?://\S+"), "owl:Thing"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "xsd:date"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?"), "xsd:dateTime"),
)
"""What strings look like, and the range to suggest."""

_LEAVES = 50
"""Properties for the keys of one map; a map with more is data, and pasting what is suggested a second time shows more."""
_ONTOLOGY = NamedNode(OWL + "Ontology")
_STANDARD = {"map": MAP, "owl": OWL, "xsd": XSD}


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
    if isinstance(value, dict) and value:
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
        text = None if is_special(path) else write_key_path(path)
        if text is None:
            yield f"# no map:key can name {comment(quote('.'.join(map(str, path))))}: give it another name in the records"
            return
        kind = "ObjectProperty" if range_ == "owl:Thing" else "DatatypeProperty"
        term, name = self._names.new(path, self._of[keys[0].of]), self._names.name
        prefix, _, local = range_.partition(":")
        row = f'[ {name("map")}property {term} ; {name("map")}key "{escape(text)}" ; {name("map")}range {name(prefix)}{local} ]'
        for key in keys:
            yield f"{self._names.term(key.of)} {name('map')}reads {row} ."
        yield f"{term} a {name('owl')}{kind} ."


class _Names:
    """The prefixes of an ontology where they mean what is meant, others where they do not; and terms that it does not have yet."""

    def __init__(self, plan: Plan) -> None:
        self._declared = plan.prefixes
        self._names = Prefixes(plan.prefixes)
        self._whole = len(plan.ontology.sources) == 1
        self._taken = {term.value for row in plan.ontology.statements for term in row if isinstance(term, NamedNode)}
        self._namespace = _own_namespace(plan)
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


def _own_namespace(plan: Plan) -> str:
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

    >>> common_range(["xsd:integer"]), common_range(["xsd:integer", "xsd:decimal"]), common_range(["xsd:date", "xsd:string"])
    ('xsd:integer', 'xsd:decimal', 'xsd:string')
    """
    found = set(ranges)
    if len(found) == 1:
        return found.pop()
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
    return next((range_ for shape, range_ in _SHAPES if shape.fullmatch(value)), "xsd:string")
