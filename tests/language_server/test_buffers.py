"""Completion and hover in front matter that does not parse, as it is most of the time while one types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exporter.language_server.completing import complete
from exporter.language_server.hovering import hover
from exporter.language_server.workspace import Workspace
from tests.language_server.buffers import Buffer, read_buffers
from tests.language_server.sites import opened, put

BUFFERS = read_buffers()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with opened(tmp_path / "site", monkeypatch) as found:
        yield found


def test_there_are_cases_of_each_syntax() -> None:
    assert len(BUFFERS) >= 40
    assert {buffer.name.partition("-")[0] for buffer in BUFFERS} == {"yaml", "toml", "json"}


@pytest.mark.parametrize("buffer", BUFFERS, ids=lambda buffer: buffer.name)
def test_a_buffer_that_does_not_parse(workspace: Workspace, buffer: Buffer) -> None:
    put(workspace, buffer.file, buffer.text)
    assert workspace.reader.read(buffer.file).record is None, "it parses"
    found = complete(workspace, buffer.file, buffer.offset)
    labels = [item.label for item in found.items] if found is not None else []
    assert [label for label in buffer.offers if label not in labels] == []
    assert [label for label in buffer.refuses if label in labels] == []
    if buffer.hovers:
        said = hover(workspace, buffer.file, buffer.offset)
        assert said is not None
        assert buffer.hovers in said.markdown.replace("\\", "")
