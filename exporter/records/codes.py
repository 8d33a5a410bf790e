"""The problem codes of reading: `READ-…` for files and fences, then one group for each syntax.

`bad` and `good` are whole records; tests/records/test_codes.py reads them. Where the fault is no text (an encoding, a folder's rights)
they say it in words.
"""

from __future__ import annotations

from exporter.codes_model import CodeEntry
from exporter.problems import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


def _yaml(*lines: str) -> str:
    return "\n".join(("---", *lines, "---", "Text.", ""))


def _json(*lines: str) -> str:
    return "\n".join((*lines, "Text.", ""))


def _toml(*lines: str) -> str:
    return "\n".join(("+++", *lines, "+++", "Text.", ""))


_GOOD = _yaml("owlType: Topic", "title: Telehealth")

_FILES = (
    CodeEntry(
        "READ-UNREADABLE",
        "The file or folder can't be read",
        ERROR,
        "The operating system refuses: no permission, no such file any more, a failing disk. The other records are read.",
        "a file that the user may not read (chmod 000 record.md)",
        "a file that the user may read (chmod 644 record.md)",
    ),
    CodeEntry(
        "READ-NOT-A-FILE",
        "The path is a pipe, a socket or a device",
        ERROR,
        "Opening a pipe could wait for ever, so one that stands in a folder is not opened.",
        "a pipe with a record's extension (mkfifo record.md)",
        "a file",
    ),
    CodeEntry(
        "READ-TOO-LARGE",
        "The file or its front matter is too large for a record",
        ERROR,
        "A record is a page: at most 16 MiB, of which 2 MiB front matter. A larger file was probably matched by accident.",
        "a file of 17 MiB",
        "several files, one for each record",
    ),
    CodeEntry(
        "READ-UTF16",
        "The file is UTF-16 or UTF-32",
        ERROR,
        "Its byte order mark says so. Records are UTF-8, with or without a mark; another encoding is never guessed.",
        _GOOD,
        _GOOD,
    ),
    CodeEntry(
        "READ-ENCODING",
        "The file is not valid UTF-8",
        ERROR,
        "The byte at this place starts no UTF-8 character; the file was probably saved as Latin-1 or Windows-1252. Save it as UTF-8.",
        _yaml("title: Café"),
        _yaml("title: Café"),
    ),
    CodeEntry(
        "READ-NUL",
        "The file holds a NUL byte",
        ERROR,
        "Text has none, so this is a binary file with a record's extension, or UTF-16 without a mark.",
        _yaml("title: A␀B"),
        _yaml("title: AB"),
    ),
    CodeEntry(
        "READ-CONTROL",
        "A control character stands in a value",
        ERROR,
        "NUL, ESC and their like can't be written in XML and do harm on a terminal. YAML calls them non-printable; "
        "they are refused in every syntax, escaped ones too.",
        _yaml(r'title: "a\e[31mred"'),
        _yaml('title: "red"'),
    ),
    CodeEntry(
        "READ-HANDLER",
        "A handler can't read the file",
        ERROR,
        "A front-matter handler that is not ours, from a package or a setting, raised an error or gave a value that no record holds.",
        "a handler whose load() raises KeyError",
        "a handler whose load() gives a dict of texts, numbers, booleans, dates, lists and dicts",
    ),
)

