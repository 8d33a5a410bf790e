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
from exporter.terms import MAP, OWL, RDF_TYPE, Statement
from exporter.text import enumerate_names, parser_reason

_SYNTAXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".n3": ox.RdfFormat.N3,
}
_DEEPEST_JSON = 100
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
        found = sorted(p for p in path.iterdir() if p.suffix in _SYNTAXES and p.is_file())
        if not found:
            raise UsageError(f"{path}: the folder holds no ontology file ({enumerate_names(sorted(_SYNTAXES))})")
        return found
    if not path.exists():
        raise UsageError(f"{path}: there is no such ontology file")
    return [path]


def _load_file(path: Path) -> LoadedFile:
    syntax = _SYNTAXES.get(path.suffix)
    place = path.as_posix()
    if syntax is None:
        raise UsageError(f"{place}: an ontology is one of {enumerate_names(sorted(_SYNTAXES))}, this ends in {path.suffix!r}")
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fault("ONT-SYNTAX", Location(place, line), "the file is not UTF-8") from None
    except OSError as error:
        raise UsageError(f"{place}: {error.strerror or error}") from None
    _refuse_dangerous(place, text, syntax)
    statements, prefixes = _parse(place, text, syntax)
    source = OntologySource(place, text, "turtle" if syntax == ox.RdfFormat.TURTLE else str(syntax.name).lower())
    return LoadedFile(source, tuple(statements), prefixes, _rebound_prefixes(source))


def _parse(place: str, text: str, syntax: ox.RdfFormat) -> tuple[list[Statement], dict[str, str]]:
    try:
        parser = ox.parse(text, format=syntax, base_iri=file_iri(place), without_named_graphs=True, rename_blank_nodes=True)
        statements: list[Statement] = [(q.subject, q.predicate, q.object) for q in parser]
    except SyntaxError as error:
        raise _fault(
            "ONT-SYNTAX",
            Location(place, error.lineno or 1, error.offset or 1),
            f"the file is not valid {syntax.name}: {parser_reason(str(error.msg))}",
        ) from None
    except ValueError as error:
        raise _fault("ONT-SYNTAX", Location(place), f"the file is not valid {syntax.name}: {parser_reason(str(error))}") from None
    return statements, parser.prefixes


def _fault(code: str, location: Location, message: str, help_: str | None = None) -> OntologyError:
    problem = Problem(code, location, message, help=help_)
    return OntologyError(f"{location}: {message}", [problem])


def _refuse_dangerous(place: str, text: str, syntax: ox.RdfFormat) -> None:
    if syntax == ox.RdfFormat.RDF_XML:
        doctype = re.search(r"<!DOCTYPE[^\[>]*+(\[.*?\]\s*+)?>", text, re.DOTALL)
        if doctype and re.search(r"\b(SYSTEM|PUBLIC)\b|<!ENTITY\s+%|<!ENTITY[^>]*[\"'][^\"'>]*&", doctype[0]):
            line = text.count("\n", 0, doctype.start()) + 1
            raise _fault(
                "ONT-UNSAFE",
                Location(place, line),
                "the DTD has entities that read files or expand without end",
                "remove the DOCTYPE, or keep only entities that are plain namespaces",
            )
    if syntax == ox.RdfFormat.JSON_LD:
        depth = deepest = 0
        for mark in re.finditer(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[{]|[\]}]', text):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
            deepest = max(deepest, depth)
        if deepest > _DEEPEST_JSON:
            raise _fault("ONT-UNSAFE", Location(place), f"the JSON is nested {deepest:,} levels deep, more than {_DEEPEST_JSON}")


def _rebound_prefixes(source: OntologySource) -> tuple[Problem, ...]:
    bound: dict[str, tuple[str, Location]] = {}
    problems: list[Problem] = []
    if source.syntax != "turtle":
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
    return [path for path in found if path.suffix in _SYNTAXES and path.is_file()]


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
    known = enumerate_names(sorted(_SYNTAXES))
    message = f"the import <{shown_iri(iri)}> is not an ontology file that can be read"
    return Problem("ONT-IMPORT", place, message, help=f"check the path, which counts from this file; an ontology ends in {known}")
