"""What a command reads: the options where they are given, else the settings."""

from __future__ import annotations

from exporter.cli.session import Session
from exporter.discovery import Selection
from exporter.errors import UsageError
from exporter.resources import bundled


def choose_paths(session: Session, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Give the PATHs of the command line, or those of the settings; raises UsageError where neither names one."""
    chosen = paths or session.settings.paths
    if not chosen:
        raise UsageError("nothing to read: name a folder or a record, or set `paths` in [tool.owltype]")
    return chosen


def choose_selection(session: Session, include: tuple[str, ...], exclude: tuple[str, ...], follow_symlinks: bool | None) -> Selection:
    """Say which files of a folder are read."""
    settings = session.settings
    follow = settings.follow_symlinks if follow_symlinks is None else follow_symlinks
    return Selection(include or settings.include, exclude or settings.exclude, follow)


def choose_ontology(session: Session, ontology: tuple[str, ...]) -> tuple[str, ...]:
    """Give the ontology's files and folders; without any, those that come with owltype."""
    return ontology or session.settings.ontology or (str(bundled("ontology")),)


def choose_shapes(session: Session, shapes: tuple[str, ...]) -> tuple[str, ...]:
    """Give the files and folders with shapes; without any, those that come with owltype."""
    return shapes or session.settings.shapes or (str(bundled("shapes")),)
