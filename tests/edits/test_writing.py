"""An edited file is written over what was read, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.edits.editing import ChangeValue, EditedFile, edit_file
from exporter.edits.outline import EditError
from exporter.edits.writing import write_edited
from exporter.records.reading import Reader
from exporter.tree import Tree

TEXT = b"---\ntitle: A\n---\n"


def make(root: Path) -> tuple[Tree, Path]:
    root.mkdir()
    (root / "a.md").write_bytes(TEXT)
    return Tree(str(root), str(root)), root / "a.md"


def edited(tree: Tree) -> EditedFile:
    return edit_file(Reader(tree), "a.md", [ChangeValue(("title",), "B")])


def test_file_is_written_with_its_mode(tmp_path: Path) -> None:
    tree, file = make(tmp_path / "site")
    file.chmod(0o640)
    write_edited(tree, edited(tree))
    assert file.read_bytes() == b"---\ntitle: B\n---\n"
    assert file.stat().st_mode & 0o777 == 0o640


def test_file_that_changed_since_it_was_read_is_left(tmp_path: Path) -> None:
    tree, file = make(tmp_path / "site")
    change = edited(tree)
    file.write_bytes(b"---\ntitle: C\n---\n")
    with pytest.raises(EditError, match="has changed since it was read"):
        write_edited(tree, change)
    assert file.read_bytes() == b"---\ntitle: C\n---\n"


def test_file_that_is_gone_is_said(tmp_path: Path) -> None:
    tree, file = make(tmp_path / "site")
    change = edited(tree)
    file.unlink()
    with pytest.raises(EditError, match="can't be read any more"):
        write_edited(tree, change)


def test_symbolic_link_out_of_the_root_is_left(tmp_path: Path) -> None:
    tree, file = make(tmp_path / "site")
    outside = tmp_path / "outside.md"
    file.rename(outside)
    file.symlink_to(outside)
    with pytest.raises(EditError, match="symbolic link out of"):
        write_edited(tree, edited(tree))
    assert outside.read_bytes() == TEXT


def test_symbolic_link_inside_the_root_stays_a_link(tmp_path: Path) -> None:
    tree, file = make(tmp_path / "site")
    target = file.rename(file.with_name("target.md"))
    file.symlink_to(target)
    write_edited(tree, edited(tree))
    assert file.is_symlink()
    assert target.read_bytes() == b"---\ntitle: B\n---\n"


def test_overlay_is_not_written(tmp_path: Path) -> None:
    tree, file = make(tmp_path / "site")
    overlaid = Tree(tree.root, tree.here, overlays={"a.md": TEXT})
    with pytest.raises(EditError, match="stands in its place"):
        write_edited(overlaid, edited(overlaid))
    assert file.read_bytes() == TEXT
