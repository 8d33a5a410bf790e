"""What is compared: a folder or records as they are now, a revision of git, or an RDF file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from exporter.comparing.differing import ShowTerm, by_ontology, compare
from exporter.comparing.model import StateComparison
from exporter.comparing.states import graph_lines, read_project, state_of_graph
from exporter.errors import ExporterError, UsageError
from exporter.plan.digest import plan_digest
from exporter.plan.model import Plan
from exporter.policy.changes import find_revision
from exporter.project import Project
from exporter.rdf.prefixes import prefixes_for_people
from exporter.rdf.syntaxes import syntax_of
from exporter.system.undoing import temporary_folder
from exporter.text import quote
from exporter.tree import Tree

Side = str | Project
"""An RDF file by its name, or a project."""


def compare_sides(old: Side, new: Side) -> StateComparison:
    """Compare two sides; records of both are mapped by the ontology of the new one, or of the only one.

    Where one of them is a graph, the other is compared as the graph that it gives. Raises UsageError, OntologyError and ShapesError.
    """
    projects = [side for side in (new, old) if not isinstance(side, str)]
    if not projects:
        lines = [graph_lines(str(side)) for side in (old, new)]
        return _with_lines(compare(state_of_graph(lines[0]), state_of_graph(lines[1]), prefixes_for_people({}).show), *lines)
    main, plan = projects[0], projects[0].plan()
    term: ShowTerm = prefixes_for_people(plan.prefixes).show
    both = len(projects) == 2
    read = [
        (None, graph_lines(side)) if isinstance(side, str) else read_project(_with_rules(side, main), plan, validates=both)
        for side in (old, new)
    ]
    states = [state if both and state is not None else state_of_graph(lines) for state, lines in read]
    found = _with_lines(compare(states[0], states[1], term), read[0][1], read[1][1])
    return replace(found, by_ontology=_own_change(projects[1], main, plan, term)) if both else found


def _with_rules(side: Project, main: Project) -> Project:
    """Give a side with the ontology and the shapes of the one that decides."""
    if side.tree == main.tree:
        return side
    ontology, shapes = (tuple(str(Path(main.tree.here) / name) for name in names) for names in (main.ontology, main.shapes))
    return replace(side, ontology=ontology, shapes=shapes, imports=main.imports)


def _own_change(old: Project, main: Project, plan: Plan, term: ShowTerm) -> tuple[str, ...]:
    """Say what the change of the ontology does by itself: the old records as the old one maps them, and as the new one does."""
    try:
        before = old.plan()
    except ExporterError as error:
        return (f"the old ontology can't be loaded, so what its change does is not known: {error}",)
    if plan_digest(before) == plan_digest(plan):
        return ()
    states = [read_project(side, of, validates=False)[0] for side, of in ((old, before), (_with_rules(old, main), plan))]
    return by_ontology(states[0], states[1], term)


def _with_lines(found: StateComparison, old: set[str], new: set[str]) -> StateComparison:
    return replace(found, removed=tuple(sorted(old - new)), added=tuple(sorted(new - old)))


@contextmanager
def side(name: str, project: Project) -> Iterator[Side]:
    """Give what a name means: an RDF file, a folder or record of today, or a revision of git, whose files are there for the block.

    Raises UsageError for what is none of these.
    """
    if Path(name).exists():
        yield name if syntax_of(name) is not None and Path(name).is_file() else project.with_paths((name,))
        return
    base = find_revision(name, Path(project.tree.here))
    top = base.top.resolve()
    with temporary_folder() as folder:
        tree = folder.resolve() / (top.name or "root")
        tree.mkdir()
        base.write(tree)
        yield _at(project, top, tree)


def _at(project: Project, top: Path, tree: Path) -> Project:
    """Give a project whose files are those of a commit, which lie in `tree` as they lay in `top`."""

    def moved(name: str) -> str:
        place = Path(os.path.normpath(Path(project.tree.here) / name))
        return str(tree / place.relative_to(top)) if place.is_relative_to(top) else name

    here = str(tree.parent)  # not the root: files would be opened from where the user stands
    paths = [os.path.relpath(moved(name), here) for name in project.required_paths]
    missing = [name for name in paths if not (Path(here) / name).exists()]
    if len(missing) == len(paths):
        raise UsageError(f"the commit does not have {quote(paths[0])}")
    moved_tree = Tree(moved(project.tree.root), here)
    names = tuple(name for name in paths if name not in missing)
    ontology, shapes = (tuple(map(moved, of)) for of in (project.ontology, project.shapes))
    return replace(project, tree=moved_tree.mount(names), paths=names, ontology=ontology, shapes=shapes, cache=None)
