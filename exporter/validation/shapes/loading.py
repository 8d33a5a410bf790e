"""Shapes files into one shapes graph, with the place of every triple.

Files are in any RDF syntax. `owl:imports` is followed to files of this machine; nothing is fetched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from exporter.errors import ShapesError
from exporter.paths import Paths, path_names
from exporter.problems import Location, Problem
from exporter.rdf.base import file_iri, file_path
from exporter.rdf.blank_nodes import same_triples
from exporter.rdf.compression import read_unpacked
from exporter.rdf.places import walk
from exporter.rdf.reading import RdfError, read_rdf_text
from exporter.rdf.syntaxes import is_rdf, known_extensions, syntax_of
from exporter.rdf.terms import OWL, SH, Subject, Term
from exporter.resources import files_below
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph, named


def load_shapes(paths: Paths, imports: Mapping[str, str] | None = None) -> ShapesGraph:
    """Load shapes files, the RDF files of folders, and the files that they import, as one graph.

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
    syntax = syntax_of(path)
    if syntax is None:
        raise _failure("SHAPES-FORMAT", Location(path), f"a shapes file ends in {known_extensions()}", "convert it to Turtle")
    try:
        read = read_rdf_text(path, syntax, data, base)
        statements = list(read.statements())
    except RdfError as error:
        raise _failure("SHAPES-SYNTAX", error.place, error.message, error.advice or "fix the syntax here") from error
    placed = walk(read.text, syntax, read.base)
    # Where a walk finds other triples than the parser it gives no places, but never other shapes.
    if placed is None or not (syntax.walked_exactly or same_triples(statements, [statement[:3] for statement in placed.statements])):
        whole = Location(path)
        return ShapesGraph([PlacedTriple(*statement, whole, whole, whole) for statement in statements], dict(read.prefixes), (path,))
    place = partial(placed.location, path)
    triples = [
        PlacedTriple(s.subject, s.predicate, s.object, place(s.subject_span), place(s.predicate_span), place(s.object_span))
        for s in sorted(placed.statements, key=lambda s: (s.subject_span, s.predicate_span, s.object_span))
    ]
    return ShapesGraph(triples, placed.prefixes, (path,))


def _apart(triples: Iterable[PlacedTriple], mark: str) -> Iterable[PlacedTriple]:
    for t in triples:
        subject: Subject = ox.BlankNode(mark + t.subject.value) if isinstance(t.subject, ox.BlankNode) else t.subject
        value: Term = ox.BlankNode(mark + t.object.value) if isinstance(t.object, ox.BlankNode) else t.object
        yield PlacedTriple(subject, t.predicate, value, t.subject_at, t.predicate_at, t.object_at)


def _files(paths: Sequence[str | Path]) -> Iterable[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from filter(is_rdf, files_below(path))
        else:
            yield path


def _read(path: Path, importing: Location | None) -> bytes:
    try:
        if importing is not None and not path.is_file():
            raise FileNotFoundError(None, "no such file")
        return read_unpacked(path)
    except OSError as error:
        reason = error.strerror or error
        if importing is not None:
            message = f"owl:imports names {path.as_posix()}, which can't be read: {reason}"
            raise _failure("SHAPES-FILE", importing, message, "check the path, which counts from this file") from error
        message = f"the shapes file can't be read: {reason}"
        raise _failure("SHAPES-FILE", Location(path.as_posix()), message, "check the path given with -s or in the settings") from error


def _failure(code: str, place: Location, message: str, advice: str) -> ShapesError:
    return ShapesError(f"{place}: {message}", [Problem(code, place, message, help=advice)])
