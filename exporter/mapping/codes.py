"""The problem codes of mapping: `MAP-…`.

An example is an ontology, without its prefixes and the class `ex:Post`, and the records that it maps, each file below a line
`### its path`; tests/mapping/test_codes.py exports them.
"""

from __future__ import annotations

from exporter.codes_model import CodeEntry
from exporter.problems import Severity


def _row(code: str, title: str, explanation: str, bad: str, good: str, severity: Severity = Severity.ERROR) -> CodeEntry:
    return CodeEntry(f"MAP-{code}", title, severity, explanation, bad, good)


def _example(ontology: str, *records: str) -> str:
    """Lay out an example: the lines of the records are the keys of their front matter."""
    files = [f"### content/{number}.md\n---\n{record}\n---\n" for number, record in enumerate(records, start=1)]
    return "".join([f"### ontology.ttl\n{ontology}\n" if ontology else "", *files])


_DATE = 'ex:date rdfs:domain ex:Post ; rdfs:range xsd:date ; map:key "date" .'
_LINK = 'ex:link rdfs:domain ex:Post ; rdfs:range owl:Thing ; map:key "link" .'
_NEXT = 'ex:next rdfs:domain ex:Post ; rdfs:range ex:Post ; map:key "next" .'
_TAGS = 'ex:tag rdfs:domain ex:Post ; rdfs:range xsd:string ; map:key "tags" ; map:convert map:json .'
_AUTHOR = """\
ex:Author a owl:Class ; map:pattern "(?P<name>.+) @(?P<domain>.+)" .
ex:name rdfs:domain ex:Author ; rdfs:range xsd:string ; map:key "name" .
ex:author rdfs:domain ex:Post ; rdfs:range ex:Author ; map:key "author" ."""
_LANGUAGE = """\
ex:Language a owl:Class ; map:iri "https://example.org/languages/{@value|slug}/" .
ex:name rdfs:domain ex:Language ; rdfs:range xsd:string ; map:key "@value" .
ex:language rdfs:domain ex:Post ; rdfs:range ex:Language ; map:key "languages" ."""
_BACKTRACKING = _AUTHOR.replace("(?P<name>.+) @(?P<domain>.+)", "(?P<name>.+), (?P<family>.+), (?P<city>.+), (?P<country>.+)")
_POST = "owlType: Post\nslug: telehealth"

_CLASSES = (
    _row(
        "TYPE-MISSING",
        "The record does not say its class",
        "The type key (`owlType`, or what `map:typeKey` names) is missing or empty, no `map:files` takes the file, and no default class "
        "is set. The record is rejected.",
        _example("", "slug: telehealth"),
        _example("", _POST),
    ),
    _row(
        "TYPE-UNKNOWN",
        "No class has this owlType",
        "No class of the ontology claims the label with `map:owlType`, or the type key holds something else than one label. Capitals "
        "count. The record is rejected.",
        _example("", "owlType: Psot\nslug: telehealth"),
        _example("", _POST),
    ),
)