_FENCES = (
    CodeEntry(
        "READ-UNCLOSED",
        "The front matter is never closed",
        ERROR,
        "An opening fence without a closing one: the whole file would be body, and every key would be lost without a word.",
        "---\ntitle: Telehealth\n\nText.\n",
        _GOOD,
    ),
    CodeEntry(
        "READ-FENCE",
        "The fence has too many dashes",
        ERROR,
        "A fence is three dashes. More of them are a rule in Markdown, so other tools don't see front matter here.",
        "-----\ntitle: Telehealth\n---\nText.\n",
        _GOOD,
    ),
    CodeEntry(
        "READ-LATE",
        "The front matter does not start the file",
        ERROR,
        "Front matter counts only at the first line. Move the comment or text before it below the closing fence.",
        "<!-- a note -->\n" + _GOOD,
        _GOOD,
    ),
    CodeEntry(
        "READ-BLANK-START",
        "Blank lines stand before the front matter",
        WARNING,
        "The record is read, but some tools (Jekyll among them) see no front matter in such a file.",
        "\n" + _GOOD,
        _GOOD,
    ),
    CodeEntry(
        "READ-LANGUAGE",
        "The front matter is in a language that is not read",
        ERROR,
        "`---js` and its like are programs. Reading a record never runs code. `---yaml`, `---toml` and `---json` are read.",
        "---js\n{ title: 'Telehealth' }\n---\nText.\n",
        '---json\n{ "title": "Telehealth" }\n---\nText.\n',
    ),
    CodeEntry(
        "READ-CUT-OFF",
        "YAML goes on below the closing fence",
        ERROR,
        "The record is read up to the fence. A line --- inside a block of text ends the front matter; what follows it looks like the rest "
        "of it and would be lost in the body.",
        "---\ntitle: A\nnotes: |\n  one\n---\n  two\ntag: b\n---\nText.\n",
        _yaml("title: A", "notes: |", "  one", "  ---", "  two", "tag: b"),
    ),
    CodeEntry(
        "READ-NOT-A-MAP",
        "The front matter holds no keys",
        ERROR,
        "A list or a single value can't be mapped. A text that starts with a rule (---) and has a second one looks like this too: start it "
        "with something else, or write *** for the rule.",
        _yaml("- Telehealth", "- Cloud"),
        _yaml("tags:", "- Telehealth", "- Cloud"),
    ),
)

_YAML = (
    CodeEntry(
        "YAML-SYNTAX",
        "The front matter is not valid YAML",
        ERROR,
        "The message says what was expected at this place. Often a value needs quotes, or a line stands at the wrong indentation.",
        _yaml("tags: [a, b", "title: A"),
        _yaml("tags: [a, b]", "title: A"),
    ),
    CodeEntry(
        "YAML-COLON",
        "A colon in a value needs quotes",
        ERROR,
        "A colon with a space behind it makes a key, so in a value it has to stand in quotes.",
        _yaml("title: Telehealth: a review"),
        _yaml('title: "Telehealth: a review"'),
    ),
    CodeEntry(
        "YAML-TAB",
        "A tab is used for indentation",
        ERROR,
        "YAML is indented with spaces only, since tabs have no agreed width.",
        _yaml("link:", "\thref: https://example.org"),
        _yaml("link:", "  href: https://example.org"),
    ),
    CodeEntry(
        "YAML-DUPLICATE-KEY",
        "A key is repeated",
        ERROR,
        'Most readers silently keep the last of two values. Keys are compared as typed: 1 and "1" are the same key.',
        _yaml("title: first", "title: second"),
        _yaml("title: second"),
    ),
    CodeEntry(
        "YAML-COMPLEX-KEY",
        "A key is a map or a list",
        ERROR,
        "YAML allows it, but no key path can name such a key. A template placeholder without quotes, {{ title }}, looks like this too.",
        _yaml("? [a, b]", ": c"),
        _yaml("a-b: c"),
    ),
    CodeEntry(
        "YAML-TAG",
        "A tag is not supported, or its value does not fit it",
        ERROR,
        "Tags of programs (!include, !!python/…) would run code or read files. Of YAML's own, !!str, !!int, !!float, !!bool, !!null, "
        "!!timestamp, !!map and !!seq are read. The ontology's range gives a value its datatype.",
        _yaml("title: !include title.txt"),
        _yaml("title: Telehealth"),
    ),
    CodeEntry(
        "YAML-ALIAS",
        "An alias can't be followed",
        ERROR,
        "An alias (*name) needs an anchor (&name) above it, and can't stand inside the value that it names. "
        "Text that starts with * or & needs quotes.",
        _yaml("title: *bold*"),
        _yaml('title: "*bold*"'),
    ),
    CodeEntry(
        "YAML-ALIASES",
        "Aliases stand for too many values",
        ERROR,
        "Aliases of aliases multiply: nine levels of nine stand for 387 million values. A record may have 10,000 through aliases.",
        _yaml(
            "a: &a [x, x, x, x, x, x, x, x, x, x]",
            *(f"{b}: &{b} [{', '.join(['*' + a] * 10)}]" for a, b in zip("abcd", "bcde", strict=True)),
        ),
        _yaml("a: &a [x, x]", "b: *a"),
    ),
    CodeEntry(
        "YAML-MERGE",
        "A merge key takes no map",
        ERROR,
        "The merge key << adds the keys of a map, or of each map in a list.",
        _yaml("<<: Telehealth"),
        _yaml("base: &base {lang: en}", "page:", "  <<: *base", "  title: Telehealth"),
    ),
    CodeEntry(
        "YAML-DEPTH",
        "Maps and lists are nested too deep",
        ERROR,
        "More than 100 levels are no front matter that anyone wrote, and could exhaust a reader's stack.",
        _yaml("x: " + "[" * 101 + "]" * 101),
        _yaml("x: [[1, 2], [3, 4]]"),
    ),
    CodeEntry(
        "YAML-DOCUMENTS",
        "The file holds a second YAML document",
        ERROR,
        "A record is one document. In a .yaml file a line --- starts another one.",
        _yaml("title: A", "--- B"),
        _yaml("title: A"),
    ),
)

