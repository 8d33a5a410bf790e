"""Files are found in one order, each once, and what is not read is said."""

from __future__ import annotations

import os
import random
import socket
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.discovery import Discovered, Selection, discover
from exporter.errors import UsageError
from exporter.tree import Tree
from tests.data import HOSTILE, needs


def make(folder: Path, *names: str) -> None:
    """Make empty files, in an order of their own: the file system's order must not matter."""
    shuffled = list(names)
    random.Random(7).shuffle(shuffled)
    for name in shuffled:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def found(folder: Path, *paths: str, selection: Selection | None = None) -> list[str]:
    """Discover below `folder` and write what is found: a path, with its reason or code."""
    given = [str(folder / path) for path in paths] or [str(folder)]
    return [describe(folder, item) for item in discover(given, selection, tree=Tree(str(folder), str(folder)))]


def describe(folder: Path, item: Discovered) -> str:
    path = item.path.removeprefix(folder.as_posix()).lstrip("/")
    notes = [item.skipped] if item.skipped else [problem.code for problem in item.problems]
    return " ".join([path, *notes])


def test_order_is_by_path_parts(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "a/z.md", "a.md", "a/b/c.md", "a-b/c.md", "B.md", "ä.md", "a/10.md", "a/9.md")
    assert found(tmp_path) == ["B.md", "a/10.md", "a/9.md", "a/b/c.md", "a/z.md", "a-b/c.md", "a.md", "b.md", "ä.md"]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(st.text("aB1-. é", min_size=1, max_size=3).map(lambda name: f"x{name}x"), min_size=1, max_size=3), min_size=1, max_size=6
    )
)
def test_order_is_that_of_sorted_parts(tmp_path_factory: pytest.TempPathFactory, trees: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("tree")
    make(folder, *("/".join([*parts, "r.md"]) for parts in trees))
    parts = [path.split("/") for path in found(folder)]
    assert parts == sorted(parts)
    assert len(parts) == len({tuple(tree) for tree in trees})


def test_folder_gives_records_and_nothing_else(tmp_path: Path) -> None:
    names = ["a.md", "b.MARKDOWN", "c.mdx", "d.html", "e.htm", "f.yaml", "g.yml", "h.json", "i.toml"]
    make(tmp_path, *names, "j.txt", "k.png", "l", ".hidden.md", ".git/m.md", "node_modules/n.md", "o/.p/q.md")
    assert found(tmp_path) == sorted(names, key=lambda name: [name])


def test_file_that_is_named_is_always_taken(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", ".b", "node_modules/c.md")
    assert found(tmp_path, "a.txt", ".b", "node_modules/c.md", selection=Selection(exclude=("*",))) == [".b", "a.txt", "node_modules/c.md"]


def test_path_that_is_named_twice_is_taken_once(tmp_path: Path) -> None:
    make(tmp_path, "a/b.md", "a/c.md")
    assert found(tmp_path, "a/c.md", "a", "a/../a", "a/b.md") == ["a/b.md", "a/c.md"]


def test_include_and_exclude_choose(tmp_path: Path) -> None:
    make(tmp_path, "news/a.md", "news/drafts/b.md", "pages/c.md", "news/d.html")
    assert found(tmp_path, selection=Selection(include=("news/**",))) == ["news/a.md", "news/d.html", "news/drafts/b.md"]
    assert found(tmp_path, selection=Selection(exclude=("drafts", "*.html"))) == ["news/a.md", "pages/c.md"]


def test_what_is_left_out_is_told_with_its_reason(tmp_path: Path) -> None:
    make(tmp_path, "a.md", ".b.md", "c.qmd", "d.png", ".git/e.md", ".notes/f.md", ".DS_Store", "g/.h.yml", "node_modules/i.md")
    left: list[Discovered] = []
    assert [item.path for item in discover([str(tmp_path)], leave_out=left.append, tree=Tree(str(tmp_path), str(tmp_path)))] == ["a.md"]
    assert [describe(tmp_path, item) for item in left] == [".b.md hidden", ".notes hidden folder", "c.qmd .qmd", "g/.h.yml hidden"]


def test_include_takes_hidden_files_and_other_endings_where_it_writes_them_out(tmp_path: Path) -> None:
    make(tmp_path, "a.md", ".b.md", "._a.md", "c.qmd", ".notes/f.md", "g/.net.yml")
    for include, taken in {
        ("*.md",): [".b.md", "a.md"],
        ("**",): ["a.md"],
        ("*.qmd",): ["c.qmd"],
        ("c*",): [],
        ("g/.net.yml",): ["g/.net.yml"],
        ("**/.*",): ["._a.md", ".b.md", "g/.net.yml"],
        (".notes/**",): [".notes/f.md"],
    }.items():
        assert found(tmp_path, selection=Selection(include=include)) == taken, include


def test_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        list(discover([str(tmp_path / "gone")]))


def test_pipes_and_sockets_in_a_folder_are_named_and_never_opened(tmp_path: Path) -> None:
    make(tmp_path, "a.md")
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.md"))  # the whole path may be too long for a socket
        assert found(tmp_path) == ["a.md", "pipe.md READ-NOT-A-FILE", "socket.md READ-NOT-A-FILE"]


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "in/d/a.md", "out/secret.md")
    (tmp_path / "in/d/up").symlink_to("..")
    (tmp_path / "in/link.md").symlink_to(tmp_path / "out/secret.md")
    (tmp_path / "in/out").symlink_to(tmp_path / "out")
    assert [line.partition(" ")[0] for line in found(tmp_path, "in")] == ["in/d/a.md", "in/d/up", "in/link.md", "in/out"]
    assert all("symbolic link" in line for line in found(tmp_path, "in")[1:])


def test_symbolic_links_are_followed_on_request_and_loops_end(tmp_path: Path) -> None:
    make(tmp_path, "in/d/a.md", "out/b.md")
    (tmp_path / "in/d/up").symlink_to("..")
    (tmp_path / "in/out").symlink_to(tmp_path / "out")
    (tmp_path / "in/z.md").symlink_to("d/a.md")
    items = found(tmp_path, "in", selection=Selection(follow_symlinks=True))
    assert items == ["in/d/a.md", "in/d/up symbolic link to a folder that it stands in", "in/out/b.md"]


def test_folders_without_end_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a/" * 101 + "r.md", "a/" * 100 + "s.md")
    assert [line.lstrip("a/") for line in found(tmp_path)] == [" folders are nested more than 100 deep", "s.md"]


def test_link_to_itself_is_skipped_and_the_others_go_on(tmp_path: Path) -> None:
    make(tmp_path, "a.md")
    for name in ("b.md", "c", ".d.md"):
        (tmp_path / name).symlink_to(name)
    assert [line.partition(" ")[0] for line in found(tmp_path)] == ["a.md", "b.md"]
    assert found(tmp_path, selection=Selection(follow_symlinks=True)) == ["a.md", "b.md READ-UNREADABLE", "c READ-UNREADABLE"]


def test_dangling_link_is_a_problem_when_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("gone.md")
    assert found(tmp_path, selection=Selection(follow_symlinks=True)) == ["a.md READ-UNREADABLE"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folder_without_permission_is_a_problem_and_the_others_go_on(tmp_path: Path) -> None:
    make(tmp_path, "a/b.md", "c/d.md")
    (tmp_path / "a").chmod(0)
    try:
        assert found(tmp_path) == ["a READ-UNREADABLE", "c/d.md"]
    finally:
        (tmp_path / "a").chmod(0o700)


def test_name_that_is_no_utf8_is_a_problem(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).touch()
    except OSError:
        pytest.skip("this file system has UTF-8 names only")
    assert found(tmp_path) == ["caf\\udce9.md READ-NAME"]


def test_walking_holds_the_names_of_the_folders_on_the_way_only(tmp_path: Path) -> None:
    make(tmp_path, *(f"{folder}/{number}.md" for folder in range(40) for number in range(25)))
    few = peak(tmp_path / "0")
    assert peak(tmp_path) < few + 60_000  # a thousand paths alone would be 150 kB


def peak(folder: Path) -> int:
    tracemalloc.start()
    try:
        for _ in discover([str(folder)]):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@needs(HOSTILE)
def test_hostile_links_and_pipe_of_h02(tmp_path: Path) -> None:
    make(tmp_path, "in/a.md")
    (tmp_path / "in/d").mkdir()
    (tmp_path / "in/d/up").symlink_to("..")
    (tmp_path / "in/p.md").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "in/pipe.md")
    lines = found(tmp_path, "in")
    assert [line for line in lines if " " not in line] == ["in/a.md"]
    assert "in/pipe.md READ-NOT-A-FILE" in lines


def test_a_settings_file_is_never_a_record(tmp_path: Path) -> None:
    make(tmp_path, "a.toml", "owltype.toml", "b/pyproject.toml", "b/my-owltype.toml")
    assert found(tmp_path) == ["a.toml", "b/my-owltype.toml", "b/pyproject.toml settings", "owltype.toml settings"]
    assert found(tmp_path, "owltype.toml") == ["owltype.toml settings"]
