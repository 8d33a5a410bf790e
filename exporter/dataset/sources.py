"""What a dataset is loaded from, as plain values that another process can be started with, and the loading itself."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import RdfFormat, Store, parse

from exporter.dataset.depth import MAX_JSON_DEPTH, is_deeper
from exporter.discovery import gives_nothing
from exporter.errors import QueryError
from exporter.problems import Location, Problem

SYNTAXES = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".n3": RdfFormat.N3,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
}
JSON_LD_LINES = frozenset({".jsonldl", ".ndjson"})
_COMPRESSED = frozenset({".gz", ".zst"})


@dataclass(frozen=True, slots=True)
class Sources:
    """What a process loads: RDF files, N-Triples on standard input (`stream`), or nothing but a store folder that is there already.

    `build` is a new folder to load into. `prefixes` and `terms` are those of the ontology.
    """

    files: tuple[str, ...] = ()
    store: str | None = None
    stream: bool = False
    build: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()

    def message(self) -> dict[str, Any]:
        """Write the sources as plain values."""
        return {**asdict(self), "terms": sorted(self.terms)}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Sources:
        """Read the sources from plain values."""
        return cls(**{**message, "files": tuple(message["files"]), "terms": frozenset(message["terms"])})


def _error(problem: Problem) -> QueryError:
    return QueryError(f"{problem.location}: {problem.message}", [problem])


def syntax_suffix(path: str) -> str:
    """Give the file name extension that says the syntax, without that of a compression.

    >>> syntax_suffix("out/graph.ttl.gz"), syntax_suffix("page.md")
    ('.ttl', '.md')
    """
    suffixes = Path(path).suffixes
    while suffixes and suffixes[-1].lower() in _COMPRESSED:
        suffixes.pop()
    return suffixes[-1].lower() if suffixes else ""


def is_rdf(path: str) -> bool:
    """Tell an RDF file by its name."""
    return syntax_suffix(path) in SYNTAXES or syntax_suffix(path) in JSON_LD_LINES


@dataclass(frozen=True, slots=True)
class Loaded:
    """A store, the prefixes that its files declare, and the problems of what it was made from."""

    store: Store
    prefixes: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def load(sources: Sources, report: Callable[[str], None]) -> Loaded:
    """Load the files and the stream into a new store, in memory or in the folder `build`.

    `report` is told each file before it is read, so that a parser that takes the process down leaves the file's name behind.
    Raises `QueryError` for a file that can't be loaded.
    """
    store = Store(sources.build) if sources.build else Store()
    prefixes: dict[str, str] = {}
    problems = []
    for path in sources.files:
        report(path)
        prefixes = {**_load_file(store, path), **prefixes}
        if _is_empty(path):
            problems.append(gives_nothing(path, "there is no triple in it"))
    if sources.stream:
        report("-")
        # The bytes are our own writer's, so IRIs need no second check.
        _load_stream(store)
    if sources.build:
        store.flush()
        store.optimize()
    return Loaded(store, prefixes, tuple(problems))


def _load_stream(store: Store) -> None:
    try:
        store.bulk_load(input=sys.stdin.buffer, format=RdfFormat.N_TRIPLES, lenient=True)
    except SyntaxError as error:
        raise _error(Problem("QUERY-DATA", Location("-", error.lineno or 1), f"the triples are no N-Triples: {error.msg}")) from error


def _load_file(store: Store, path: str) -> dict[str, str]:
    try:
        if syntax_suffix(path) in JSON_LD_LINES | {".jsonld"}:
            _check_depth(path)
        if syntax_suffix(path) in JSON_LD_LINES:
            return _load_lines(store, path)
        syntax = SYNTAXES[syntax_suffix(path)]
        base = Path(path).absolute().as_uri()
        with _open(path) as file:
            store.bulk_load(input=file, format=syntax, base_iri=base)
        return _prefixes(path, syntax)
    except SyntaxError as error:
        at = Location(path, error.lineno or 1, error.offset or 1)
        raise _error(Problem("QUERY-DATA", at, f"the file can't be parsed: {error.msg}")) from error
    except OSError as error:
        raise _error(Problem("QUERY-DATA", Location(path), f"the file can't be read: {error.strerror or error}")) from error


def _is_empty(path: str) -> bool:
    """Tell a file that has been loaded and holds no triple."""
    with _open(path) as file:
        if syntax_suffix(path) in JSON_LD_LINES:
            return all(next(parse(input=line, format=RdfFormat.JSON_LD), None) is None for line in file)
        return next(parse(input=file, format=SYNTAXES[syntax_suffix(path)], base_iri=Path(path).absolute().as_uri()), None) is None


def _check_depth(path: str) -> None:
    """Refuse deep JSON before a parser sees it: on 50,000 levels (2 MB) pyoxigraph takes 20 GB and minutes before its stack overflows."""
    with _open(path) as file:
        if is_deeper(file, MAX_JSON_DEPTH):
            message = f"the JSON is nested more than {MAX_JSON_DEPTH} levels deep"
            raise _error(Problem("QUERY-DATA", Location(path), message, help="no graph needs it; write it flat"))


def _load_lines(store: Store, path: str) -> dict[str, str]:
    with _open(path) as file:
        for number, line in enumerate(file, 1):
            try:
                store.load(input=line, format=RdfFormat.JSON_LD)
            except SyntaxError as error:
                raise _error(Problem("QUERY-DATA", Location(path, number), f"the line can't be parsed: {error.msg}")) from error
    return {}


def _prefixes(path: str, syntax: RdfFormat) -> dict[str, str]:
    """Read the prefixes that a file declares before its first triple."""
    if syntax not in {RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N3}:
        return {}
    with _open(path) as file:
        parser = parse(input=file, format=syntax, base_iri=Path(path).absolute().as_uri())
        next(parser, None)
        return dict(parser.prefixes)


@contextmanager
def _open(path: str) -> Iterator[IO[bytes]]:
    suffix = Path(path).suffix.lower()
    if suffix == ".gz":
        with gzip.open(path, "rb") as file:
            yield cast("IO[bytes]", file)
    elif suffix == ".zst":
        import zstandard  # an extra; needed for .zst alone

        with zstandard.open(path, "rb") as stream, io.BufferedReader(cast("io.RawIOBase", stream)) as lines:
            yield lines
    else:
        with Path(path).open("rb") as file:
            yield file
