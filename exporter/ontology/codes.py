"""The problem codes of loading an ontology: `ONT-…`.

`bad` and `good` are whole ontologies but for their prefixes; tests/ontology/test_codes.py loads them.
"""

from __future__ import annotations

from exporter.codes_model import CodeEntry
from exporter.problems import Severity

_TOPIC = 'ex:Topic a owl:Class ; map:owlType "Topic" ; map:iri "https://example.org/{slug}/" .\n'
_TITLE = 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "title" .\n'
_NAME = 'ex:name rdfs:domain ex:Author ; rdfs:range xsd:string ; map:key "name" .\n'
_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>\n'


def _row(code: str, title: str, explanation: str, bad: str, good: str, severity: Severity = Severity.ERROR) -> CodeEntry:
    return CodeEntry(f"ONT-{code}", title, severity, explanation, bad, good)


_FILES = (
    _row(
        "SYNTAX",
        "The ontology file can't be parsed",
        "The file is not valid in the syntax that its ending says, from this place on, or it is not UTF-8. Nothing is exported, and the "
        "old output stands.",
        _TOPIC.removesuffix(" .\n") + "\n" + _TITLE,
        _TOPIC + _TITLE,
    ),
    _row(
        "UNSAFE",
        "The file could read other files or take memory without end",
        "RDF/XML with entities of files, parameter entities or entities made of entities, and JSON-LD that is nested more than 100 levels "
        "deep, are refused before a parser sees them. Entities that only shorten a namespace are read.",
        f'<!DOCTYPE rdf:RDF [ <!ENTITY label SYSTEM "file:///etc/hostname"> ]>\n{_XML}',
        f'<!DOCTYPE rdf:RDF [ <!ENTITY xsd "http://www.w3.org/2001/XMLSchema#"> ]>\n{_XML}',
    ),
    _row(
        "IMPORT",
        "An import is not local",
        "Nothing is ever fetched. An `owl:imports` is followed where it names an ontology file of this machine, relative to the file that "
        "says it, and is satisfied where a loaded ontology has that name.",
        f"<https://example.org/ns> a owl:Ontology ; owl:imports <https://example.org/elsewhere> .\n{_TOPIC}",
        f"<https://example.org/ns> a owl:Ontology ; owl:imports <https://w3id.org/owltype/map> .\n{_TOPIC}",
    ),
    _row(
        "BASE",
        "IRIs of the ontology are made of the folder that it is in",
        "A relative IRI is resolved against the file's own IRI, such as `file:///home/me/site.ttl#Post`. A graph with such names differs "
        "from machine to machine. An `@base` in the file settles them.",
        '<#Topic> a owl:Class ; map:owlType "Topic" ; map:iri "https://example.org/{slug}/" .\n',
        '@base <https://example.org/ns> .\n<#Topic> a owl:Class ; map:owlType "Topic" ; map:iri "https://example.org/{slug}/" .\n',
        Severity.WARNING,
    ),
    _row(
        "PREFIX",
        "A prefix is bound twice",
        "Turtle allows it, and what stands below the second line then means something else than what stands above. The run goes on with "
        "the file as Turtle reads it.",
        f"@prefix page: <https://example.org/one#> .\n@prefix page: <https://example.org/two#> .\n{_TOPIC}",
        f"@prefix page: <https://example.org/one#> .\n@prefix leaf: <https://example.org/two#> .\n{_TOPIC}",
    ),
)

