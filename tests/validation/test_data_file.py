"""The data of a run stand in a file, and are read in whole lines."""

from __future__ import annotations

import pytest

from exporter.validation.data import data_file
from exporter.validation.data.data_file import DataFile


@pytest.mark.parametrize("size", [1, 5, 12, 13, 100])
def test_blocks_are_whole_lines_that_make_the_text(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(data_file, "_BLOCK", size)
    text = b"<a> <b> <c> .\n" + b'<a> <b> "a long line" .\n' + b"<a> <b> <d> .\n"
    with DataFile() as data:
        data.append(text[:14])
        data.append(text[14:])
        blocks = list(data.blocks())
        assert b"".join(block for _, block in blocks) == text
        assert all(block.endswith(b"\n") and text[start:].startswith(block) for start, block in blocks)
        assert b"".join(block for _, block in data.blocks(14, 38)) == text[14:38]


def test_file_is_gone_afterwards() -> None:
    with DataFile() as data:
        path = data.path
        assert path.exists()
    assert not path.parent.exists()
