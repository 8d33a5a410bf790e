"""Reading without mapping: the records below some paths, one after the other, with what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exporter.discovery import Selection, gives_nothing
from exporter.paths import Paths
from exporter.problems import Problem
from exporter.project import Project, choose_project
from exporter.records.record import Record
from exporter.records.values import DuplicateKeys


def read(
    paths: Paths = (),
    *,
    project: Project | None = None,
    selection: Selection | None = None,
    handlers: str | Sequence[str] = (),
    duplicate_keys: DuplicateKeys = "reject",
) -> Iterator[Record | Problem]:
    """Yield the records below `paths` in a fixed order, each followed by the problems of its file.

    Files are read as the iterator is drawn from, and nothing is kept. A file that can't be read gives its problems alone, one
    without front matter gives nothing, or a problem where it was named.
    `handlers` names front-matter handlers as `module:Class`, beside ours and those of installed packages; `duplicate_keys` says what a
    key is that stands twice in one map, as for `export`. No ontology is needed; that of a `project` says which data files hold records.
    Raises UsageError for a path that is not there.

    >>> from exporter import Record, read
    >>> pages = [found for found in read("examples/medigy/content") if isinstance(found, Record)]
    >>> pages[0].front_matter["owlType"]
    'Medigy Communities'
    """
    plan = project.plan() if project is not None and project.ontology else None
    chosen = choose_project(project, paths, handlers=handlers, duplicate_keys=duplicate_keys, selection=selection)
    reader, named = chosen.reader(plan), chosen.named_files()
    for found in chosen.discover(plan=plan):
        if not found.is_record:
            yield from found.problems
            continue
        reading = reader.read(found.path)
        for each in reading.each:
            if each.record is not None:
                yield each.record
            elif each.skipped is not None and found.path in named:
                yield gives_nothing(found.path, each.skipped)
            yield from each.problems
        yield from reading.problems if reading.items else ()
