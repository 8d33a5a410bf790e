"""Shapes files into one shapes graph, with the place of every triple.

Files are Turtle or N-Triples (with positions), or RDF/XML (without). `owl:imports` is followed to files of this machine; nothing is
fetched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from exporter.errors import ShapesError
from exporter.ontology.positions import turtle_positions
from exporter.paths import Paths, path_names
from exporter.problems import Location, Problem
from exporter.rdf.base import file_iri, file_path
from exporter.rdf.star import ADVICE, REFUSAL, quoted_triple
from exporter.resources import files_below
from exporter.terms import OWL, SH, Subject, Term
from exporter.text import parser_reason
from exporter.validation.shapes import PlacedTriple, ShapesGraph, named

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}


def load_shapes(paths: Paths, imports: Mapping[str, str] | None = None) -> ShapesGraph:
    """Load shapes files, folders of them (`*.ttl`) included, and the files that they import, as one graph.

    Folders are read in the order of names, imported files after all others. `imports` maps IRIs to files. An import that is neither
    mapped, nor a file of this machine, nor described by the shapes stays in `ShapesGraph.missing_imports`. Raises `ShapesError` with a
    located problem for a file that is missing, is not UTF-8 or has a syntax error.
    """
    mapped = {_without_hash(iri): path for iri, path in (imports or {}).items()}
    wanted: list[tuple[Path, Location | None]] = [(path, None) for path in _files(path_names(paths))]
    loaded: dict[Path, ShapesGraph] = {}
    imported: set[str] = set()
    for path, importing in wanted:
        if path.resolve() not in loaded:
            graph = read_shapes(str(path), _read(path, importing))
            loaded[path.resolve()] = graph
            imported |= set(graph.files) if importing else set()
            wanted += _imported(graph, mapped)
    joined = join_shapes(list(loaded.values()))
    described = {_without_hash(t.subject.value) for t in joined.triples if t.predicate.value != OWL + "imports"}
    here = described | {file_iri(file) for file in joined.files} | mapped.keys() | {SH.rstrip("#")}
    missing = tuple(t for t in _imports(joined) if _without_hash(t.object.value) not in here)
    return replace(joined, missing_imports=missing, imported=frozenset(imported))


def _imports(graph: ShapesGraph) -> Iterable[PlacedTriple]:
    return (t for t in graph.triples if t.predicate.value == OWL + "imports" and isinstance(t.object, ox.NamedNode))


def _imported(graph: ShapesGraph, mapped: Mapping[str, str]) -> Iterable[tuple[Path, Location]]:
    """Give the files that a graph imports, each with the place that says so."""
    for triple in _imports(graph):
        iri = _without_hash(triple.object.value)
        path = mapped.get(iri) or file_path(iri)
        if path is not None:
            yield Path(os.path.relpath(path)), triple.object_at


def _without_hash(iri: str) -> str:
    return iri.removesuffix("#")


def join_shapes(graphs: Sequence[ShapesGraph]) -> ShapesGraph:
    """Join shapes graphs; blank nodes stay apart because `read_shapes` names them after their file's number."""
    prefixes: dict[str, str] = {}
    triples: list[PlacedTriple] = []
    for number, graph in enumerate(graphs):
        for name, space in graph.prefixes.items():
            prefixes.setdefault(name, space)
        triples.extend(_apart(graph.triples, f"f{number}") if number else graph.triples)
    return ShapesGraph(list(named(triples)), prefixes, tuple(file for graph in graphs for file in graph.files))


