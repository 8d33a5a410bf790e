"""`owltype cache` shows what is kept, says why it is not used, and removes only what is owltype's."""

from __future__ import annotations

import json
from array import array
from pathlib import Path

import pytest

from exporter.cache.columns import pack_columns
from exporter.cache.folder import open_cache
from exporter.cache.trust import TAG
from exporter.project import make_project
from exporter.settings import load_settings
from exporter.tree import CACHE_FOLDER
from tests.references.sites import make_site
from tests.running import owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "owltype.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(hits: int = 4_998, misses: int = 1) -> None:
    cache = open_cache(make_project(settings=load_settings()))
    assert cache.write("index", [bytes(2_000_000)])
    cache.finish(hits, misses)


def test_an_empty_cache_is_shown(root: Path) -> None:
    finished = owltype("cache", cwd=root)
    assert (finished.status, finished.stderr) == (0, "")
    assert finished.stdout == "folder    .owltype_cache\nsize      0.0 kB in 0 files, of 2,000.0 MB at most\n"


def test_size_files_and_the_last_run_are_shown(root: Path) -> None:
    fill()
    lines = owltype("cache", cwd=root).stdout.splitlines()
    assert lines[1] == "size      2.0 MB in 2 files, of 2,000.0 MB at most"
    assert lines[2].startswith("last run  4,998 hits and 1 miss, on 20")
    found = json.loads(owltype("cache", "--output-format", "json", cwd=root).stdout)
    assert found["last"].pop("ended") > 0
    assert found == {
        "folder": CACHE_FOLDER,
        "used": True,
        "reason": None,
        "files": 2,
        "bytes": 2_000_227,
        "limit": 2_000_000_000,
        "last": {"hits": 4_998, "misses": 1},
    }


def test_each_run_says_how_many_files_it_found_there(root: Path) -> None:
    make_site(root)

    def last() -> list[str]:
        assert owltype("export", "content", "--ontology", "ontology.ttl", "-o", "graph.ttl", cwd=root).status == 1
        return owltype("cache", cwd=root).stdout.splitlines()[2].partition(",")[0].split()[2:]

    assert [last(), last(), last()] == [["0", "hits", "and", "7", "misses"], *[["7", "hits", "and", "0", "misses"]] * 2]
    (root / "content/people/bob.md").write_text("---\nowlType: Person\nname: Rob\n---\n")
    assert last() == ["6", "hits", "and", "1", "miss"]


def test_the_folder_is_shown_from_where_the_user_stands(root: Path) -> None:
    (root / "docs").mkdir()
    fill()
    assert owltype("cache", cwd=root / "docs").stdout.startswith("folder    ../.owltype_cache\n")


def test_why_it_is_not_used_is_shown(root: Path) -> None:
    fill()
    (root / CACHE_FOLDER).chmod(0o777)
    assert "not used  it can be written by other users; delete it" in owltype("cache", cwd=root).stdout
    (root / CACHE_FOLDER).chmod(0o700)
    (root / "owltype.toml").write_text("cache = false\n")
    assert "not used  the setting `cache` is false" in owltype("cache", cwd=root).stdout


@pytest.mark.parametrize("numbers", [[], [1], [1, 2, 3, 4], [-1, 0, 0], [2**62, 0, 0], [0, 0, -5]])
def test_a_last_run_that_can_not_be_is_not_shown(root: Path, numbers: list[int]) -> None:
    fill()
    open_cache(make_project(settings=load_settings())).write("last-use", pack_columns({"use": array("q", numbers)}))
    assert "last run" not in owltype("cache", cwd=root).stdout


def test_clear_removes_it(root: Path) -> None:
    fill()
    finished = owltype("cache", "clear", cwd=root)
    assert (finished.status, finished.stdout, finished.stderr) == (0, "", "removed 2 files (2.0 MB) from .owltype_cache\n")
    assert not (root / CACHE_FOLDER).exists()
    assert owltype("cache", "clear", cwd=root).stderr == "nothing is kept in .owltype_cache\n"


def test_clear_leaves_what_other_projects_keep(root: Path) -> None:
    shared = {"OWLTYPE_CACHE_DIR": str(root / "shared")}
    for name in ("one", "two"):
        (root / name).mkdir()
        (root / name / "owltype.toml").write_text("")
        make_site(root / name)
        owltype("export", "content", "--ontology", "ontology.ttl", "-o", "graph.ttl", cwd=root / name, environment=shared)
    said = [owltype("cache", "clear", cwd=root / name, environment=shared).stderr for name in ("one", "two")]
    assert len({line.partition(" (")[0] for line in said}) == 1
    assert said[0].startswith("removed ")
    assert not (root / "shared").exists()


def test_clear_removes_it_where_it_is_not_used(root: Path) -> None:
    fill()
    (root / CACHE_FOLDER).chmod(0o777)
    assert owltype("cache", "clear", cwd=root).status == 0
    assert not (root / CACHE_FOLDER).exists()


def test_clear_refuses_what_is_not_ours(root: Path) -> None:
    (root / "content").mkdir()
    (root / "content" / "a.cache").write_text("mine")
    for folder, said in (("content", f"it does not have the {TAG} of owltype"), ("owltype.toml", "it is not a folder")):
        finished = owltype("cache", "clear", cwd=root, environment={"OWLTYPE_CACHE_DIR": folder})
        assert finished.status == 2
        assert f'"{folder}" is not removed: {said}' in finished.stderr
    (root / "linked").symlink_to("content")
    finished = owltype("cache", "clear", cwd=root, environment={"OWLTYPE_CACHE_DIR": "linked"})
    assert finished.status == 2
    assert (root / "content" / "a.cache").read_text() == "mine"


def test_a_settings_file_can_not_put_it_elsewhere(root: Path) -> None:
    (root / "owltype.toml").write_text('cache-dir = "../elsewhere"\n')
    assert owltype("cache", cwd=root).status == 2
    (root / "owltype.toml").write_text('cache-dir = "build/cache"\n')
    assert owltype("cache", cwd=root).stdout.startswith("folder    build/cache\n")
