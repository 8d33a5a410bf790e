"""What is watched, and what counts of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter import make_project
from exporter.watching.notices import Watcher
from exporter.watching.watched import WatchedPlaces, watched_by


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WatchedPlaces:
    for folder in (
        "content/news",
        "content/.drafts",
        "content/node_modules/x",
        "ontology",
        ".git/info",
        ".owltype_cache",
        "static",
        "other",
    ):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "ontology/a.ttl").write_text("")
    (tmp_path / "owltype.toml").write_text('paths = ["content"]\n')
    monkeypatch.chdir(tmp_path)
    return watched_by(make_project(), products=["content/graph.ttl", "out"], files=["known.json"]).look()


@pytest.mark.parametrize(
    "path",
    [
        *("content/a.md", "content/news/a.md", "content/.a.md", "content/image.png", "content/news", "content/new"),
        *("ontology/b.ttl", "shapes", "static/a.png", ".gitignore", "content/news/.gitignore"),
        *("owltype.toml", "pyproject.toml", "known.json", ".git/info/exclude", ".git/index", ".git", "content/graph.ttl"),
    ],
)
def test_what_may_change_the_outcome_counts(places: WatchedPlaces, tmp_path: Path, path: str) -> None:
    assert places.counts(str(tmp_path / path))


@pytest.mark.parametrize(
    "path",
    [
        *("README.md", "other/a.md", "content/.drafts/a.md", "content/node_modules/x/a.md", ".git/HEAD", ".git/objects/x"),
        *("content/.a.md.swp", "content/a.md~", "content/.#a.md", "content/4913", "content/.graph.ttl.7-1.owltype-tmp", ".owltype_cache/x"),
        *("out/a.ttl", "package.json"),
    ],
)
def test_what_can_not_change_it_does_not(places: WatchedPlaces, tmp_path: Path, path: str) -> None:
    assert not places.counts(str(tmp_path / path))


def test_a_product_counts_only_where_it_is_gone(places: WatchedPlaces, tmp_path: Path) -> None:
    (tmp_path / "content/graph.ttl").write_text("")
    assert not places.counts(str(tmp_path / "content/graph.ttl"))


def test_folders_that_are_not_read_are_not_watched(places: WatchedPlaces, tmp_path: Path) -> None:
    below = {Path(folder).relative_to(tmp_path).as_posix() for folder in places.folders if Path(folder).is_relative_to(tmp_path)}
    assert below == {".", "content", "content/news", "ontology", "static", ".git", ".git/info"}


@pytest.mark.parametrize("polls", [False, True])
def test_changes_are_told_while_other_folders_come_to_be_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, polls: bool) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true" if polls else "false")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    watcher = Watcher(watched_by(make_project("a")))
    (tmp_path / "a/x.md").write_text("x")
    watcher.watch(watched_by(make_project(["a", "b"])))
    (tmp_path / "b/y.md").write_text("y")
    told: set[str] = set()
    for changed in watcher.changes():
        told |= set(changed)
        if str(tmp_path / "b/y.md") in told:
            break
    watcher.close()
    assert told - {str(tmp_path / "a"), str(tmp_path / "b")} == {str(tmp_path / "a/x.md"), str(tmp_path / "b/y.md")}
