"""Edited files to disk: each whole or not at all, and only over what was read."""

from __future__ import annotations

import os
from pathlib import Path

from exporter.edits.editing import EditedFile
from exporter.edits.outline import EditError
from exporter.text import quote
from exporter.tree import Tree
from exporter.writers.files import PATH_SHOWN, AtomicFile


def write_edited(tree: Tree, edited: EditedFile) -> None:
    """Write an edited file in its place; one that has not changed is not touched.

    Raises EditError, and leaves the file, where `check_edited` does; OutputError where it can't be written.
    """
    if edited.after == edited.before:
        return
    with AtomicFile(check_edited(tree, edited)) as file:
        file.write(edited.after)


def check_edited(tree: Tree, edited: EditedFile) -> Path:
    """Give the place of an edited file.

    Raises EditError where it has changed since it was read, is a symbolic link out of the root, or stands only in an overlay.
    """
    shown = quote(edited.path, PATH_SHOWN)
    place = Path(tree.place(edited.path))
    if tree.data(edited.path) is not None:
        raise EditError(f"{shown} is not written: what was read is not the file, but stands in its place")
    if not _is_inside(tree, edited.path, place):
        raise EditError(f"{shown} is not written: it is a symbolic link out of {quote(tree.root, PATH_SHOWN)}")
    try:
        now = place.read_bytes()
    except OSError as error:
        raise EditError(f"{shown} is not written: it can't be read any more ({(error.strerror or str(error)).lower()})") from None
    if now != edited.before:
        raise EditError(f"{shown} is not written: it has changed since it was read; run again")
    return place


def _is_inside(tree: Tree, path: str, place: Path) -> bool:
    """Say whether a file lies where its path says, below the root or the PATH that named it, once all links are followed."""
    mounts = [mount.place for mount in tree.mounts if path == mount.path or path.startswith(f"{mount.path}/")]
    real = os.path.realpath(place)
    return any(os.path.commonpath([top := os.path.realpath(folder), real]) == top for folder in (tree.root, *mounts))
