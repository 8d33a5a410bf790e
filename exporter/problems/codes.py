"""The table of problem codes: a row a code. What each means is a record in `catalogue/`, which `owltype explain` and the docs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exporter.problems.problem import Severity
from exporter.text import nearest, quote


@dataclass(frozen=True, slots=True)
class Code:
    """One code: how bad its problems are by default, and whether one of them ends the run with exit status 2."""

    name: str
    severity: Severity
    fatal: bool = False
    since: str = "0.1.0"


_ROWS = (
    # SETTING-…
    Code("SETTING-SYNTAX", Severity.ERROR, fatal=True),
    Code("SETTING-UNKNOWN", Severity.ERROR, fatal=True),
    Code("SETTING-VALUE", Severity.ERROR, fatal=True),
    # READ-…
    Code("READ-UNREADABLE", Severity.ERROR),
    Code("READ-RDF", Severity.ERROR, fatal=True, since="0.2.0"),
    Code("READ-NOT-A-FILE", Severity.ERROR),
    Code("READ-NAME", Severity.ERROR),
    Code("READ-NOTHING", Severity.ERROR, since="0.2.0"),
    Code("READ-TOO-LARGE", Severity.ERROR),
    Code("READ-UTF16", Severity.ERROR),
    Code("READ-ENCODING", Severity.ERROR),
    Code("READ-NUL", Severity.ERROR),
    Code("READ-CONTROL", Severity.ERROR),
    Code("READ-HANDLER", Severity.ERROR),
    Code("READ-UNCLOSED", Severity.ERROR),
    Code("READ-FENCE", Severity.ERROR),
    Code("READ-LINE-ENDS", Severity.ERROR, since="0.2.0"),
    Code("READ-NO-OPENING", Severity.WARNING, since="0.2.0"),
    Code("READ-LATE", Severity.ERROR),
    Code("READ-BLANK-START", Severity.WARNING),
    Code("READ-LANGUAGE", Severity.ERROR),
    Code("READ-CUT-OFF", Severity.ERROR),
    Code("READ-INDENTATION", Severity.WARNING, since="0.2.0"),
    Code("READ-NOT-A-MAP", Severity.ERROR),
    Code("READ-BODY", Severity.WARNING, since="0.2.0"),
    Code("READ-RECORDS", Severity.ERROR, since="0.2.0"),
    Code("READ-TABLE", Severity.ERROR, since="0.2.0"),
    Code("READ-TABLE-SHORT", Severity.WARNING, since="0.2.0"),
    # YAML-…
    Code("YAML-SYNTAX", Severity.ERROR),
    Code("YAML-COLON", Severity.ERROR),
    Code("YAML-NO-SPACE", Severity.ERROR, since="0.2.0"),
    Code("YAML-PLACEHOLDER", Severity.ERROR, since="0.2.0"),
    Code("YAML-TAB", Severity.ERROR),
    Code("YAML-DUPLICATE-KEY", Severity.ERROR),
    Code("YAML-COMPLEX-KEY", Severity.ERROR),
    Code("YAML-TAG", Severity.ERROR),
    Code("YAML-ALIAS", Severity.ERROR),
    Code("YAML-ALIASES", Severity.ERROR),
    Code("YAML-MERGE", Severity.ERROR),
    Code("YAML-DEPTH", Severity.ERROR),
    Code("YAML-DOCUMENTS", Severity.ERROR),
    # TOML-…
    Code("TOML-SYNTAX", Severity.ERROR),
    Code("TOML-DUPLICATE-KEY", Severity.ERROR),
    Code("TOML-DEPTH", Severity.ERROR),
    # JSON-…
    Code("JSON-SYNTAX", Severity.ERROR),
    Code("JSON-DUPLICATE-KEY", Severity.ERROR),
    Code("JSON-NUMBER", Severity.ERROR),
    Code("JSON-SURROGATE", Severity.ERROR),
    Code("JSON-DEPTH", Severity.ERROR),
    # ONT-…
    Code("ONT-SYNTAX", Severity.ERROR, fatal=True),
    Code("ONT-UNSAFE", Severity.ERROR, fatal=True),
    Code("ONT-IMPORT", Severity.ERROR, fatal=True),
    Code("ONT-BASE", Severity.WARNING, since="0.2.0"),
    Code("ONT-PREFIX", Severity.ERROR, fatal=True),
    Code("ONT-TERM", Severity.ERROR, fatal=True),
    Code("ONT-VALUE", Severity.ERROR, fatal=True),
    Code("ONT-LABEL", Severity.ERROR, fatal=True),
    Code("ONT-TEMPLATE", Severity.ERROR, fatal=True),
    Code("ONT-PATTERN", Severity.ERROR, fatal=True),
    Code("ONT-PATTERN-BACKTRACKING", Severity.ERROR, fatal=True, since="0.2.0"),
    Code("ONT-KEY", Severity.ERROR, fatal=True),
    Code("ONT-DOMAIN", Severity.ERROR, fatal=True),
    Code("ONT-RANGE", Severity.ERROR, fatal=True),
    Code("ONT-ROW", Severity.ERROR, fatal=True, since="0.2.0"),
    Code("ONT-CONVERSION", Severity.ERROR, fatal=True),
    Code("ONT-LANGUAGE", Severity.ERROR, fatal=True),
    Code("ONT-CLAIM", Severity.WARNING, since="0.2.0"),
    Code("ONT-DATE-FORMAT", Severity.ERROR, fatal=True, since="0.2.0"),
    Code("ONT-NO-EFFECT", Severity.WARNING, since="0.2.0"),
    # MAP-…
    Code("MAP-TYPE-MISSING", Severity.ERROR),
    Code("MAP-TYPE-UNKNOWN", Severity.ERROR),
    Code("MAP-FILE-PATTERN", Severity.INFO, since="0.2.0"),
    Code("MAP-IRI", Severity.ERROR),
    Code("MAP-IRI-VARIABLE", Severity.ERROR),
    Code("MAP-IRI-HIDDEN", Severity.WARNING),
    Code("MAP-IRI-MERGED", Severity.WARNING, since="0.2.0"),
    Code("MAP-DUPLICATE-IRI", Severity.ERROR),
    Code("MAP-REFERENCE", Severity.ERROR),
    Code("MAP-DATATYPE", Severity.ERROR),
    Code("MAP-VALUE", Severity.ERROR),
    Code("MAP-LANGUAGE", Severity.ERROR, since="0.2.0"),
    Code("MAP-PATTERN-LENGTH", Severity.ERROR, since="0.2.0"),
    Code("MAP-CONVERSION", Severity.ERROR),
    Code("MAP-UNMAPPED", Severity.ERROR),
    Code("MAP-KEYWORD", Severity.ERROR),
    Code("MAP-CONTEXT", Severity.ERROR, since="0.2.0"),
    Code("MAP-JSON-LD", Severity.ERROR, since="0.2.0"),
    # REF-…
    Code("REF-DANGLING", Severity.ERROR, since="0.2.0"),
    Code("REF-AMBIGUOUS", Severity.ERROR, since="0.2.0"),
    Code("REF-FILE", Severity.INFO, since="0.2.0"),
    Code("REF-NEAREST", Severity.INFO, since="0.2.0"),
    Code("REF-LOOSE", Severity.INFO, since="0.2.0"),
    Code("REF-UNQUOTED", Severity.WARNING, since="0.2.0"),
    # EXPORT-…
    Code("EXPORT-STALE", Severity.ERROR, since="0.2.0"),
    Code("EXPORT-LOST", Severity.WARNING, since="0.2.0"),
    Code("RESTORE-REFUSED", Severity.ERROR, since="0.2.0"),
    # SH-…
    Code("SH-MIN-COUNT", Severity.ERROR),
    Code("SH-MAX-COUNT", Severity.ERROR),
    Code("SH-DATATYPE", Severity.ERROR),
    Code("SH-CLASS", Severity.ERROR),
    Code("SH-NODE-KIND", Severity.ERROR),
    Code("SH-PATTERN", Severity.ERROR),
    Code("SH-MIN-LENGTH", Severity.ERROR),
    Code("SH-MAX-LENGTH", Severity.ERROR),
    Code("SH-MIN-INCLUSIVE", Severity.ERROR),
    Code("SH-MAX-INCLUSIVE", Severity.ERROR),
    Code("SH-MIN-EXCLUSIVE", Severity.ERROR),
    Code("SH-MAX-EXCLUSIVE", Severity.ERROR),
    Code("SH-IN", Severity.ERROR),
    Code("SH-HAS-VALUE", Severity.ERROR),
    Code("SH-LANGUAGE-IN", Severity.ERROR),
    Code("SH-UNIQUE-LANG", Severity.ERROR),
    Code("SH-EQUALS", Severity.ERROR),
    Code("SH-DISJOINT", Severity.ERROR),
    Code("SH-LESS-THAN", Severity.ERROR),
    Code("SH-LESS-THAN-OR-EQUALS", Severity.ERROR),
    Code("SH-NODE", Severity.ERROR),
    Code("SH-PROPERTY", Severity.ERROR),
    Code("SH-AND", Severity.ERROR),
    Code("SH-OR", Severity.ERROR),
    Code("SH-XONE", Severity.ERROR),
    Code("SH-NOT", Severity.ERROR),
    Code("SH-QUALIFIED-MIN-COUNT", Severity.ERROR),
    Code("SH-QUALIFIED-MAX-COUNT", Severity.ERROR),
    Code("SH-CLOSED", Severity.ERROR),
    Code("SH-SPARQL", Severity.ERROR),
    Code("SH-EXPRESSION", Severity.ERROR),
    Code("SH-JS", Severity.ERROR),
    Code("SH-COMPONENT", Severity.ERROR),
    # SHAPES-…
    Code("SHAPES-FILE", Severity.ERROR, fatal=True),
    Code("SHAPES-FORMAT", Severity.ERROR, fatal=True),
    Code("SHAPES-SYNTAX", Severity.ERROR, fatal=True),
    Code("SHAPES-EMPTY", Severity.ERROR, fatal=True),
    Code("SHAPES-UNKNOWN-TERM", Severity.ERROR, fatal=True),
    Code("SHAPES-FORM", Severity.ERROR, fatal=True),
    Code("SHAPES-PATTERN", Severity.ERROR, fatal=True),
    Code("SHAPES-PATTERN-SLOW", Severity.ERROR, fatal=True),
    Code("SHAPES-RECURSION", Severity.ERROR),
    Code("SHAPES-NO-TARGET", Severity.WARNING, since="0.2.0"),
    Code("SHAPES-JAVASCRIPT", Severity.ERROR, fatal=True),
    Code("SHAPES-IMPORT", Severity.WARNING),
    Code("SHAPES-SERVICE", Severity.ERROR, fatal=True),
    Code("SHAPES-SPARQL", Severity.ERROR, fatal=True),
    Code("SHAPES-ENTAILMENT", Severity.ERROR, fatal=True),
    Code("SHAPES-ADVANCED", Severity.ERROR, fatal=True),
    Code("SHAPES-ENGINE", Severity.ERROR),
    Code("SHAPES-ENGINE-WRONG", Severity.ERROR, since="0.2.0"),
    Code("SHAPES-ENGINES-DIFFER", Severity.ERROR),
    Code("SHAPES-TARGET", Severity.ERROR),
    Code("SHAPES-PATH", Severity.WARNING),
    Code("SHAPES-NO-FOCUS", Severity.WARNING),
    # IGNORE-…
    Code("IGNORE-REASON", Severity.ERROR),
    Code("IGNORE-CODE", Severity.ERROR, since="0.2.0"),
    Code("IGNORE-STALE", Severity.INFO),
    # BASELINE-…
    Code("BASELINE-STALE", Severity.INFO, since="0.2.0"),
    # CHECK-…
    Code("CHECK-KEY", Severity.WARNING, since="0.2.0"),
    Code("CHECK-PROPERTY", Severity.WARNING, since="0.2.0"),
    Code("CHECK-CLASS", Severity.WARNING, since="0.2.0"),
    Code("CHECK-CONCEPT", Severity.WARNING, since="0.2.0"),
    Code("CHECK-TITLE", Severity.WARNING, since="0.2.0"),
    Code("CHECK-UNREFERENCED", Severity.INFO, since="0.2.0"),
    # QUERY-…
    Code("QUERY-SYNTAX", Severity.ERROR, fatal=True),
    Code("QUERY-PREFIX", Severity.ERROR, fatal=True),
    Code("QUERY-TERM", Severity.WARNING),
    Code("QUERY-EMPTY", Severity.INFO),
    Code("QUERY-UPDATE", Severity.ERROR, fatal=True),
    Code("QUERY-REMOTE", Severity.ERROR, fatal=True),
    Code("QUERY-NESTED", Severity.ERROR, fatal=True),
    Code("QUERY-SIZE", Severity.ERROR, fatal=True),
    Code("QUERY-TIMEOUT", Severity.ERROR, fatal=True),
    Code("QUERY-MEMORY", Severity.ERROR, fatal=True),
    Code("QUERY-BUSY", Severity.ERROR, fatal=True),
    Code("QUERY-FAILED", Severity.ERROR, fatal=True),
    Code("QUERY-CUT", Severity.WARNING),
    Code("QUERY-PARAMETER", Severity.ERROR, fatal=True),
    Code("QUERY-SAVED", Severity.ERROR, fatal=True),
    Code("QUERY-DATA", Severity.ERROR, fatal=True),
    Code("QUERY-NUMBERS", Severity.INFO, since="0.2.0"),
    Code("QUERY-STORE", Severity.ERROR, fatal=True),
    Code("QUERY-STALE", Severity.WARNING),
    Code("QUERY-EXPECTED", Severity.ERROR),
    Code("QUERY-MINIMUM", Severity.ERROR),
    Code("QUERY-RULE", Severity.ERROR),
)

CODES: Mapping[str, Code] = {row.name: row for row in _ROWS}
"""Each code by its name, in the order of the docs."""


def unknown_code(code: str) -> str | None:
    """Say what is wrong with a code that the catalogue does not have, with the near one; None for one that it has.

    >>> unknown_code("SH-PATERN"), unknown_code("SH-PATTERN")
    ('"SH-PATERN" is not a problem code, did you mean SH-PATTERN?', None)
    """
    if code in CODES:
        return None
    near = nearest(code, CODES)
    return f"{quote(code)} is not a problem code" + (f", did you mean {near}?" if near else "; `owltype explain` lists all")