_TERMS = (
    _row(
        "TERM",
        "The mapping vocabulary has no such term",
        "A misspelt annotation would be passed over, and its key would never be read.",
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:keys "title" .\n',
        _TOPIC + _TITLE,
    ),
    _row(
        "VALUE",
        "An annotation has a value that it does not take",
        "Most annotations of the mapping vocabulary take texts, `map:convert` and `map:type` take IRIs, `map:ordered` takes true or false. "
        "`map:iri`, `map:pattern`, `map:value` and others that only one value can hold for may stand once.",
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "title" ; map:convert "trim" .\n',
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "title" ; map:convert map:trim .\n',
    ),
    _row(
        "LABEL",
        "Two classes claim one owlType",
        "A record of that owlType would have two classes and two IRIs. Give one of the two another label, or make one class of them.",
        _TOPIC + 'ex:Subject a owl:Class ; map:owlType "Topic" ; map:iri "https://example.org/subjects/{slug}/" .\n',
        _TOPIC + 'ex:Subject a owl:Class ; map:owlType "Subject" ; map:iri "https://example.org/subjects/{slug}/" .\n',
    ),
    _row(
        "TEMPLATE",
        "A template can't be used",
        "`map:iri`, `map:value` and `map:base` are URI templates (RFC 6570, level 2): braces in pairs, key paths between them, `|slug` as "
        "the only modifier, constants that are defined. A `map:iri` has to make absolute IRIs, and a class that records are of needs one.",
        'ex:Topic a owl:Class ; map:owlType "Topic" ; map:iri "https://example.org/{slug/" .\n',
        _TOPIC,
    ),
    _row(
        "PATTERN",
        "A pattern is not a valid regular expression, or has no named group",
        "`map:pattern` turns a text into a small map, whose keys are the named groups: `(?P<name>…)`.",
        'ex:Author a owl:Class ; map:pattern "(.+) @(?P<domain>.+" .\n',
        'ex:Author a owl:Class ; map:pattern "(?P<name>.+) @(?P<domain>.+)" .\n' + _NAME,
    ),
    _row(
        "PATTERN-BACKTRACKING",
        "A pattern can backtrack too much",
        "Where repetitions stand inside each other or side by side and can take the same characters, one way to read a value is tried "
        "after the other: of `(a+)+` there are twice as many with each further character. What a value of 100 characters could need more "
        "than 20,000,000 steps for is refused. The help shows how to write it; `a++` and `(?>…)` give nothing back that they have taken.",
        'ex:Author a owl:Class ; map:pattern "(?P<name>(\\\\w+\\\\s?)+)" .\n',
        'ex:Author a owl:Class ; map:pattern "(?P<name>(?:\\\\w++\\\\s?)++)" .\n' + _NAME,
    ),
    _row(
        "KEY",
        "A key path can't be read",
        "Keys stand with dots between them, `[n]` is an item of a list, counted from 0. The special ones are `@body`, `@index` and "
        '`@value`. A key that holds a dot itself is written in double quotes: `"a.b".c`.',
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "head..title" .\n',
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "head.title" .\n',
    ),
    _row(
        "DOMAIN",
        "A property with a key has no domain, or one that is no class",
        "The domain says which map the key stands in. Without one the property would never get a value.",
        _TOPIC + 'ex:title a owl:DatatypeProperty ; rdfs:range xsd:string ; map:key "title" .\n',
        _TOPIC + _TITLE,
    ),
    _row(
        "RANGE",
        "A property with a key has no range, or one that is neither a class nor a datatype",
        "The range says what the values are: a datatype makes literals, a class makes resources. `map:each` needs a class to make of each "
        "position of its lists.",
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:sting ; map:key "title" .\n',
        _TOPIC + _TITLE,
    ),
    _row(
        "CONVERSION",
        "There is no such conversion",
        "`map:convert` names one of the conversions in docs/mapping.md, or one that an installed package brings (entry points of the group "
        "`owltype.conversions`).",
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "title" ; map:convert map:lowercase .\n',
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "title" ; map:convert map:lowerCase .\n',
    ),
    _row(
        "LANGUAGE",
        "A language tag is none",
        "`map:language` takes a tag of BCP 47: `en`, `de-CH`, `sr-Latn`.",
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range rdf:langString ; map:key "title" ; map:language "en_US" .\n',
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range rdf:langString ; map:key "title" ; map:language "en-US" .\n',
    ),
    _row(
        "NO-EFFECT",
        "An annotation has no effect where it stands",
        "Nothing asks for it there: `map:separator` without `map:split`, `map:base` without `map:relativeIri`, a `map:pattern` whose "
        "groups no template and no key reads, a term of classes on a property, a conversion where no key is.",
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "title" ; map:separator ";" .\n',
        _TOPIC + 'ex:title rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "title" ; map:convert map:split ; map:separator ";" .\n',
        Severity.WARNING,
    ),
)

CODES: tuple[CodeEntry, ...] = (*_FILES, *_TERMS)
