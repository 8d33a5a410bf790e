"""What a dataset is loaded from, as plain values that another process can be started with, and the loading itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import IO, Any, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from exporter.dataset.exact import Census, KeptLines, keep_lines, keep_quads
from exporter.dataset.suspects import look
from exporter.discovery import gives_nothing
from exporter.errors import QueryError
from exporter.problems import Location, Problem
from exporter.rdf.base import file_iri
from exporter.rdf.compression import open_unpacked
from exporter.rdf.json_depth import MAX_JSON_DEPTH, is_deeper
from exporter.rdf.reading import RdfError, refuse_entities, syntax_fault
from exporter.rdf.syntaxes import Syntax, syntax_of
from exporter.text import parser_reason

_LONGEST_PROLOG = 1 << 20
"""Bytes of an XML file in which its DTD is looked for."""


@dataclass(frozen=True, slots=True)
class DatasetSources:
    """What a process loads: RDF files, N-Triples on standard input (`stream`), or nothing but a store folder that is there already.

    `build` is a new folder to load into. `prefixes` and `terms` are those of the ontology. `exact` and `tags` say of a store that is there
    already what loading it found.
    """

    files: tuple[str, ...] = ()
    store: str | None = None
    stream: bool = False
    build: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()
    exact: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)

    def message(self) -> dict[str, Any]:
        """Write the sources as plain values."""
        return {**asdict(self), "terms": sorted(self.terms)}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> DatasetSources:
        """Read the sources from plain values."""
        return cls(**{**message, "files": tuple(message["files"]), "terms": frozenset(message["terms"])})


def _error(problem: Problem) -> QueryError:
    return QueryError(f"{problem.location}: {problem.message}", [problem])


@dataclass(frozen=True, slots=True)
class Loaded:
    """A store, the prefixes that its files declare, what its literals are like, and the problems of what it was made from."""

    store: Store
    prefixes: Mapping[str, str]
    census: Census
    problems: tuple[Problem, ...] = ()


def load(sources: DatasetSources, report: Callable[[str], None]) -> Loaded:
    """Load the files and the stream into a new store, in memory or in the folder `build`.

    `report` is told each file before it is read, so that a parser that takes the process down leaves the file's name behind.
    Raises `QueryError` for a file that can't be loaded.
    """
    store = Store(sources.build) if sources.build else Store()
    prefixes: dict[str, str] = {}
    problems = []
    census = Census(int(sources.exact), 0, dict(sources.tags))
    for path in sources.files:
        report(path)
        prefixes = {**_load_file(store, path, census), **prefixes}
        if _is_empty(path):
            problems.append(gives_nothing(path, "it has no triples", "leave it out"))
    if sources.stream:
        report("-")
        _load_stream(store, census)
    if next(store.named_graphs(), None) is not None:
        # A question without GRAPH asks them all, as `validate` does. The engine's own union has a triple of two graphs twice.
        store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }")
    if sources.build:
        store.flush()
        store.optimize()
    return Loaded(store, prefixes, census, tuple(problems))


def change(store: Store, lines: Iterable[str], census: Census) -> None:
    """Change a store: `-` and a line of N-Triples takes it out, `+` puts it in, and `~` with an IRI takes all lists of a subject out.

    The engine gives cells of lists names of its own when it loads them, so lists are found by what leads to them.
    """
    removed: list[Quad] = []
    gone: list[str] = []
    new: list[str] = []
    for line in lines:
        if line[0] == "~":
            removed += _lists_of(store, NamedNode(line[1:].rstrip("\n")))
        else:
            (gone if line[0] == "-" else new).append(line[1:])
    for quad in (*removed, *_read_lines("".join(gone), Census())):
        store.remove(quad)
    store.extend(_read_lines("".join(new), census))


def _read_lines(lines: str, census: Census) -> Iterator[Quad]:
    return parse(keep_lines(lines.encode(), census), format=RdfFormat.N_TRIPLES, lenient=True)


def _lists_of(store: Store, subject: NamedNode) -> list[Quad]:
    found: list[Quad] = []
    waiting: list[NamedNode | BlankNode] = [subject]
    while waiting:
        of = waiting.pop()
        for quad in store.quads_for_pattern(of, None, None, DefaultGraph()):
            if isinstance(quad.object, BlankNode):
                waiting.append(quad.object)
                found.append(quad)
            elif isinstance(of, BlankNode):
                found.append(quad)
    return found


def _load_stream(store: Store, census: Census) -> None:
    try:
        # The bytes are our own writer's, so IRIs need no second check.
        lines = cast("IO[bytes]", KeptLines(sys.stdin.buffer, census))
        store.bulk_load(input=lines, format=RdfFormat.N_TRIPLES, lenient=True)
    except SyntaxError as error:
        message = f"the triples are not valid N-Triples: {parser_reason(str(error.msg))}"
        raise _error(Problem("QUERY-DATA", Location("-", error.lineno or 1), message)) from error


def _load_file(store: Store, path: str, census: Census) -> dict[str, str]:
    syntax = syntax_of(path)
    assert syntax is not None  # other files are read as records
    try:
        _refuse_dangerous(path, syntax)
        return _load_lines(store, path, census) if syntax.lines else _load_syntax(store, path, syntax, census)
    except SyntaxError as error:
        raise _error(_syntax_problem(path, syntax, error)) from error
    except RdfError as error:
        raise _error(Problem("QUERY-DATA", error.place, error.message, help=error.advice)) from error
    except OSError as error:
        raise _error(Problem("QUERY-DATA", Location(path), f"the file can't be read: {error.strerror or error}")) from error


def _load_syntax(store: Store, path: str, syntax: Syntax, census: Census) -> dict[str, str]:
    """Load a file natively where none of its literals has to be kept by us, else quad by quad."""
    base = file_iri(path)
    with open_unpacked(path) as file:
        if syntax.family == "lines":
            store.bulk_load(input=cast("IO[bytes]", KeptLines(file, census)), format=syntax.of_engine)
            return {}
        suspect = look(file, census)
    with open_unpacked(path) as file:
        if syntax.family == "turtle" and syntax.written and not suspect:
            store.bulk_load(input=file, format=syntax.of_engine, base_iri=base)
            return _prefixes(path, syntax)
        # A formula of Notation3 is not said, but spoken of; graphs of a dataset are.
        parser = parse(input=file, format=syntax.of_engine, base_iri=base, without_named_graphs=not syntax.dataset)
        store.bulk_extend(keep_quads(parser, census))
        return dict(parser.prefixes) if syntax.family == "turtle" else {}


def _syntax_problem(path: str, syntax: Syntax, error: SyntaxError) -> Problem:
    at = Location(path, error.lineno or 1, error.offset or 1)
    with open_unpacked(path) as file:
        text = file.read().decode("utf-8", "replace")
    line = next(islice(text.split("\n"), at.line - 1, None), "")
    # The parser counts characters, and stops at the sign or just behind it.
    around = line[max(0, at.column - 3) : at.column + 2]
    if "<<" in around and "<<(" not in around:
        message = "a quoted triple of RDF-star is not valid in RDF 1.2"
        return Problem("QUERY-DATA", at, message, help="write a triple term, <<( … )>>, as an object; N-Triples has no other form")
    fault = syntax_fault(path, syntax, error, text)
    return Problem("QUERY-DATA", fault.place, fault.message, help=fault.advice)


def _is_empty(path: str) -> bool:
    """Tell a file that has been loaded and holds no triple."""
    syntax = syntax_of(path)
    assert syntax is not None
    with open_unpacked(path) as file:
        if syntax.lines:
            return all(next(parse(input=line, format=syntax.of_engine, base_iri=file_iri(path)), None) is None for line in file)
        return next(parse(input=file, format=syntax.of_engine, base_iri=file_iri(path)), None) is None


def _refuse_dangerous(path: str, syntax: Syntax) -> None:
    """Refuse what no parser should see: on 50,000 levels of JSON (2 MB) pyoxigraph takes 20 GB and minutes before its stack overflows."""
    if syntax.family not in ("json", "xml"):
        return
    with open_unpacked(path) as file:
        if syntax.family == "xml":
            refuse_entities(path, file.read(_LONGEST_PROLOG).decode("utf-8", "replace"))
        elif is_deeper(file, MAX_JSON_DEPTH):
            raise RdfError(Location(path), f"the JSON is nested more than {MAX_JSON_DEPTH} levels deep", "no graph needs it; write it flat")


def _load_lines(store: Store, path: str, census: Census) -> dict[str, str]:
    with open_unpacked(path) as file:
        look(file, census)
    with open_unpacked(path) as file:
        for number, line in enumerate(file, 1):
            try:
                # A label of a blank node means another node on another line.
                quads = parse(input=line, format=RdfFormat.JSON_LD, base_iri=file_iri(path), rename_blank_nodes=True)
                store.extend(keep_quads(quads if line.strip() else (), census))
            except SyntaxError as error:
                message = f"the line is not valid JSON-LD: {parser_reason(str(error.msg))}"
                raise _error(Problem("QUERY-DATA", Location(path, number, error.offset or 1), message)) from error
    return {}


def _prefixes(path: str, syntax: Syntax) -> dict[str, str]:
    """Read the prefixes that a file declares before its first triple."""
    with open_unpacked(path) as file:
        parser = parse(input=file, format=syntax.of_engine, base_iri=file_iri(path))
        next(parser, None)
        return dict(parser.prefixes)
