"""A copy of the site with notes and people, opened as an editor has it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exporter import make_project
from exporter.language_server.workspace import Opened, Workspace
from exporter.policy.ending import Policy
from exporter.settings.loading import load_settings

SITE = Path(__file__).parent / "site"
HEAD = "---\nowlType: Note\n"
CURSOR = "‸"


@contextmanager
def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Open a copy of the site."""
    shutil.copytree(SITE, folder)
    monkeypatch.chdir(folder)
    settings = load_settings()
    workspace = Workspace(make_project(settings=settings, cache=False), Policy(settings.suppressions, settings.file))
    try:
        yield workspace
    finally:
        workspace.close()


def put(workspace: Workspace, path: str, text: str) -> int:
    """Let a buffer hold a text, and give the offset of the cursor in it."""
    offset = text.find(CURSOR)
    workspace.buffers[path] = Opened(path, text.replace(CURSOR, ""))
    return offset


def at(workspace: Workspace, path: str, text: str, more: int = 2) -> int:
    """Give the offset of a text in a file, and some characters behind."""
    return (workspace.text(path) or "").index(text) + more
