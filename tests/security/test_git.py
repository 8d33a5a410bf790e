"""A git work tree that a stranger packed runs nothing when it is asked what was changed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from exporter.errors import UsageError
from exporter.policy.changes import find_base

SETTINGS = {
    "core.fsmonitor": "fsmonitor",
    "filter.evil.clean": "clean",
    "filter.evil.process": "process",
    "diff.external": "external",
    "diff.evil.command": "command",
    "diff.evil.textconv": "textconv",
    "core.pager": "pager",
}


def git(folder: Path, *arguments: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    identity = ["-c", "user.email=a@example.org", "-c", "user.name=A"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, env=clean)


def touch(marks: Path, name: str) -> str:
    return f"sh -c 'touch {marks / name}; cat'"


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree with one committed record, and an edit of it."""
    tree = tmp_path / "tree"
    (tree / "content").mkdir(parents=True)
    git(tree, "init", "-q")
    (tree / "content" / "a.md").write_text("---\ntitle: A\n---\n")
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "one")
    (tree / "content" / "a.md").write_text("---\ntitle: B\n---\n")
    (tree / ".gitattributes").write_text("*.md filter=evil diff=evil\n")
    return tree


def changed(folder: Path) -> Sequence[str]:
    return sorted(Path(name).name for name in find_base("HEAD", folder).changed)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_program_in_the_settings_is_not_run(setting: str, tree: Path, marks: Path) -> None:
    git(tree, "config", setting, touch(marks, SETTINGS[setting]))
    git(tree, "config", "filter.evil.required", "true")
    assert changed(tree / "content") == [".gitattributes", "a.md"]
    assert not list(marks.iterdir())


def test_a_hook_is_not_run(tree: Path, marks: Path) -> None:
    for name in ("post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman"):
        hook = tree / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {marks / name}\n")
        hook.chmod(0o755)
    os.utime(tree / "content" / "a.md", (1, 1))
    assert changed(tree) == [".gitattributes", "a.md"]
    assert not list(marks.iterdir())


def test_a_filter_whose_name_hides_it_is_refused(tree: Path, marks: Path) -> None:
    (tree / ".gitattributes").write_text("*.md filter=a=b\n")
    git(tree, "config", "filter.a=b.clean", touch(marks, "clean"))
    with pytest.raises(UsageError, match="name a program"):
        changed(tree)
    assert not list(marks.iterdir())


def test_settings_that_can_not_be_listed_are_refused(tree: Path, marks: Path) -> None:
    with (tree / ".git" / "config").open("a") as file:
        file.write('[filter "evil"\n')
    with pytest.raises(UsageError, match="can't be listed"):
        changed(tree)
    assert not list(marks.iterdir())


def test_settings_in_other_files_are_known(tree: Path, marks: Path, tmp_path: Path) -> None:
    """By `include`, by `includeIf`, and those of one work tree."""
    inner = tmp_path / "inner.config"
    inner.write_text(f'[filter "evil"]\n\tclean = "{touch(marks, "clean")}"\n')
    git(tree, "config", "include.path", str(inner))
    git(tree, "config", "includeIf.gitdir:**.path", str(inner))
    git(tree, "config", "extensions.worktreeConfig", "true")
    git(tree, "config", "--worktree", "filter.evil.process", touch(marks, "process"))
    assert "a.md" in changed(tree)
    assert not list(marks.iterdir())


def test_a_folder_that_looks_like_a_repository_is_not_taken_for_one(tree: Path, marks: Path) -> None:
    git(tree, "init", "-q", "--bare", "content/bare")
    git(tree / "content" / "bare", "config", "core.fsmonitor", touch(marks, "fsmonitor"))
    git(tree / "content" / "bare", "config", "core.worktree", "..")
    git(tree / "content" / "bare", "config", "core.bare", "false")
    with pytest.raises(UsageError, match="git"):
        changed(tree / "content" / "bare")
    assert not list(marks.iterdir())


def test_a_git_in_the_current_folder_is_not_run(tree: Path, marks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tree / "git"
    fake.write_text(f"#!/bin/sh\ntouch {marks / 'git'}\n")
    fake.chmod(0o755)
    monkeypatch.chdir(tree)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", os.environ["PATH"]]))
    assert "a.md" in changed(tree)
    assert not list(marks.iterdir())


def test_files_of_the_base_are_written_as_they_are_and_nothing_runs(tree: Path, marks: Path) -> None:
    for name, program in SETTINGS.items():
        git(tree, "config", name, touch(marks, program))
    copy = tree.parent / "copy"
    copy.mkdir()
    find_base("HEAD", tree).write(copy)
    assert [str(path.relative_to(copy)) for path in sorted(copy.rglob("*"))] == ["content", "content/a.md"]
    assert (copy / "content" / "a.md").read_text() == "---\ntitle: A\n---\n"
    assert list(marks.iterdir()) == []
