"""The folder of the cache: what is kept comes back, and nothing stands in a run's way."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from exporter.cache.folder import Cache, open_cache
from exporter.cache.trust import TAG
from exporter.discovery import Discovered, Selection
from exporter.project import Caching, Project
from exporter.tree import CACHE_FOLDER, Tree


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tree=Tree(str(tmp_path), str(tmp_path)), cache=Caching())


def opened(project: Project) -> Cache:
    cache = open_cache(project)
    assert cache.is_on, cache.off
    return cache


def content(cache: Cache, name: str) -> bytes | None:
    found = cache.read(name)
    return None if found is None else bytes(found)


def test_what_was_written_is_read_by_the_next_run(project: Project) -> None:
    cache = opened(project)
    assert content(cache, "index") is None
    assert cache.write("index", [b"some ", memoryview(b"content")])
    assert content(opened(project), "index") == b"some content"
    assert opened(project).names() == ["index"]
    assert not cache.notes


def test_a_new_content_takes_the_place_of_the_old_one(project: Project) -> None:
    cache = opened(project)
    cache.write("index", [b"old"])
    held = cache.read("index")
    cache.write("index", [b"new"])
    assert held is not None
    assert (bytes(held), content(cache, "index")) == (b"old", b"new")
    cache.remove("index")
    assert cache.read("index") is None


def test_the_folder_says_what_it_is_and_is_its_owners_alone(project: Project, tmp_path: Path) -> None:
    before = os.umask(0o002)  # a group of one's own, as many systems have it
    try:
        opened(project).write("index", [b""])
    finally:
        os.umask(before)
    folder = tmp_path / CACHE_FOLDER
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {TAG: 0o600, ".gitignore": 0o600, "index.cache": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / TAG).read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    assert (folder / ".gitignore").read_bytes() == b"*\n"


def test_without_a_cache_nothing_is_kept_and_nothing_said(project: Project, tmp_path: Path) -> None:
    cache = open_cache(replace(project, cache=None))
    assert not cache.write("index", [b"x"])
    assert (cache.read("index"), cache.names(), cache.notes, list(tmp_path.iterdir())) == (None, [], [], [])


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(gitignore=False),
        Selection(include=("**/.owltype_cache/*",), gitignore=False),
        Selection(include=("**/*.md",)),
    ],
)
def test_the_cache_is_never_read_as_records_nor_counted(selection: Selection, project: Project, tmp_path: Path) -> None:
    """Or the first run would say something else than the second."""
    opened(project).write("index", [b""])
    (tmp_path / CACHE_FOLDER / "note.md").write_text("---\ntitle: x\n---\n")
    left_out: list[Discovered] = []
    assert list(replace(project, paths=(str(tmp_path),), selection=selection).discover(left_out.append)) == []
    assert left_out == []


def test_the_folder_may_be_deleted_while_a_run_is_at_it(project: Project, tmp_path: Path) -> None:
    cache = opened(project)
    cache.write("index", [b"1"])
    held = cache.read("index")
    shutil.rmtree(tmp_path / CACHE_FOLDER)
    assert held is not None
    assert bytes(held) == b"1"
    assert cache.read("index") is None
    cache.write("index", [b"2"])
    assert cache.is_on
    assert cache.write("index", [b"3"])
    assert (content(opened(project), "index"), cache.notes) == (b"3", [])


def test_a_folder_whose_deletion_met_a_run_is_used_again(project: Project, tmp_path: Path) -> None:
    opened(project).write("index", [b"1"])
    for name in (TAG, ".gitignore"):
        (tmp_path / CACHE_FOLDER / name).unlink()
    cache = opened(project)
    assert content(cache, "index") == b"1"
    cache.write("index", [b"2"])
    assert (tmp_path / CACHE_FOLDER / TAG).exists()


def test_what_was_used_longest_ago_is_removed_first(tmp_path: Path) -> None:
    def run() -> Cache:
        return Cache(tmp_path / CACHE_FOLDER, limit=10_000)

    for number, name in enumerate("abc"):
        run().write(name, [bytes(3_000)])
        os.utime(tmp_path / CACHE_FOLDER / f"{name}.cache", (number, number))
    assert run().read("a") is not None  # used again
    assert run().write("d", [bytes(3_000)])
    assert run().names() == ["a", "c", "d"]
    assert sum(entry.size for entry in run().kept()) < 10_000


def test_a_run_never_removes_what_it_uses_itself(tmp_path: Path) -> None:
    cache = Cache(tmp_path / CACHE_FOLDER, limit=10_000)
    kept = [cache.write(name, [bytes(3_000)]) for name in "abcd"]
    assert kept == [True, True, True, False]
    assert not cache.is_on
    assert [note.text for note in cache.notes] == [
        "the cache is not used for the rest of this run: what it would keep is more than 0 MB; allow it more with the setting `cache-size`"
    ]
    assert Cache(tmp_path / CACHE_FOLDER, limit=10_000).names() == ["a", "b", "c"]


def test_strays_of_killed_runs_are_removed(project: Project, tmp_path: Path) -> None:
    opened(project).write("a", [b""])
    (tmp_path / CACHE_FOLDER / ".b.cache.1-1.owltype-tmp").write_bytes(b"half")
    opened(project).write("b", [b""])
    assert sorted(path.name for path in (tmp_path / CACHE_FOLDER).iterdir()) == [".gitignore", TAG, "a.cache", "b.cache"]


def test_projects_that_share_a_folder_do_not_meet(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        project = Project(tree=Tree(str(tmp_path / name), str(tmp_path / name)), cache=Caching(str(shared)))
        cache = opened(project)
        assert cache.read("index") is None
        cache.write("index", [name.encode()])
        assert (cache.names(), content(cache, "index")) == (["index"], name.encode())
        assert len(cache.kept()) == {"one": 1, "two": 2}[name]
    assert [entry.size for entry in cache.clear()] == [87]
    assert len(list(shared.glob("*.cache"))) == 1
