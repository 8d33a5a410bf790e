"""The problem codes of validation: `SH-…`, one for each constraint component, and `SHAPES-…` for the shapes themselves."""

from __future__ import annotations

from exporter.codes_model import CodeEntry
from exporter.problems import Severity
from exporter.validation.component_codes import COMPONENT_CODES


def _shapes(code: str, title: str, explanation: str, bad: str, good: str, severity: Severity = Severity.ERROR) -> CodeEntry:
    return CodeEntry(f"SHAPES-{code}", title, severity, explanation, bad, good)


_SHAPES_CODES = (
    _shapes(
        "FILE",
        "A shapes file can't be read",
        "The file named with `-s`, in the settings or by an `owl:imports` is not there, or may not be read.",
        "$ owltype validate content/ -s shapes/medgiy.ttl\n",
        "$ owltype validate content/ -s shapes/medigy.ttl\n",
    ),
    _shapes(
        "FORMAT",
        "A shapes file is in a format that is not read",
        "Shapes are read from Turtle and N-Triples, with positions, and from RDF/XML, without.",
        "$ owltype validate content/ -s shapes.jsonld\n",
        "$ owltype validate content/ -s shapes.ttl\n",
    ),
    _shapes(
        "SYNTAX",
        "A shapes file has a syntax error",
        "The file is no Turtle, N-Triples or RDF/XML from this place on, or no UTF-8.",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Topic sh:closed true .\n",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Topic ; sh:closed true .\n",
    ),
    _shapes(
        "EMPTY",
        "There is no shape in the shapes files",
        "A run without a shape checks nothing, and would say that everything conforms.",
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n",
        "ex:TopicShape a sh:NodeShape ; sh:targetClass ex:Topic ; sh:property [ sh:path ex:title ; sh:minCount 1 ] .\n",
    ),
    _shapes(
        "UNKNOWN-TERM",
        "SHACL has no such term",
        "A misspelt constraint is no constraint: engines pass over it, and the data would conform without having been checked.",
        "sh:property [ sh:path ex:title ; sh:minCuont 1 ] .\n",
        "sh:property [ sh:path ex:title ; sh:minCount 1 ] .\n",
    ),
    _shapes(
        "FORM",
        "A shape is not well-formed",
        "The shape breaks a syntax rule of SHACL (https://www.w3.org/TR/shacl/#syntax-rules), which SHACL-SHACL checks.",
        'sh:property [ sh:path ex:title ; sh:minCount "one" ] .\n',
        "sh:property [ sh:path ex:title ; sh:minCount 1 ] .\n",
    ),
    _shapes(
        "PATTERN",
        "A regular expression is not one",
        "The value of sh:pattern can't be compiled by the engine that would run it. "
        "The fast engine has no look-around and no back-references; with `--engine auto` such a pattern runs in pySHACL.",
        'sh:property [ sh:path ex:title ; sh:pattern "(" ] .\n',
        'sh:property [ sh:path ex:title ; sh:pattern "\\\\(" ] .\n',
    ),
    _shapes(
        "PATTERN-SLOW",
        "A regular expression takes unbounded time",
        "With pySHACL a regular expression that can match one text in many ways (a repeat inside a repeat) takes time that doubles with "
        "each character, so it is not run. The fast engine has no such trouble: `--engine auto` takes it wherever it can.",
        'sh:property [ sh:path ex:title ; sh:pattern "^(a+)+$" ] .\n',
        'sh:property [ sh:path ex:title ; sh:pattern "^a+$" ] .\n',
    ),
    _shapes(
        "RECURSION",
        "A shape asks for itself",
        "SHACL leaves open what a recursive shape means, so engines differ. The run goes on with an engine that ends.",
        "ex:S a sh:NodeShape ; sh:property [ sh:path ex:related ; sh:node ex:S ] .\n",
        "ex:S a sh:NodeShape ; sh:property [ sh:path ex:related ; sh:class ex:Topic ] .\n",
    ),
    _shapes(
        "NO-TARGET",
        "A shape has no target",
        "A shape without a target is checked only where another shape refers to it (`sh:node`, `sh:property`, `sh:or`), and none does.",
        "ex:TopicShape a sh:NodeShape ; sh:property [ sh:path ex:title ; sh:minCount 1 ] .\n",
        "ex:TopicShape a sh:NodeShape ; sh:targetClass ex:Topic ; sh:property [ sh:path ex:title ; sh:minCount 1 ] .\n",
        Severity.WARNING,
    ),
    _shapes(
        "JAVASCRIPT",
        "The shapes ask for JavaScript",
        "Code from a shapes file is never run. SHACL-JS was not taken into the standard.",
        'ex:S sh:js [ sh:jsFunctionName "check" ] .\n',
        'ex:S sh:sparql [ sh:select "SELECT $this WHERE { … }" ] .\n',
    ),
    _shapes(
        "IMPORT",
        "The shapes import what is not loaded",
        "Nothing is fetched, so what the import would bring is not checked. An import of a file of this machine is followed, relative to "
        "the file that says it. Any other can be given with `-s`, or mapped to a file by the setting `imports`.",
        "<https://example.org/shapes> owl:imports <https://example.org/more> .\n",
        '[tool.owltype.imports]\n"https://example.org/more" = "shapes/more.ttl"\n',
        Severity.WARNING,
    ),
    _shapes(
        "SERVICE",
        "A query in the shapes would leave the machine",
        "SERVICE, FROM and LOAD in the SPARQL of a shape make requests with what is in your records. They are refused.",
        'sh:select "SELECT $this WHERE { SERVICE <https://example.org/sparql> { … } }" .\n',
        'sh:select "SELECT $this WHERE { $this ex:related ?other … }" .\n',
    ),
    _shapes(
        "SPARQL",
        "A query in the shapes can't be run",
        "The SPARQL of a shape has a syntax error, or one of the forms that SHACL forbids with variables bound beforehand "
        "(https://www.w3.org/TR/shacl/#pre-binding): MINUS, VALUES, a nested SELECT without $this.",
        'sh:select "SELECT $this WHERE { $this ex:title ?t MINUS { … } }" .\n',
        'sh:select "SELECT $this WHERE { $this ex:title ?t FILTER NOT EXISTS { … } }" .\n',
    ),
    _shapes(
        "ENTAILMENT",
        "The shapes ask for an entailment regime",
        "An engine without the regime must refuse (https://www.w3.org/TR/shacl/#shacl-rdfs). Subclasses that the "
        "ontology states count without one.",
        "<> sh:entailment <http://www.w3.org/ns/entailment/RDFS> .\n",
        "ex:Article rdfs:subClassOf ex:Content .\n",
    ),
    _shapes(
        "ADVANCED",
        "The shapes ask for advanced features, which are off",
        "Rules, SPARQL targets and node expressions (https://www.w3.org/TR/shacl-af/) run with `--advanced` alone.",
        "$ owltype validate content/ -s rules.ttl\n",
        "$ owltype validate content/ -s rules.ttl --advanced\n",
    ),
    _shapes(
        "ENGINE",
        "The engine can't run the shapes",
        "The engine refused the shapes with the reason that is given. `owltype validate --engine pyshacl` and "
        "`--engine shacl` may differ in it.",
        'sh:property [ sh:path ex:title ; sh:maxCount 1 ; sh:maxCount "2" ] .\n',
        "sh:property [ sh:path ex:title ; sh:maxCount 1 ] .\n",
    ),
    _shapes(
        "ENGINE-WRONG",
        "The engine is known to be wrong here",
        "The shapes or the data ask for something that the engine which ran them gets wrong, so its results can't be trusted there. "
        "With `--engine auto` this is said only where no engine gets it right.",
        "$ owltype validate content/ --engine shacl   # and sh:closed true in a property shape\n",
        "$ owltype validate content/ --engine auto\n",
    ),
    _shapes(
        "ENGINES-DIFFER",
        "The two engines do not agree",
        "With `--engine both` every result that only one engine gives is a problem of its own, because one of the two "
        "is wrong. Please report it to its makers.",
        "$ owltype validate content/ --engine both\n",
        "$ owltype validate content/\n",
    ),
    _shapes(
        "TARGET",
        "A target that the ontology never makes",
        "No record can be of this class, or have this property, so the shape checks nothing.",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Topci .\n",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Topic .\n",
    ),
    _shapes(
        "PATH",
        "A path that the ontology never makes",
        "No key feeds this property. A required value would be missing in every record, and any other constraint checks nothing.",
        "sh:property [ sh:path ex:titel ; sh:maxLength 80 ] .\n",
        "sh:property [ sh:path ex:title ; sh:maxLength 80 ] .\n",
        Severity.WARNING,
    ),
    _shapes(
        "NO-FOCUS",
        "A shape that checks nothing in these records",
        "The shape's targets exist in the ontology, and no record of this run has one. Not said where single records were named.",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Event .\n",
        "---\nlayout: Event\n---\n",
        Severity.WARNING,
    ),
)

