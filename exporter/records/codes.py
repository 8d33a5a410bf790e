"""The problem codes of reading: `READ-…` for files and fences, then one group for each syntax.

`bad` and `good` are whole records; tests/records/test_codes.py reads them. Where the fault is no text (an encoding, a folder's rights)
they say it in words.
"""

from __future__ import annotations

from exporter.codes_model import CodeEntry
from exporter.problems import Severity
from exporter.records.syntax_codes import SYNTAX_CODES, yaml

ERROR, WARNING = Severity.ERROR, Severity.WARNING


_GOOD = yaml("owlType: Topic", "title: Telehealth")

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
        "READ-NAME",
        "The name of the file is not valid UTF-8",
        ERROR,
        "Its bytes are in another encoding, so neither a report nor an IRI could name it.",
        "a file named b'caf\\xe9.md'",
        "a file named café.md",
    ),
    CodeEntry(
        "READ-NOTHING",
        "A file that was named gives nothing to read",
        ERROR,
        (
            "Of a folder, files without front matter are left out and counted. A file that is named is meant, so one that has no front "
            "matter, or an RDF file without a triple, is an error, and the rest of the run goes on."
        ),
        "Just text, in a file that the command line names.\n",
        _GOOD,
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
        yaml("title: Café"),
        yaml("title: Café"),
    ),
    CodeEntry(
        "READ-NUL",
        "The file holds a NUL byte",
        ERROR,
        "Text has none, so this is a binary file with a record's extension, or UTF-16 without a mark.",
        yaml("title: A␀B"),
        yaml("title: AB"),
    ),
    CodeEntry(
        "READ-CONTROL",
        "A character stands in a value that it can't hold",
        ERROR,
        "Control characters can't stand in YAML, JSON or TOML as they are. An escape may name them, but for NUL and the noncharacters "
        "U+FFFE and U+FFFF, which no `xsd:string` holds. RDF/XML holds hardly any of them: with this format the record is rejected, and "
        "the problem stands at the value; every other format holds them.",
        yaml(r'title: "a\0b"'),
        yaml(r'title: "a\tb"'),
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
        "The fence is misspelt",
        ERROR,
        "A fence is three hyphens (or +++ for TOML), alone at the start of a line. More or fewer of them, typographic dashes, a comment, "
        "a tag or text behind them, a backslash, a byte order mark or an invisible character before them: other tools see no front matter "
        "here, and every key would be lost without a word.",
        "-----\ntitle: Telehealth\n---\nText.\n",
        _GOOD,
    ),
    CodeEntry(
        "READ-LINE-ENDS",
        "The lines do not end as lines do",
        ERROR,
        "Lines end with a line feed (LF), or a carriage return and a line feed (CRLF). A lone carriage return (CR, as on Macs until 2001) "
        "or a line separator of Unicode ends no line for other tools, so that they see no front matter here.",
        "---\u2028title: Telehealth\u2028---\u2028Text.\n",
        _GOOD,
    ),
    CodeEntry(
        "READ-NO-OPENING",
        "The front matter has a closing fence alone",
        WARNING,
        "The record is read, but few tools beside Hexo see front matter that no line --- opens.",
        "title: Telehealth\ndate: 2026-08-16\n---\nText.\n",
        "---\ntitle: Telehealth\ndate: 2026-08-16\n---\nText.\n",
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
        yaml("title: A", "notes: |", "  one", "  ---", "  two", "tag: b"),
    ),
    CodeEntry(
        "READ-INDENTATION",
        "A value goes on too far left",
        WARNING,
        "YAML 1.2 wants the further lines of a quoted value, and what stands inside brackets, indented more than the key, and with spaces. "
        "Most readers take the value as it is meant, and so does owltype; a strict one refuses the file. Often a closing quote is missing.",
        yaml('title: "Telehealth', 'and more"'),
        yaml('title: "Telehealth', '  and more"'),
    ),
    CodeEntry(
        "READ-NOT-A-MAP",
        "The front matter holds no keys",
        ERROR,
        "A list or a single value can't be mapped. A text that starts with a rule (---) and has a second one looks like this too: start it "
        "with something else, or write *** for the rule.",
        yaml("- Telehealth", "- Cloud"),
        yaml("tags:", "- Telehealth", "- Cloud"),
    ),
)

CODES: tuple[CodeEntry, ...] = (*_FILES, *_FENCES, *SYNTAX_CODES)
