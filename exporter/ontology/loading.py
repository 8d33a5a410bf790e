"""Reading ontology files into triples: parsed with pyoxigraph, which keeps the files' order and places its errors.

rdflib would read them too, but forgets the order of the file, and the plan's order is the file's order. What could leave the
machine or hurt it (remote imports, entities of a DTD, very deep JSON-LD) is refused before a parser sees it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from exporter.errors import OntologyError, UsageError
from exporter.ontology.model import OntologySource
from exporter.ontology.places import Places
from exporter.problems import Location, Problem, Severity
from exporter.rdf.base import file_iri, file_path, shown_iri
from exporter.rdf.reading import RdfError, read_rdf_text
from exporter.rdf.syntaxes import is_rdf, known_extensions, syntax_of
from exporter.rdf.terms import MAP, OWL, RDF_TYPE, Statement
from exporter.text import quote

_PREFIX_LINE = re.compile(r"^[ \t]*@?prefix[ \t]+(?P<name>[^\s:]*):[ \t]*<(?P<iri>[^<>\s]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """One file's triples, in its order, with the prefixes that it declares."""

    source: OntologySource
    statements: tuple[Statement, ...]
    prefixes: dict[str, str]
    problems: tuple[Problem, ...]


def load_files(paths: Sequence[str | Path]) -> list[LoadedFile]:
    """Load ontology files, the files of ontology folders (by name), and the files of this machine that they import.

    Raises OntologyError with every file's first fault, UsageError for a path that isn't there.
    """
    queue = [file for path in paths for file in _ontology_files(Path(path))]
    if not queue:
        raise UsageError("no ontology file was named: give one with --ontology, or set `ontology` in the settings")
    loaded: dict[Path, LoadedFile] = {}
    problems: list[Problem] = []
    for file in queue:
        if file.resolve() in loaded:
            continue
        try:
            found = _load_file(file)
        except OntologyError as error:
            problems += error.problems
            continue
        loaded[file.resolve()] = found
        queue += _imported_files(found)
    files = list(loaded.values())
    problems += _imports_elsewhere(files)
    if problems:
        raise OntologyError(_summary(problems), problems)
    return files


def _summary(problems: Sequence[Problem]) -> str:
    first = problems[0]
    rest = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{first.location}: {first.message}{rest}"


def _ontology_files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        found = sorted(p for p in path.iterdir() if is_rdf(p) and p.is_file())
        if not found:
            raise UsageError(f"{path}: the folder holds no ontology file ({known_extensions()})")
        return found
    if not path.exists():
        raise UsageError(f"{path}: no such ontology file")
    return [path]


def _load_file(path: Path) -> LoadedFile:
    syntax, place = syntax_of(path), path.as_posix()
    if syntax is None:
        raise UsageError(f"{place}: an ontology ends in {known_extensions()}; this ends in {quote(path.suffix)}")
    try:
        read = read_rdf_text(place, syntax)
        statements = tuple(read.statements(quoted=True, rename=True))
    except RdfError as error:
        raise _fault("ONT-UNSAFE" if error.unsafe else "ONT-SYNTAX", error.place, error.message, error.advice) from None
    except OSError as error:
        raise UsageError(f"{place}: {error.strerror or error}") from None
    source = OntologySource(place, read.text, syntax)
    return LoadedFile(source, statements, read.prefixes, _rebound_prefixes(source))


def _fault(code: str, location: Location, message: str, help_: str | None = None) -> OntologyError:
    problem = Problem(code, location, message, help=help_)
    return OntologyError(f"{location}: {message}", [problem])


def _rebound_prefixes(source: OntologySource) -> tuple[Problem, ...]:
    bound: dict[str, tuple[str, Location]] = {}
    problems: list[Problem] = []
    if source.syntax.family != "turtle":
        return ()
    for match in _PREFIX_LINE.finditer(source.text):
        line = source.text.count("\n", 0, match.start("name")) + 1
        column = match.start("name") - source.text.rfind("\n", 0, match.start("name"))
        here = Location(source.path, line, column, line, column + len(match["name"]) + 1)
        before = bound.get(match["name"])
        if before and before[0] != match["iri"]:
            message = f"the prefix {match['name']}: is bound to <{match['iri']}>, and was <{before[0]}> before"
            problems.append(
                Problem("ONT-PREFIX", here, message, Severity.ERROR, help="give one of the two another name", related=(before[1],))
            )
        bound[match["name"]] = (match["iri"], here)
    return tuple(problems)


def _imports(file: LoadedFile) -> list[str]:
    return [o.value for _, p, o in file.statements if p.value == OWL + "imports" and isinstance(o, ox.NamedNode)]


def _imported_files(file: LoadedFile) -> list[Path]:
    """Give the ontology files of this machine that a file imports; any other import is told afterwards."""
    paths = (file_path(iri) for iri in _imports(file))
    found = (Path(os.path.relpath(path)) for path in paths if path is not None)
    return [path for path in found if is_rdf(path) and path.is_file()]


def _imports_elsewhere(files: Sequence[LoadedFile]) -> list[Problem]:
    ontology_class = ox.NamedNode(OWL + "Ontology")
    here = {s.value for file in files for s, p, o in file.statements if p == RDF_TYPE and o == ontology_class}
    here |= {file_iri(file.source.path) for file in files} | {MAP.rstrip("#")}
    return [_import_problem(file, iri) for file in files for iri in _imports(file) if iri.partition("#")[0] not in here and iri not in here]


def _import_problem(file: LoadedFile, iri: str) -> Problem:
    place = Places([file.source]).find("", OWL + "imports", iri)
    if file_path(iri) is None:
        message = f"the import <{iri}> is not local: nothing is fetched, and no loaded file is that ontology"
        return Problem("ONT-IMPORT", place, message, help="load the file with a second --ontology, or remove the import")
    message = f"the import <{shown_iri(iri)}> is not an ontology file that can be read"
    return Problem(
        "ONT-IMPORT", place, message, help=f"check the path, which counts from this file; an ontology ends in {known_extensions()}"
    )
