"""The problem codes of the three syntaxes: `YAML-…`, `TOML-…`, `JSON-…`; see `exporter.records.codes`."""

from __future__ import annotations

from exporter.codes_model import CodeEntry
from exporter.problems import Severity

ERROR = Severity.ERROR


def yaml(*lines: str) -> str:
    """Write a record with these lines of YAML."""
    return "\n".join(("---", *lines, "---", "Text.", ""))


def json(*lines: str) -> str:
    """Write a record that starts with these lines of JSON."""
    return "\n".join((*lines, "Text.", ""))


def toml(*lines: str) -> str:
    """Write a record with these lines of TOML."""
    return "\n".join(("+++", *lines, "+++", "Text.", ""))


_YAML = (
    CodeEntry(
        "YAML-SYNTAX",
        "The front matter is not valid YAML",
        ERROR,
        "The message says what was expected at this place. Often a value needs quotes, or a line stands at the wrong indentation.",
        yaml("tags: [a, b", "title: A"),
        yaml("tags: [a, b]", "title: A"),
    ),
    CodeEntry(
        "YAML-COLON",
        "A colon in a value needs quotes",
        ERROR,
        "A colon with a space behind it makes a key, so in a value it has to stand in quotes.",
        yaml("title: Telehealth: a review"),
        yaml('title: "Telehealth: a review"'),
    ),
    CodeEntry(
        "YAML-NO-SPACE",
        "The space after a colon is missing",
        ERROR,
        "A colon makes a key only where a space follows it; without one the line is text. A no-break space (U+00A0), which some editors "
        "and web pages put there, is a letter to YAML.",
        yaml("title:Telehealth", "tags: [a]"),
        yaml("title: Telehealth", "tags: [a]"),
    ),
    CodeEntry(
        "YAML-PLACEHOLDER",
        "A template placeholder stands without quotes",
        ERROR,
        "`{{ … }}`, `{% … %}`, `<% … %>` and `%…%` are filled in by a program; until then they are no value, and braces and percent signs "
        "mean something else in YAML. Quote the placeholder, or exclude the file from the run if it is a template.",
        yaml("title: Telehealth", "date: {{ .Date }}"),
        yaml("title: Telehealth", 'date: "{{ .Date }}"'),
    ),
    CodeEntry(
        "YAML-TAB",
        "A tab is used for indentation",
        ERROR,
        "YAML is indented with spaces only, since tabs have no agreed width.",
        yaml("link:", "\thref: https://example.org"),
        yaml("link:", "  href: https://example.org"),
    ),
    CodeEntry(
        "YAML-DUPLICATE-KEY",
        "A key is repeated",
        ERROR,
        'Most readers silently keep the last of two values. Keys are compared as typed: 1 and "1" are the same key. '
        'With the setting `duplicate-keys = "warn-if-equal"` a key whose values are equal is a warning, and the record is read.',
        yaml("title: first", "title: second"),
        yaml("title: second"),
    ),
    CodeEntry(
        "YAML-COMPLEX-KEY",
        "A key is a map or a list",
        ERROR,
        "YAML allows it, but no key path can name such a key.",
        yaml("? [a, b]", ": c"),
        yaml("a-b: c"),
    ),
    CodeEntry(
        "YAML-TAG",
        "A tag is not supported, or its value does not fit it",
        ERROR,
        "Tags of programs (!include, !!python/…) would run code or read files. Of YAML's own, !!str, !!int, !!float, !!bool, !!null, "
        "!!timestamp, !!map and !!seq are read. The ontology's range gives a value its datatype.",
        yaml("title: !include title.txt"),
        yaml("title: Telehealth"),
    ),
    CodeEntry(
        "YAML-ALIAS",
        "An alias can't be followed",
        ERROR,
        "An alias (*name) needs an anchor (&name) above it, and can't stand inside the value that it names. "
        "Text that starts with * or & needs quotes.",
        yaml("title: *bold*"),
        yaml('title: "*bold*"'),
    ),
    CodeEntry(
        "YAML-ALIASES",
        "Aliases stand for too many values",
        ERROR,
        "Aliases of aliases multiply: nine levels of nine stand for 387 million values. A record may have 10,000 through aliases.",
        yaml(
            "a: &a [x, x, x, x, x, x, x, x, x, x]",
            *(f"{b}: &{b} [{', '.join(['*' + a] * 10)}]" for a, b in zip("abcd", "bcde", strict=True)),
        ),
        yaml("a: &a [x, x]", "b: *a"),
    ),
    CodeEntry(
        "YAML-MERGE",
        "A merge key takes no map",
        ERROR,
        "The merge key << adds the keys of a map, or of each map in a list.",
        yaml("<<: Telehealth"),
        yaml("base: &base {lang: en}", "page:", "  <<: *base", "  title: Telehealth"),
    ),
    CodeEntry(
        "YAML-DEPTH",
        "Maps and lists are nested too deep",
        ERROR,
        "More than 100 levels are no front matter that anyone wrote, and could exhaust a reader's stack.",
        yaml("x: " + "[" * 101 + "]" * 101),
        yaml("x: [[1, 2], [3, 4]]"),
    ),
    CodeEntry(
        "YAML-DOCUMENTS",
        "The file holds a second YAML document",
        ERROR,
        "A record is one document. In a .yaml file a line --- starts another one.",
        yaml("title: A", "--- B"),
        yaml("title: A"),
    ),
)