_IRIS = (
    _row(
        "IRI",
        "A value is no IRI",
        "An address is expected, and the value is no absolute IRI (RFC 3987): it has no scheme, or a character that no IRI may hold. It is "
        "exported as a plain string. Relative addresses are resolved by `map:convert map:relativeIri`, spaces encoded by `map:encodeIri`.",
        _example(_LINK, f"{_POST}\nlink: www.example.org"),
        _example(_LINK, f"{_POST}\nlink: https://www.example.org"),
    ),
    _row(
        "IRI-VARIABLE",
        "A key that makes the IRI is missing or does not fit",
        "The class's `map:iri` needs this key. It is missing or empty, is a map or a list, climbs out of its place with `../`, is a whole "
        "address where a part of one is expected, or has a `%` that encodes nothing. A record without an IRI is rejected; a nested value "
        "is exported as a plain string.",
        _example("", "owlType: Post\nslug:"),
        _example("", _POST),
    ),
    _row(
        "IRI-HIDDEN",
        "Characters that don't show become part of an IRI",
        "Two IRIs that look the same would be different. Zero-width characters and marks of the writing direction come with copied text; "
        "type the value again.",
        _example("", 'owlType: Post\nslug: "tele\\u200bhealth"'),
        _example("", _POST),
        Severity.WARNING,
    ),
    _row(
        "IRI-MERGED",
        "Different texts make one IRI",
        "A slug, a pattern or a conversion leaves out what tells two texts apart: `C++` and `C#` are both `c`, `Rémy` and `Remy` both "
        "`remy`. What they name becomes one resource, with the labels of both. Texts that differ in case and white space only are "
        "taken for the same. The first 100,000 shared IRIs of a run are compared.",
        _example(_LANGUAGE, f"{_POST}\nlanguages: [C++, C#]"),
        _example(_LANGUAGE, f"{_POST}\nlanguages: [C plus plus, C sharp, c Sharp]"),
        Severity.WARNING,
    ),
    _row(
        "DUPLICATE-IRI",
        "Two records have one IRI",
        "Their triples would mix. The first by the order of the files is exported, the other is rejected.",
        _example("", _POST, _POST),
        _example("", _POST, "owlType: Post\nslug: telecare"),
    ),
    _row(
        "REFERENCE",
        "No record answers to a reference",
        "The range of the property is a class that records are of, so the value names another record, and no record of the run has that "
        "IRI. The triple is exported as it is.",
        _example(_NEXT, f"{_POST}\nnext: telecare"),
        _example(_NEXT, f"{_POST}\nnext: telecare", "owlType: Post\nslug: telecare"),
    ),
)

_VALUES = (
    _row(
        "DATATYPE",
        "A value is not in its datatype",
        "The range is a datatype, and the value as typed is none of its literals (XML Schema 1.1, part 2). It is exported as a plain "
        "string, never bent into shape.",
        _example(_DATE, f"{_POST}\ndate: Jan 31"),
        _example(_DATE, f"{_POST}\ndate: 2026-01-31"),
    ),
    _row(
        "VALUE",
        "A value has not the form that its property takes",
        "A map or a list in a list stands where one value is expected; or a text can't be read as a resource, because it does not match "
        "the `map:pattern` of its class. It is exported as a plain string.",
        _example(_AUTHOR, f"{_POST}\nauthor: Vinit"),
        _example(_AUTHOR, f"{_POST}\nauthor: Vinit @maxinovip.com"),
    ),
    _row(
        "PATTERN-LENGTH",
        "A value is too long for the pattern that reads it",
        "A `map:pattern` in which several repetitions can take the same characters is tried on values up to a length that follows from the "
        "pattern, 6,324 characters for `(.+) - (.+)`, and on a longer one as long as that takes 300,000 steps at most. What takes more is "
        "exported as a plain string. A pattern whose parts end where they must (`[^,]+,`) reads values of any length.",
        _example(_BACKTRACKING, f'{_POST}\nauthor: "{"a, " * 60}\\na"'),
        _example(_BACKTRACKING, f"{_POST}\nauthor: Vinit, Rao, Pune, India"),
    ),
    _row(
        "CONVERSION",
        "A value can't be converted",
        "The `map:convert` of the property does not know what to do with the value. It is exported as it stands.",
        _example(_TAGS, f"{_POST}\ntags: '[\"care\", '"),
        _example(_TAGS, f"{_POST}\ntags: '[\"care\"]'"),
    ),
)

_KEYS = (
    _row(
        "UNMAPPED",
        "No property reads the key",
        "With `--unmapped fail` a key that the ontology neither maps nor ignores is a problem. `owltype coverage` says how to map it.",
        _example(_LINK, f"{_POST}\nlnik: https://www.example.org"),
        _example(_LINK, f"{_POST}\nlink: https://www.example.org"),
    ),
    _row(
        "KEYWORD",
        "A key looks like a keyword of JSON-LD",
        "`@id`, `@type` and their like in front matter mean nothing here: the ontology says what a record is. The key is kept as any other "
        "that the ontology does not know.",
        _example("", f'{_POST}\n"@type": https://schema.org/Article'),
        _example("", _POST),
    ),
)

CODES: tuple[CodeEntry, ...] = (*_CLASSES, *_IRIS, *_VALUES, *_KEYS)
