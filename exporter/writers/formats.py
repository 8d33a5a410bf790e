"""What an export can be: a syntax of the one table (`exporter.rdf.syntaxes`) that has a writer, perhaps compressed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import cast

from exporter.errors import UsageError
from exporter.rdf.syntaxes import SYNTAXES, TURTLE, Compression, Syntax, split_compression
from exporter.text import enumerate_names, nearest, quote
from exporter.writers.model import Vocabulary, Writer

_WRITERS = {
    "turtle": "exporter.writers.turtle:TurtleWriter",
    "ntriples": "exporter.writers.ntriples:NTriplesWriter",
    "nquads": "exporter.writers.ntriples:NTriplesWriter",
    "trig": "exporter.writers.turtle:TurtleWriter",
    "jsonld": "exporter.writers.jsonld:JsonLdWriter",
    "jsonldl": "exporter.writers.jsonld:JsonLdLinesWriter",
    "rdfxml": "exporter.writers.rdfxml:RdfXmlWriter",
}
"""The class that writes each syntax, as `module:class`, imported when it is needed."""

FORMATS = tuple(syntax for syntax in SYNTAXES if syntax.written)
"""The syntaxes that an export can have."""

DEFAULT_FORMAT = TURTLE


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What a file holds: a format, perhaps compressed.

    >>> find_format("nt.gz").extension
    '.nt.gz'
    """

    format: Syntax
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
    rest, compression = split_compression(text.strip())
    found = _NAMES.get(_fold(rest.partition(";")[0]))
    if found is None:
        _refuse_unwritten(_fold(rest))
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
    rest, compression = split_compression(PurePath(path).name)
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
        _refuse_unwritten(_fold(extension))
        near = nearest(extension, _EXTENSIONS) if extension else None
        hint = f"did you mean {near}?" if near else f"known extensions: {enumerate_names(_EXTENSIONS, limit=20)}"
        what = f"no format has the extension {quote(extension)}" if extension else "it has no extension"
        raise UsageError(f"can't tell the format of {quote(path)}: {what}; {hint} or name the format with -f")
    return FileFormat(found, compression)


def make_writer(format: Syntax, vocabulary: Vocabulary) -> Writer:  # noqa: A002  # the word that the whole project uses
    r"""Make the format's writer, importing it now.

    >>> make_writer(find_format("turtle").format, Vocabulary({"ex": "http://example.org/"})).head()
    b'@prefix ex: <http://example.org/> .\n\n'
    """
    module, _, name = _WRITERS[format.name].partition(":")
    return cast(Writer, getattr(import_module(module), name)(vocabulary))


def _refuse_unwritten(name: str) -> None:
    if name in _UNWRITTEN:
        label, names = _UNWRITTEN[name].label, [entry.name for entry in FORMATS]
        raise UsageError(f"{label} is read, and not written; formats: {enumerate_names(names)}")


def _fold(text: str) -> str:
    """`N-Triples`, `n_triples` and `.nt` are asked for in many spellings; `/` and `+` tell media types from names."""
    return re.sub(r"[\s._-]", "", text.lower()) if "/" not in text else text.lower().strip()


def _index(formats: Iterable[Syntax]) -> dict[str, Syntax]:
    names: dict[str, Syntax] = {}
    for entry in formats:
        for text in (entry.name, entry.label, *entry.extensions, *entry.media_types):
            names[_fold(text)] = entry
    return names


_NAMES = _index(FORMATS)
_UNWRITTEN = _index(syntax for syntax in SYNTAXES if not syntax.written)
_EXTENSIONS = {extension: entry for entry in FORMATS for extension in entry.extensions}
