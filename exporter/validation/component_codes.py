"""The `SH-…` codes: what each constraint component asks, with a record that breaks it and the record mended."""

from __future__ import annotations

from exporter.codes_model import CodeEntry
from exporter.problems import Severity

_SECTION = "https://www.w3.org/TR/shacl/#"


def _row(
    code: str, title: str, parameter: str, explanation: str, bad: str, good: str, section: str | None = None
) -> CodeEntry:
    link = f"{_SECTION}{section or parameter[3].upper() + parameter[4:] + 'ConstraintComponent'}"
    text = f"`{parameter}`: {explanation} The shape sets the severity. See {link}."
    return CodeEntry(code, title, Severity.ERROR, text, bad, good)


COMPONENT_CODES = (
    _row(
        "SH-MIN-COUNT",
        "A value is missing",
        "sh:minCount",
        "the key has fewer values than the shape wants.",
        "title:\n",
        "title: Telehealth\n",
    ),
    _row(
        "SH-MAX-COUNT", "Too many values", "sh:maxCount", "the key has more values than the shape allows.", "title: [A, B]\n", "title: A\n"
    ),
    _row(
        "SH-DATATYPE",
        "A value of the wrong datatype",
        "sh:datatype",
        "the value can't be read as the datatype that is wanted.",
        "date: Jan 31\n",
        "date: 2026-01-31\n",
    ),
    _row(
        "SH-CLASS",
        "A value that is not of the wanted class",
        "sh:class",
        "the value must name a resource of the class, in any record of the run.",
        "related: nobody\n",
        "related: telehealth\n",
    ),
    _row(
        "SH-NODE-KIND",
        "A value of the wrong kind",
        "sh:nodeKind",
        "an IRI is wanted where there is text, or the other way round.",
        "homepage: see below\n",
        "homepage: https://example.org/\n",
    ),
    _row(
        "SH-PATTERN",
        "A value that does not match the pattern",
        "sh:pattern",
        "the regular expression matches nowhere in the value; `^` and `$` tie it to the ends.",
        "href: burnsmcd\n",
        "href: https://burnsmcd.com/\n",
    ),
    _row(
        "SH-MIN-LENGTH",
        "A value that is too short",
        "sh:minLength",
        "the value has fewer characters than wanted.",
        "title: A\n",
        "title: Ab\n",
    ),
    _row(
        "SH-MAX-LENGTH",
        "A value that is too long",
        "sh:maxLength",
        "the value has more characters than allowed.",
        "code: ABCD\n",
        "code: ABC\n",
    ),
    _row(
        "SH-MIN-INCLUSIVE", "A value that is too small", "sh:minInclusive", "the value is below the least one.", "width: 0\n", "width: 1\n"
    ),
    _row(
        "SH-MAX-INCLUSIVE",
        "A value that is too large",
        "sh:maxInclusive",
        "the value is above the greatest one.",
        "month: 13\n",
        "month: 12\n",
    ),
    _row(
        "SH-MIN-EXCLUSIVE",
        "A value that is not large enough",
        "sh:minExclusive",
        "the value must be above the bound.",
        "width: 0\n",
        "width: 1\n",
    ),
    _row(
        "SH-MAX-EXCLUSIVE",
        "A value that is not small enough",
        "sh:maxExclusive",
        "the value must be below the bound.",
        "hour: 24\n",
        "hour: 23\n",
    ),
    _row(
        "SH-IN",
        "A value outside the vocabulary",
        "sh:in",
        "the value is none of those that the shape lists.",
        "status: actve\n",
        "status: active\n",
    ),
    _row(
        "SH-HAS-VALUE",
        "A certain value is missing",
        "sh:hasValue",
        "this value must be among the key's.",
        "tags: [a]\n",
        "tags: [a, public]\n",
    ),
    _row(
        "SH-LANGUAGE-IN",
        "A text in another language",
        "sh:languageIn",
        "the text's language is none of those allowed.",
        "label: Gesundheit   # @de\n",
        "label: health   # @en\n",
    ),
    _row("SH-UNIQUE-LANG", "Two texts in one language", "sh:uniqueLang", "a language has one text.", "label: [a, b]\n", "label: a\n"),
    _row(
        "SH-EQUALS",
        "Two keys that should say the same",
        "sh:equals",
        "the values of the two properties must be the same set.",
        "topics: [a]\ntags: [b]\n",
        "topics: [a]\ntags: [a]\n",
    ),
    _row(
        "SH-DISJOINT",
        "Two keys that share a value",
        "sh:disjoint",
        "the two properties must have no value in common.",
        "title: A\nalias: A\n",
        "title: A\nalias: B\n",
    ),
    _row(
        "SH-LESS-THAN",
        "A value that is not before another",
        "sh:lessThan",
        "every value must be less than each of the other property's.",
        "start: 2026-02-01\nend: 2026-02-01\n",
        "start: 2026-01-01\nend: 2026-02-01\n",
    ),
    _row(
        "SH-LESS-THAN-OR-EQUALS",
        "A value that is after another",
        "sh:lessThanOrEquals",
        "every value must be at most each of the other property's.",
        "date: 2026-02-01\nlastMod: 2026-01-01\n",
        "date: 2026-01-01\nlastMod: 2026-02-01\n",
    ),
    _row(
        "SH-NODE",
        "A value that does not fit its shape",
        "sh:node",
        "the value must conform to another shape. Where the cause is known it is reported in its place.",
        "link: {}\n",
        "link:\n  href: https://example.org/\n",
    ),
    _row("SH-PROPERTY", "A value that does not fit a nested shape", "sh:property", "see its causes.", "link: {}\n", "link:\n  href: a\n"),
    _row(
        "SH-AND",
        "A value that does not fit all shapes",
        "sh:and",
        "the value must conform to every shape listed. Where the cause is known it is reported in its place.",
        "link: {}\n",
        "link:\n  href: https://example.org/\n",
    ),
    _row(
        "SH-OR",
        "A value that fits none of the shapes",
        "sh:or",
        "the value must conform to one of the shapes; the report says why each of them fails.",
        "contact: {}\n",
        "contact:\n  email: a@example.org\n",
    ),
    _row(
        "SH-XONE",
        "A value that fits none of the shapes, or several",
        "sh:xone",
        "the value must conform to exactly one of the shapes.",
        "name: A\nlegalName: B\n",
        "name: A\n",
    ),
    _row(
        "SH-NOT",
        "A value that fits a forbidden shape",
        "sh:not",
        "the value must not conform to the shape.",
        "draft: true\n",
        "draft: false\n",
    ),
    _row(
        "SH-QUALIFIED-MIN-COUNT",
        "Too few values that fit a shape",
        "sh:qualifiedMinCount",
        "so many of the values must conform to the shape; the report says why the others do not.",
        "links: [a]\n",
        "links: [https://example.org/]\n",
        "QualifiedValueShapeConstraintComponent",
    ),
    _row(
        "SH-QUALIFIED-MAX-COUNT",
        "Too many values that fit a shape",
        "sh:qualifiedMaxCount",
        "no more of the values may conform to the shape.",
        "roles: [chair, chair]\n",
        "roles: [chair, member]\n",
        "QualifiedValueShapeConstraintComponent",
    ),
    _row(
        "SH-CLOSED",
        "A key that the shape does not allow",
        "sh:closed",
        "the resource may have the properties of its shape only.",
        "title: A\ntitel: A\n",
        "title: A\n",
    ),
    _row(
        "SH-SPARQL",
        "A query finds a fault",
        "sh:sparql",
        "the shape's query found this; its message says what.",
        "start: 9\nend: 8\n",
        "start: 8\nend: 9\n",
        "sparql-constraints",
    ),
    _row(
        "SH-EXPRESSION",
        "An expression does not hold",
        "sh:expression",
        "of SHACL's Advanced Features.",
        "n: 1\n",
        "n: 2\n",
        "expression-constraints",
    ),
    _row("SH-JS", "A JavaScript constraint", "sh:js", "is never run.", "n: 1\n", "n: 2\n", "js"),
    _row(
        "SH-COMPONENT",
        "A constraint of the team's own",
        "sh:ConstraintComponent",
        "a constraint component that the shapes define with SPARQL found this.",
        "postcode: 1\n",
        "postcode: '01067'\n",
        "constraint-components",
    ),
)
