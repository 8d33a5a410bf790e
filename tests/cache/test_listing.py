"""What a run listed is only taken for what is there where discovery would find the same: a case for each way in which it would not."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter.cache import stamps
from exporter.cache.columns import pack_columns, unpack_columns
from exporter.cache.listing import Listed, Listing
from exporter.discovery import Selection, discover
from exporter.errors import CacheError
from exporter.tree import Tree


@pytest.fixture(autouse=True)
def _resting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "GRANULARITY_NS", 20_000_000)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    ignored = ("content/a/old.md", "content/drafts/draft.md")
    for name in ("content/a/one.md", "content/a/two.md", "content/b/three.md", "content/four.md", "content/.hidden.md", *ignored):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("---\ntitle: A\n---\n")
    (tmp_path / ".gitignore").write_text("drafts/\nold.md\n")
    (tmp_path / "content/a/.gitignore").write_text("older.md\n")
    return tmp_path


def found(site: Path, *paths: str, selection: Selection | None = None) -> Listed:
    tree, chosen, names = Tree(str(site), str(site)), selection or Selection(), paths or ("content",)
    listing = Listing(tree, names, chosen)
    for file in discover(names, chosen, listing.add, tree, enter=listing.enter):
        listing.add(file)
    return listing.listed()


def rest() -> None:
    time.sleep(0.03)


def git(site: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(site), *arguments], check=True, capture_output=True)


def test_what_is_as_it_was_is_known_without_a_walk(site: Path) -> None:
    rest()
    kept = found(site)
    assert kept.files == 4
    now = kept.look_again()
    assert now == kept
    assert kept.changes(now) == []


def test_an_edit_is_known_by_its_number(site: Path) -> None:
    rest()
    kept = found(site)
    (site / "content/b/three.md").write_text("---\ntitle: B\n---\n")
    rest()
    now = kept.look_again()
    assert now is not None
    assert kept.changes(now) == [2]


def test_a_file_that_may_change_again_unseen_counts_as_changed(site: Path) -> None:
    kept = found(site)
    now = kept.look_again()
    assert now is not None
    assert kept.changes(now) == [0, 1, 2, 3]


def test_a_folder_where_a_file_came_and_went_is_listed_again(site: Path) -> None:
    rest()
    kept = found(site)
    (site / "content/a/.one.md.swp").touch()
    (site / "content/a/.one.md.swp").unlink()
    rest()
    now = kept.look_again()
    assert now is not None
    assert now.folder_looks != kept.folder_looks
    assert kept.changes(now) == []


def test_a_file_that_took_the_place_of_another_has_changed(site: Path) -> None:
    rest()
    kept = found(site)
    (site / "new").write_text("---\ntitle: A\n---\n")
    (site / "new").replace(site / "content/a/one.md")
    rest()
    now = kept.look_again()
    assert now is not None
    assert kept.changes(now) == [0]


def same_size(site: Path) -> None:
    """Change rules in place: as long as before, and with the time of before."""
    path = site / ".gitignore"
    was = path.stat()
    path.write_text("drafts/\none.md\n")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def in_place_of_a_file(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def change(site: Path) -> None:
        (site / "content/four.md").unlink()
        make(site / "content/four.md")

    return change


def linked_folder(site: Path) -> None:
    (site / "content/b").rename(site / "b")
    (site / "content/b").symlink_to(site / "b")


def tracking(site: Path) -> None:
    git(site, "init")
    git(site, "add", "-f", ".")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a new file": lambda site: (site / "content/a/new.md").touch(),
    "a file that is gone": lambda site: (site / "content/a/one.md").unlink(),
    "another name": lambda site: (site / "content/a/one.md").rename(site / "content/a/1.md"),
    "another folder": lambda site: (site / "content/a/one.md").rename(site / "content/b/one.md"),
    "a new folder": lambda site: shutil.copytree(site / "content/a", site / "content/c"),
    "a folder that is gone": lambda site: shutil.rmtree(site / "content/b"),
    "a folder in a file's place": in_place_of_a_file(Path.mkdir),
    "a link in a file's place": in_place_of_a_file(lambda file: file.symlink_to(file.parent / "a/one.md")),
    "a link in a folder's place": linked_folder,
    "a hidden file": lambda site: (site / "content/b/.other.md").touch(),
    "a file of another ending": lambda site: (site / "content/b/notes.rst").touch(),
    "other rules around": same_size,
    "rules around that are gone": lambda site: (site / ".gitignore").unlink(),
    "other rules within": lambda site: (site / "content/a/.gitignore").write_text("two.md\n"),
    "new rules within": lambda site: (site / "content/b/.gitignore").write_text("three.md\n"),
    "new rules for the folder": lambda site: (site / "content/.gitignore").write_text("four.md\n"),
    "a repository": tracking,
    "a repository within": lambda site: git(site / "content/a", "init"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_what_is_found_is_not_overlooked(site: Path, change: Callable[[Path], object]) -> None:
    rest()
    kept = found(site)
    assert kept.look_again() is not None
    change(site)
    rest()
    now, anew = kept.look_again(), found(site)
    assert kept.changes(anew) != []
    assert now is None or kept.changes(now) == kept.changes(anew)


def test_what_git_tracks_counts_where_a_rule_fits(site: Path) -> None:
    git(site, "init")
    (site / "content/old.md").write_text("---\ntitle: Old\n---\n")
    git(site, "add", "-f", "content/a/one.md")
    rest()
    kept = found(site)
    assert kept.files == 4
    git(site, "add", "-f", "content/old.md")
    rest()
    assert kept.look_again() is None
    assert found(site).files == 5


def test_rules_of_this_machine_alone_count(site: Path) -> None:
    git(site, "init")
    rest()
    kept = found(site)
    (site / ".git/info/exclude").write_text("one.md\n")
    rest()
    assert kept.look_again() is None
    assert found(site).files == 3


def test_a_pipe_in_a_files_place_is_not_taken_for_a_file(site: Path) -> None:
    rest()
    kept = found(site)
    (site / "content/four.md").unlink()
    os.mkfifo(site / "content/four.md")
    rest()
    assert kept.look_again() is None


@pytest.mark.parametrize("paths", [("content/a", "content/b"), ("content/a/one.md",)], ids=["several PATHs", "a file"])
def test_where_more_than_a_folder_is_named_files_are_found_anew(site: Path, paths: tuple[str, ...]) -> None:
    rest()
    kept = found(site, *paths)
    assert kept.look_again() is None
    assert kept.changes(found(site, *paths)) == []


@pytest.mark.parametrize("follow", [True, False])
def test_where_there_are_links_files_are_found_anew(site: Path, follow: bool) -> None:
    (site / "content/link.md").symlink_to(site / "content/a/one.md")
    rest()
    assert found(site, selection=Selection(follow_symlinks=follow)).look_again() is None


def test_a_listing_is_the_same_from_its_columns(site: Path) -> None:
    kept = found(site)
    columns = unpack_columns(memoryview(b"".join(pack_columns(kept.columns()))))
    assert Listed.of_columns(columns) == kept


@pytest.mark.parametrize("column", [*Listed._fields])
def test_columns_that_do_not_fit_together_are_refused(site: Path, column: str) -> None:
    columns = unpack_columns(memoryview(b"".join(pack_columns(found(site).columns()))))
    for wrong in (
        array("q", [1]),
        unpack_columns(memoryview(b"".join(pack_columns({"x": [b"a", b"b", b"c", b"d", b"e", b"f", b"g"]}))))["x"],
    ):
        with pytest.raises(CacheError):
            Listed.of_columns({**columns, column: wrong})
    with pytest.raises(CacheError):
        Listed.of_columns({name: columns[name] for name in columns if name != column})
