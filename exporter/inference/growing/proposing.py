"""What would be added to the files of a project that has an ontology: texts in which everything that a person wrote still stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from exporter.generate.names import comment, escape
from exporter.inference.classes import ClassDraft
from exporter.inference.growing.inserting import TurtleFile
from exporter.inference.growing.known import MappedRecords
from exporter.inference.growing.matching import Matching
from exporter.inference.growing.missing import Missing, find_missing
from exporter.inference.model import InferredClass, InferredModel
from exporter.inference.ranges import one_or_list
from exporter.inference.writing.ontology import class_lines, class_term, namespaces, row_lines, term_lines
from exporter.inference.writing.settings import write_settings
from exporter.inference.writing.shapes import property_shapes, shape_lines, write_shapes
from exporter.project import Project
from exporter.rdf.syntaxes import TURTLE
from exporter.rdf.terms import MAP, SH
from exporter.settings.loading import find_settings
from exporter.text import enumerate_names

_TABLE = re.compile(r"^[ \t]*\[[^\n\]]+\]\]?[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
SETTINGS = "owltype.toml"


class Growing:
    """What is missing from a project's ontology, shapes and settings, and their texts with it."""

    def __init__(
        self, project: Project, known: MappedRecords, model: InferredModel, drafts: Sequence[ClassDraft], answers: Mapping[str, str]
    ) -> None:
        self._project = project
        self._known = known
        self._model = model
        self._names = namespaces(model)
        self._files = self._turtle(source.path for source in known.ontology.sources if source.syntax is TURTLE)
        self._main = self._main_file()
        dropped = frozenset(key for file in self._files.values() for key in file.dropped_keys())
        self.missing: Missing = find_missing(model, Matching(model, drafts, known), known, dropped, answers)

    def texts(self) -> dict[str, str]:
        """Give the files that would change, and those that are not there, with their texts."""
        return {**self._settings(), **self._ontology(), **self._shapes()}

    def _turtle(self, paths: Iterable[str]) -> dict[str, TurtleFile]:
        """Open the files that lie below the root, by their project paths."""
        tree = self._project.tree
        inside = {path: tree.project_path(path) for path in paths if not PurePath(tree.project_path(path)).is_absolute()}
        return {name: TurtleFile(path, _text(path), self._names) for path, name in inside.items()}

    def _main_file(self) -> str | None:
        """Choose the file for what is new: the one that `init` writes, or else the one with most of the classes."""
        usual = f"ontology/{self._model.name}.ttl"
        counts = {path: self._classes_in(file) for path, file in self._files.items()}
        return usual if usual in counts else max(counts, key=lambda path: (counts[path], path), default=None)

    def _classes_in(self, file: TurtleFile) -> int:
        return len({each.subject.value for each in file.statements} & set(self._known.ontology.classes))

    def _ontology(self) -> dict[str, str]:
        missing = self.missing
        changed = missing.rows or missing.ignored or missing.match or missing.classes
        if not changed:
            return {}
        if self._main is None:
            files = enumerate_names([source.path for source in self._known.ontology.sources], "and")
            missing.notes.append(f"{files} can't be added to: not Turtle, or outside of this project; `owltype coverage` writes the rows")
            return {}
        for iri, rows in missing.rows.items():
            self._add_rows(iri, [row_lines(row) for row in rows])
        for said, values in (("ignore", missing.ignored), ("match", missing.match)):
            for iri, keys in values.items():
                texts = [f'"{escape(key)}"' for key in keys]
                written = one_or_list(texts) if said == "match" else " , ".join(texts)
                self._file_of(iri).append([f"<{iri}> map:{said} {written} ."])
        for each in missing.classes:
            self._files[self._main].append([*class_lines(each)])
        declared = [line for line in term_lines(missing.drafts) if self._is_new(line.partition(" ")[0])]
        if declared:
            self._files[self._main].append(declared)
        return {path: file.text() for path, file in self._files.items()}

    def _is_new(self, term: str) -> bool:
        return self._model.namespace + term.partition(":")[2] not in self._known.ontology.properties

    def _file_of(self, iri: str, predicate: str | None = None) -> TurtleFile:
        """Choose the file that says something of a class."""
        assert self._main is not None
        said = [
            file
            for file in self._files.values()
            if any(each.subject.value == iri and predicate in (None, each.predicate.value) for each in file.statements)
        ]
        return said[0] if said else self._file_of(iri) if predicate else self._files[self._main]

    def _add_rows(self, iri: str, rows: Sequence[Sequence[str]]) -> None:
        file = self._file_of(iri, MAP + "reads")
        if file.insert(iri, MAP + "reads", rows):
            return
        lines = [f"<{iri}> map:reads"]
        for number, (*notes, written) in enumerate(rows, 1):
            lines += [f"    {note}" for note in notes]
            lines.append(f"    {written} {'.' if number == len(rows) else ','}")
        file.append(lines)

    def _shapes(self) -> dict[str, str]:
        """Add shapes for what is new; a project without shapes gets those that a start has."""
        model = self.missing.model
        if not self._project.shapes:
            return {f"shapes/{model.name}.ttl": write_shapes(model)}
        files = self._turtle(self._shapes_files())
        if not files:
            return {}
        usual = f"shapes/{model.name}.ttl"
        main = usual if usual in files else min(files)
        for iri, rows in self.missing.rows.items():
            parts = [[*(f"# {comment(note)}" for note in notes), part] for notes, part in property_shapes(rows, model)]
            if parts:
                self._add_properties(files, iri, parts)
        fresh = {each.name for each in self.missing.classes}
        for each in model.classes:
            if each.name in fresh and not self._is_targeted(files, each) and (lines := [*shape_lines(each, model)]):
                files[main].append(lines)
        return {path: file.text() for path, file in files.items()}

    @staticmethod
    def _is_targeted(files: Mapping[str, TurtleFile], each: InferredClass) -> bool:
        return any(file.has_object(SH + "targetClass", class_term(each.name)) for file in files.values())

    def _shapes_files(self) -> Iterable[str]:
        for path in map(Path, self._project.shapes_files()):
            found = sorted(path.rglob("*.ttl")) if path.is_dir() else [path]
            yield from (str(file) for file in found if file.suffix == ".ttl")

    @staticmethod
    def _add_properties(files: Mapping[str, TurtleFile], iri: str, parts: Sequence[Sequence[str]]) -> None:
        """Add to the shape of a class; where somebody removed it, nothing is added."""
        for file in files.values():
            shapes = [each.subject for each in file.statements if each.predicate.value == SH + "targetClass" and each.object.value == iri]
            for shape in shapes[:1]:
                parts = [each for each in parts if not file.says(shape, SH + "property", SH + "path", each[-1])]
                if not file.insert(shape.value, SH + "property", parts, mark=";") and str(shape).startswith("<"):
                    for *notes, part in parts:
                        file.append([*notes, f"{shape} {part} ."])
                return

    def _settings(self) -> dict[str, str]:
        """Add the settings that are not said; a project with settings elsewhere keeps them there."""
        root = Path(self._project.root)
        path = find_settings(root)
        if path is not None and path.parent == root and path.name != SETTINGS:
            return {}
        settings = self._model.settings
        if path is None or path != root / SETTINGS:
            return {SETTINGS: write_settings(settings, self._model.title)}
        text = _text(path)
        said = tomllib.loads(text)
        new = {name: value for name, value in settings.items() if name not in said}
        lines = write_settings(new, "").splitlines()[2:]
        return {SETTINGS: _with_settings(text, lines)} if new else {}


def _text(path: str | Path) -> str:
    return Path(path).read_bytes().decode("utf-8", "surrogateescape")


def _with_settings(text: str, lines: Sequence[str]) -> str:
    """Add settings before the first table, or else at the top, where they are settings whatever follows."""
    end = "\r\n" if "\r\n" in text else "\n"
    added = "".join(f"{line}{end}" for line in lines)
    table = _TABLE.search(text)
    place = table.start() if table else len(text)
    joint = end if place and not text[:place].endswith("\n") else ""
    changed = text[:place] + joint + added + (end if table else "") + text[place:]
    try:
        names = tomllib.loads(changed).keys()
    except tomllib.TOMLDecodeError:
        return added + text
    return changed if tomllib.loads(added).keys() <= names else added + text