_TOML = (
    CodeEntry(
        "TOML-SYNTAX",
        "The front matter is not valid TOML",
        ERROR,
        "The message says what TOML 1.0 expects at this place. Texts need quotes, and a key stands once.",
        toml("title = Telehealth"),
        toml('title = "Telehealth"'),
    ),
    CodeEntry(
        "TOML-DUPLICATE-KEY",
        "A key or table is repeated",
        ERROR,
        "TOML allows a key once in its table, and a table to be opened once.",
        toml('title = "first"', 'title = "second"'),
        toml('title = "second"'),
    ),
    CodeEntry(
        "TOML-DEPTH",
        "Arrays and tables are nested too deep",
        ERROR,
        "More than 100 levels are no front matter that anyone wrote, and could exhaust a reader's stack.",
        toml("x = " + "[" * 101 + "]" * 101),
        toml("x = [[1, 2], [3, 4]]"),
    ),
)

_JSON = (
    CodeEntry(
        "JSON-SYNTAX",
        "The front matter is not valid JSON",
        ERROR,
        "The message says what is expected at this place. Keys and texts stand in double quotes, and no comma before a closing bracket.",
        json("{", '  "title": "Telehealth",', "}"),
        json("{", '  "title": "Telehealth"', "}"),
    ),
    CodeEntry(
        "JSON-DUPLICATE-KEY",
        "A key is repeated",
        ERROR,
        "RFC 8259 leaves open what two equal keys mean; most readers silently keep the last. "
        'With the setting `duplicate-keys = "warn-if-equal"` a key whose values are equal is a warning, and the record is read.',
        json('{"title": "first", "title": "second"}'),
        json('{"title": "second"}'),
    ),
    CodeEntry(
        "JSON-NUMBER",
        "The number is not JSON's",
        ERROR,
        "NaN and Infinity are JavaScript's; JSON has no way to write them.",
        json('{"score": NaN}'),
        json('{"score": null}'),
    ),
    CodeEntry(
        "JSON-SURROGATE",
        "An escape is half a character",
        ERROR,
        r"\ud800 to \udfff mean something in pairs only, and no RDF syntax can hold one alone.",
        json(r'{"title": "\ud83d"}'),
        json(r'{"title": "\ud83d\ude00"}'),
    ),
    CodeEntry(
        "JSON-DEPTH",
        "Objects and arrays are nested too deep",
        ERROR,
        "More than 100 levels are no front matter that anyone wrote, and could exhaust a reader's stack.",
        json('{"x": ' + "[" * 101 + "]" * 101 + "}"),
        json('{"x": [[1, 2], [3, 4]]}'),
    ),
)

SYNTAX_CODES: tuple[CodeEntry, ...] = (*_YAML, *_TOML, *_JSON)
