"""What is noted is undone once, last first, and not inside an uninterrupted block."""

from __future__ import annotations

from exporter.system.undoing import end_with, forget, temporary_folder, undo_all, undo_with, uninterrupted


def test_the_last_that_was_noted_is_undone_first_whatever_fails() -> None:
    done: list[int] = []

    def fail() -> None:
        raise RuntimeError

    undo_with(lambda: done.append(1))
    undo_with(fail)
    kept = undo_with(lambda: done.append(3))
    undo_with(lambda: done.append(4))
    forget(kept)
    undo_all()
    undo_all()
    assert done == [4, 1]


def test_an_end_waits_for_the_outermost_uninterrupted_block() -> None:
    seen: list[str] = []
    with uninterrupted():
        with uninterrupted():
            end_with(lambda: seen.append("end"))
            seen.append("inner")
        seen.append("outer")
    assert seen == ["inner", "outer", "end"]
    end_with(lambda: seen.append("at once"))
    assert seen[-1] == "at once"


def test_a_temporary_folder_is_gone_after_its_block_and_after_an_end() -> None:
    with temporary_folder() as folder:
        (folder / "file").write_text("text")
    assert not folder.exists()
    with temporary_folder() as folder:
        undo_all()
        assert not folder.exists()