_TOML = (
    CodeEntry(
        "TOML-SYNTAX",
        "The front matter is not valid TOML",
        ERROR,
        "The message says what TOML 1.0 expects at this place. Texts need quotes, and a key stands once.",
        _toml("title = Telehealth"),
        _toml('title = "Telehealth"'),
    ),
    CodeEntry(
        "TOML-DUPLICATE-KEY",
        "A key or table is repeated",
        ERROR,
        "TOML allows a key once in its table, and a table to be opened once.",
        _toml('title = "first"', 'title = "second"'),
        _toml('title = "second"'),
    ),
    CodeEntry(
        "TOML-DEPTH",
        "Arrays and tables are nested too deep",
        ERROR,
        "More than 100 levels are no front matter that anyone wrote, and could exhaust a reader's stack.",
        _toml("x = " + "[" * 101 + "]" * 101),
        _toml("x = [[1, 2], [3, 4]]"),
    ),
)

_JSON = (
    CodeEntry(
        "JSON-SYNTAX",
        "The front matter is not valid JSON",
        ERROR,
        "The message says what is expected at this place. Keys and texts stand in double quotes, and no comma before a closing bracket.",
        _json("{", '  "title": "Telehealth",', "}"),
        _json("{", '  "title": "Telehealth"', "}"),
    ),
    CodeEntry(
        "JSON-DUPLICATE-KEY",
        "A key is repeated",
        ERROR,
        "RFC 8259 leaves open what two equal keys mean; most readers silently keep the last.",
        _json('{"title": "first", "title": "second"}'),
        _json('{"title": "second"}'),
    ),
    CodeEntry(
        "JSON-NUMBER",
        "The number is not JSON's",
        ERROR,
        "NaN and Infinity are JavaScript's; JSON has no way to write them.",
        _json('{"score": NaN}'),
        _json('{"score": null}'),
    ),
    CodeEntry(
        "JSON-SURROGATE",
        "An escape is half a character",
        ERROR,
        r"\ud800 to \udfff mean something in pairs only, and no RDF syntax can hold one alone.",
        _json(r'{"title": "\ud83d"}'),
        _json(r'{"title": "\ud83d\ude00"}'),
    ),
    CodeEntry(
        "JSON-DEPTH",
        "Objects and arrays are nested too deep",
        ERROR,
        "More than 100 levels are no front matter that anyone wrote, and could exhaust a reader's stack.",
        _json('{"x": ' + "[" * 101 + "]" * 101 + "}"),
        _json('{"x": [[1, 2], [3, 4]]}'),
    ),
)

CODES: tuple[CodeEntry, ...] = (*_FILES, *_FENCES, *_YAML, *_TOML, *_JSON)
