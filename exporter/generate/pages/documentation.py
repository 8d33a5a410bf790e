"""The documentation of an ontology for those who write its records: one page, with classes, keys, constraints and examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from pyoxigraph import Literal, NamedNode

from exporter.generate.pages.html import policy, read_part, render
from exporter.generate.pages.samples import ExampleRecord, Sample, Samples
from exporter.generate.pages.wording import Words, how_many, rules, takes
from exporter.generate.templating import markup
from exporter.generate.typed_keys import KeyReading, Loan, Requirement, TypedClass, TypedClasses, TypedKey, Use, keys_below
from exporter.language.keypaths import FILE_KEY, is_special
from exporter.ontology.model import Ontology
from exporter.problems import KeyPath, format_key_path
from exporter.rdf.prefixes import Prefixes, prefixes_for_people
from exporter.rdf.terms import MAP, OWL, RDF_TYPE, RDFS
from exporter.text import enumerate_names, plural

_USES: dict[Use, str] = {
    "iri": "text, a part of it",
    "value": "text, a part of it",
    "base": "an address, which it counts from",
    "default": "text, which stands in where it is missing",
    "language": "the tag of its language",
}
"""What a key is to the property whose template it fills."""
_TITLES = ("http://purl.org/dc/terms/title", "http://purl.org/dc/elements/1.1/title", RDFS + "label")
_ABSTRACTS = ("http://purl.org/dc/terms/description", "http://purl.org/dc/terms/abstract", RDFS + "comment")


@dataclass(frozen=True, slots=True)
class PageLink:
    """A text, with the anchor on the page that it leads to."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, with the word for what breaking it is."""

    text: str
    severity: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a key gives: the property's label, name and comment, what it takes, and how many."""

    label: str
    term: str
    comment: str | None
    takes: tuple[PageLink, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a class as the page shows it."""

    anchor: str
    href: str
    name: str
    depth: int
    badges: tuple[str, ...]
    notes: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    options: tuple[str, ...]
    rules: tuple[RuleRow, ...]
    sample: Sample
    count: str | None


@dataclass(frozen=True, slots=True)
class ClassSection:
    """A class as the page shows it."""

    anchor: str
    href: str
    label: str
    term: str
    iri: str
    comment: str | None
    above: tuple[PageLink, ...]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    rules: tuple[RuleRow, ...]
    keys: tuple[KeyRow, ...]
    unused: tuple[KeyRow, ...]
    used_by: tuple[PageLink, ...]
    examples: tuple[tuple[str, str], ...]
    example: ExampleRecord | None
    count: str | None


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What the page is where it belongs to a site: its policy, where style, script and the diagram are, and the way back, by name."""

    policy: str
    style: str
    script: str
    home: str
    home_name: str
    diagram: str


def write_documentation(classes: TypedClasses, samples: Samples | None = None, frame: PageFrame | None = None) -> str:
    """Write the page. Without samples it has no examples; without a frame it is one file, which asks for nothing.

    >>> from exporter.plan.compiling import load_plan
    >>> page = write_documentation(TypedClasses(load_plan(["examples/digitalgov/ontology.ttl"])))
    >>> "<h1>Digital.gov records</h1>" in page
    True
    """
    return _Page(classes, samples).text(frame)


class _Page:
    def __init__(self, classes: TypedClasses, samples: Samples | None) -> None:
        self._classes = classes
        self._samples = samples or Samples()
        self._counted = samples is not None
        self._prefixes = prefixes_for_people(classes.plan.prefixes)
        self._shown = classes.reached(classes.plan.record_classes)
        self._anchors = _anchors(self._shown)

    def text(self, frame: PageFrame | None) -> str:
        sections = [self._section(of) for of in self._shown]
        style, script = read_part("page.css"), read_part("page.js")
        title, about = describe_ontology(self._classes.plan.ontology)
        values = {
            "title": title or "Records",
            "about": about,
            "policy": policy(style, script) if frame is None else frame.policy,
            "frame": frame,
            "style": markup(style),
            "script": markup(script),
            "records": [section for section, of in zip(sections, self._shown, strict=True) if of.of.makes_records],
            "others": [section for section, of in zip(sections, self._shown, strict=True) if not of.of.makes_records],
            "read": self._read(),
        }
        return re.sub(r"(?<!\n)\n{2,}+(?=<)", "\n", render("page.html.jinja", values))

    def _read(self) -> str | None:
        if not self._counted:
            return None
        unread = f"; {plural(self._samples.unread, 'file')} could not be read" if self._samples.unread else ""
        return f"The examples and counts are from {plural(self._samples.read, 'record')}{unread}."

    def _link(self, iri: str, text: str | None = None) -> PageLink:
        anchor = self._anchors.get(iri)
        return PageLink(text or self._prefixes.show(iri), f"#{percent_encode(anchor)}" if anchor else None)

    def _section(self, of: TypedClass) -> ClassSection:
        iri = of.of.iri.value
        anchor = self._anchors[iri]
        known = self._classes.plan.ontology.classes
        used_by = list(self._used_by(of))
        used = {
            name
            for name, key in of.keys.items()
            if key.is_needed or not self._samples.maps.get(iri) or self._samples.of(iri, (name,)).count
        }
        return ClassSection(
            anchor=anchor,
            href=f"#{percent_encode(anchor)}",
            label=of.label,
            term=self._prefixes.show(iri),
            iri=iri,
            comment=of.comment,
            above=tuple(self._link(parent, known[parent].label if parent in known else None) for parent in of.superclasses),
            facts=tuple(_facts(of, self._classes.plan.type_key)),
            notes=tuple(_notes(of, self._prefixes)),
            rules=tuple(RuleRow(rule.text, rule.severity.value) for rule in of.rules),
            keys=tuple(self._row(of, path, key) for path, key in keys_below(of.keys) if path[0] in used),
            unused=tuple(self._row(of, path, key) for path, key in keys_below(of.keys) if path[0] not in used),
            used_by=tuple(PageLink(f"{other.label}: {format_key_path(path)}", self._href(other, path)) for other, path in used_by),
            examples=self._examples(used_by) if of.by_text else (),
            example=self._samples.records.get(iri),
            count=plural(self._samples.maps.get(iri, 0), "record") if self._counted and of.of.makes_records else None,
        )

    def _row(self, of: TypedClass, path: KeyPath, key: TypedKey) -> KeyRow:
        readings = [*key.readings, *key.lists]
        sample = self._samples.of(of.of.iri.value, path)
        total = self._samples.maps.get(of.of.iri.value, 0)
        said = dict.fromkeys(rule for reading in readings for rule in rules(reading, self._prefixes))
        return KeyRow(
            anchor=self._anchor_of(of, path),
            href=self._href(of, path),
            name=format_key_path(path),
            depth=len(path) - 1,
            badges=tuple(_badges(key)),
            notes=tuple(_key_notes(of, path, key)),
            meanings=(*(self._meaning(reading, path) for reading in readings), *map(self._lent, key.lent)),
            options=self._options(key),
            rules=tuple(RuleRow(text, severity.value) for text, severity in said),
            sample=sample,
            count=f"in {sample.count:,} of {total:,}" if total and len(path) == 1 else None,
        )

    def _meaning(self, reading: KeyReading, path: KeyPath) -> Meaning:
        step = reading.step
        parts: Sequence[Words] = takes(reading, self._classes)
        if step.each and step.values[0].of is not None:
            others = [format_key_path(other) for other in step.sources if other != path]
            beside = f", item by item with {enumerate_names(others, 'and')}" if others else ""
            made = self._classes.of(step.values[0].of)
            parts = [Words(f"a list{beside}: "), Words(made.label, made.of.iri.value)]
        term = self._prefixes.show(step.predicate.value)
        return Meaning(
            label=reading.label or _local(step.predicate.value),
            term=term,
            comment=reading.comment,
            takes=tuple(self._link(part.of, part.text) if part.of else PageLink(part.text) for part in parts),
            counts=tuple(how_many(reading)),
        )

    def _lent(self, loan: Loan) -> Meaning:
        """Say what a key is to a template."""
        whose: tuple[PageLink, ...] = (PageLink(_USES[loan.use]),)
        if loan.to is not None:
            whose += (PageLink(", of the "), self._link(loan.to.iri.value, self._classes.of(loan.to).label))
        if loan.reading is None:
            return Meaning("address", "", None, whose, ())
        meaning = self._meaning(loan.reading, ())
        return Meaning(meaning.label, meaning.term, meaning.comment if loan.use == "value" else None, whose, ())

    def _options(self, key: TypedKey) -> tuple[str, ...]:
        """List the values of a closed set, as they are typed."""
        if key.labels:
            return key.labels
        found: dict[str, None] = {}
        for reading in key.readings:
            for value, range_ in zip(reading.step.values, reading.ranges, strict=True):
                allowed = reading.limits.allowed if reading.limits.allowed is not None else self._classes.closed.of(range_)
                typed = self._classes.closed.typed(allowed, reading.step, value) or ()
                found |= dict.fromkeys(text for text in typed if isinstance(text, str))
        return tuple(found)

    def _used_by(self, of: TypedClass) -> Iterable[tuple[TypedClass, KeyPath]]:
        """List the keys whose values are of a class."""
        for other in self._shown:
            for path, key in keys_below(other.keys):
                if any(value.of is of.of for reading in (*key.readings, *key.lists) for value in reading.step.values):
                    yield other, path

    def _examples(self, used_by: Iterable[tuple[TypedClass, KeyPath]]) -> tuple[tuple[str, str], ...]:
        """Give texts that stand for the map of a class."""
        samples = [self._samples.of(other.of.iri.value, path) for other, path in used_by]
        return tuple(dict.fromkeys(example for sample in samples for example in sample.examples if not sample.of_maps))[:3]

    def _href(self, of: TypedClass, path: KeyPath) -> str:
        return f"#{percent_encode(self._anchor_of(of, path))}"

    def _anchor_of(self, of: TypedClass, path: KeyPath) -> str:
        name = re.sub(r"\s", "_", format_key_path(path))
        return f"{self._anchors[of.of.iri.value]}.{name}"


def describe_ontology(ontology: Ontology) -> tuple[str | None, str | None]:
    """Give the title of an ontology, and what it says of itself."""
    heads = {
        s for s, p, o in ontology.statements if p == RDF_TYPE and o == NamedNode(OWL + "Ontology") and not MAP.startswith(str(s)[1:-1])
    }
    found: dict[str, str] = {}
    for subject, predicate, value in ontology.statements:
        if subject in heads and isinstance(value, Literal):
            found.setdefault(predicate.value, value.value)
    title = next((found[name] for name in _TITLES if name in found), None)
    return title, next((found[name] for name in _ABSTRACTS if name in found and found[name] != title), None)


def _local(iri: str) -> str:
    return re.split("[/#:]", iri)[-1]


def _anchors(shown: Iterable[TypedClass]) -> dict[str, str]:
    """Name the sections as the classes' IRIs end, and number those that end alike."""
    anchors: dict[str, str] = {}
    for of in shown:
        name = re.sub(r"\s", "_", of.of.iri.value.rstrip("/#").replace("#", "/").rpartition("/")[2]) or "class"
        free = next(free for free in (name, *(f"{name}-{n}" for n in range(2, len(anchors) + 3))) if free not in anchors.values())
        anchors[of.of.iri.value] = free
    return anchors


def _facts(of: TypedClass, type_key: str) -> Iterable[tuple[str, str]]:
    """Say how a record is of the class, and what its address is, as pairs of a sentence and what an author types."""
    for label in of.labels:
        yield f"Its {type_key} is", label
    for glob in of.files:
        yield "Its file is one of", glob
    for number, template in enumerate(of.of.template.alternatives if of.of.template is not None else ()):
        yield "or else" if number else "Its address is", template.text
    if of.of.pattern is not None and of.by_text:
        yield "It is written as a text that matches", of.of.pattern.text


def _notes(of: TypedClass, prefixes: Prefixes) -> Iterable[str]:
    for reading in of.scalar:
        keys = [format_key_path(path) for path in reading.step.sources if path != ("@value",)]
        if keys and of.by_text:
            yield f"A text in place of the map is read as {enumerate_names(keys, 'and')}."
    for reading in of.beside:
        term = prefixes.show(reading.step.predicate.value)
        for path in filter(is_special, reading.step.sources):
            source = f"The {path[1]} of the file's path" if path[0] == FILE_KEY else _BESIDE.get(str(path[0]), format_key_path(path))
            yield f"{source} gives the {reading.label or _local(reading.step.predicate.value)} ({term})."


_BESIDE = {
    "@body": "The text below the front matter",
    "@title": "The first heading of the text",
    "@tags": "Each #tag in the text",
    "@links": "Each link in the text to a record",
    "@links.external": "Each link in the text to another site",
    "@links.embedded": "Each image or file in the text",
    "@fields": "An inline field in the text (key:: value)",
    "@shortcodes": "A shortcode in the text ({{< name argument >}})",
}
"""What special keys are called."""


def _badges(key: TypedKey) -> Iterable[str]:
    if key.is_needed:
        yield "required"
    if key.is_address:
        yield "part of the address"
    if key.is_ignored and not key.readings:
        yield "not exported"


def _key_notes(of: TypedClass, path: KeyPath, key: TypedKey) -> Iterable[str]:
    if key.labels:
        yield "Says what the record is."
    for ways in of.required:
        if len(ways) > 1 and (path,) in ways:
            yield f"One of {_alternatives(ways)} is required."
    if any(isinstance(name, int) for name in key.children):
        yield "A list whose items mean different things."


def _alternatives(ways: Requirement) -> str:
    return enumerate_names([enumerate_names(map(format_key_path, way), "and") for way in ways], "and")
