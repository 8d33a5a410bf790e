"""The one table of RDF syntaxes: names, media types, extensions, compressions, and what each can do.

Readers, writers and commands all ask it, so that an extension means the same wherever a file is named. pyoxigraph reads and writes them;
what it does is not imported before it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pyoxigraph import RdfFormat

Family = Literal["turtle", "lines", "json", "xml"]


@dataclass(frozen=True, slots=True)
class Syntax:
    """One syntax. The first media type and extension are the ones to use.

    Every syntax is read, with the places of what it says; `written` tells those that an export can have. `dataset` is for graphs with
    names. `lines` is a JSON-LD document a line. `engine` is the name that pyoxigraph has for it.
    """

    name: str
    label: str
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    family: Family
    engine: str
    dataset: bool = False
    written: bool = True
    lines: bool = False
    unwritable: re.Pattern[str] | None = None
    """The characters that no literal of this syntax can have."""

    @property
    def walked_exactly(self) -> bool:
        """Whether places are found by a walk over the whole grammar, and not over what most files have of it."""
        return self.family in ("turtle", "lines") and self.written

    @property
    def of_engine(self) -> RdfFormat:
        """What pyoxigraph reads and writes it by; one of its lines, where a line is a document."""
        from pyoxigraph import RdfFormat  # a table of names is asked for by commands that read nothing

        found: RdfFormat = getattr(RdfFormat, self.engine)
        return found


NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 can't hold, not by a character reference either (section 2.2)."""

TURTLE = Syntax("turtle", "Turtle", ("text/turtle", "application/x-turtle"), (".ttl",), "turtle", "TURTLE")
SYNTAXES = (
    TURTLE,
    Syntax("ntriples", "N-Triples", ("application/n-triples",), (".nt",), "lines", "N_TRIPLES"),
    Syntax("nquads", "N-Quads", ("application/n-quads",), (".nq",), "lines", "N_QUADS", dataset=True),
    Syntax("trig", "TriG", ("application/trig", "application/x-trig"), (".trig",), "turtle", "TRIG", dataset=True),
    Syntax("jsonld", "JSON-LD", ("application/ld+json",), (".jsonld",), "json", "JSON_LD", dataset=True),
    Syntax(
        "jsonldl",
        "JSON-LD lines",
        ("application/x-ndjson", "application/jsonl"),
        (".jsonldl", ".ndjson"),
        "json",
        "JSON_LD",
        dataset=True,
        lines=True,
    ),
    Syntax("rdfxml", "RDF/XML", ("application/rdf+xml",), (".rdf", ".owl", ".xml"), "xml", "RDF_XML", unwritable=NOT_XML),
    # Only what RDF has of it: its formulas, variables and rules are not statements.
    Syntax("n3", "Notation3", ("text/n3",), (".n3",), "turtle", "N3", written=False),
)

GRAPH_SYNTAXES = tuple(syntax for syntax in SYNTAXES if syntax.written and not syntax.lines)
"""Those in which pyoxigraph writes a whole graph: the answer to a query, a validation report."""

_EXTENSIONS = {extension: syntax for syntax in SYNTAXES for extension in syntax.extensions}


@dataclass(frozen=True, slots=True)
class Compression:
    """One way to compress a file of any syntax."""

    name: str
    label: str
    extension: str


COMPRESSIONS = (Compression("gzip", "gzip", ".gz"), Compression("zstd", "Zstandard", ".zst"))


def split_compression(text: str) -> tuple[str, Compression | None]:
    """Part the extension of a compression from a name.

    >>> split_compression("graph.TTL.gz")[0], split_compression("graph.ttl")
    ('graph.TTL', ('graph.ttl', None))
    """
    folded = text.lower()
    for compression in COMPRESSIONS:
        if folded.endswith(compression.extension):
            return text[: -len(compression.extension)], compression
    return text, None


def syntax_of(path: str | PurePath) -> Syntax | None:
    """Tell the syntax of a file by its name, compressed or not; None for a file that is not RDF.

    >>> [found.name for path in ("a.ttl", "b.NT.gz", "c.owl.zst") if (found := syntax_of(path))]
    ['turtle', 'ntriples', 'rdfxml']
    """
    name = split_compression(str(path).rpartition("/")[2])[0]  # asked of every file, and pathlib takes 10 µs
    dot = name.rfind(".")
    return _EXTENSIONS.get(name[dot:].lower()) if dot > 0 else None


def is_rdf(path: str | PurePath) -> bool:
    """Tell an RDF file by its name.

    >>> is_rdf("graph.ttl.gz"), is_rdf("page.md"), is_rdf("data.json.gz")
    (True, False, False)
    """
    return syntax_of(path) is not None


def part_rdf(paths: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part PATHs in those of records, which every folder is, whatever its name, and those that are RDF files."""
    given = tuple(paths)
    rdf = tuple(path for path in given if is_rdf(path) and not Path(path).is_dir())
    return tuple(path for path in given if path not in rdf), rdf


def known_extensions() -> str:
    """Name the extensions in a sentence.

    >>> known_extensions()
    '.ttl, .nt, .nq, .trig, .jsonld, .jsonldl, .ndjson, .rdf, .owl, .xml or .n3, each also with .gz or .zst'
    """
    first, last = list(_EXTENSIONS)[:-1], list(_EXTENSIONS)[-1]
    return f"{', '.join(first)} or {last}, each also with {' or '.join(packing.extension for packing in COMPRESSIONS)}"