_SUPPRESSION_CODES = (
    CodeEntry(
        "IGNORE-REASON",
        "A suppression without a reason",
        Severity.ERROR,
        "`owltypeIgnore` in the front matter maps each suppressed code, perhaps narrowed to a key path, to the reason for it.",
        "owltypeIgnore: SH-PATTERN\n",
        "owltypeIgnore:\n  SH-PATTERN link.href: the old site has no address\n",
    ),
    CodeEntry(
        "IGNORE-CODE",
        "A suppression of a code that there is not",
        Severity.ERROR,
        "`owltypeIgnore` names a problem code that owltype does not know, so it would suppress nothing. Codes are in capitals. In the "
        "settings, such a code is a setting that can't be used.",
        "owltypeIgnore:\n  SH-PATERN link.href: the old site has no address\n",
        "owltypeIgnore:\n  SH-PATTERN link.href: the old site has no address\n",
    ),
    CodeEntry(
        "IGNORE-STALE",
        "A suppression that meets no problem",
        Severity.INFO,
        "The problem that `owltypeIgnore` or a suppression of the settings suppresses has gone. Of the "
        "settings' only said in a run over folders that has the suppression's files.",
        "owltypeIgnore:\n  SH-PATTERN link.href: the old site has no address\nlink: { href: https://example.org/ }\n",
        "link: { href: https://example.org/ }\n",
    ),
)

CODES: tuple[CodeEntry, ...] = (*COMPONENT_CODES, *_SHAPES_CODES, *_SUPPRESSION_CODES)
"""Every code of this package, in the order of the docs."""

SEVERITIES = {entry.code: entry.severity for entry in CODES}
"""What a problem of each code counts as, where no shape says otherwise."""
