"""Reading without mapping: the records below some paths, one after the other, with what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exporter.discovery import Selection, discover, gives_nothing, named_files
from exporter.paths import Paths, path_names
from exporter.problems import Problem
from exporter.records.handlers import Handler, installed_handlers
from exporter.records.reading import Reader
from exporter.records.record import Record
from exporter.records.values import DuplicateKeys
from exporter.tree import open_tree


def read(
    *paths: Paths,
    selection: Selection | None = None,
    handlers: Sequence[Handler] | None = None,
    duplicate_keys: DuplicateKeys = "reject",
) -> Iterator[Record | Problem]:
    """Yield the records below `paths` in a fixed order, each followed by the problems of its file.

    Each of `paths` is a path or a sequence of paths.
    Files are read as the iterator is drawn from, and nothing is kept. A file that can't be read gives its problems alone, one
    without front matter gives nothing, or a problem where it was named.
    `handlers` are the front-matter formats, by default ours and those of installed packages;
    `duplicate_keys` says what a key is to these that stands twice in one map, as for `export`.
    Raises UsageError for a path that is not there.

    >>> from exporter import Record, read
    >>> pages = [found for found in read("examples/medigy/content") if isinstance(found, Record)]
    >>> pages[0].front_matter["owlType"]
    'Medigy Communities'
    """
    taken = installed_handlers(duplicate_keys) if handlers is None else tuple(handlers)
    names = [name for each in paths for name in path_names(each)]
    tree = open_tree().mount(names)
    reader, named = Reader(tree, taken), named_files(names, tree)
    for found in discover(names, selection, tree=tree):
        if not found.is_record:
            yield from found.problems
            continue
        reading = reader.read(found.path)
        if reading.record is not None:
            yield reading.record
        elif reading.skipped is not None and found.path in named:
            yield gives_nothing(found.path, reading.skipped)
        yield from reading.problems