def read_shapes(path: str, data: bytes, base: str | None = None) -> ShapesGraph:
    r"""Read one file's text as a shapes graph whose locations name `path`; `base` resolves its relative IRIs.

    >>> graph = read_shapes("s.ttl", b"@prefix sh: <http://www.w3.org/ns/shacl#> .\n<http://e/S> a sh:NodeShape .")
    >>> [str(graph.location(shape)) for shape in graph.shapes]
    ['s.ttl:2:1']
    """
    base = base or file_iri(path)
    syntax = FORMATS.get(Path(path).suffix.lower())
    if syntax is None:
        known = ", ".join(FORMATS)
        raise _failure("SHAPES-FORMAT", Location(path), f"a shapes file ends in {known}, this one does not", "convert it to Turtle")
    try:
        text = data.decode("utf-8-sig")
        parsed = list(ox.parse(text.encode(), format=syntax, base_iri=base))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _failure("SHAPES-SYNTAX", Location(path, line), "the file is not UTF-8", "save it as UTF-8") from error
    except SyntaxError as error:
        _refuse_quoted(path, data)
        place = Location(path, error.lineno or 1, error.offset or 1)
        raise _failure("SHAPES-SYNTAX", place, f"the file can't be read: {parser_reason(str(error.msg))}", "fix the syntax here") from error
    if syntax is ox.RdfFormat.RDF_XML:
        whole = Location(path)
        return ShapesGraph([_unplaced(quad, whole) for quad in parsed], {}, (path,))
    return _placed(path, text, base)


def _placed(path: str, text: str, base: str) -> ShapesGraph:
    try:
        found = turtle_positions(text, base)
    except ValueError as error:
        _refuse_quoted(path, text.encode())
        raise _failure(
            "SHAPES-SYNTAX",
            Location(path),
            f"the file can't be read as Turtle 1.1: {error}",
            "write it without RDF 1.2 syntax, and less nested",
        ) from error
    place = partial(found.location, path)
    triples = [
        PlacedTriple(s.subject, s.predicate, s.object, place(s.subject_span), place(s.predicate_span), place(s.object_span))
        for s in sorted(found.statements, key=lambda s: (s.subject_span, s.predicate_span, s.object_span))
    ]
    return ShapesGraph(triples, found.prefixes, (path,))


def _refuse_quoted(path: str, data: bytes) -> None:
    """Say of a text that can't be read that it quotes a triple, where it does: that is valid elsewhere."""
    if Path(path).suffix.lower() in {".ttl", ".nt"} and (place := quoted_triple(path, data.decode("utf-8-sig"))):
        raise _failure("SHAPES-SYNTAX", place, REFUSAL, ADVICE)


def _unplaced(quad: ox.Quad, whole: Location) -> PlacedTriple:
    if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
        raise _failure("SHAPES-SYNTAX", whole, REFUSAL, ADVICE)
    return PlacedTriple(quad.subject, quad.predicate, quad.object, whole, whole, whole)


def _apart(triples: Iterable[PlacedTriple], mark: str) -> Iterable[PlacedTriple]:
    for t in triples:
        subject: Subject = ox.BlankNode(mark + t.subject.value) if isinstance(t.subject, ox.BlankNode) else t.subject
        value: Term = ox.BlankNode(mark + t.object.value) if isinstance(t.object, ox.BlankNode) else t.object
        yield PlacedTriple(subject, t.predicate, value, t.subject_at, t.predicate_at, t.object_at)


def _files(paths: Sequence[str | Path]) -> Iterable[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from files_below(path, ".ttl")
        else:
            yield path


def _read(path: Path, importing: Location | None) -> bytes:
    try:
        if importing is not None and not path.is_file():
            raise FileNotFoundError(None, "there is no such file")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        if importing is not None:
            message = f"owl:imports names {path.as_posix()}, which can't be read: {reason}"
            raise _failure("SHAPES-FILE", importing, message, "check the path, which counts from this file") from error
        message = f"the shapes file can't be read: {reason}"
        raise _failure("SHAPES-FILE", Location(path.as_posix()), message, "check the path given with -s or in the settings") from error


def _failure(code: str, place: Location, message: str, advice: str) -> ShapesError:
    return ShapesError(f"{place}: {message}", [Problem(code, place, message, help=advice)])
