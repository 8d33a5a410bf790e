"""The one table of formats: names, media types, extensions and writers. Readers of options, files and requests all ask it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import cast

from exporter.errors import UsageError
from exporter.text import enumerate_names, nearest, quote
from exporter.writers.model import Vocabulary, Writer


@dataclass(frozen=True, slots=True)
class Format:
    """One syntax. The first media type and extension are the ones to use; `writer` is `module:class`, imported when it is needed."""

    name: str
    label: str
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    dataset: bool
    writer: str
    unwritable: re.Pattern[str] | None = None
    """The characters that no literal of this syntax can have."""


NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 can't hold, not by a character reference either (section 2.2)."""

FORMATS = (
    Format("turtle", "Turtle", ("text/turtle", "application/x-turtle"), (".ttl",), False, "exporter.writers.turtle:TurtleWriter"),
    Format("ntriples", "N-Triples", ("application/n-triples",), (".nt",), False, "exporter.writers.ntriples:NTriplesWriter"),
    Format("nquads", "N-Quads", ("application/n-quads",), (".nq",), True, "exporter.writers.ntriples:NTriplesWriter"),
    Format("trig", "TriG", ("application/trig", "application/x-trig"), (".trig",), True, "exporter.writers.turtle:TurtleWriter"),
    Format("jsonld", "JSON-LD", ("application/ld+json",), (".jsonld",), True, "exporter.writers.jsonld:JsonLdWriter"),
    Format(
        "jsonldl",
        "JSON-LD lines",
        ("application/x-ndjson", "application/jsonl"),
        (".jsonldl", ".ndjson"),
        True,
        "exporter.writers.jsonld:JsonLdLinesWriter",
    ),
    Format("rdfxml", "RDF/XML", ("application/rdf+xml",), (".rdf", ".owl", ".xml"), False, "exporter.writers.rdfxml:RdfXmlWriter", NOT_XML),
)


@dataclass(frozen=True, slots=True)
class Compression:
    """One way to compress a file of any format."""

    name: str
    label: str
    extension: str


COMPRESSIONS = (Compression("gzip", "gzip", ".gz"), Compression("zstd", "Zstandard", ".zst"))

DEFAULT_FORMAT = FORMATS[0]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What a file holds: a format, perhaps compressed.

    >>> find_format("nt.gz").extension
    '.nt.gz'
    """

    format: Format
    compression: Compression | None = None

    @property
    def extension(self) -> str:
        """The ending of such a file's name."""
        return self.format.extensions[0] + (self.compression.extension if self.compression else "")


def find_format(text: str) -> FileFormat:
    """Find a format by its name, extension or media type; `.gz` or `.zst` after a name or an extension compresses it.

    Raises UsageError for an unknown one, and names the nearest.

    >>> [find_format(text).format.label for text in ("turtle", ".nq", "ttl", "application/ld+json", "N-Triples")]
    ['Turtle', 'N-Quads', 'Turtle', 'JSON-LD', 'N-Triples']
    """
    rest, compression = _split_compression(text.strip())
    found = _NAMES.get(_fold(rest.partition(";")[0]))
    if found is None:
        names = [entry.name for entry in FORMATS]
        near = nearest(_fold(rest), _NAMES)
        hint = f'did you mean "{_NAMES[near].name}"?' if near else f"formats: {enumerate_names(names)}, each also with .gz or .zst"
        raise UsageError(f"unknown format {quote(text)}; {hint}")
    return FileFormat(found, compression)


def format_of_file(path: str | PurePath, format: str | None = None) -> FileFormat:  # noqa: A002  # the word that the option has
    """Tell what to write into a file: by `format` where it is given, else by the name's extension.

    The name's `.gz` or `.zst` counts in both cases. Raises UsageError for an extension that no format has.

    >>> format_of_file("out/graph.nt.zst").extension, format_of_file("graph.txt.gz", "turtle").extension
    ('.nt.zst', '.ttl.gz')
    """
    rest, compression = _split_compression(PurePath(path).name)
    if format is not None:
        asked = find_format(format)
        if asked.compression and compression and asked.compression != compression:
            raise UsageError(
                f"the file name {quote(path)} says {compression.label}, the format {quote(format)} says {asked.compression.label}"
            )
        return FileFormat(asked.format, asked.compression or compression)
    extension = PurePath(rest).suffix.lower()
    found = _EXTENSIONS.get(extension)
    if found is None:
        near = nearest(extension, _EXTENSIONS) if extension else None
        hint = f"did you mean {near}?" if near else f"known extensions: {enumerate_names(_EXTENSIONS, limit=20)}"
        what = f"no format has the extension {quote(extension)}" if extension else "it has no extension"
        raise UsageError(f"can't tell the format of {quote(path)}: {what}; {hint} or name the format with -f")
    return FileFormat(found, compression)


def make_writer(format: Format, vocabulary: Vocabulary) -> Writer:  # noqa: A002  # the word that the whole project uses
    r"""Make the format's writer, importing it now.

    >>> make_writer(find_format("turtle").format, Vocabulary({"ex": "http://example.org/"})).head()
    b'@prefix ex: <http://example.org/> .\n\n'
    """
    module, _, name = format.writer.partition(":")
    return cast(Writer, getattr(import_module(module), name)(vocabulary))


def _split_compression(text: str) -> tuple[str, Compression | None]:
    folded = text.lower()
    for compression in COMPRESSIONS:
        if folded.endswith(compression.extension):
            return text[: -len(compression.extension)], compression
    return text, None


def _fold(text: str) -> str:
    """`N-Triples`, `n_triples` and `.nt` are asked for in many spellings; `/` and `+` tell media types from names."""
    return re.sub(r"[\s._-]", "", text.lower()) if "/" not in text else text.lower().strip()


def _index(formats: Iterable[Format]) -> dict[str, Format]:
    names: dict[str, Format] = {}
    for entry in formats:
        for text in (entry.name, entry.label, *entry.extensions, *entry.media_types):
            names[_fold(text)] = entry
    return names


_NAMES = _index(FORMATS)
_EXTENSIONS = {extension: entry for entry in FORMATS for extension in entry.extensions}
